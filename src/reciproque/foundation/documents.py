"""Documents for others: PDF/A for the archives, PDF/UA for those who hear them, made of a template and data (Typst).

What people wrote goes in as data, never as markup of the template.
"""

import datetime as dt
import json
import tempfile
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any, Literal

from django.utils.translation import gettext as _

from reciproque.foundation.errors import DomainError

STANDARDS: list[Literal["a-3a", "ua-1"]] = ["a-3a", "ua-1"]
PICTURES = {b"\x89PNG\r\n\x1a\n": "png", b"\xff\xd8\xff": "jpg"}
"""How the pictures that documents may hold begin."""


class Unmade(DomainError):
    """The document could not be made."""


@cache
def _fonts() -> Any:
    import typst  # noqa: PLC0415 -- loaded when a document is first made

    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=True)


def pdf(template: Path, data: Mapping[str, Any], *, at: dt.datetime, picture: bytes = b"") -> bytes:
    """The document of a template, dated `at`; the same data give the same bytes. `picture` is read under the name `data.picture`.

    Raises Unmade.
    """
    import typst  # noqa: PLC0415 -- loaded when a document is first made

    kind = picture_kind(picture)
    with tempfile.TemporaryDirectory() as folder:
        main = Path(folder, "main.typ")
        main.write_bytes(template.read_bytes())
        if kind:
            Path(folder, f"picture.{kind}").write_bytes(picture)
        given = {**data, "picture": f"picture.{kind}" if kind else ""}
        try:
            made = typst.compile(
                main, root=Path(folder), font_paths=_fonts(), sys_inputs={"data": json.dumps(given, ensure_ascii=False)},
                pdf_standards=list(STANDARDS), timestamp=at.astimezone(dt.UTC).replace(microsecond=0),
            )  # fmt: skip
        except typst.TypstError as error:
            raise Unmade(_("Le document n’a pas pu être fabriqué."), why=str(error)[:500]) from error
    return bytes(made or b"")


def picture_kind(content: bytes) -> str:
    """« png » or « jpg » by the first bytes; "" for anything else."""
    return next((kind for head, kind in PICTURES.items() if content.startswith(head)), "")
