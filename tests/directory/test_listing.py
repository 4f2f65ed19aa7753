"""Lists of partners and of people: filters, rights, exports, bulk actions, saved views, map; and what they cost."""

import datetime as dt
import io
import re

import openpyxl
import pytest
import time_machine
from django.db import connection
from django.http import QueryDict
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.timezone import now

from reciproque.directory import search
from reciproque.directory.listing import partners, people
from reciproque.directory.models import Partner, PartnerUnit, Tag
from reciproque.foundation.exports import original_cell
from reciproque.foundation.listing import state
from reciproque.institution.access import Actor
from reciproque.institution.models import ListExport, Role, SavedView, User
from tests.factories import (
    EstablishmentFactory,
    PartnerFactory,
    PersonFactory,
    PositionFactory,
    SiteFactory,
    UnitFactory,
    UserFactory,
    actor,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def unit():
    return UnitFactory(short_name="IUT")


@pytest.fixture
def member(client, unit):
    by = actor(unit, Role.MEMBER)
    client.force_login(User.objects.get(pk=by.user_id))
    return by


def found(by: Actor, query: str, module=partners) -> list[str]:
    listing = module.listing(by, state.read(QueryDict(query), module.CATALOGUE))
    assert listing.count.number == len(listing.page.rows) or not listing.count.exact
    return [str(row) for row in listing.page.rows]


def test_each_filter_keeps_what_it_says(member, unit) -> None:
    below = UnitFactory(parent=unit)
    PartnerFactory(
        name="Alpha",
        kind="association",
        naf="62.01Z",
        headcount_band="11",
        size_category="PME",
        tags=["stage"],
        siren="732829320",
        email="a@a.example",
        city="Angers",
        department="49",
        referent_id=member.user_id,
        legal_category="9220",
        unit=unit,
    )
    PartnerFactory(name="Bêta", naf="10.71C", city="Évry", department="91", sharing="unit", unit=unit)
    old = PartnerFactory(name="Gamma", tags=["forum", "stage"])
    archived = PartnerFactory(name="Delta", archived_at=now())
    Partner.objects.filter(pk=old.pk).update(
        updated_at=now() - dt.timedelta(days=400), created_at=now() - dt.timedelta(days=400)
    )
    PartnerUnit.objects.create(partner=Partner.objects.get(name="Alpha"), unit=below, status="prospect")
    PartnerUnit.objects.create(partner=old, unit=unit, status="active", referent_id=member.user_id)
    Tag.objects.create(name="stage")
    expected = {
        "": ["Alpha", "Bêta", "Gamma"], "f.kind=association": ["Alpha"], "f.kind.op=pas&f.kind=association": ["Bêta", "Gamma"],
        "f.section=J": ["Alpha"], "f.division=10": ["Bêta"], "f.naf=62.01Z": ["Alpha"], "f.naf.op=vide": ["Gamma"],
        "f.headcount=11": ["Alpha"], "f.size=PME": ["Alpha"], "f.legal=9220": ["Alpha"], "f.tags=stage": ["Alpha", "Gamma"],
        "f.tags=forum": ["Gamma"], "f.tags.op=vide": ["Bêta"], "f.city=ANGERS&f.city.op=est": ["Alpha"],
        "f.city=evr&f.city.op=commence": ["Bêta"], "f.city.op=vide": ["Gamma"], "f.department=49&f.department=91": ["Alpha", "Bêta"],
        "f.region=52": ["Alpha"], f"f.unit={unit.pk}": ["Alpha", "Gamma"], f"f.unit={below.pk}": ["Alpha"],
        f"f.unit.op=pas&f.unit={unit.pk}": ["Bêta"], "f.status=prospect": ["Alpha"], f"f.unit={unit.pk}&f.status=active": ["Gamma"],
        "f.referent=moi": ["Alpha", "Gamma"], "f.referent.op=vide": ["Bêta", "Gamma"], "f.siren=7328&f.siren.op=commence": ["Alpha"],
        "f.siren.op=vide": ["Bêta", "Gamma"], "f.email.op=oui": ["Alpha"], "f.email.op=non": ["Bêta", "Gamma"],
        "f.sharing=unit": ["Bêta"], f"f.owner={unit.pk}": ["Alpha", "Bêta"], "f.name=ET": ["Bêta"],
        "f.updated.op=depuis&f.updated=30": ["Alpha", "Bêta"],
        "f.updated.op=pas_depuis&f.updated=12": ["Gamma"], "f.created.op=avant&f.created=2020-01-01": [], "f.archived.op=oui": ["Delta"],
        "f.archived.op=non": ["Alpha", "Bêta", "Gamma"], "tri=-name": ["Gamma", "Bêta", "Alpha"], "f.kind='%20OR%201=1": [],
    }  # fmt: skip
    assert archived.pk
    assert {query: found(member, query) for query in expected} == expected


def test_a_referent_is_found_by_name_among_any_number_of_accounts(member, unit, client) -> None:
    """Those who left are found too: what they answered for is to be handed over."""
    User.objects.bulk_create(User(username=f"c{n}", first_name="Alix", last_name=f"Abadie {n:04}") for n in range(1200))
    left = UserFactory(first_name="Zoé", last_name="Zélande", is_active=False)
    twin = UserFactory(first_name="Zacharie", last_name="Zélande")
    PartnerFactory(name="Alpha", referent=left)
    PartnerFactory(name="Bêta", referent=twin)
    PartnerFactory(name="Gamma", referent_id=member.user_id)
    expected = {
        f"f.referent={left.pk}": ["Alpha"], "f.referent=zel+zoe": ["Alpha"], "f.referent_texte=zelande": ["Alpha", "Bêta"],
        f"f.referent={left.pk}&f.referent_texte=zelande": ["Alpha"], f"f.referent={left.pk}&f.referent=moi": ["Alpha", "Gamma"],
        "f.referent.op=pas&f.referent=zelande": ["Gamma"], "f.referent=personne": [], "f.referent=%C2%B2": [],
    }  # fmt: skip
    assert {query: found(member, query) for query in expected} == expected
    asked = state.read(QueryDict(f"f.referent={left.pk}&f.referent=moi&f.referent_texte=zoe"), partners.CATALOGUE)
    one = asked.filter_on("referent")
    assert one
    assert one.filter.words(one.operator, one.values, member) == "Zoé Zélande, moi"
    client.force_login(User.objects.get(pk=member.user_id))
    offered = client.get(
        reverse("institution:colleagues"),
        {"champ": "f.referent", "plusieurs": "", "anciens": "", "f.referent_texte": "zél"},
    )
    assert {f'value="{left.pk}"', f'value="{twin.pk}"'} <= set(re.findall(r'value="[0-9]+"', offered.content.decode()))
    editor = client.get(reverse("directory:partner_list"), {"filtre": "referent", "f.referent": "moi"}).content.decode()
    assert "Abadie" not in editor
    assert 'name="f.referent" value="moi" checked' in editor


def test_every_filter_every_operator_is_good_sql(member, unit) -> None:
    sample = {"choice": "1", "sought": "anne", "text": "a", "flag": "", "day": "3"}
    for module in (partners, people):
        for one in module.CATALOGUE.filters:
            for operator in one.allowed:
                values = f"&f.{one.key}={sample[one.control]}"
                if operator in ("avant", "apres", "entre"):
                    values = f"&f.{one.key}=2026-01-01&f.{one.key}=2026-02-01"
                assert isinstance(found(member, f"f.{one.key}.op={operator}{values}", module), list)
        for key in module.CATALOGUE.sorts:
            for sign in ("", "-"):
                found(member, f"tri={sign}{key}", module)


@pytest.fixture
def kept_back(unit):
    """A partner and a person that the member may not read."""
    partner = PartnerFactory(name="Secret Industrie", sharing="restricted", city="Angers", department="49")
    SiteFactory(partner=partner, city_code="49007")
    person = PersonFactory(last_name="Cachottier", sharing="restricted")
    PositionFactory(person=person, partner=PartnerFactory(name="Ouvert"))
    PositionFactory(person=PersonFactory(last_name="Visible"), partner=partner)
    search.rebuild()
    return partner, person


@pytest.mark.parametrize(
    "path",
    [
        "/partenaires/",
        "/partenaires/?q=secret",
        "/partenaires/?f.sharing=restricted",
        "/personnes/",
        "/personnes/?q=cachottier",
        "/partenaires/carte/",
        "/partenaires/carte/?departement=49",
        "/recherche/?q=secret",
        "/recherche/?q=cachottier",
    ],
)
def test_what_is_kept_back_is_nowhere(client, member, kept_back, path) -> None:
    page = client.get(path)
    assert page.status_code == 200
    shown = page.text.split('<main id="main"')[1]
    for typed in ("secret", "cachottier"):
        shown = shown.replace(f'value="{typed}"', "").replace(f"« {typed} »", "")
    assert "Secret" not in shown
    assert "Cachottier" not in shown


def test_what_is_kept_back_is_not_counted_exported_nor_previewed(client, member, kept_back) -> None:
    partner, person = kept_back
    assert found(member, "") == ["Ouvert"]
    assert found(member, "", people) == ["Élodie Visible"]
    for route in ("partner_export", "person_export"):
        answer = client.post(reverse(f"directory:{route}"), {"format": "csv", "toutes": "1"})
        text = b"".join(answer.streaming_content).decode()
        assert "Secret" not in text
        assert "Cachottier" not in text
    assert client.get(reverse("directory:partner_peek", args=[partner.pk])).status_code == 404
    assert client.get(reverse("directory:person_peek", args=[person.pk])).status_code == 404
    page = client.get("/partenaires/carte/")
    assert "Maine-et-Loire (49)</a></th>" not in page.text


@pytest.mark.parametrize("path", ["/partenaires/", "/personnes/", "/partenaires/?q=port&f.kind=company&tri=-updated"])
def test_a_list_costs_the_same_however_long(client, member, django_assert_max_num_queries, path) -> None:
    counts = []
    for rows in (1, 12):
        for _ in range(rows):
            job = PositionFactory(partner__referent_id=member.user_id, partner__unit=UnitFactory())
            PartnerUnit.objects.create(partner=job.partner, unit=UnitFactory())
        search.rebuild()
        with CaptureQueriesContext(
            connection,
        ) as queries:
            assert client.get(path).status_code == 200
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 30


def test_the_part_that_htmx_asks_is_the_list_alone(client, member) -> None:
    PartnerFactory(name="Élan")
    part = client.get("/partenaires/", headers={"HX-Request": "true"}).text
    assert "<html" not in part
    assert "Élan" in part
    assert "Vary" in client.get("/partenaires/").headers


def test_an_empty_list_says_how_to_fill_it(client, member) -> None:
    assert reverse("directory:partner_create") in client.get("/partenaires/").text.split('class="rq-empty"')[1]
    assert "Tout effacer" in client.get("/partenaires/?q=zzz").text


def test_an_export_holds_what_is_seen_is_safe_and_is_told_to_the_audit(client, member) -> None:
    PartnerFactory(name="=HYPERLINK(1)", kind="association", city="Angers")
    PartnerFactory(name="Autre")
    query = "f.kind=association&tri=name&colonnes=name,city"
    answer = client.post(reverse("directory:partner_export"), {"liste": query, "format": "csv"})
    lines = b"".join(answer.streaming_content).decode("utf-8-sig").splitlines()
    assert lines == ["Partenaire;Ville", "'=HYPERLINK(1);Angers"]
    assert original_cell("'=HYPERLINK(1)") == "=HYPERLINK(1)"
    told = ListExport.objects.get()
    assert (told.user_id, told.rows, told.columns, told.form) == (member.user_id, 1, ["name", "city"], "csv")
    book = client.post(reverse("directory:partner_export"), {"liste": query, "format": "xlsx"})
    sheet = openpyxl.load_workbook(io.BytesIO(b"".join(book.streaming_content))).active
    assert [cell.value for cell in sheet[2]] == ["=HYPERLINK(1)", "Angers"]
    assert sheet["A2"].data_type == "s"
    assert sheet.auto_filter.ref == "A1:B2"


def test_a_workbook_has_days_that_sort_identifiers_that_are_text_and_blanks(client, member) -> None:
    with time_machine.travel("2026-03-09T23:30:00Z"):  # already the 10th in France
        PartnerFactory(name="Atelier", siren="005520176", phone="+33240123456", postcode="01000")
    asked = {"liste": "colonnes=name,siren,phone,postcode,rna,created&tri=name"}
    book = client.post(reverse("directory:partner_export"), asked | {"format": "xlsx"})
    sheet = openpyxl.load_workbook(io.BytesIO(b"".join(book.streaming_content))).active
    assert [cell.value for cell in sheet[2]][:5] == ["Atelier", "005520176", "02 40 12 34 56", "01000", None]
    assert sheet["F2"].value.date() == dt.date(2026, 3, 10)
    assert sheet["F2"].number_format == "dd/mm/yyyy"
    assert sheet.column_dimensions["C"].width > len("02 40 12 34 56")
    text = client.post(reverse("directory:partner_export"), asked | {"format": "csv"})
    line = b"".join(text.streaming_content).decode("utf-8-sig").splitlines()[1]
    assert line == "Atelier;005520176;02 40 12 34 56;01000;;10/03/2026"


def test_only_ticked_rows_are_exported_when_some_are(client, member) -> None:
    one, _other = PartnerFactory(name="Un"), PartnerFactory(name="Deux")
    answer = client.post(reverse("directory:partner_export"), {"ids": [one.pk], "format": "csv"})
    assert len(b"".join(answer.streaming_content).splitlines()) == 2


def test_a_big_export_is_written_by_the_worker_and_waits_a_week_for_its_author(
    client, member, monkeypatch, tmp_path, settings
) -> None:
    from reciproque.directory.listing import exporting
    from reciproque.institution import exports, services
    from reciproque.institution.access import Actor

    settings.EXPORT_ROOT = tmp_path
    monkeypatch.setattr(exporting, "AT_ONCE", {"csv": 1, "xlsx": 1})
    kept, other = PartnerFactory(name="Atelier Un"), PartnerFactory(name="Atelier Deux")
    PartnerFactory(name="Atelier Trois")
    order = {"liste": "tri=name&colonnes=name", "format": "csv", "ids": [kept.pk, other.pk]}
    assert client.post(reverse("directory:partner_export"), order).headers["Location"] == reverse("institution:exports")
    told = ListExport.objects.get()
    assert "en préparation" in client.get(reverse("institution:exports")).text
    kept.archived_at = now()  # gone between the order and the writing
    kept.save()
    exports.write(told.pk)
    exports.write(told.pk)  # a job done twice
    told.refresh_from_db()
    assert (told.state, told.rows) == ("ready", 1)
    assert [path.name for path in tmp_path.iterdir()] == [told.path]
    address = reverse("institution:export_download", args=[told.pk])
    assert b"".join(client.get(address).streaming_content).decode("utf-8-sig").splitlines() == [
        "Partenaire",
        "Atelier Deux",
    ]
    client.force_login(User.objects.create(username="quelquun"))
    assert client.get(address).status_code in {403, 404}
    client.force_login(User.objects.get(pk=member.user_id))
    with time_machine.travel(now() + dt.timedelta(days=8)):
        assert services.expire_exports(actor=Actor.system("test")) == 1
    assert list(tmp_path.iterdir()) == []
    assert client.get(address).status_code == 404


def test_an_export_that_fails_says_so_and_leaves_no_file(member, tmp_path, settings) -> None:
    from reciproque.institution import exports, services

    settings.EXPORT_ROOT = tmp_path
    told = services.order_export(actor=member, page="unknown", query="", columns=[], form="csv", rows=9)
    with pytest.raises(KeyError):
        exports.write(told.pk)
    told.refresh_from_db()
    assert told.state == "failed"
    assert list(tmp_path.iterdir()) == []


def test_a_big_export_asks_who_one_is(client, member, monkeypatch) -> None:
    from reciproque.directory.listing import exporting

    user = User.objects.get(pk=member.user_id)
    user.set_password("une phrase assez longue")
    user.save()
    client.force_login(user)
    monkeypatch.setattr(exporting, "CONFIRMED_FROM", 1)
    PartnerFactory()
    answer = client.post(reverse("directory:partner_export"), {"format": "csv"})
    assert answer.status_code == 302
    assert "reauthenticate" in answer.headers["Location"]
    assert not ListExport.objects.exists()
    asked = client.get(answer.headers["Location"])
    assert "Confirmer que c’est vous" in asked.text
    said = {"password": "une phrase assez longue", "next": reverse("directory:partner_export")}
    told = client.post(reverse("account_reauthenticate"), said)
    assert told.headers["Location"] == reverse(
        "institution:exports"
    )  # rather than a file that leaves the question on screen
    assert ListExport.objects.get().state == "waiting"
    assert (
        client.post(reverse("directory:partner_export"), {"format": "csv"})
        .headers["Content-Type"]
        .startswith("text/csv")
    )


def test_tags_put_on_many_and_taken_back(client, member, unit) -> None:
    ids = [PartnerFactory().pk for _ in range(3)]
    reserved = PartnerFactory(sharing="restricted").pk
    client.post(
        reverse("directory:partner_bulk"),
        {"action": "etiqueter", "etiquettes": "forum, stage", "ids": [*ids, reserved]},
    )
    assert Partner.objects.filter(tags=["forum", "stage"]).count() == 3
    assert Partner.objects.get(pk=reserved).tags == []
    undo = next(iter(client.get("/partenaires/").context["messages"])).extra_tags
    client.post(undo)
    assert not Partner.objects.exclude(tags=[]).exists()
    assert client.post(undo).status_code == 404


def test_all_those_of_the_list_and_only_those(client, member, unit) -> None:
    for kind in ("association", "association", "company"):
        PartnerFactory(kind=kind)
    data = {"toutes": "1", "liste": "f.kind=association", "action": "lier", "entite": unit.pk, "statut": "prospect"}
    client.post(reverse("directory:partner_bulk"), data)
    assert PartnerUnit.objects.filter(unit=unit, status="prospect", partner__kind="association").count() == 2
    undo = next(iter(client.get("/partenaires/").context["messages"])).extra_tags
    client.post(undo)
    assert not PartnerUnit.objects.exists()


def test_tying_elsewhere_is_refused_and_changes_nothing(client, member) -> None:
    data = {"ids": [PartnerFactory().pk], "action": "lier", "entite": UnitFactory().pk, "statut": "prospect"}
    assert client.post(reverse("directory:partner_bulk"), data).status_code == 403
    assert not PartnerUnit.objects.exists()


def test_a_reader_changes_nothing_in_number(client, unit) -> None:
    reader = actor(unit, Role.READER)
    client.force_login(User.objects.get(pk=reader.user_id))
    partner = PartnerFactory()
    client.post(reverse("directory:partner_bulk"), {"action": "etiqueter", "etiquettes": "x", "ids": [partner.pk]})
    partner.refresh_from_db()
    assert partner.tags == []


def test_a_cell_is_changed_where_it_is_read(client, member) -> None:
    partner = PartnerFactory()
    address = reverse("directory:partner_cell", args=[partner.pk, "email"])
    assert "<form" in client.get(address).text
    refused = client.post(address, {"email": "pas une adresse", "version": partner.version})
    assert refused.status_code == 422
    assert "pas une adresse" in refused.text
    done = client.post(address, {"email": "contact@port.example", "version": partner.version})
    partner.refresh_from_db()
    assert done.status_code == 200
    assert partner.email == "contact@port.example"
    assert "<form" not in done.text
    stale = client.post(address, {"email": "autre@port.example", "version": 1})
    assert stale.status_code == 422
    assert "entre-temps" in stale.text


def test_a_view_is_kept_opened_changed_and_kept_again(client, member) -> None:
    PartnerFactory(name="Ass", kind="association")
    PartnerFactory(name="Ent")
    client.post(
        reverse("institution:view_create"),
        {
            "page": partners.PAGE,
            "nom": "Associations",
            "liste": "f.kind=association&tri=name",
            "visibilite": "mine",
            "next": "/partenaires/",
        },
    )
    view = SavedView.objects.get()
    opened = client.get(f"/partenaires/?vue={view.pk}")
    assert "Ass" in opened.text
    assert "/Ent<" not in opened.text
    assert "Vue modifiée" not in opened.text
    changed = client.get(f"/partenaires/?vue={view.pk}&tri=-name")
    assert "Vue modifiée" in changed.text
    assert "data-open>Ent" in changed.text
    client.post(
        reverse("institution:view_update", args=[view.pk]), {"liste": "tri=-name", "next": "https://evil.example/"}
    )
    view.refresh_from_db()
    assert view.query == "tri=-name"


def test_a_view_is_given_another_name_and_others_to_see_it(client, member, unit) -> None:
    view = SavedView.objects.create(owner_id=member.user_id, page=partners.PAGE, name="À moi", query="tri=name")
    address = reverse("institution:view_update", args=[view.pk])
    assert address in client.get(f"/partenaires/?vue={view.pk}").text
    client.post(address, {"nom": " À nous ", "visibilite": f"unit:{unit.pk}", "next": "/partenaires/"})
    view.refresh_from_db()
    assert (view.name, view.visibility, view.unit, view.query) == ("À nous", "unit", unit, "tri=name")
    told = client.post(address, {"nom": "", "visibilite": "mine", "next": "/partenaires/"}, follow=True).text
    assert "obligatoire" in told or "vide" in told
    view.refresh_from_db()
    assert view.name == "À nous"


def test_a_view_of_somebody_else_is_not_opened_unless_shared(client, member, unit) -> None:
    other = actor(UnitFactory(), Role.MEMBER)
    hidden = SavedView.objects.create(owner_id=other.user_id, page=partners.PAGE, name="À moi", query="tri=name")
    shared = SavedView.objects.create(
        owner_id=other.user_id, page=partners.PAGE, name="À tous", visibility="establishment"
    )
    ours = SavedView.objects.create(
        owner_id=other.user_id, page=partners.PAGE, name="De l’IUT", visibility="unit", unit=unit
    )
    page = client.get(f"/partenaires/?vue={hidden.pk}").text
    assert "À moi" not in page
    assert shared.name in page
    assert ours.name in page
    assert client.post(reverse("institution:view_delete", args=[hidden.pk])).status_code == 404
    assert client.post(reverse("institution:view_delete", args=[shared.pk])).status_code == 403


@pytest.mark.parametrize(
    ("role", "allowed"), [(Role.READER, False), (Role.MEMBER, False), (Role.MANAGER, True), (Role.DATA_STEWARD, True)]
)
def test_who_may_share_a_view_with_everybody(client, role, allowed) -> None:
    by = actor(EstablishmentFactory(), role)
    client.force_login(User.objects.get(pk=by.user_id))
    data = {"page": partners.PAGE, "nom": "Vue", "liste": "", "visibilite": "establishment", "next": "/partenaires/"}
    client.post(reverse("institution:view_create"), data)
    assert SavedView.objects.exists() is allowed


def test_a_referent_is_given_to_many_by_name(client, member, unit) -> None:
    anne = User.objects.get(pk=actor(unit, Role.READER).user_id)
    User.objects.filter(pk=anne.pk).update(first_name="Anne", last_name="Zélande")
    gone = UserFactory(is_active=False)
    partner = PartnerFactory(unit=unit)
    address, data = reverse("directory:partner_bulk"), {"ids": [partner.pk], "action": "referent"}

    def given(**more: str | int) -> int | None:
        client.post(address, data | more)
        return Partner.objects.get(pk=partner.pk).referent_id

    assert given(referent=anne.pk) == anne.pk
    assert given(referent="moi") == member.user_id
    assert given(referent="moi", referent_texte="zelande") == anne.pk  # a name typed wins
    assert given(referent=gone.pk) == given(referent_texte="personne") == given(referent="x") == anne.pk
    assert given(referent="") is None
