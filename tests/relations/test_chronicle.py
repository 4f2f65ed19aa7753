"""The timeline gathers what all modules announce, in one order, page after page, at the same cost."""

import datetime as dt

import pytest
from django.test import Client
from django.urls import reverse
from django.utils.timezone import localdate, now

from reciproque.directory import services as directory
from reciproque.institution.access import Actor
from reciproque.institution.models import Role, User
from reciproque.relations import services, timeline
from reciproque.sourcing.models import Import, ImportFile, Source, SourceRecord
from tests.factories import InteractionFactory, PartnerFactory, UnitFactory, actor

pytestmark = pytest.mark.django_db
DAY = dt.timedelta(days=1)


def imported(partner, unit, *, days: int, rows: int = 2) -> Import:
    """An import that told of the partner, so long ago."""
    source, _new = Source.objects.get_or_create(code=f"s{unit.pk}", defaults={"name": "Fichier taxe", "unit": unit})
    file = ImportFile.objects.create(
        path=f"i/{ImportFile.objects.count()}.csv", original_name="taxe.csv", size=1, inspection={}
    )
    run = Import.objects.create(
        source=source, unit=unit, file=file, state="done", finished_at=now() - days * DAY, mapping={"version": 1}
    )
    for line in range(rows):
        SourceRecord.objects.create(
            source=source, unit=unit, import_run=run, line=line, observed_on=localdate(), cells=[], partner=partner,
            state="applied", applied_at=now() - days * DAY, current=False,
        )  # fmt: skip
    return run


def sentences(who: Actor, partner, **filters) -> list[str]:
    page = timeline.page_of(who, partner, timeline.Filters(**filters), today=localdate())
    return [item.sentence for _title, items in page.groups for item in items]


def test_imports_and_merges_stand_among_exchanges_in_their_order() -> None:
    unit = UnitFactory()
    who, partner, other = actor(unit, Role.MANAGER), PartnerFactory(unit=unit), PartnerFactory(name="Forge", unit=unit)
    run = imported(partner, unit, days=3)
    InteractionFactory(partner=partner, unit=unit, on=localdate() - 5 * DAY, subject="Appel ancien")
    InteractionFactory(partner=partner, unit=unit, on=localdate() - DAY, subject="Appel récent")
    directory.merge_records(actor=Actor.system("essai"), kept=partner, absorbed=[other])
    assert sentences(who, partner) == [
        "La fiche « Forge » a été réunie à celle-ci", "Appel récent", "Import de « Fichier taxe » : 2 lignes", "Appel ancien",
    ]  # fmt: skip
    assert sentences(who, partner, kind="import") == ["Import de « Fichier taxe » : 2 lignes"]
    assert sentences(who, partner, kind="merge") == ["La fiche « Forge » a été réunie à celle-ci"]
    assert sentences(who, partner, unit=unit) == ["Appel récent", "Appel ancien"]
    page = timeline.page_of(who, partner, timeline.Filters(kind="import"), today=localdate())
    assert page.groups[0][1][0].href == reverse("sourcing:import", args=[run.pk])


def test_another_units_import_and_a_record_one_may_not_read_are_not_named() -> None:
    unit, partner = UnitFactory(), PartnerFactory()
    imported(partner, unit, days=3)
    other = PartnerFactory(name="Zanzibar", sharing="restricted")
    directory.merge_records(actor=Actor.system("essai"), kept=partner, absorbed=[other])
    assert sentences(actor(UnitFactory(), Role.MANAGER), partner) == ["Une autre fiche a été réunie à celle-ci"]


def test_page_after_page_each_fact_is_told_once(django_assert_max_num_queries) -> None:
    unit = UnitFactory()
    who, partner = actor(unit, Role.MANAGER), PartnerFactory(unit=unit)
    for days in range(40):
        InteractionFactory(partner=partner, unit=unit, on=localdate() - days // 3 * DAY, subject=f"Appel {days}")
        if days % 2:
            imported(partner, unit, days=days // 3, rows=1)
    services.record_need(actor=Actor.system("essai"), partner=partner, unit=unit, title="Soudeurs")
    seen, after = [], ""
    for _page in range(9):
        with django_assert_max_num_queries(9):
            page = timeline.page_of(who, partner, timeline.Filters(after=after), today=localdate())
        seen += [(item.on, item.source, item.pk) for _title, items in page.groups for item in items]
        after = page.after
        if not after:
            break
    assert len(seen) == len(set(seen)) == 61
    assert [one[0] for one in seen] == sorted((one[0] for one in seen), reverse=True)


def test_what_is_planned_stands_above_today(client: Client) -> None:
    unit = UnitFactory()
    partner = PartnerFactory(unit=unit)
    InteractionFactory(partner=partner, unit=unit, on=localdate() + 3 * DAY, state="planned", subject="À venir")
    InteractionFactory(partner=partner, unit=unit, on=localdate() - 3 * DAY, subject="Passé")
    imported(partner, unit, days=1)
    client.force_login(User.objects.get(pk=actor(unit, Role.MANAGER).user_id))
    text = client.get(reverse("relations:timeline", args=[partner.pk])).text
    places = [text.index(word) for word in ("À venir", "rq-today-line", "Import de", "Passé")]
    assert places == sorted(places)
