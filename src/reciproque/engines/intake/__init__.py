"""Out of a row and a column mapping, a draft: partner, site, people, and the problems of the cells.

`guess` proposes what each column is, `proposed` makes a `Mapping` of it, `Drafter(mapping).draft(cells)` reads rows.
"""

from reciproque.engines.intake.cells import split_name, town_key
from reciproque.engines.intake.drafting import CellProblem, Draft, Drafter, draft, row_key
from reciproque.engines.intake.fields import CATALOGUE, FIELDS, Field, field_of, person_number
from reciproque.engines.intake.guessing import Guess, guess, proposed
from reciproque.engines.intake.headings import normal
from reciproque.engines.intake.kinds import kind_of_name
from reciproque.engines.intake.mapping import Column, Mapping, MappingError, Rule
from reciproque.engines.intake.severity import ROW_SEVERITY, row_severity

__all__ = [
    "CATALOGUE",
    "FIELDS",
    "ROW_SEVERITY",
    "CellProblem",
    "Column",
    "Draft",
    "Drafter",
    "Field",
    "Guess",
    "Mapping",
    "MappingError",
    "Rule",
    "draft",
    "field_of",
    "guess",
    "kind_of_name",
    "normal",
    "person_number",
    "proposed",
    "row_key",
    "row_severity",
    "split_name",
    "town_key",
]
