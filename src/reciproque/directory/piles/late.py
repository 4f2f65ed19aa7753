"""The units that have not told people in time that they hold their data, for the data protection officer."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import urlencode

from django.http import HttpResponse, HttpResponseBase
from django.urls import reverse
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from reciproque.directory.models.people import late_before
from reciproque.directory.piles import reads
from reciproque.foundation import exports
from reciproque.foundation.ui.pages import page
from reciproque.institution.access import Actor, require_role
from reciproque.institution.http import Request
from reciproque.institution.models import Role, Unit
from reciproque.institution.reads import units
from reciproque.institution.services import record_export


@dataclass(frozen=True, slots=True)
class Late:
    """One unit: how many people it should have told (counted up to `reads.COUNTED`), the day the first was collected."""

    unit: Unit
    people: int
    since: dt.date
    until: dt.date

    @property
    def number(self) -> str:
        """« 12 », or « 1000+ » when there may be more."""
        return f"{self.people}+" if self.people >= reads.COUNTED else str(self.people)

    @property
    def words(self) -> str:
        """« 12 personnes à informer »."""
        return ngettext("%(n)s personne à informer", "%(n)s personnes à informer", self.people) % {"n": self.number}

    @property
    def url(self) -> str:
        """The list of these very people."""
        asked = {"f.owner": self.unit.pk, "f.informed.op": "non", "f.collected": self.until.isoformat()}
        return f"{reverse('directory:person_list')}?{urlencode(asked | {'f.collected.op': 'avant'})}"


def units_late(actor: Actor, *, today: dt.date, hidden: Iterable[int] = ()) -> list[Late]:
    """The late units, the latest first. Two queries whatever their number."""
    until, known = late_before(today), units(actor)
    return [Late(known[unit], people, since, until) for unit, people, since in reads.late_to_inform(until, hidden)]


@require_GET
def late_units(request: Request) -> HttpResponse:
    """All of them; each opens the list of the people whom it should have told."""
    require_role(request.actor, Role.DPO)
    return page(request, "directory/late.html", {"rows": units_late(request.actor, today=localdate())})


@require_POST
def export(request: Request) -> HttpResponseBase:
    """The same list, as a file."""
    require_role(request.actor, Role.DPO)
    found, form = (
        units_late(request.actor, today=localdate()),
        "xlsx" if request.POST.get("format") == "xlsx" else "csv",
    )
    heads = [_("Entité"), _("Personnes à informer"), _("Première collecte le")]
    record_export(actor=request.actor, page="late_units", query="", columns=heads, form=form, rows=len(found))
    lines = [[row.unit.name, row.people, row.since.isoformat()] for row in found]
    return exports.download(form, f"entites-en-retard-{localdate():%Y-%m-%d}", heads, lines)
