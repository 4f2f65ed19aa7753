"""Asking to read what is reserved, and the answer in one click."""

from django.utils.timezone import now
from django.utils.translation import gettext as _

from reciproque.directory.models import Sharing
from reciproque.foundation.errors import DomainError, Forbidden, IllegalTransition
from reciproque.foundation.operations import operation
from reciproque.institution.access import Actor
from reciproque.relations import notices, policies
from reciproque.relations.models import AccessRequest, Collaboration, Interaction
from reciproque.relations.services import collaborations, common

S = AccessRequest.State


@operation("relations.ask_access")
def ask_access(*, actor: Actor, record: Interaction | Collaboration, text: str = "") -> AccessRequest:
    """Ask whoever wrote it to let one read. Asked once: the same request waits. Raises DomainError when one reads it already."""
    policy = policies.interactions if isinstance(record, Interaction) else policies.collaborations
    policy.require(actor, "notice", record)
    if policy.permits(actor, "view", record):
        raise DomainError(_("Vous lisez déjà ce contenu."))
    if record.author_id is None or actor.user_id is None:
        raise DomainError(
            _("Personne ne peut répondre à cette demande : adressez-vous à l’entité %(unit)s.") % {"unit": record.unit}
        )
    about = {"interaction": record} if isinstance(record, Interaction) else {"collaboration": record}
    request, created = AccessRequest.objects.get_or_create(
        user_id=actor.user_id,
        state=S.WAITING,
        **about,
        defaults={"asked_of_id": record.author_id, "text": common.line(text)[:300]},
    )
    if created:
        notices.of_access(actor, request)
    return request


@operation("relations.answer_access")
def answer_access(*, actor: Actor, request: AccessRequest, grant: bool) -> AccessRequest:
    """Grant (the one who asks becomes a reader of this very record) or decline. Raises Forbidden, IllegalTransition."""
    row = AccessRequest.objects.select_for_update(of=("self",)).get(pk=request.pk)
    if row.asked_of_id != actor.user_id:
        raise Forbidden(_("Vous n’avez pas ce droit."))
    if row.state != S.WAITING:
        raise IllegalTransition(_("Il a déjà été répondu à cette demande."), state=row.state)
    if grant:
        collaborations.share_with_readers(actor=actor, record=row.record, users=[row.user])
    row.state, row.decided_at = S.GRANTED if grant else S.DECLINED, now()
    row.save()
    notices.of_access(actor, row)
    return row


def reserved(record: Interaction | Collaboration) -> bool:
    """Whether somebody may have to ask for it: it is not open to the whole network."""
    return record.sharing != Sharing.NETWORK
