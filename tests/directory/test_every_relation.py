"""Whatever table holds a partner, a place or a person: what the merge screen announces is what happens, and separating gives all back."""

from collections import Counter
from html import unescape
from random import Random
from typing import Any

import pytest
from django.apps import apps
from django.db import connection, models, transaction
from django.template.defaultfilters import striptags
from django.test import Client
from django.urls import reverse
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from reciproque.directory import services
from reciproque.directory.merging import tree
from reciproque.directory.merging.foreseeing import foresee
from reciproque.directory.merging.moving import root_of, rules_of
from reciproque.directory.merging.relations import OWN, relations
from reciproque.directory.merging.shapes import KINDS, SHAPES, values_of
from reciproque.directory.models import Merge, MergeBase, MergeRow, Position, Site
from reciproque.institution.models import Role, User
from reciproque.relations.models import Handover, InteractionPerson, Task
from tests.directory.relation_rows import DAY, ROWS, Scene
from tests.factories import (
    InteractionFactory,
    PartnerFactory,
    PersonFactory,
    PositionFactory,
    SiteFactory,
    UnitFactory,
    UserFactory,
    actor,
)

pytestmark = pytest.mark.django_db
ALWAYS_CHANGED = {"version", "updated_at", "moved_at"}
Tables = dict[type[models.Model], dict[int, dict[str, Any]]]


def followed() -> dict[type[models.Model], list[str]]:
    """Every table that follows merges, with the columns that hold a record."""
    found: dict[type[models.Model], list[str]] = {}
    for kind in KINDS.values():
        for relation in relations(kind):
            found.setdefault(relation.model, []).append(relation.field.attname)
    return found


def tables() -> Tables:
    """Every row of the records themselves and of all that hangs on them, but for what a write always changes."""
    found: Tables = {}
    for model in {*followed(), *KINDS.values()}:
        columns = [one.attname for one in model._meta.concrete_fields if one.name not in ALWAYS_CHANGED]
        found[model] = {row["id"]: row for row in model._base_manager.values(*columns)}
    return found


def test_every_table_that_follows_merges_has_rows_in_these_tests() -> None:
    assert {model._meta.label_lower for model in followed()} == set(ROWS)


def test_a_table_that_holds_a_record_follows_or_says_that_it_does_not() -> None:
    """A history keeps what was; readers are values of their record; groups are asked for who answers; what is derived says so."""
    forgotten = []
    for model in apps.get_models(include_auto_created=True):
        if hasattr(model, "pgh_tracked_model") or model._meta.auto_created in KINDS.values():
            continue
        for column in model._meta.concrete_fields:
            known = column.attname in followed().get(model, []) or not getattr(model, "follows_merges", True)
            if column.related_model in KINDS.values() and not known and column.name not in OWN:
                forgotten.append(f"{model._meta.label}.{column.name}")
    assert not forgotten


def test_nothing_hangs_on_a_row_that_may_be_set_aside() -> None:
    """Set aside, it leaves its table. Places never are: none is a second head when partners are brought together."""
    held = [
        f"{one.related_model._meta.label} → {model._meta.label}"
        for model in followed()
        if rules_of(model) and model is not Site
        for one in model._meta.get_fields(include_hidden=True)
        if isinstance(one, models.ForeignObjectRel) and not hasattr(one.related_model, "pgh_tracked_model")
    ]
    assert not held


def outcome(kind: str, kept: int, absorbed: list[int], before: Tables, after: Tables) -> dict[str, tuple[int, int]]:
    """What really happened: table → (rows that came to stand with the record kept, rows set aside)."""
    found = {}
    for model in {relation.model for relation in relations(KINDS[kind])}:
        columns = [relation.field.attname for relation in relations(KINDS[kind]) if relation.model is model]
        if (kind, model) == ("partner", Site):
            came = [
                pk for pk, row in before[Site].items() if row["partner_id"] in absorbed and not row["merged_into_id"]
            ]
            doubles = sum(1 for pk in came if after[Site][pk]["merged_into_id"])
            moved = len(came) - doubles
        else:
            doubles = len(before[model].keys() - after[model].keys())
            moved = sum(
                1
                for pk, row in after[model].items()
                if any(row[name] == kept for name in columns)
                and not (pk in before[model] and any(before[model][pk][name] == kept for name in columns))
            )
        if moved or doubles:
            found[model._meta.label_lower] = (moved, doubles)
        for pk in absorbed:
            assert not any(row[name] == pk for row in after[model].values() for name in columns)
    return found


def candidates(kind: str, scene: Scene) -> list[Any]:
    """Records of one kind that may be brought together."""
    if kind == "site":
        owner = scene.random.choice(scene.sides).partner
        return list(Site.objects.filter(partner=owner).order_by("pk"))
    return [KINDS[kind]._base_manager.get(pk=getattr(side, kind).pk) for side in scene.sides]


def check_one(kind: str, scene: Scene, by: Any) -> None:
    """Announced, done, compared, taken apart in any order."""
    random = scene.random
    records = candidates(kind, scene)
    random.shuffle(records)
    kept, *others = records
    heads = [block[0] for block in SHAPES[kind].blocks if block[0] not in {*SHAPES[kind].lists, "head"}]
    choices = {head: random.choice(records).pk for head in random.sample(heads, random.randint(0, 3))}
    numbers = [one.pk for one in others]
    before = tables()
    announced = {one.model._meta.label_lower: (one.moved, one.doubles) for one in foresee(kind, kept.pk, numbers)}
    values = tree.preview(kind, records, choices).values
    services.merge_records(actor=by, kept=kept, absorbed=others, choices=choices)
    connection.check_constraints()
    after = tables()
    assert announced == outcome(kind, kept.pk, numbers, before, after)
    said = values_of(kind, KINDS[kind]._base_manager.get(pk=kept.pk))
    if said.get("head"):
        values = {**values, "head": root_of("site", values["head"])}
    assert said == values
    kept_aside = {(line.model, line.row_id) for line in MergeRow.objects.filter(row__isnull=False)}
    for model, rows in before.items():
        assert {(model._meta.label_lower, pk) for pk in rows.keys() - after[model].keys()} <= kept_aside


def take_apart(random: Random, by: Any) -> None:
    """Every merge that somebody made, in any order."""
    merges = list(Merge.objects.filter(undone_at=None, entailed_by=None))
    random.shuffle(merges)
    for merge in merges:
        services.separate(actor=by, merge=merge)
    connection.check_constraints()


@pytest.mark.parametrize("kind", ["partner", "site", "person"])
@settings(
    deadline=None, max_examples=12, phases=[Phase.explicit, Phase.reuse, Phase.generate]
)  # a seed does not shrink
@given(seed=st.integers(0, 10**9))
def test_what_is_announced_happens_and_is_taken_back(kind: str, seed: int) -> None:
    random = Random(seed)  # noqa: S311 -- a world, not a secret
    with transaction.atomic():
        by = actor(UnitFactory(), Role.DATA_STEWARD)
        scene = Scene(random)
        for _side in range(random.randint(2, 3)):
            scene.add_side()
        first = tables()
        for side in scene.sides if kind == "site" else []:
            if side.partner.sites.count() < 2:
                Site.objects.create(partner=side.partner, city="Ville", postcode="44600", is_head=False)
        start = tables() if kind == "site" else first
        assert all(
            count >= 2
            for count in Counter({model: len(rows) for model, rows in start.items() if model in followed()}).values()
        )
        if random.choice([True, False]) and kind != "site" and len(scene.sides) == 3:
            one, other = scene.sides[:2]
            services.merge_records(actor=by, kept=getattr(one, kind), absorbed=[getattr(other, kind)])
            scene.sides.remove(other)
        check_one(kind, scene, by)
        take_apart(random, by)
        end = tables()
        differing = [
            (model._meta.label_lower, start[model].get(pk), end[model].get(pk))
            for model in start
            for pk in start[model].keys() | end[model].keys()
            if start[model].get(pk) != end[model].get(pk)
        ]
        assert not differing
        assert not MergeBase.objects.exists()
        assert not MergeRow.objects.exists()
        transaction.set_rollback(True)


def test_a_row_set_aside_goes_with_what_it_hung_on() -> None:
    """Deleted since with the exchange that it told of, it does not come back, and nothing stands in the way of separating."""
    by = actor(UnitFactory(), Role.DATA_STEWARD)
    held = InteractionFactory()
    one, other = PersonFactory(), PersonFactory()
    for person in (one, other):
        InteractionPerson.objects.create(interaction=held, person=person)
    services.merge_records(actor=by, kept=one, absorbed=[other])
    held.delete()
    services.separate(actor=by, merge=Merge.objects.get())
    connection.check_constraints()
    assert not InteractionPerson.objects.exists()
    assert not MergeRow.objects.exists()


def test_a_function_set_aside_forgets_the_place_taken_away_since() -> None:
    by = actor(UnitFactory(), Role.DATA_STEWARD)
    partner, person, twin = PartnerFactory(), PersonFactory(), PersonFactory()
    place = SiteFactory(partner=partner)
    PositionFactory(person=person, partner=partner, site=None)
    lent = PositionFactory(person=twin, partner=partner, site=place)
    services.merge_records(actor=by, kept=person, absorbed=[twin])
    assert not Position.objects.filter(pk=lent.pk).exists()
    services.remove_site(actor=by, site=place)
    services.separate(actor=by, merge=Merge.objects.get())
    connection.check_constraints()
    assert Position.objects.get(pk=lent.pk).site is None


def test_a_row_that_somebody_moved_meanwhile_follows_its_new_home() -> None:
    """A task came with an absorbed record; given to a third one by hand, it follows that one, and stays with it."""
    by = actor(UnitFactory(), Role.DATA_STEWARD)
    one, other, third, fourth = PartnerFactory.create_batch(4)
    task = Task.objects.create(partner=other, owner=UserFactory(), title="Rappeler", due_on=DAY)
    services.merge_records(actor=by, kept=one, absorbed=[other])
    Task.objects.filter(pk=task.pk).update(partner=third)
    assert [(row.model, row.moved) for row in foresee("partner", fourth.pk, [third.pk])] == [(Task, 1)]
    services.merge_records(actor=by, kept=fourth, absorbed=[third])
    task.refresh_from_db()
    assert task.partner == fourth
    take_apart(Random(1), by)  # noqa: S311 -- an order, not a secret
    task.refresh_from_db()
    assert task.partner == third


def test_two_handovers_that_wait_for_the_establishment_become_one() -> None:
    """Nothing counts as a value there: the database refuses two."""
    by = actor(UnitFactory(), Role.DATA_STEWARD)
    one, other = PartnerFactory(), PartnerFactory()
    was, now = UserFactory(), UserFactory()
    for partner in (one, other):
        Handover.objects.create(partner=partner, was=was, now=now)
    (follows,) = foresee("partner", one.pk, [other.pk])
    assert (follows.moved, follows.doubles) == (0, 1)
    services.merge_records(actor=by, kept=one, absorbed=[other])
    assert Handover.objects.count() == 1
    services.separate(actor=by, merge=Merge.objects.get())
    assert set(Handover.objects.values_list("partner", flat=True)) == {one.pk, other.pk}


def test_the_screen_says_what_is_there_already(client: Client) -> None:
    unit = UnitFactory()
    client.force_login(User.objects.get(pk=actor(unit).user_id))
    one, other = PartnerFactory(unit=unit), PartnerFactory(unit=unit)
    person = PersonFactory()
    for partner in (one, other):
        PositionFactory(person=person, partner=partner)
    PositionFactory(partner=other)
    page = client.get(
        reverse("directory:partner_merge"), {"ids": [one.pk, other.pk], "garder": one.pk}
    ).content.decode()
    follows = " ".join(unescape(striptags(page.split("Ce qui sera rattaché :")[1].split("</p>")[0])).split())
    assert follows == "2 fonctions (dont 1 en double)."
