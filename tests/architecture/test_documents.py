"""Documents that fail when they lie: settings, command, catalogue of translations."""

import re
import subprocess
import sys
from pathlib import Path

from babel.messages.pofile import read_po
from django.utils import translation
from django.utils.translation import ngettext

ROOT = Path(__file__).resolve().parents[2]


def test_every_sentence_has_its_english_one() -> None:
    done = subprocess.run(
        [sys.executable, "scripts/messages.py", "--missing"], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "", "python scripts/messages.py, then translate what is listed"


def test_every_english_sentence_says_what_the_french_one_says() -> None:
    """The same values in it, and a word for a word: a plural form cut to a letter was once left so."""
    with (ROOT / "src/reciproque/locale/en/LC_MESSAGES/django.po").open("rb") as file:
        known = [entry for entry in read_po(file, locale="en") if entry.id]
    wrong = []
    for entry in known:
        french, english = (value if isinstance(value, tuple) else (value,) for value in (entry.id, entry.string))
        values = [set(re.findall(r"%\((\w+)\)", " ".join(texts))) for texts in (french, english)]
        if values[0] != values[1]:
            wrong.append(f"{french} / {english}: not the same values")
        if any(len(text) < 3 < len(source) - 1 for source, text in zip(french, english, strict=True)):
            wrong.append(f"{french} / {english}: a word is missing")
    assert not wrong


def test_nothing_is_singular_in_french_and_plural_in_english() -> None:
    said = {}
    for language in ("fr", "en"):
        with translation.override(language):
            said[language] = [ngettext("rencontre", "rencontres", count) for count in (0, 1, 2)]
    assert said == {"fr": ["rencontre", "rencontre", "rencontres"], "en": ["meetings", "meeting", "meetings"]}
