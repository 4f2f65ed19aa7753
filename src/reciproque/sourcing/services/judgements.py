"""Verdicts on two records: the same, not a duplicate, later; or the other unit is asked."""

import datetime as dt
from collections.abc import Iterable, Mapping
from itertools import combinations
from typing import Any

from django.conf import settings
from django.utils import timezone
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from reciproque.directory import policies as directory
from reciproque.directory import services
from reciproque.directory.models import Merge, Partner, Person
from reciproque.foundation.errors import DomainError, Forbidden
from reciproque.foundation.operations import operation
from reciproque.institution.access import Actor
from reciproque.institution.models import User
from reciproque.sourcing.models import Judgement
from reciproque.sourcing.pipeline.network import families_of
from reciproque.sourcing.services import checks

V = Judgement.Verdict
LATER = dt.timedelta(days=30)
WAITING = (V.OPEN, V.LATER, V.ASKED)
KINDS: Mapping[str, tuple[Any, Any]] = {"partner": (Partner, directory.partners), "person": (Person, directory.people)}


def records_of(actor: Actor, kind: str, ids: Iterable[int]) -> list[Any]:
    """These records, all readable and standing, each with `mergeable`. Raises DomainError when one is not."""
    wanted = sorted(set(ids))
    _model, policy = KINDS[kind]
    rows = policy.marked(actor, "view", mergeable="merge").filter(pk__in=wanted, merged_into=None).order_by("pk")
    found = list(rows.select_related("unit"))
    if len(found) != len(wanted) or len(found) < 2:
        raise DomainError(_("Une de ces fiches n’est plus là : relisez la liste."))
    return found


@operation("sourcing.refuse")
def refuse(*, actor: Actor, kind: str, ids: Iterable[int]) -> list[int]:
    """These records are not one: no pair of them is ever proposed again. Returns the judgements, to be undone by `reopen`."""
    records = records_of(actor, kind, ids)
    _concerned(records)
    return _judge(actor, kind, [record.pk for record in records], V.DIFFERENT)


@operation("sourcing.postpone")
def postpone(*, actor: Actor, kind: str, ids: Iterable[int]) -> list[int]:
    """Put these pairs off for a month."""
    records = records_of(actor, kind, ids)
    _concerned(records)
    return _judge(actor, kind, [record.pk for record in records], V.LATER, until=localdate() + LATER)


@operation("sourcing.reopen")
def reopen(*, actor: Actor, judgements: Iterable[int]) -> int:
    """Take back a verdict that is not a merge: the pair is to be judged again."""
    count = 0
    for one in Judgement.objects.select_for_update().filter(
        pk__in=list(judgements), verdict__in=[V.DIFFERENT, V.LATER, V.ASKED]
    ):
        _concerned(records_of(actor, one.kind, [one.low, one.high]))
        one.verdict, one.until, one.kept, one.decided_at, one.decided_by = V.OPEN, None, None, None, None
        one.save()
        count += 1
    return count


@operation("sourcing.unite")
def unite(*, actor: Actor, kind: str, ids: Iterable[int], kept: int) -> Any:
    """Bring these records together when every unit concerned is the actor's, or has asked the actor's for it.

    Otherwise the other units are asked: returns None, and silence until `until` is agreement. Raises DomainError, Forbidden.
    """
    records = records_of(actor, kind, ids)
    _concerned(records)
    root = next((record for record in records if record.pk == kept), None)
    if root is None:
        raise DomainError(_("Choisissez la fiche à garder."))
    services.check_mergeable(kind, records)
    foreign = [record for record in records if not record.mergeable]
    numbers = [record.pk for record in records]
    agreed = _agreed(kind, numbers)
    if foreign and not {record.pk for record in foreign} <= agreed:
        if settings.MERGES_ACROSS_UNITS == "stewards":
            raise Forbidden(_("Ces fiches sont de plusieurs entités : c’est à l’équipe qualité de les réunir."))
        if settings.MERGES_ACROSS_UNITS == "ask":
            until = localdate() + dt.timedelta(days=settings.MERGE_ANSWER_DAYS)
            _judge(actor, kind, numbers, V.ASKED, until=until, kept=kept)
            return None
    others = [record for record in records if record.pk != kept]
    united = services.merge_records(actor=actor, kept=root, absorbed=others, agreed=[record.pk for record in foreign])
    _judge(actor, kind, numbers, V.SAME)
    return united


def _agreed(kind: str, ids: list[int]) -> set[int]:
    """The records whose own unit asked for this."""
    asked = Judgement.objects.filter(kind=kind, verdict=V.ASKED, low__in=ids, high__in=ids)
    policy = KINDS[kind][1]
    found: set[int] = set()
    for one in asked.select_related("decided_by"):
        asker = Actor.of(one.decided_by) if one.decided_by else Actor("")
        found |= set(policy.allowed(asker, "merge").filter(pk__in=[one.low, one.high]).values_list("pk", flat=True))
    return found


def _concerned(records: list[Any]) -> None:
    """One judges what concerns one's own units, or the whole network when one looks after it."""
    if not any(record.mergeable for record in records):
        raise Forbidden(
            _("Aucune de ces fiches n’est de vos entités : c’est à elles, ou à l’équipe qualité, d’en juger.")
        )


def _judge(actor: Actor, kind: str, ids: list[int], verdict: str, **more: Any) -> list[int]:
    """Write the verdict on every pair of these records."""
    found = []
    for low, high in combinations(sorted(ids), 2):
        values = {
            "verdict": verdict,
            "decided_at": timezone.now(),
            "decided_by_id": actor.user_id,
            "until": None,
            "kept": None,
            **more,
        }
        one, _made = Judgement.objects.update_or_create(kind=kind, low=low, high=high, defaults=values)
        found.append(one.pk)
    return found


def merged(kind: str, pk: int) -> None:
    """After records were brought together by whatever means: the pairs among them are settled."""
    family = families_of(kind, [pk])[pk]
    merge = Merge.objects.filter(kind=kind, kept_id=pk, undone_at=None).order_by("-pk").first()
    rows = Judgement.objects.filter(kind=kind, low__in=family, high__in=family, verdict__in=WAITING)
    rows.update(
        verdict=V.SAME, decided_at=timezone.now(), decided_by=merge.user if merge else None, until=None, kept=None
    )


def separated(kind: str, pk: int, other: int) -> None:
    """After records were separated: they are not one, and are never proposed again."""
    if kind not in KINDS:
        return
    merge = Merge.objects.filter(kind=kind, absorbed_id=pk, kept_id=other).order_by("-pk").first()
    pair: dict[str, Any] = {"kind": kind, "low": min(pk, other), "high": max(pk, other)}
    if Judgement.objects.filter(**pair, verdict=V.OPEN, withheld=Judgement.Withheld.UNDONE).exists():
        return  # its whole run was taken back: nobody has judged this pair
    if merge is not None and merge.undone_at is not None:
        checks.separated(merge)
    values = {"verdict": V.DIFFERENT, "decided_at": timezone.now(), "decided_by": merge.undone_by if merge else None}
    Judgement.objects.update_or_create(**pair, defaults=values)


def lapse() -> int:
    """Every night: units that did not answer in time have agreed; returns how many merges that made."""
    done = 0
    due = Judgement.objects.filter(verdict=V.ASKED, until__lt=localdate()).order_by("pk").select_related("decided_by")
    for one in due:
        asker: User | None = one.decided_by
        try:
            unite(
                actor=Actor.system(_("sans réponse dans le délai, demandé par %(who)s") % {"who": asker}),
                kind=one.kind,
                ids=[one.low, one.high],
                kept=one.kept or one.low,
            )
            done += 1
        except DomainError:
            Judgement.objects.filter(pk=one.pk).update(verdict=V.OPEN, until=None, kept=None)
    return done


def merges_of(kind: str, ids: Iterable[int]) -> list[int]:
    """The merges that stand among these records."""
    rows = Merge.objects.filter(kind=kind, absorbed_id__in=list(ids), undone_at=None, entailed_by=None)
    return list(rows.values_list("pk", flat=True))


def questions_of(kind: str, ids: Iterable[int]) -> list[int]:
    """The pairs of these records about which another unit was asked: taken back by `reopen`."""
    among = list(ids)
    rows = Judgement.objects.filter(kind=kind, verdict=V.ASKED, low__in=among, high__in=among)
    return list(rows.order_by("pk").values_list("pk", flat=True))
