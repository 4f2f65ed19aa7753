"""What a problem of a cell means for its row: the one table."""

from reciproque.engines.identifiers import Problem, Severity

ROW_SEVERITY: dict[str, Severity] = {
    # The row waits: somebody must decide which organisation this is.
    "no_identity": "error",
    "siret_checksum": "error",
    "siret_length": "error",
    "siren_checksum": "error",
    "siren_length": "error",
    "siren_siret_differ": "error",
    # The cell is left out (it stays in the source record), the row goes in by its name and place.
    "siret_rounded": "warning",
    "siren_rounded": "warning",
    "siret_format": "warning",
    "siren_format": "warning",
    "nir": "warning",
    "name_is_number": "warning",
    # Mended, but another reading exists: « 4400 » in a file of the Maine-et-Loire was 44400, not 04400.
    "postcode_zero": "warning",
    "formula": "warning",
    # What was put right with certainty.
    "siret_in_siren": "repaired",
    "siren_in_siret": "repaired",
    "siren_in_rna": "repaired",
    "siren_in_vat": "repaired",
    "identifier_in_name": "repaired",
    "email_in_url": "repaired",
    "address_split": "repaired",
    "postcode_in_city": "repaired",
    "date_serial": "repaired",
}
"""By code. A code that is not here keeps the reader's severity, save that « error » there means that the cell is not
usable, which for an optional cell (telephone, e-mail, web, NAF, VAT, RNA, postcode…) is a warning for the row.

Why: a wrong check digit or a missing digit is a typing fault that points at another organisation, and a person can put
it right; a rounded number is lost for everybody in the file, waiting would help nobody; words in an identifier's column
(« en cours », « étranger ») say that there is no identifier. A row without name nor identifier cannot become anything.
"""


def row_severity(problem: Problem) -> Severity:
    """What the problem of a cell means for its row."""
    known = ROW_SEVERITY.get(problem.code)
    if known is not None:
        return known
    return "warning" if problem.severity == "error" else problem.severity
