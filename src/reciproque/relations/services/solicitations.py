"""What is asked of partners: planned, asked, answered, called off; the caps; who is writing to whom."""

import datetime as dt
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.timezone import localdate, now
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from reciproque.directory import policies as directory
from reciproque.directory.models import Partner, Person, Sharing
from reciproque.engines.concertation import Addressee, Past, Reason, plan
from reciproque.foundation.errors import IllegalTransition
from reciproque.foundation.operations import operation
from reciproque.institution.access import Actor, require_role
from reciproque.institution.models import Role, Unit
from reciproque.relations import policies
from reciproque.relations.concertation import knowing
from reciproque.relations.models import Dispositif, Presence, Solicitation, SolicitationCaps, Unsubscription
from reciproque.relations.services import common

S = Solicitation.State
ANSWERS = frozenset({S.ACCEPTED, S.DECLINED, S.SILENT})
FAR = dt.timedelta(days=2 * 366)


@operation("relations.solicit")
def solicit(
    *,
    actor: Actor,
    partner: Partner,
    unit: Unit,
    subject: str,
    on: dt.date,
    person: Person | None = None,
    dispositif: Dispositif | None = None,
    sharing: str = Sharing.NETWORK,
    override: str = "",
) -> Solicitation:
    """Note what is asked of a partner; planned when its day is to come. Past a cap, a reason is owed (`override`).

    Raises ValidationError (with what stands against it), Forbidden. What the person refused cannot be overridden.
    """
    common.hold(partner)
    if not localdate() - FAR <= on <= localdate() + FAR:
        raise ValidationError({"on": _("Cette date est trop loin : vérifiez l’année.")})
    if person is not None:
        common.known_people(actor, [person])
    why = against(partner, person, today=on)
    wishes = [reason for reason in why if reason in {Reason.DO_NOT_CONTACT, Reason.UNSUBSCRIBED}]
    said = common.line(override)
    if wishes or (why and not said):
        field = "person" if wishes else "override"
        raise ValidationError({field: " ".join(words(reason) for reason in why)})
    row = Solicitation(
        partner=partner, unit=unit, author_id=actor.user_id, person=person, dispositif=dispositif, on=on,
        subject=common.line(subject), sharing=sharing, override=said if why else "",
        state=S.PLANNED if on > localdate() else S.ASKED,
    )  # fmt: skip
    common.check(row)
    row.save()
    policies.solicitations.require(actor, "record", row)
    return row


def against(partner: Partner, person: Person | None, *, today: dt.date) -> tuple[Reason, ...]:
    """Why the partner, or the person, should not be asked something that day."""
    limits = knowing.caps()
    people = [person] if person else []
    since = today - dt.timedelta(days=limits.window - 1)
    asked = Solicitation.objects.made().between(since, today).exclude(sharing=Sharing.RESTRICTED)
    past = Past(
        knowing.pressures_of_people(people, limits, today=today),
        {partner.pk: list(asked.filter(partner=partner).order_by().values_list("on", flat=True))},
    )
    wishes = []
    if person and person.do_not_contact:
        wishes.append(Reason.DO_NOT_CONTACT)
    if person and Unsubscription.objects.filter(person=person).exists():
        wishes.append(Reason.UNSUBSCRIBED)
    key = person.pk if person else 0
    return plan([Addressee(key, partner.pk, "-", wishes)], past, limits, today=today)[key]


def words(reason: str) -> str:
    """A reason, in a sentence for the person who would ask."""
    limits = knowing.caps()
    days = limits.window
    said: dict[str, Any] = {
        Reason.DO_NOT_CONTACT: _("Cette personne a demandé à ne pas être contactée."),
        Reason.UNSUBSCRIBED: _("Cette personne ne veut plus recevoir de campagnes."),
        Reason.NO_ADDRESS: _("Cette personne n’a pas d’adresse de courriel."),
        Reason.BOUNCED: _("Les messages envoyés à cette adresse reviennent."),
        Reason.SAME_ADDRESS: _("Une autre personne de la liste a la même adresse."),
        Reason.NO_PARTNER: _("Cette personne n’a plus de fonction chez un partenaire que vous pouvez lire."),
        Reason.BY_HAND: _("Un collègue a retenu ce message."),
        Reason.PERSON_CAP: ngettext(
            "Cette personne a déjà été sollicitée %(n)s fois en %(days)s jours.",
            "Cette personne a déjà été sollicitée %(n)s fois en %(days)s jours.",
            limits.person,
        ) % {"n": limits.person, "days": days},
        Reason.PARTNER_CAP: ngettext(
            "Ce partenaire a déjà été sollicité %(n)s fois en %(days)s jours.",
            "Ce partenaire a déjà été sollicité %(n)s fois en %(days)s jours.",
            limits.partner,
        ) % {"n": limits.partner, "days": days},
        Reason.COOL_DOWN: _("Cette personne a été sollicitée il y a moins de %(n)s jours.") % {"n": limits.rest},
        Reason.TALKS: _("Une autre entité est en discussion avec ce partenaire."),
    }  # fmt: skip
    return str(said[reason])


@operation("relations.answer_solicitation")
def answer_solicitation(*, actor: Actor, solicitation: Solicitation, state: str, answer: str = "") -> Solicitation:
    """Note the answer, or that none came. Raises IllegalTransition when it was called off, or its day has not come."""
    row = _held(actor, solicitation)
    if state not in ANSWERS or row.state == S.CALLED_OFF or row.on > localdate():
        raise IllegalTransition(_("Cette sollicitation n’attend pas de réponse."), state=row.state)
    row.state, row.answer, row.answered_on = state, common.line(answer)[:300], localdate()
    return _saved(row)


@operation("relations.call_off_solicitation")
def call_off_solicitation(*, actor: Actor, solicitation: Solicitation) -> Solicitation:
    """Take back what was planned, or noted by mistake: it weighs no more."""
    row = _held(actor, solicitation)
    if row.state == S.CALLED_OFF:
        raise IllegalTransition(_("Cette sollicitation est déjà annulée."), state=row.state)
    row.state = S.CALLED_OFF
    return _saved(row)


def _held(actor: Actor, solicitation: Solicitation) -> Solicitation:
    common.hold(solicitation.partner)
    row = common.locked(Solicitation, solicitation.pk, None)
    policies.solicitations.require(actor, "edit", row)
    return row


def _saved(row: Solicitation) -> Solicitation:
    row.version += 1
    row.save()
    return row


@operation("relations.keep_solicitations")
def keep_solicitations(*, actor: Actor, today: dt.date) -> int:
    """What was planned for a day that has come is made: from then on it weighs. Safe to repeat; returns how many."""
    del actor
    return Solicitation.objects.filter(state=S.PLANNED, on__lte=today).update(state=S.ASKED, updated_at=now())


@operation("relations.set_solicitation_caps")
def set_solicitation_caps(*, actor: Actor, person: int, partner: int, window: int, rest: int) -> SolicitationCaps:
    """The establishment's caps. Raises ValidationError, Forbidden."""
    require_role(actor, Role.ADMINISTRATOR, Role.STEERING)
    row = SolicitationCaps.objects.select_for_update().first() or SolicitationCaps()
    row.person, row.partner, row.window, row.rest = person, partner, window, rest
    row.full_clean(validate_unique=False)
    row.save()
    return row


@operation("relations.be_present")
def be_present(*, actor: Actor, partner: Partner) -> None:
    """Tell the others that one is writing to this partner now; told again while one writes."""
    directory.partners.require(actor, "view", partner)
    if actor.user_id is None:
        return
    Presence.objects.update_or_create(user_id=actor.user_id, partner=partner, defaults={"at": now()})
    Presence.objects.filter(at__lt=now() - 10 * knowing.PRESENT).delete()
