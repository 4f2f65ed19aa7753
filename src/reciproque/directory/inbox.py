"""What the directory asks of people: informing those whose data are held, following and completing partners."""

import datetime as dt
from typing import Any

from django.db.models import Exists, OuterRef, Q
from django.urls import reverse
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from reciproque.directory import policies
from reciproque.directory.models import PartnerUnit, Person, Position
from reciproque.foundation.inbox import COUNTED, SHOWN, Found, Item, Provider, register
from reciproque.institution.access import Actor
from reciproque.institution.models import Role

TO_INFORM = dt.timedelta(days=30)
FOLLOWED = (PartnerUnit.Status.PROSPECT, PartnerUnit.Status.ACTIVE)


def people_to_inform(actor: Actor, hidden: frozenset[int]) -> Found:
    """People that my units collected and that nobody has told so (RGPD art. 14), the oldest first."""
    rows = policies.people.allowed(actor, "edit").filter(
        unit__in=actor.units(Role.MEMBER), informed_on=None, collected_on__isnull=False, archived_at=None
    )
    rows = rows.exclude(pk__in=hidden).order_by("collected_on", "pk")
    return Found(rows[:COUNTED].count(), [_to_inform(person) for person in rows[:SHOWN]])


def _to_inform(person: Person) -> Item:
    due = (person.collected_on or localdate()) + TO_INFORM
    return Item(
        key=f"people_to_inform:{person.pk}",
        title=str(person),
        why=_("Ses données ont été recueillies sans qu’elle en ait été informée (RGPD, art. 14)."),
        url=reverse("directory:person", args=[person.pk]),
        action=_("Informer"),
        icon="person",
        due=due,
    )


def _followed(actor: Actor) -> Any:
    """The ties of my units that are alive."""
    return PartnerUnit.objects.filter(unit__in=actor.units(Role.MEMBER), status__in=FOLLOWED)


def partners_without_referent(actor: Actor, hidden: frozenset[int]) -> Found:
    """Partners tied with my units, that nobody answers for there."""
    readable = policies.partners.allowed(actor, "edit").filter(archived_at=None).values("pk")
    rows = _followed(actor).filter(referent=None, partner__in=readable).exclude(pk__in=hidden)
    rows = rows.select_related("partner", "unit").order_by("-pk")
    found = [
        Item(
            key=f"partners_without_referent:{tie.pk}",
            title=tie.partner.label,
            why=_("%(unit)s suit ce partenaire, mais personne n’en est référent.") % {"unit": tie.unit.name},
            url=f"{reverse('directory:partner_tie', args=[tie.partner_id])}?entite={tie.unit_id}&statut={tie.status}",
            action=_("Désigner"),
            icon=tie.partner.kind,
        )
        for tie in rows[:SHOWN]
    ]
    return Found(rows[:COUNTED].count(), found)


def partners_to_qualify(actor: Actor, hidden: frozenset[int]) -> Found:
    """Partners of my units that lack an official number or anybody to talk to."""
    somebody = Position.objects.current().filter(partner=OuterRef("pk"))
    mine = _followed(actor).filter(partner=OuterRef("pk"))
    rows: Any = policies.partners.allowed(actor, "edit").filter(Exists(mine), archived_at=None).exclude(pk__in=hidden)
    rows = rows.annotate(reachable=Exists(somebody)).order_by("-pk")
    rows = rows.filter(Q(siren="", rna="", country="FR") | Q(reachable=False))
    found = [
        Item(
            key=f"partners_to_qualify:{partner.pk}",
            title=partner.label,
            why=_("Ni SIREN ni RNA : la fiche ne suit pas le registre.")
            if partner.reachable
            else _("Aucun interlocuteur connu."),
            url=reverse("directory:partner", args=[partner.pk]) + ("" if partner.reachable else "?onglet=personnes"),
            action=_("Compléter"),
            icon=partner.kind,
        )
        for partner in rows[:SHOWN]
    ]
    return Found(rows[:COUNTED].count(), found)


def offer() -> None:
    """Put these kinds of things to do in the home page's list."""
    register(Provider("people_to_inform", gettext_lazy("Personnes à informer"), 10, people_to_inform))
    register(
        Provider("partners_without_referent", gettext_lazy("Partenaires sans référent"), 20, partners_without_referent)
    )
    register(Provider("partners_to_qualify", gettext_lazy("Partenaires à compléter"), 30, partners_to_qualify))
