"""Whatever people type, a row gives a draft: nothing raises, and an absent name always makes the row wait."""

from hypothesis import given, settings
from hypothesis import strategies as st

from reciproque.engines.intake import CATALOGUE, Column, Drafter, Mapping, guess, proposed

PATHS = tuple(field.path.replace("person.", "person1.") for field in CATALOGUE)
EVERYTHING = Drafter(Mapping(tuple(Column(index, path, path) for index, path in enumerate(PATHS))))
ODD = [
    "3,5E+13",
    "=A1",
    "#N/A",
    "X",
    "néant",
    "49000 ANGERS",
    "1/1/1",
    "a@b",
    "'0123",
    "CEDEX",
    "M.",
    "²³",
    "٤٤٥٦٢",
    "\ud800",
]
cells = st.lists(st.one_of(st.text(max_size=40), st.sampled_from(ODD)), min_size=len(PATHS), max_size=len(PATHS))


@settings(max_examples=300, deadline=None)
@given(cells)
def test_any_row_gives_a_draft(row):
    found = EVERYTHING.draft(row)
    identified = found.partner.keys() & {"name", "siren", "rna", "vat", "foreign_id"} or found.site.keys() & {
        "siret",
        "uai",
    }
    assert identified or found.waits
    assert found == EVERYTHING.draft(row)
    assert all(value for part in (found.partner, found.site, found.meta, *found.people) for value in part.values())


@settings(max_examples=200, deadline=None)
@given(st.lists(st.text(max_size=30), max_size=8), st.lists(st.lists(st.text(max_size=20), max_size=8), max_size=4))
def test_any_headings_give_a_mapping(headers, samples):
    assert len(proposed(headers, guess(headers, samples)).columns) == len(headers)
