"""Piles done at once, each undone by the same operation the other way round."""

import datetime as dt
import json
from collections.abc import Iterable

from django.core.exceptions import ValidationError
from django.db import connection
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from reciproque.directory import policies
from reciproque.directory.services import common
from reciproque.foundation.operations import operation
from reciproque.institution.access import Actor
from reciproque.institution.models import User

INFORM_SQL = """
UPDATE directory_person SET informed_on = %(on)s, version = version + 1, updated_at = now(),
  origins = CASE WHEN %(on)s::date IS NULL THEN origins - 'informed_on'
    ELSE jsonb_set(origins, '{informed_on}', %(origin)s::jsonb) END
WHERE id = ANY(%(ids)s) AND informed_on IS NOT DISTINCT FROM %(instead_of)s
RETURNING id
"""


@operation("directory.set_informed")
def set_informed(
    *, actor: Actor, ids: Iterable[int], on: dt.date | None, instead_of: dt.date | None = None
) -> list[int]:
    """Note the day on which people were told that their data are held (RGPD art. 14); returns those it was noted of.

    Only people the actor may edit, and whose day is still `instead_of`: undo is the same call, the two days exchanged.
    """
    if on and on > localdate():
        raise ValidationError({"on": _("On n’informe pas dans le futur : choisissez un jour passé ou aujourd’hui.")})
    editable = policies.people.allowed(actor, "edit").filter(pk__in=list(ids)).order_by().values_list("pk", flat=True)
    values = {"ids": list(editable), "on": on, "instead_of": instead_of, "origin": json.dumps(common.by_hand(actor))}
    with connection.cursor() as cursor:
        cursor.execute(INFORM_SQL, values)
        return [row[0] for row in cursor.fetchall()]


@operation("directory.set_ties_referent")
def set_ties_referent(
    *, actor: Actor, ids: Iterable[int], referent: User | None, instead_of: User | None = None
) -> list[int]:
    """Name who carries these ties, where it is still `instead_of`; returns those changed.

    Undo is the same call, the two colleagues exchanged.
    """
    shown = policies.partners.allowed(actor, "view").values("pk")
    ties = policies.ties.allowed(actor, "edit").filter(pk__in=list(ids), referent=instead_of, partner__in=shown)
    held = sorted(ties.order_by().select_for_update(of=("self",)).values_list("pk", "partner_id", "unit_id"))
    chosen = [pk for pk, _partner, _unit in held]
    policies.ties.allowed(actor, "edit").filter(pk__in=chosen).order_by().update(referent=referent)
    was, now = instead_of.pk if instead_of else None, referent.pk if referent else None
    common.tell_referents(actor, [(partner, unit, was, now) for _pk, partner, unit in held])
    return chosen
