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
from reciproque.directory.records import reads
from reciproque.foundation.errors import Conflict, DomainError, Forbidden
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


@settings(deadline=None, max_examples=12)
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


@settings(deadline=None, max_examples=12)
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


def test_two_siren_are_two_organisations(steward: Actor) -> None:
    one, other = PartnerFactory(siren="552081317"), PartnerFactory(siren="356000000")
    with pytest.raises(DomainError, match="numéros officiels"):
        services.merge_records(actor=steward, kept=one, absorbed=[other])


def test_what_changed_since_it_was_read_is_read_again_first(steward: Actor) -> None:
    one, other = PartnerFactory(), PartnerFactory()
    read = {one.pk: one.version, other.pk: other.version}
    services.edit_partner(actor=steward, partner=other, version=None, acronym="ABC")
    with pytest.raises(Conflict, match="relisez"):
        services.merge_records(actor=steward, kept=one, absorbed=[other], versions=read)


def test_who_may_not_change_one_of_them_may_not_merge() -> None:
    mine, theirs = UnitFactory(), UnitFactory()
    member = actor(mine, Role.MEMBER)
    one, other = PartnerFactory(unit=mine), PartnerFactory(unit=theirs)
    with pytest.raises(Forbidden):
        services.merge_records(actor=member, kept=one, absorbed=[other])


def test_an_absorbed_record_is_not_written_to_any_more(steward: Actor) -> None:
    one, other, person = PartnerFactory(name="Fonderie"), PartnerFactory(), PersonFactory()
    services.merge_records(actor=steward, kept=one, absorbed=[other])
    for write in (
        lambda: services.edit_partner(actor=steward, partner=other, version=None, acronym="X"),
        lambda: services.add_position(actor=steward, person=person, partner=other),
        lambda: services.tie_unit(actor=steward, partner=other, unit=UnitFactory()),
        lambda: services.add_site(actor=steward, partner=other, city="Nantes"),
    ):
        with pytest.raises(DomainError, match="réunie à « Fonderie »"):
            write()
    assert services.tie_partners(actor=steward, ids=[other.pk], unit=UnitFactory()).count == 0


def test_places_described_twice_become_one_and_the_siret_says_which(steward: Actor) -> None:
    one, other = PartnerFactory(siren="552081317"), PartnerFactory()
    known = SiteFactory(
        partner=one, siret="55208131766522", address="22 av. de Wagram", postcode="75008", city="Paris", is_head=True
    )
    again = SiteFactory(
        partner=other, siret="", address="22 AV DE WAGRAM", postcode="75008", city="PARIS", is_head=True
    )
    elsewhere = SiteFactory(
        partner=other, siret="", address="1 quai Vert", postcode="44000", city="Nantes", is_head=False
    )
    services.merge_records(actor=steward, kept=one, absorbed=[other])
    assert set(one.sites.values_list("pk", flat=True)) == {known.pk, elsewhere.pk}
    assert Site.everything.get(pk=again.pk).merged_into == known
    services.separate(actor=steward, merge=Merge.objects.get(kind="partner"))
    assert set(other.sites.values_list("pk", flat=True)) == {again.pk, elsewhere.pk}


def test_four_files_say_one_thing_together_and_the_choice_of_a_cell_wins(steward: Actor) -> None:
    names = ["Fonderie du Port", "FONDERIE DU PORT SARL", "Fonderie", "La Fonderie"]
    records = [
        PartnerFactory(name=name, email=f"{rank}@x.example", tags=[f"t{rank}"], siren="552081317" if rank == 3 else "")
        for rank, name in enumerate(names)
    ]
    kept = services.merge_records(
        actor=steward, kept=records[0], absorbed=records[1:], choices={"email": records[2].pk}
    )
    assert (kept.name, kept.email, kept.siren) == ("Fonderie du Port", "2@x.example", "552081317")
    assert kept.tags == ["t0", "t1", "t2", "t3"]
    assert kept.former_names == names[1:]
    assert Partner.objects.get(pk=records[3].pk).siren == ""
    assert [hit.pk for hit in search.find(steward, "La Fonderie", kinds=["partner"])] == [kept.pk]


def test_the_group_is_who_answers_for_it_today(steward: Actor) -> None:
    group, again = PartnerFactory(name="Groupe"), PartnerFactory(name="Groupe bis")
    below = PartnerFactory(name="Filiale", parent=again)
    services.merge_records(actor=steward, kept=group, absorbed=[again])
    assert reads.family(steward, below)["parent"] == group
    assert reads.family(steward, group)["subsidiaries"] == [below]


def test_a_number_taken_meanwhile_must_be_given_back_before_separating(steward: Actor) -> None:
    one, other = PartnerFactory(), PartnerFactory(siren="552081317")
    services.merge_records(actor=steward, kept=one, absorbed=[other])
    services.edit_partner(actor=steward, partner=one, version=None, siren="", vat="")
    taker = PartnerFactory(name="Repreneur", siren="552081317")
    with pytest.raises(DomainError, match="Repreneur"):
        services.separate(actor=steward, merge=Merge.objects.get())
    services.edit_partner(actor=steward, partner=taker, version=None, siren="", vat="")
    assert services.separate(actor=steward, merge=Merge.objects.get()).siren == "552081317"


def test_what_somebody_took_away_does_not_come_back_with_the_next_merge(steward: Actor) -> None:
    unit = UnitFactory()
    one, other, third = (PartnerFactory() for _ in range(3))
    mine = PartnerUnit.objects.create(partner=one, unit=unit, status="active")
    theirs = PartnerUnit.objects.create(partner=other, unit=unit, status="prospect")
    services.merge_records(actor=steward, kept=one, absorbed=[other])
    mine.delete()  # on the record that answers for both: no tie with this unit any more
    services.merge_records(actor=steward, kept=one, absorbed=[third])
    assert not PartnerUnit.objects.exists()
    for merge in Merge.objects.filter(kind="partner").order_by("pk"):
        services.separate(actor=steward, merge=merge)
    back = PartnerUnit.objects.get()
    assert (back.pk, back.partner, back.status) == (theirs.pk, other, "prospect")


def test_what_a_bulk_load_wrote_to_an_absorbed_record_joins_the_other_at_night(steward: Actor) -> None:
    one, other, person = PartnerFactory(), PartnerFactory(), PersonFactory()
    services.merge_records(actor=steward, kept=one, absorbed=[other])
    Position.objects.bulk_create([Position(person=person, partner=other)])
    assert services.gather_strays() == 1
    assert Position.objects.get().partner == one
    assert services.gather_strays() == 0
    services.separate(actor=steward, merge=Merge.objects.get())
    assert Position.objects.get().partner == other


def test_the_town_of_a_partner_follows_its_head_when_places_are_brought_together_and_taken_apart() -> None:
    by, partner = actor(UnitFactory(), Role.DATA_STEWARD), PartnerFactory()
    head = services.add_site(actor=by, partner=partner, postcode="44000", city="Nantes", address="1 quai Vert")
    other = services.add_site(actor=by, partner=partner, postcode="44390", city="Saffré", address="2 rue Noire")

    def town() -> str:
        return str(Partner.objects.get(pk=partner.pk).city)

    services.merge_records(actor=by, kept=other, absorbed=[head])
    assert town() == "Saffré"
    services.separate(actor=by, merge=Merge.objects.get())
    assert town() == "Nantes"
