"""The pages of relations ask the database as many questions for a few rows as for a full page of them."""

import datetime as dt

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.timezone import localdate

from reciproque.directory.models import Partner, PartnerUnit
from reciproque.institution.access import Actor
from reciproque.institution.models import Membership, Role, Unit, User
from reciproque.relations import counting, figures, pulses, services
from tests.factories import PartnerFactory, PersonFactory, PositionFactory, UnitFactory, UserFactory, actor, dispositif

pytestmark = pytest.mark.django_db
DAY = dt.timedelta(days=1)


def grown(unit: Unit, user: User, number: int) -> Partner:
    """So many more partners that the user answers for, each with a life; the first with as many exchanges and people."""
    who, today = Actor.of(user), localdate()
    first = PartnerFactory(referent=user)
    for rank in range(number):
        partner = PartnerFactory(referent=user) if rank else first
        PartnerUnit.objects.get_or_create(partner=partner, unit=unit, defaults={"referent": user})
        services.record_interaction(
            actor=who, partner=partner, unit=unit, on=today - (340 + rank) * DAY, kind="visit", text="Visite", colleagues=[user],
            people=[PersonFactory()],
        )  # fmt: skip
        services.record_interaction(
            actor=who, partner=partner, unit=unit, on=today - 350 * DAY, kind="video", text="Visio"
        )
        services.open_collaboration(
            actor=who, partner=partner, unit=unit, dispositif=dispositif("patronage"), state="done", starts_on=today - 30 * DAY,
            title=f"Don {rank}", colleagues=[user],
        )  # fmt: skip
        services.open_collaboration(actor=who, partner=partner, unit=unit, dispositif=dispositif("talk"), title="Idée")
        services.record_need(actor=who, partner=partner, unit=unit, title=f"Besoin {rank}")
        services.add_task(actor=who, title=f"Tâche {rank}", due_on=today, partner=partner)
        services.refer(actor=who, partner=partner, from_unit=unit, to_unit=UnitFactory(), subject=f"Demande {rank}")
        services.record_interaction(
            actor=who, partner=first, unit=unit, on=today - (20 + rank) * DAY, kind="call", text="Appel",
            people=[PositionFactory(partner=first).person],
        )  # fmt: skip
    pulses.refresh(Partner.objects.filter(referent=user).values_list("pk", flat=True))
    counting.count(today=today)
    return first


def pages(first: Partner, unit: Unit) -> dict[str, str]:
    board, listed = reverse("relations:board"), reverse("relations:figures")
    return {
        "partner": reverse("directory:partner", args=[first.pk]), "timeline": reverse("relations:timeline", args=[first.pk]),
        "counted": reverse("relations:counted", args=[first.pk]), "mine": reverse("relations:mine"),
        "of my units": reverse("relations:mine") + "?qui=entites&etat=tous", "board": board, "board of a unit": f"{board}?entite={unit.pk}",
        **{one.key: f"{listed}?chiffre={one.key}" for one in figures.FIGURES},
        "fragile ones of a unit": f"{listed}?chiffre=fragile&entite={unit.pk}", "collaborations": reverse("relations:collaborations"),
        "list": reverse("relations:collaborations") + "?vue=liste", "calendar": reverse("relations:collaborations") + "?vue=calendrier",
        "tasks": reverse("relations:tasks"), "needs": reverse("relations:needs"), "referrals": reverse("relations:referrals"),
        "before": reverse("relations:before", args=[first.pk]), "solicitations": reverse("relations:solicitations"),
    }  # fmt: skip


def asked(client: Client, addresses: dict[str, str]) -> dict[str, int]:
    """How many questions each page asks, once what is kept is."""
    found = {}
    for name, address in addresses.items():
        client.get(address)
        with CaptureQueriesContext(connection) as queries:
            assert client.get(address).status_code == 200, address
        found[name] = len(queries)
    return found


def test_every_page_asks_as_much_for_three_rows_as_for_twenty_four(client: Client) -> None:
    unit, user = UnitFactory(), UserFactory()
    for role in (Role.MANAGER, Role.STEERING):
        Membership.objects.create(user=user, unit=unit, role=role)
    client.force_login(user)
    few = asked(client, pages(grown(unit, user, 3), unit))
    many = asked(client, pages(grown(unit, user, 21), unit))
    assert many == few
    assert max(few.values()) <= 40


def test_old_numbers_are_shown_while_the_worker_counts_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    unit, user = UnitFactory(), UserFactory()
    Membership.objects.create(user=user, unit=unit, role=Role.MEMBER)
    grown(unit, user, 2)
    wanted: list[dict[str, object]] = []
    monkeypatch.setattr(figures, "LIVE", -2)
    monkeypatch.setattr(figures, "defer", lambda name, **given: wanted.append({"name": name, **given}))
    cache.clear()
    reader = actor(unit, Role.READER)

    def shown(day: dt.date, of: Unit | None = None) -> int:
        return sum(number for one, number, _more in figures.counted(reader, of, today=day) if one.key in figures.ALIVE)

    today = localdate()
    before = shown(today)
    grown(unit, user, 1)
    assert (shown(today), wanted) == (before, []), "counted a moment ago"
    assert shown(today + DAY) == before, "of yesterday, until it is counted"
    assert wanted == [{"name": "relations.count_figures", "queueing_lock": "reciprocity:", "unit_id": 0}]
    figures.count_anew(None, today=today)
    assert shown(today) == before + 1
    real = figures.time()
    monkeypatch.setattr(figures, "time", lambda: real + figures.KEPT_FOR + 1)
    assert (shown(today), len(wanted)) == (before + 1, 2), "past ten minutes"
    assert shown(today, unit) == before + 1, "never counted for that unit: counted now"
    cache.clear()
