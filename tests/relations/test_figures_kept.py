"""On a big network the board's figures of what all staff may read are kept a while; what only some may read is counted for each."""

import pytest
from django.core.cache import cache
from django.utils.timezone import localdate

from reciproque.institution.models import Role
from reciproque.relations import figures, pulses
from reciproque.relations.services import interactions
from tests.factories import PartnerFactory, UnitFactory, actor

pytestmark = pytest.mark.django_db


def met(partner, unit, who) -> None:
    interactions.record_interaction(actor=who, partner=partner, unit=unit, on=localdate(), kind="visit", text="Visite")
    pulses.refresh([partner.pk])


def new_ones(who) -> int:
    return next(number for one, number, _more in figures.counted(who, None, today=localdate()) if one.key == "new")


def test_kept_for_all_and_counted_for_each(monkeypatch) -> None:
    ours, theirs = UnitFactory(), UnitFactory()
    mine, other = actor(ours, Role.MEMBER), actor(theirs, Role.MEMBER)
    met(PartnerFactory(unit=ours), ours, mine)
    met(PartnerFactory(unit=ours, sharing="unit"), ours, mine)
    small = new_ones(mine), new_ones(other)
    monkeypatch.setattr(figures, "LIVE", -2)
    cache.clear()
    assert (new_ones(mine), new_ones(other)) == small == (2, 1)
    met(PartnerFactory(unit=ours), ours, mine)
    met(PartnerFactory(unit=ours, sharing="unit"), ours, mine)
    assert (new_ones(mine), new_ones(other)) == (3, 1), "kept for all, counted anew for the unit"
    cache.clear()
    assert (new_ones(mine), new_ones(other)) == (4, 2)
    cache.clear()
