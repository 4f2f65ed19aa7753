"""What a person does with their own list of things to do."""

import datetime as dt

from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from reciproque.foundation.errors import DomainError, Forbidden
from reciproque.foundation.inbox import parts
from reciproque.foundation.operations import operation
from reciproque.institution.access import Actor
from reciproque.workspace.models import InboxState

LONGEST = dt.timedelta(days=366)


@operation("workspace.hide_item")
def hide_item(*, actor: Actor, key: str, until: dt.date | None) -> InboxState:
    """Take a thing out of one's own list until a day, or for good. Others still see it in theirs."""
    user_id = _person(actor)
    if parts(key) is None:
        raise DomainError(_("Cette chose à faire n’existe pas."))
    if until and not localdate() < until <= localdate() + LONGEST:
        raise DomainError(_("Reportez à un jour à venir, dans l’année."))
    state, _created = InboxState.objects.update_or_create(user_id=user_id, key=key, defaults={"until": until})
    return state


@operation("workspace.show_item")
def show_item(*, actor: Actor, key: str) -> None:
    """Put a thing back in one's own list."""
    InboxState.objects.filter(user_id=_person(actor), key=key).delete()


def _person(actor: Actor) -> int:
    if actor.user_id is None:
        raise Forbidden(_("Chacun tient sa propre liste."))
    return actor.user_id
