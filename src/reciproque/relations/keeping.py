"""What keeps pulses true when nobody writes: time that passes, records brought together or taken apart, a catalogue that changes."""

from collections.abc import Iterable

from django.db import transaction
from django.utils.timezone import localdate

from reciproque.directory.merging.moving import family_of, root_of
from reciproque.relations import moments, pulses
from reciproque.relations.models import Collaboration, Pulse, UnitPulse

CHUNK = 500


def moved(kind: str, ids: Iterable[int]) -> None:
    """Read anew the relations of records that were brought together or taken apart. Safe to repeat."""
    if kind == "partner":
        again({pk for one in ids for pk in family_of("partner", root_of("partner", one))})
    elif kind == "person":
        people = {pk for one in ids for pk in family_of("person", root_of("person", one))}
        again(moments.partners_of_people(people))


def dispositif_changed(dispositif_id: int) -> None:
    """Read anew the partners that have something by this dispositif."""
    found = Collaboration.objects.filter(dispositif=dispositif_id).order_by().values_list("partner", flat=True)
    again(found.distinct())


def again(ids: Iterable[int]) -> None:
    """Make the moments and the pulses of these partners anew, some at a time."""
    wanted = sorted(set(ids))
    for start in range(0, len(wanted), CHUNK):
        with transaction.atomic():
            moments.of_partners(wanted[start : start + CHUNK])
            pulses.refresh(wanted[start : start + CHUNK])


def turn() -> int:
    """Read anew the pulses whose day has come; returns how many partners. Safe to repeat, and to run late."""
    today, done = localdate(), 0
    while True:
        late = Pulse.objects.filter(changes_on__lte=today).order_by("changes_on")
        parts = UnitPulse.objects.filter(changes_on__lte=today).order_by("changes_on")
        ids = {*late.values_list("pk", flat=True)[:CHUNK], *parts.values_list("partner", flat=True)[:CHUNK]}
        if not ids:
            return done
        with transaction.atomic():
            pulses.refresh(ids, today=today)
        done += len(ids)
