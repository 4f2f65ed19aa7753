"""What the directory asks of people on their home page: the first of each pile of work of their units."""

from django.urls import reverse
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from reciproque.directory.models import Partner, PartnerUnit, Person
from reciproque.directory.models.people import inform_before
from reciproque.directory.piles import late, reads
from reciproque.foundation.dates import date_format
from reciproque.foundation.inbox import COUNTED, SHOWN, Found, Item, Provider, register
from reciproque.institution.access import Actor
from reciproque.institution.models import Role


def people_to_inform(actor: Actor, hidden: frozenset[int]) -> Found:
    """People that my units collected and that nobody has told so (RGPD art. 14), the oldest first."""
    ids = reads.PEOPLE_TO_INFORM.ids(actor, limit=COUNTED, hidden=hidden)
    items = [_to_inform(person, employer) for person, employer in reads.people(actor, ids[:SHOWN])]
    return Found(len(ids), items, _all(reads.PEOPLE_TO_INFORM))


def _to_inform(person: Person, employer: Partner | None) -> Item:
    return Item(
        key=f"people_to_inform:{person.pk}",
        title=str(person),
        why=employer.label if employer else _("Sans fonction connue"),
        url=reverse("directory:person", args=[person.pk]),
        action=_("Informer"),
        icon="person",
        due=inform_before(person.collected_on or localdate()),
    )


def late_to_inform(actor: Actor, hidden: frozenset[int]) -> Found:
    """For the data protection officer: the units that are late in telling people so, the latest first."""
    if not actor.has(Role.DPO):
        return Found(0, [])
    rows = late.units_late(actor, today=localdate(), hidden=hidden)
    return Found(len(rows), [_late(row) for row in rows[:SHOWN]], reverse("directory:late_units"))


def _late(row: late.Late) -> Item:
    return Item(
        key=f"late_to_inform:{row.unit.pk}",
        title=row.unit.name,
        why=_("%(people)s, dont la première collectée le %(day)s.")
        % {"people": row.words, "day": date_format(row.since, "j F Y")},
        url=row.url,
        action=_("Voir"),
        icon="unit",
    )


def ties_without_referent(actor: Actor, hidden: frozenset[int]) -> Found:
    """Partners tied with my units, that nobody answers for there."""
    ids = reads.TIES_WITHOUT_REFERENT.ids(actor, limit=COUNTED, hidden=hidden)
    items = [_to_carry(tie) for tie in reads.ties(actor, ids[:SHOWN])]
    return Found(len(ids), items, _all(reads.TIES_WITHOUT_REFERENT))


def _to_carry(tie: PartnerUnit) -> Item:
    form = reverse("directory:partner_tie", args=[tie.partner_id])
    return Item(
        key=f"ties_without_referent:{tie.pk}",
        title=tie.partner.label,
        why=_("Suivi par %(unit)s") % {"unit": tie.unit.name},
        url=f"{form}?entite={tie.unit_id}&statut={tie.status}",
        action=_("Désigner"),
        icon=tie.partner.kind,
    )


def partners_to_complete(actor: Actor, hidden: frozenset[int]) -> Found:
    """Partners of my units that lack an official number, or any way to reach somebody."""
    ids = reads.PARTNERS_TO_COMPLETE.ids(actor, limit=COUNTED, hidden=hidden)
    items = [_to_complete(partner) for partner in reads.partners(actor, ids[:SHOWN])]
    return Found(len(ids), items, _all(reads.PARTNERS_TO_COMPLETE))


def _to_complete(partner: Partner) -> Item:
    unnumbered = not (partner.siren or partner.rna or partner.foreign_id)
    return Item(
        key=f"partners_to_complete:{partner.pk}",
        title=partner.label,
        why=_("Ni SIREN ni RNA : la fiche ne suit pas le registre.") if unnumbered else _("Personne à joindre."),
        url=reverse("directory:partner", args=[partner.pk]) + ("" if unnumbered else "?onglet=personnes"),
        action=_("Compléter"),
        icon=partner.kind,
    )


def _all(pile: reads.Pile) -> str:
    return reverse("directory:pile", args=[pile.slug])


def offer() -> None:
    """Put these kinds of things to do in the home page's list."""
    inform = gettext_lazy(
        "Leurs coordonnées sont ici sans qu’elles le sachent : la loi laisse un mois pour le leur dire (RGPD, art. 14)."
    )
    carry = gettext_lazy("Votre entité suit ces partenaires, mais personne n’en répond.")
    complete = gettext_lazy("Il manque à ces fiches de votre entité un identifiant officiel, ou quelqu’un à joindre.")
    register(Provider("people_to_inform", gettext_lazy("Personnes à informer"), 10, people_to_inform, inform))
    slow = gettext_lazy(
        "Ces entités n’ont pas dit à temps à des personnes que leurs coordonnées sont ici (RGPD, art. 14)."
    )
    register(Provider("late_to_inform", gettext_lazy("Entités en retard d’information"), 4, late_to_inform, slow))
    register(
        Provider("ties_without_referent", gettext_lazy("Partenaires sans référent"), 20, ties_without_referent, carry)
    )
    register(
        Provider("partners_to_complete", gettext_lazy("Partenaires à compléter"), 30, partners_to_complete, complete)
    )
