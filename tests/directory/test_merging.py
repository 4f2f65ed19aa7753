"""Records brought together and taken apart: nothing is lost, and every separation is exact, in any order."""

import datetime as dt
from random import Random
from typing import Any

import pytest
from django.db import models, transaction
from hypothesis import given, settings
from hypothesis import strategies as st

from reciproque.directory import search, services
from reciproque.directory.models import Merge, MergeBase, Partner, PartnerUnit, Person, Position, Site
from reciproque.institution.access import Actor
from reciproque.institution.models import Role
from reciproque.sourcing.models import SourceRecord
from tests.factories import (
    PartnerFactory,
    PersonFactory,
    PositionFactory,
    SiteFactory,
    UnitFactory,
    UserFactory,
    actor,
)

pytestmark = pytest.mark.django_db
KEPT_OUT = {"version", "updated_at"}


def snapshot() -> dict[tuple[str, int], dict[str, Any]]:
    """Every row around partners and people, but for what a write always changes."""
    found = {}
    for model in (Partner, Site, PartnerUnit, Person, Position, SourceRecord):
        for row in model._base_manager.all():
            values = {f.attname: getattr(row, f.attname) for f in model._meta.concrete_fields if f.name not in KEPT_OUT}
            if hasattr(row, "readers"):
                values["readers"] = sorted(row.readers.values_list("pk", flat=True))
            found[model.__name__, row.pk] = values
    return found


def shown(state: dict[tuple[str, int], dict[str, Any]]) -> dict[tuple[str, int], dict[str, Any]]:
    """What people see of a state: without the records that are away, nor when they went."""
    return {key: values for key, values in state.items() if not values.get("merged_into_id")}


@pytest.fixture
def steward() -> Actor:
    return actor(UnitFactory(name="Qualité"), Role.DATA_STEWARD)


class World:
    """A few records that may name the same thing, with everything that can hang on them."""

    def __init__(self, random: Random, addresses: tuple[str, ...] = ("", "1 rue du Port")) -> None:
        self.units = [UnitFactory() for _ in range(2)]
        self.users = [UserFactory() for _ in range(2)]
        pick = random.choice
        self.partners = [
            PartnerFactory(
                name=pick(["Fonderie", "Fonderie SA"]), unit=pick(self.units), email=pick(["", "a@x.example", "b@x.example"]),
                phone=pick(["", "+33240112233"]), tags=random.sample(["forum", "stage", "jury"], random.randint(0, 2)),
                description=pick(["", "Aciers fins."]), siren="552081317" if rank == 0 and pick([True, False]) else "",
                referent=pick([None, *self.users]), headcount_band=pick(["", "12"]),
            )
            for rank in range(4)
        ]  # fmt: skip
        if pick([True, False]):
            self.partners[3].parent = self.partners[1]
            self.partners[3].save()
        for partner in self.partners:
            for rank in range(random.randint(0, 2)):
                SiteFactory(
                    partner=partner, is_head=rank == 0, address=pick(addresses), postcode=pick(["44600", "49000"]),
                    city="Ville", phone=pick(["", "+33240000000"]), siret="",
                )  # fmt: skip
            for unit in random.sample(self.units, random.randint(0, 2)):
                PartnerUnit.objects.create(
                    partner=partner, unit=unit, status=pick(["active", "prospect"]), referent=pick([None, *self.users])
                )
        self.people = [
            PersonFactory(
                last_name="Marchand", first_name="Élodie", email=pick(["", "e@x.example", "m@y.example"]), phone=pick(["", "+33240998877"]),
            )
            for _ in range(3)
        ]  # fmt: skip
        for person in self.people:
            for partner in random.sample(self.partners, random.randint(0, 3)):
                PositionFactory(
                    person=person, partner=partner, title=pick(["", "directrice"]), service=pick(["", "RH"]),
                    ended_on=pick([None, None, dt.date(2024, 1, 1)]),
                )  # fmt: skip
        search.refresh(partner_ids=[p.pk for p in self.partners], person_ids=[p.pk for p in self.people])
        for partner in self.partners:
            services.sites.copy_head(partner)


def standing() -> list[Merge]:
    """The merges that somebody made, and that stand."""
    return list(Merge.objects.filter(undone_at=None, entailed_by=None).order_by("pk"))


def alone(model: type[models.Model]) -> list[Any]:
    """Records that none has absorbed."""
    return list(model._base_manager.filter(merged_into=None).order_by("pk"))


def merge_two(random: Random, by: Actor, model: type[models.Model]) -> None:
    found = alone(model)
    if len(found) > 1:
        one, other = random.sample(found, 2)
        heads = random.sample(["email", "phone", "description"], random.randint(0, 2))
        services.merge_records(
            actor=by, kept=one, absorbed=[other], choices={head: random.choice([one, other]).pk for head in heads}
        )


@settings(deadline=None, max_examples=60)
@given(seed=st.integers(0, 10**9))
def test_whatever_the_order_everything_comes_back_exactly(seed: int) -> None:
    random = Random(seed)  # noqa: S311 -- a world, not a secret
    with transaction.atomic():
        by = actor(UnitFactory(), Role.DATA_STEWARD)
        world = World(random)
        expected = snapshot()
        for step in range(random.randint(1, 9)):
            deed = random.choice(["partner", "partner", "person", "edit", "separate"])
            if deed in ("partner", "person"):
                merge_two(random, by, Partner if deed == "partner" else Person)
            elif deed == "separate" and standing():
                services.separate(actor=by, merge=random.choice(standing()))
            elif deed == "edit":
                record = random.choice(alone(Partner))
                services.edit_partner(
                    actor=by, partner=record, version=None, acronym=f"E{step}", web=f"https://e{step}.example/"
                )
                record.refresh_from_db()
                expected["Partner", record.pk] |= {"acronym": record.acronym, "web": record.web}
                expected["Partner", record.pk]["origins"] = {
                    **expected["Partner", record.pk]["origins"],
                    **{name: record.origins[name] for name in ("acronym", "web")},
                }
        merges = standing()
        random.shuffle(merges)
        for merge in merges:
            services.separate(actor=by, merge=merge)
        found = snapshot()
        assert found.keys() == expected.keys()
        assert {key: found[key] for key in found if found[key] != expected[key]} == {
            key: expected[key] for key in found if found[key] != expected[key]
        }
        assert not MergeBase.objects.exists()
        del world
        transaction.set_rollback(True)


@settings(deadline=None, max_examples=60)
@given(seed=st.integers(0, 10**9))
def test_taking_one_out_is_as_if_it_had_never_been_in(seed: int) -> None:
    random = Random(seed)  # noqa: S311 -- a world, not a secret
    with transaction.atomic():
        by = actor(UnitFactory(), Role.DATA_STEWARD)
        World(random, ("1 rue du Port", "2 quai Vert"))  # an empty address may be that of either
        a, b, c = random.sample(alone(Partner), 3)
        without = transaction.savepoint()
        services.merge_records(actor=by, kept=b, absorbed=[c])
        expected = shown(snapshot())
        transaction.savepoint_rollback(without)
        first, second = random.choice([(a, b), (b, a)]), random.choice([True, False])
        if first == (a, b):  # a absorbs b later than b absorbs c, or b is absorbed into a chain
            services.merge_records(actor=by, kept=b, absorbed=[c])
            services.merge_records(actor=by, kept=a, absorbed=[b])
        elif second:
            services.merge_records(actor=by, kept=b, absorbed=[a])
            services.merge_records(actor=by, kept=b, absorbed=[c])
        else:
            services.merge_records(actor=by, kept=b, absorbed=[c])
            services.merge_records(actor=by, kept=b, absorbed=[a])
        out = Merge.objects.get(kind="partner", absorbed_id=(b if first == (a, b) else a).pk, undone_at=None)
        services.separate(actor=by, merge=out)
        found = shown(snapshot())
        differing = {key for key in found.keys() | expected.keys() if found.get(key) != expected.get(key)}
        assert {key: found.get(key) for key in differing} == {key: expected.get(key) for key in differing}
        transaction.set_rollback(True)
