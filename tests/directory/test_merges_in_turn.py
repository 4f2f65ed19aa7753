"""The worst schedules of merges, edits, separations and imports, each twice: with the locks nothing is lost, without them it is.

One goes as far as a point of its work, the other then does all it can (all of its work, or until it waits for a lock), the first goes on.
"""

import threading
from collections.abc import Callable
from time import monotonic
from typing import Any

import pytest
from django.db import connection
from django.db.models import QuerySet

from reciproque.directory import services
from reciproque.directory.models import Merge, Partner, Position
from reciproque.foundation.errors import DomainError
from reciproque.institution.access import Actor
from reciproque.institution.models import Role
from reciproque.sourcing import services as sourcing
from reciproque.sourcing.pipeline import running
from tests.directory.test_at_the_same_time import together
from tests.factories import PartnerFactory, UnitFactory, actor
from tests.sourcing.importing import Desk, text

pytestmark = pytest.mark.django_db(transaction=True)
PATIENCE = 20
"""Seconds after which a schedule that did not happen fails the test."""
both = pytest.mark.parametrize("locks", [True, False])


WAITING = (
    """SELECT EXISTS (SELECT FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock')"""
)
"""Whether anybody waits for a lock here: other tests work on the same server, in a database of their own."""


class Turn:
    """Lets the second go when the first has come to its point."""

    def __init__(self) -> None:
        self.reached, self.done = threading.Event(), threading.Event()
        self.first = 0

    def begin(self, work: Callable[[], Any]) -> Any:
        """The work of the first."""
        self.first = threading.get_ident()
        return work()

    def follow(self, work: Callable[[], Any]) -> Any:
        """The work of the second, from the moment the first is at its point."""
        assert self.reached.wait(PATIENCE)
        try:
            return work()
        finally:
            self.done.set()

    def point(self) -> None:
        """Where the first waits, once, until the second has done all it can."""
        if threading.get_ident() != self.first or self.reached.is_set():
            return
        self.reached.set()
        limit = monotonic() + PATIENCE
        while not self.done.wait(0.01) and monotonic() < limit:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_stat_clear_snapshot()")  # a transaction sees others as at its first look
                cursor.execute(WAITING)
                if cursor.fetchone()[0]:
                    return
        assert self.done.is_set()


@pytest.fixture
def by() -> Actor:
    return actor(UnitFactory(), Role.DATA_STEWARD)


@pytest.fixture
def turn() -> Turn:
    return Turn()


@pytest.fixture
def pause(monkeypatch: pytest.MonkeyPatch, turn: Turn) -> Callable[[str, bool], None]:
    """`pause(what, locks)`: the first waits once it has called `what`; without locks, nobody waits for anybody."""

    def prepare(what: str, locks: bool) -> None:
        module, _dot, name = what.rpartition(".")
        real = getattr(__import__(module, fromlist=[name]), name)

        def called(*given: Any, **named: Any) -> Any:
            found = real(*given, **named)
            turn.point()
            return found

        monkeypatch.setattr(what, called)
        if not locks:
            monkeypatch.setattr("reciproque.directory.merging.locking._take", lambda _function: None)
            monkeypatch.setattr(QuerySet, "select_for_update", lambda rows, **_named: rows.all())

    return prepare


Pause = Callable[[str, bool], None]


def in_turn(turn: Turn, first: Callable[[], Any], second: Callable[[], Any]) -> list[Exception]:
    """Both, in that schedule; the refusals and failures met."""
    found = together(lambda: turn.begin(first), lambda: turn.follow(second))
    return [one for one in found if isinstance(one, Exception)]


@both
def test_two_merges_that_share_a_record(by: Actor, turn: Turn, pause: Pause, locks: bool) -> None:
    """B takes C in while A takes B in: what C said is said by A."""
    a, b, c = PartnerFactory(email=""), PartnerFactory(email=""), PartnerFactory(email="c@x.example")
    pause("reciproque.directory.services.merging.check_mergeable", locks)
    refused = in_turn(
        turn,
        lambda: services.merge_records(actor=by, kept=b, absorbed=[c]),
        lambda: services.merge_records(actor=by, kept=a, absorbed=[b]),
    )
    a.refresh_from_db()
    assert not refused
    assert a.email == ("c@x.example" if locks else "")


@both
def test_an_edit_of_the_record_kept(by: Actor, turn: Turn, pause: Pause, locks: bool) -> None:
    """Read before the merge and written after it, the record would forget what the other brought."""
    kept, absorbed = PartnerFactory(email=""), PartnerFactory(email="a@x.example")
    pause("reciproque.directory.services.common.locked", locks)
    refused = in_turn(
        turn,
        lambda: services.edit_partner(actor=by, partner=kept, version=None, acronym="ADP"),
        lambda: services.merge_records(actor=by, kept=kept, absorbed=[absorbed]),
    )
    kept.refresh_from_db()
    assert not refused
    assert (kept.acronym, kept.email) == ("ADP", "a@x.example" if locks else "")


@both
def test_an_edit_of_the_record_absorbed(by: Actor, turn: Turn, pause: Pause, locks: bool) -> None:
    """What is typed at the last moment is said by the record kept."""
    kept, absorbed = PartnerFactory(email=""), PartnerFactory(email="")
    pause("reciproque.directory.services.common.locked", locks)
    in_turn(
        turn,
        lambda: services.edit_partner(actor=by, partner=absorbed, version=None, email="a@x.example"),
        lambda: services.merge_records(actor=by, kept=kept, absorbed=[absorbed]),
    )
    kept.refresh_from_db()
    assert kept.email == ("a@x.example" if locks else "")


@both
def test_an_edit_while_records_are_taken_apart(by: Actor, turn: Turn, pause: Pause, locks: bool) -> None:
    """What the other lent goes back with it."""
    kept, absorbed = PartnerFactory(email="", acronym=""), PartnerFactory(email="a@x.example")
    services.merge_records(actor=by, kept=kept, absorbed=[absorbed])
    pause("reciproque.directory.services.common.locked", locks)
    refused = in_turn(
        turn,
        lambda: services.edit_partner(actor=by, partner=kept, version=None, acronym="ADP"),
        lambda: services.separate(actor=by, merge=Merge.objects.get()),
    )
    kept.refresh_from_db()
    assert not refused
    assert (kept.acronym, kept.email) == ("ADP", "" if locks else "a@x.example")


@both
def test_two_separations_of_one_merge(by: Actor, turn: Turn, pause: Pause, locks: bool) -> None:
    """The second is told that it is done."""
    kept, absorbed = PartnerFactory.create_batch(2)
    services.merge_records(actor=by, kept=kept, absorbed=[absorbed])
    merge = Merge.objects.get()
    pause("reciproque.directory.merging.moving.chain_of", locks)
    refused = in_turn(
        turn, lambda: services.separate(actor=by, merge=merge), lambda: services.separate(actor=by, merge=merge)
    )
    told = [one for one in refused if isinstance(one, DomainError) and "déjà été séparées" in str(one)]
    assert len(told) == (1 if locks else 0)


@both
def test_an_import_that_writes_to_the_record_absorbed(by: Actor, turn: Turn, pause: Pause, locks: bool) -> None:
    """Its rows had found their partner, the merge goes through, they are written: none stays behind."""
    desk = Desk()
    desk.run(text("Forges de Loire;;49000;Angers;;Le Goff;Marc;;", "FDL Industrie;;49100;Angers;;Petit;Anne;;"))
    kept, absorbed = Partner.objects.order_by("pk")
    run = desk.check(text("FDL Industrie;;49100;Angers;;Durand;Zoé;;"), source="autre")
    sourcing.run_import(actor=desk.actor, run=run)
    pause("reciproque.sourcing.pipeline.applying._partners", locks)
    refused = in_turn(
        turn,
        lambda: running.apply(run.pk),
        lambda: services.merge_records(actor=by, kept=kept, absorbed=[absorbed]),
    )
    assert not refused
    assert Position.objects.filter(partner=absorbed).exists() == (not locks)
    assert Position.objects.count() == 3
