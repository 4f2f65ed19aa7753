"""What reading a cell gives: a canonical value, and at most one problem, told by a code."""

from dataclasses import dataclass, field
from typing import Literal

Severity = Literal["error", "warning", "repaired"]

PROBLEM_CODES: dict[str, tuple[Severity, str]] = {
    # Any text.
    "null_word": ("repaired", "A word that means nothing was written (« néant », « X »): read as empty. detail: text"),
    "spreadsheet_error": ("warning", "A spreadsheet's error value (#N/A, #REF!): read as empty. detail: text"),
    "formula": ("error", "A formula was written where a value is expected. detail: text"),
    "mojibake_repaired": ("repaired", "Characters read with the wrong encoding were put right. detail: text"),
    "mojibake_doubtful": ("warning", "Looks read with the wrong encoding; kept as written. detail: text, suggestion"),
    "mojibake_lost": ("warning", "Characters were lost by an earlier conversion (U+FFFD). detail: text"),
    # Any number.
    "number_suffix": ("repaired", "A number with useless decimals (35181600000013.0). detail: text"),
    "scientific_exact": ("repaired", "Scientific notation that still held every digit. detail: text"),
    "leading_zero": ("repaired", "Leading zeros were lost; the completed number is valid. detail: text"),
    # SIREN and SIRET.
    "siren_rounded": ("error", "Rounded by a spreadsheet: digits are lost for good. detail: text, kept"),
    "siren_format": ("error", "Something else than digits. detail: text"),
    "siren_length": ("error", "Not nine digits. detail: text, length"),
    "siren_checksum": ("error", "The check digit is wrong. detail: text"),
    "siret_in_siren": ("repaired", "A SIRET was written; its SIREN was taken. detail: siret"),
    "vat_in_siren": ("repaired", "A French VAT number was written; its SIREN was taken. detail: vat"),
    "siret_rounded": ("error", "Rounded by a spreadsheet: digits are lost for good. detail: text, kept"),
    "siret_format": ("error", "Something else than digits. detail: text"),
    "siret_length": ("error", "Not fourteen digits. detail: text, length"),
    "siret_checksum": ("error", "The check digit is wrong. detail: text, and siren when its own check digit is right"),
    "siren_in_siret": ("warning", "A SIREN was written: the organisation is known, not the site. detail: siren"),
    # Associations, schools, VAT.
    "rna_format": ("error", "Not W followed by nine characters. detail: text"),
    "rna_letter": ("repaired", "The W was missing or lower case. detail: text"),
    "siren_in_rna": ("warning", "A SIREN was written in place of the RNA number. detail: siren"),
    "uai_format": ("error", "Not seven digits and a letter. detail: text"),
    "uai_checksum": ("warning", "The letter is not the one computed from the digits; kept. detail: text, expected"),
    "vat_format": ("error", "Not the shape of the country's VAT numbers. detail: text, country"),
    "vat_checksum": ("error", "The check digits are wrong. detail: text, country"),
    "vat_country": ("warning", "Not a country whose VAT numbers are known here; kept unchecked. detail: text"),
    "vat_prefix": ("repaired", "The country letters of a French VAT number were missing. detail: text"),
    "siren_in_vat": ("warning", "A SIREN was written in place of the VAT number. detail: siren"),
    # Ways to reach people.
    "phone_zero": ("repaired", "The leading zero was lost. detail: text"),
    "phone_rounded": ("error", "Rounded by a spreadsheet: digits are lost for good. detail: text"),
    "phone_format": ("error", "Not a telephone number. detail: text"),
    "phone_length": ("error", "Too few or too many digits. detail: text, length"),
    "phone_short": ("warning", "A short number (39 49, 15) that cannot be stored in international form. detail: text"),
    "phone_unassigned": ("warning", "The shape is right but no such range is in use; kept. detail: text"),
    "phone_extension": ("warning", "The extension was set aside. detail: text, extension"),
    "phone_several": ("repaired", "Several numbers in one cell: the first one is the value. detail: text, others"),
    "email_format": ("error", "Not an e-mail address. detail: text, and suggestion when one is likely"),
    "email_cleaned": ("repaired", "Spaces, mailto:, a name or stray punctuation were taken off. detail: text"),
    "email_domain": ("warning", "The domain looks mistyped; kept. detail: text, suggestion"),
    "email_several": ("repaired", "Several addresses in one cell: the first one is the value. detail: text, others"),
    "url_format": ("error", "Not a web address. detail: text"),
    "email_in_url": ("warning", "An e-mail address in place of a web address. detail: email"),
    # Places and lists.
    "postcode_zero": ("repaired", "The leading zero was lost. detail: text"),
    "postcode_cleaned": ("repaired", "The town or a country prefix was taken off. detail: text, and city when given"),
    "postcode_format": ("error", "Not a French postcode. detail: text"),
    "naf_zero": ("repaired", "The leading zero was lost. detail: text"),
    "naf_cleaned": ("repaired", "The label beside the code was taken off. detail: text"),
    "naf_format": ("error", "Not the shape of a NAF code (62.01Z). detail: text"),
    "naf_old": ("error", "A code of the nomenclature used before 2008 (72.2C). detail: text"),
    "country_unknown": ("error", "Not a country that is known here. detail: text"),
}
"""Every code: its severity and its meaning.

`error`: nothing usable was read. `warning`: look at it; the value, if any, is kept as read. `repaired`: put right with
certainty, and said. The sentences shown to people are written by the modules that show them.
"""


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing wrong with a cell. `detail` holds short facts for the sentence (the text read, what was expected)."""

    code: str
    severity: Severity
    detail: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Reading:
    """The canonical form of a cell ("" when nothing usable was found) and its problem, if any."""

    value: str
    problem: Problem | None = None


EMPTY = Reading("")


def found(code: str, value: str = "", /, **detail: str) -> Reading:
    """A reading with a problem; the severity is that of the table."""
    return Reading(value, Problem(code, PROBLEM_CODES[code][0], detail))
