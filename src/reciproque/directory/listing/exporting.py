"""Sending out what a list shows: same rights, filters, order and columns; told to the audit before the first row leaves."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from allauth.account.decorators import reauthentication_required
from django.http import HttpResponseBase, QueryDict
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from reciproque.directory.listing.acting import MOST
from reciproque.directory.listing.kinds import ListKind
from reciproque.foundation import exports
from reciproque.foundation.errors import DomainError
from reciproque.foundation.listing import state
from reciproque.foundation.listing.listing import Listing
from reciproque.foundation.listing.narrowing import named
from reciproque.institution.http import Request
from reciproque.institution.services import record_export

CONFIRMED_FROM = 1_000
MOST_IN_WORKBOOK = 100_000


@require_POST
def export(request: Request, kind: ListKind) -> HttpResponseBase:
    """The list, or what is ticked in it, as a CSV or a workbook; a big one asks again who is there."""
    listing = asked_for(request, kind)
    if listing.count.number >= CONFIRMED_FROM:
        confirmed = reauthentication_required(sent)
        return confirmed(request, kind, listing)  # type: ignore[no-any-return]
    return sent(request, kind, listing)


def sent(request: Request, kind: ListKind, listing: Listing) -> HttpResponseBase:
    """Write the export in the audit, then let the rows out."""
    form = "xlsx" if request.POST.get("format") == "xlsx" else "csv"
    rows = listing.count.number
    if form == "xlsx" and rows > MOST_IN_WORKBOOK:
        raise DomainError(_("Au-delà de 100 000 lignes, choisissez le format CSV : un classeur n’y suffirait pas."))
    record_export(
        actor=request.actor,
        page=kind.catalogue.page,
        query=listing.state.kept,
        columns=[column.key for column in listing.columns],
        form=form,
        rows=rows,
    )
    headers = [str(column.label) for column in listing.columns]
    name = f"{kind.file_name}-{localdate():%Y-%m-%d}"
    return exports.download(form, name, headers, _plain(listing.everything()), sheet=str(kind.title))


def asked_for(request: Request, kind: ListKind) -> Listing:
    """The list of the form; when rows are ticked, those rows only."""
    asked = state.read(QueryDict(request.POST.get("liste", "")), kind.catalogue)
    listing = kind.listing(request.actor, asked)
    ids = [int(one) for one in request.POST.getlist("ids") if one.isascii() and one.isdecimal() and len(one) < 19]
    if ids and "toutes" not in request.POST:
        listing = replace(listing, always=listing.always & named(ids[:MOST]))
    return listing


def _plain(rows: Iterator[list[Any]]) -> Iterator[list[Any]]:
    """Dates as people write them in French spreadsheets; everything else as it is."""
    for row in rows:
        yield [f"{cell:%d/%m/%Y}" if hasattr(cell, "strftime") else cell for cell in row]
