"""The English catalogue: every sentence of the code found, those already translated kept, the result compiled. And the French one,
of the sentences that agree with a number only: without it « 0 » would be plural.

python scripts/messages.py            extract and compile
python scripts/messages.py --missing  print what is not translated yet
"""

import argparse
import io
import re
import warnings
from collections.abc import Iterator
from pathlib import Path

from babel.messages import Catalog
from babel.messages.extract import extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.conf import settings
from django.utils.translation import templatize

ROOT = Path(__file__).resolve().parent.parent
LOCALE = ROOT / "src" / "reciproque" / "locale"
FOLDER = LOCALE / "en" / "LC_MESSAGES"
BORROWED = LOCALE / "fr" / "LC_MESSAGES" / "borrowed.po"
KEYWORDS = {
    "_": None, "gettext": None, "gettext_lazy": None, "ngettext": (1, 2), "ngettext_lazy": (1, 2), "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2), "npgettext": ((1, "c"), 2, 3),
}  # fmt: skip


def found() -> Iterator[tuple[str, int, str | tuple[str, ...], str | None]]:
    """(file, line, message, context) of everything to translate, in the order of the files."""
    if not settings.configured:
        settings.configure(USE_I18N=False)
    for path in sorted(path for kind in ("py", "html", "txt") for path in (ROOT / "src").rglob(f"*.{kind}")):
        if "migrations" in path.parts or (path.suffix == ".txt" and "templates" not in path.parts):
            continue
        text = path.read_text("utf-8")
        if path.suffix != ".py":
            text = "\n".join(line.lstrip() for line in templatize(text).splitlines())
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            for line, message, _comments, context in extract("python", io.BytesIO(text.encode()), keywords=KEYWORDS):
                if message and message != ("", ""):
                    yield str(path.relative_to(ROOT)), line, message, context


def catalogue() -> Catalog:
    """What the code says today, with the translations that are known."""
    fresh = Catalog(locale="en", project="Réciproque", charset="utf-8", fuzzy=False)
    for name, _line, message, context in found():
        flags = ["python-format"] if re.search(r"%\(\w+\)[sd]", str(message)) else []
        fresh.add(message, None, [(name, None)], flags=flags, context=context)  # type: ignore[list-item]
    path = FOLDER / "django.po"
    if path.exists():
        with path.open("rb") as file:
            known = read_po(file, locale="en")
        for entry in fresh:
            before = known.get(entry.id, entry.context) if entry.id else None
            if before is not None and before.string:
                # A message that begins to agree with a number is the same in English until somebody says otherwise.
                agrees = entry.pluralizable and not before.pluralizable
                entry.string = (before.string, before.string) if agrees else before.string
    return fresh


def french(held: Catalog) -> Catalog:
    """The sentences that agree with a number, as they are written: their catalogue holds the rule of French."""
    own = Catalog(locale="fr", project=held.project, charset="utf-8", fuzzy=False)
    for entry in held:
        if entry.pluralizable:
            own.add(entry.id, entry.id, flags=entry.flags, context=entry.context)
    with BORROWED.open("rb") as file:
        for entry in read_po(file, locale="fr"):
            if entry.id:
                own.add(entry.id, entry.string)
    return own


def untranslated(held: Catalog) -> list[str]:
    """The messages without an English sentence."""
    return [
        str(entry.id)
        for entry in held
        if entry.id and not (all(entry.string) if isinstance(entry.string, tuple) else entry.string)
    ]


def main() -> None:
    """Write the catalogue, or tell what is missing."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--missing", action="store_true")
    options = parser.parse_args()
    held = catalogue()
    if options.missing:
        print("\n".join(untranslated(held)))
        return
    FOLDER.mkdir(parents=True, exist_ok=True)
    with (FOLDER / "django.po").open("wb") as file:
        write_po(file, held, width=130, sort_by_file=True, omit_header=False, include_lineno=False)
    with (FOLDER / "django.mo").open("wb") as file:
        write_mo(file, held)
    (LOCALE / "fr" / "LC_MESSAGES").mkdir(parents=True, exist_ok=True)
    with (LOCALE / "fr" / "LC_MESSAGES" / "django.mo").open("wb") as file:
        write_mo(file, french(held))
    print(f"{len(held)} messages, {len(untranslated(held))} sans traduction")


if __name__ == "__main__":
    main()
