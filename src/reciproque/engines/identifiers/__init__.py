"""Reading what people and spreadsheets write: identifiers, contacts, places. Canonical value and coded problem.

Every `read_*` takes the text of a cell and never raises: `Reading("")` when the cell is empty or says « néant ».
"""

from reciproque.engines.identifiers.cleaning import clean_text, is_formula, is_null_word, read_text, repair_mojibake
from reciproque.engines.identifiers.countries import country_name, read_country
from reciproque.engines.identifiers.emails import email_domain, read_email, read_emails
from reciproque.engines.identifiers.folding import fold
from reciproque.engines.identifiers.naf import read_naf
from reciproque.engines.identifiers.phones import format_phone, is_mobile, read_phone, read_phones
from reciproque.engines.identifiers.postcodes import department_of, read_postcode
from reciproque.engines.identifiers.problems import PROBLEM_CODES, Problem, Reading, Severity
from reciproque.engines.identifiers.queries import digits_query
from reciproque.engines.identifiers.rna import read_rna
from reciproque.engines.identifiers.siren import format_siren, read_siren, siren_is_valid
from reciproque.engines.identifiers.siret import format_siret, read_siret
from reciproque.engines.identifiers.siret_rule import siret_is_valid
from reciproque.engines.identifiers.uai import read_uai
from reciproque.engines.identifiers.vat import read_vat, siren_of_vat, vat_of_siren
from reciproque.engines.identifiers.web import read_url, web_domain

__all__ = [
    "PROBLEM_CODES",
    "Problem",
    "Reading",
    "Severity",
    "clean_text",
    "country_name",
    "department_of",
    "digits_query",
    "email_domain",
    "fold",
    "format_phone",
    "format_siren",
    "format_siret",
    "is_formula",
    "is_mobile",
    "is_null_word",
    "read_country",
    "read_email",
    "read_emails",
    "read_naf",
    "read_phone",
    "read_phones",
    "read_postcode",
    "read_rna",
    "read_siren",
    "read_siret",
    "read_text",
    "read_uai",
    "read_url",
    "read_vat",
    "repair_mojibake",
    "siren_is_valid",
    "siren_of_vat",
    "siret_is_valid",
    "vat_of_siren",
    "web_domain",
]
