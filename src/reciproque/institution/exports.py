"""Big lists written as files by the worker. Each module says how the rows of its pages are read."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import uuid4

from django.conf import settings
from django.utils import translation

from reciproque.foundation.exports import write_file
from reciproque.institution import services
from reciproque.institution.access import Actor
from reciproque.institution.models import ListExport

Table = tuple[list[str], Iterator[list[Any]]]
"""Headings, rows of plain values."""


@dataclass(frozen=True, slots=True)
class Readable:
    """A page whose list can be exported: its title, and how its rows are read with the rights that the actor has then."""

    title: Any
    read: Callable[[Actor, ListExport], Table]


PAGES: dict[str, Readable] = {}


def readable(page: str, title: Any, read: Callable[[Actor, ListExport], Table]) -> None:
    """Say how a page is exported. Called when the application is ready."""
    PAGES[page] = Readable(title, read)


def title_of(page: str) -> str:
    """What an export of this page is called."""
    return str(PAGES[page].title) if page in PAGES else page


def write(export_id: int) -> None:
    """Write the file of an export, with the rights that its author has now. Done again from the start when interrupted."""
    export = ListExport.objects.select_related("user").get(pk=export_id)
    user = export.user
    if export.state != ListExport.State.WAITING or user is None:
        return
    actor = Actor.of(user, via="job")
    name = f"{uuid4().hex}.{export.form}"
    path = Path(settings.EXPORT_ROOT) / name
    try:
        with translation.override(user.language or settings.LANGUAGE_CODE):
            headers, lines = PAGES[export.page].read(actor, export)
            rows = write_file(export.form, path, headers, lines, sheet=title_of(export.page))
        services.export_written(actor=actor, export=export, path=name, rows=rows)
    except Exception:
        path.with_suffix(".part").unlink(missing_ok=True)
        path.unlink(missing_ok=True)
        services.export_failed(actor=actor, export=export)
        raise
