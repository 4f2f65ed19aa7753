"""Sending out what a list shows: same rights, filters, order and columns; told to the audit before the first row leaves."""

from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from typing import Any

from allauth.account.decorators import reauthentication_required
from django.http import HttpResponseBase, QueryDict
from django.shortcuts import redirect
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from reciproque.directory.listing.acting import MOST
from reciproque.directory.listing.kinds import PARTNERS, PEOPLE, ListKind
from reciproque.foundation import exports
from reciproque.foundation.errors import DomainError
from reciproque.foundation.listing import state
from reciproque.foundation.listing.listing import Listing
from reciproque.foundation.listing.narrowing import named
from reciproque.foundation.ui.pages import tell
from reciproque.institution.access import Actor
from reciproque.institution.exports import readable
from reciproque.institution.http import Request
from reciproque.institution.models import ListExport
from reciproque.institution.services import order_export, record_export

CONFIRMED_FROM = 1_000
AT_ONCE = {"csv": 20_000, "xlsx": 3_000}
"""Rows sent in the answer itself; beyond, the worker writes the file."""
MOST_IN_WORKBOOK = 500_000


@require_POST
def export(request: Request, kind: ListKind) -> HttpResponseBase:
    """The list, or what is ticked in it, as a CSV or a workbook; a big one asks again who is there."""
    listing = asked_for(request, kind)
    if listing.counted >= CONFIRMED_FROM:
        confirmed = reauthentication_required(sent)
        return confirmed(request, kind, listing)  # type: ignore[no-any-return]
    return sent(request, kind, listing)


def sent(request: Request, kind: ListKind, listing: Listing) -> HttpResponseBase:
    """Write the export in the audit, then let the rows out; a big one is prepared by the worker."""
    form = "xlsx" if request.POST.get("format") == "xlsx" else "csv"
    rows, resumed = listing.counted, _resumed(request, kind)
    if form == "xlsx" and rows > MOST_IN_WORKBOOK:
        raise DomainError(_("Au-delà de 500 000 lignes, choisissez le format CSV : un classeur n’y suffirait pas."))
    columns = [column.key for column in listing.columns]
    page, query = kind.catalogue.page, listing.state.kept
    if rows > AT_ONCE[form] or resumed:
        order_export(
            actor=request.actor, page=page, query=query, columns=columns, form=form, rows=rows, only=_ticked(request)
        )
        tell(request, _("Votre export se prépare ; il restera ici sept jours."), tone="info")
        return redirect("institution:exports")
    record_export(actor=request.actor, page=page, query=query, columns=columns, form=form, rows=rows)
    name = f"{kind.file_name}-{localdate():%Y-%m-%d}"
    headers, lines = table(listing)
    return exports.download(form, name, headers, lines, sheet=str(kind.title))


def offer() -> None:
    """Called when the application is ready: how the worker reads the two lists."""
    for kind in (PARTNERS, PEOPLE):
        readable(kind.catalogue.page, kind.title, partial(_reread, kind))


def _reread(kind: ListKind, actor: Actor, export: ListExport) -> tuple[list[str], Iterator[list[Any]]]:
    asked = state.read(QueryDict(export.query), kind.catalogue)
    return table(_only(kind.listing(actor, asked), export.only))


def table(listing: Listing) -> tuple[list[str], Iterator[list[Any]]]:
    """The headings and all the rows of a list."""
    return [str(column.label) for column in listing.columns], listing.everything()


def asked_for(request: Request, kind: ListKind) -> Listing:
    """The list of the form; when rows are ticked, those rows only."""
    asked = state.read(QueryDict(request.POST.get("liste", "")), kind.catalogue)
    return _only(kind.listing(request.actor, asked), _ticked(request))


def _ticked(request: Request) -> list[int]:
    ids = [int(one) for one in request.POST.getlist("ids") if one.isascii() and one.isdecimal() and len(one) < 19]
    return [] if "toutes" in request.POST else ids[:MOST]


def _only(listing: Listing, ids: list[int]) -> Listing:
    return replace(listing, always=listing.always & named(ids)) if ids else listing


def _resumed(request: Request, kind: ListKind) -> bool:
    """Whether the page asked for is the one where one says again who one is: a file in answer would leave it on screen, as if nothing had come."""
    return request.resolver_match is not None and request.resolver_match.view_name != kind.url("export")
