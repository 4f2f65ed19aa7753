"""What the nightly round with the register writes: proposals, and pairs for the queue of duplicates. In bulk, safe to repeat."""

from collections.abc import Iterable, Sequence

from reciproque.foundation.operations import operation
from reciproque.institution.access import Actor
from reciproque.sourcing.models import RegisterProposal
from reciproque.sourcing.pipeline import doubles

CHUNK = 2000
TOLD = ("score", "candidates", "changes", "siret", "site")
S = RegisterProposal.State
WAITING = (S.OPEN, S.LATER)


@operation("sourcing.propose_from_register")
def propose_from_register(*, actor: Actor, found: Sequence[RegisterProposal], kinds: Iterable[str]) -> int:
    """Write the new proposals of these kinds, bring those that wait up to date, forget those that are no longer true.

    A decision is never touched. Returns how many are new.
    """
    del actor
    held = RegisterProposal.objects.select_for_update(of=("self",)).filter(kind__in=list(kinds)).order_by("pk")
    known = {(one.partner_id, one.fact): one for one in held}
    fresh, same = [], []
    for one in found:
        former = known.pop((one.partner_id, one.fact), None)
        if former is None:
            fresh.append(one)
        elif former.state in WAITING:
            for field in TOLD:
                setattr(former, field, getattr(one, field))
            same.append(former)
    gone = [one.pk for one in known.values() if one.state in WAITING]
    RegisterProposal.objects.filter(pk__in=gone).delete()
    RegisterProposal.objects.bulk_create(fresh, ignore_conflicts=True, batch_size=CHUNK)
    RegisterProposal.objects.bulk_update(same, TOLD, batch_size=CHUNK)
    return len(fresh)


@operation("sourcing.suspect_from_register")
def suspect_from_register(*, actor: Actor, pairs: Iterable[tuple[int, int, float]]) -> None:
    """Put the pairs of partners (one, other, score) that the register takes for one company in the queue, and take the former ones away."""
    del actor
    doubles.told_by_register(pairs)
