"""The register in the application: partners recognised, completed, followed; decisions are kept and taken back."""

import datetime as dt
from pathlib import Path

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse

from reciproque.demo import register as demo_register
from reciproque.demo.world import build
from reciproque.directory import services as directory
from reciproque.directory.models import Partner, Site
from reciproque.directory.services import AlreadyKnown
from reciproque.engines.register.loading import load
from reciproque.foundation.errors import DomainError, Forbidden
from reciproque.institution.models import Role, User
from reciproque.sourcing import inbox
from reciproque.sourcing.models import Judgement, RegisterProposal, SourceRecord
from reciproque.sourcing.pipeline import doubles, weighing
from reciproque.sourcing.register import proposing, queue, reach, refreshing
from reciproque.sourcing.services import judgements
from reciproque.sourcing.services import register as services
from tests.engines.register.small_stock import siren, siret, written
from tests.factories import EstablishmentFactory, PartnerFactory, PositionFactory, SiteFactory, UnitFactory, actor

pytestmark = pytest.mark.django_db
BAKERY, WORKSHOPS, ZEPHIRION, PRINTER, HIDDEN = (
    siren(body) for body in (40000001, 40000002, 40000003, 40000007, 40000008)
)


@pytest.fixture(scope="session")
def stock(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("sirene")
    load(written(tmp_path_factory.mktemp("stock")), folder, loaded_at="2026-11-02T04:00:00+00:00")
    return folder


@pytest.fixture(autouse=True)
def register(settings, stock: Path) -> None:
    settings.SIRENE_DIR, settings.RECHERCHE_ENTREPRISES_URL, settings.SIRENE_API_URL = stock, "", ""


@pytest.fixture
def unit():
    return UnitFactory(parent=EstablishmentFactory())


@pytest.fixture
def by(unit):
    return actor(unit)


def imported(name: str, unit, city: str = "Angers", postcode: str = "49000", **more) -> Partner:
    """A partner as a file gave it: its name is a source's."""
    signed = {"name": {"kind": "source", "source": "fichier", "record": 0, "on": "2026-01-05"}}
    partner = PartnerFactory(name=name, unit=unit, origins=signed, city=city, postcode=postcode, **more)
    SiteFactory(partner=partner, postcode=postcode, city=city)
    return partner


def test_a_partner_without_number_is_recognised_and_completed(unit, by):
    partner = imported("Boulangerie Lemercier", unit)
    stranger = imported("Clinique des Ormeaux", unit)
    assert proposing.qualify_network() == 1
    one = RegisterProposal.objects.get()
    assert (one.partner_id, one.siren) == (partner.pk, BAKERY)
    services.accept(actor=by, proposal=one)
    partner.refresh_from_db()
    assert (partner.siren, partner.naf, partner.register_state, partner.diffusion) == (BAKERY, "10.71C", "A", "O")
    assert partner.origins["siren"]["kind"] == "register"
    assert partner.register_checked_on == dt.date(2026, 11, 2)
    site = partner.sites.get(is_head=True)
    assert (site.siret[:9], site.origins["siret"]["kind"]) == (BAKERY, "register")
    record = SourceRecord.objects.get(partner=partner)
    assert (record.source.code, record.source.kind, record.cells[0]) == ("sirene", "register", BAKERY)
    assert proposing.qualify_network() == 0
    stranger.refresh_from_db()
    assert stranger.siren == ""


def test_what_was_typed_by_hand_stays(unit, by):
    partner = directory.create_partner(actor=by, name="Le Fournil d’Adèle", unit=unit, postcode="49100", city="Angers")
    services.complete_by_number(actor=by, partner=partner, siren=BAKERY)
    partner.refresh_from_db()
    assert (partner.name, partner.siren, partner.naf) == ("Le Fournil d’Adèle", BAKERY, "10.71C")
    assert partner.origins["name"]["kind"] == "hand"


def test_taking_it_back_leaves_the_partner_as_it_was(unit, by):
    partner = imported("Boulangerie Lemercier", unit)
    proposing.qualify_network()
    one = services.accept(actor=by, proposal=RegisterProposal.objects.get())
    services.take_back_proposal(actor=by, proposal=one)
    partner.refresh_from_db()
    assert (partner.siren, partner.naf, partner.register_state, partner.register_checked_on) == ("", "", "", None)
    assert RegisterProposal.objects.get().state == "open"


def test_no_is_no_for_good_and_later_comes_back(unit, by, time_machine):
    time_machine.move_to("2026-11-10T09:00:00+01:00")
    imported("Boulangerie Lemercier", unit)
    proposing.qualify_network()
    one = RegisterProposal.objects.get()
    services.postpone_proposal(actor=by, proposal=one)
    assert not proposing.waiting().exists()
    time_machine.shift(dt.timedelta(days=31))
    assert proposing.waiting().exists()
    services.refuse_proposal(actor=by, proposal=one)
    assert proposing.qualify_network() == 0
    assert RegisterProposal.objects.get().state == "refused"


def test_what_the_register_takes_for_one_waits_whatever_the_likeness(unit, by):
    """Weighed by what hangs on the two like any other pair; likeness neither takes it away nor hides it; the register does."""
    bearer = PartnerFactory(name="Fournil des Halles", siren=BAKERY, unit=unit)
    other = imported("Boulangerie Lemercier", unit)
    for _n in range(5):
        PositionFactory(partner=other)
    proposing.qualify_network()
    one = Judgement.objects.get()
    assert one.gain > 1.5 * one.score
    doubles.look()
    weighing.weigh_and_sort()
    one.refresh_from_db()
    assert (one.reasons, one.zone) == (["register_same"], "review")
    assert one.likelihood < weighing.settings_in_force().review, "by its own likeness nobody would be asked"
    Partner.objects.filter(pk=bearer.pk).update(siren="")
    Partner.objects.filter(pk=other.pk).update(name="Autre chose que rien ne reconnaît")
    proposing.qualify_network()
    assert not Judgement.objects.filter(verdict="open").exists()


def test_two_said_to_be_two_are_not_proposed_by_the_register_again(unit, by):
    PartnerFactory(siren=BAKERY, unit=unit)
    other = imported("Boulangerie Lemercier", unit)
    proposing.qualify_network()
    held = Judgement.objects.get()
    judgements.refuse(actor=by, kind="partner", ids=[held.low, held.high])
    wider = PartnerFactory(name="Lemercier réunie", unit=unit)
    directory.merge_records(actor=by, kept=wider, absorbed=[other])
    Partner.objects.filter(pk=wider.pk).update(name="Boulangerie Lemercier")
    proposing.qualify_network()
    assert not Judgement.objects.filter(verdict="open").exists()


def test_a_number_borne_by_another_partner_is_refused(unit, by):
    PartnerFactory(siren=BAKERY, unit=unit)
    other = imported("Boulangerie Lemercier", unit)
    assert proposing.qualify_network() == 0
    assert Judgement.objects.get().reasons == ["register_same"], "the queue of duplicates asks whether they are one"
    with pytest.raises(AlreadyKnown):
        services.complete_by_number(actor=by, partner=other, siren=BAKERY)
    with pytest.raises(DomainError):
        services.complete_by_number(actor=by, partner=other, siren="999999999")


def test_the_register_is_asked_before_anything_is_locked(unit, by, monkeypatch):
    """A service far away may take seconds to answer: nobody waits for it behind a lock."""
    asked, ask = [], reach.company
    monkeypatch.setattr(reach, "company", lambda siren: asked.append(len(connection.savepoint_ids)) or ask(siren))
    partner = imported("Boulangerie Lemercier", unit)
    proposing.qualify_network()
    services.accept(actor=by, proposal=RegisterProposal.objects.get(partner=partner))
    services.create_by_number(actor=by, siren=WORKSHOPS, unit=unit)
    services.complete_by_number(actor=by, partner=imported("Zéphirion", unit), siren=ZEPHIRION)
    assert asked == [0, 0, 0]


def test_a_partner_is_created_out_of_the_register(unit, by):
    made = services.create_by_number(actor=by, siren=WORKSHOPS, unit=unit)
    assert (made.name, made.acronym, made.city) == ("UNION REGIONALE DES ATELIERS SOLIDAIRES", "URAS", "Nantes")
    assert made.origins["name"]["kind"] == "register"
    with pytest.raises(AlreadyKnown):
        services.create_by_number(actor=by, siren=WORKSHOPS, unit=unit)


def followed(unit, number: str, **site) -> Partner:
    """A partner of the register, with a site."""
    partner = PartnerFactory(siren=number, unit=unit, register_state="A", diffusion="O")
    SiteFactory(partner=partner, siret=site.pop("siret", ""), **site)
    return partner


def test_a_site_that_moved_keeps_its_history_under_its_new_number(unit, by):
    partner = followed(unit, BAKERY, siret=siret(40000001, 1), address="12 rue Victor-Hugo")
    site = Site.objects.get(partner=partner)
    assert proposing.check_life() == 1
    one = RegisterProposal.objects.get()
    assert (one.kind, one.siret) == ("moved", siret(40000001, 2))
    services.accept(actor=by, proposal=one)
    moved = Site.objects.get(partner=partner)
    assert (moved.pk, moved.siret, moved.address, moved.postcode) == (
        site.pk,
        siret(40000001, 2),
        "3 BD CARNOT",
        "49100",
    )
    assert proposing.check_life() == 0
    services.take_back_proposal(actor=by, proposal=one)
    back = Site.objects.get(partner=partner)
    assert (back.siret, back.address, back.postcode) == (siret(40000001, 1), "12 rue Victor-Hugo", "49000")


def test_a_ceased_company_and_its_closed_site_are_one_fact_and_one_decision(unit, by):
    partner = followed(
        unit, PRINTER, siret=siret(40000007, 1), address="9 rue du Moulin", city="Angers", postcode="49000"
    )
    assert proposing.check_life() == 1
    (item,) = inbox.to_follow(by, frozenset()).items
    assert item.why == "Cette entreprise a cessé le 2 mai 2024."
    one = RegisterProposal.objects.get()
    shown = [(line["label"], line["after"]) for line in queue.cards(by, "vie")[0].changes]
    assert shown[-1] == ("établissement", "9 rue du Moulin, 49000 Angers : fermé")
    services.accept(actor=by, proposal=one)
    partner.refresh_from_db()
    assert (partner.register_state, partner.sites.get().state) == ("C", "F")
    assert proposing.check_life() == 0
    services.take_back_proposal(actor=by, proposal=one)
    partner.refresh_from_db()
    assert (partner.register_state, partner.sites.get().state) == ("A", "A")
    assert proposing.check_life() == 1, "safe to repeat: nothing is proposed twice"


def test_a_place_taken_away_meanwhile_leaves_the_ceased_company_to_be_decided(unit, by):
    partner = followed(unit, PRINTER, siret=siret(40000007, 1))
    proposing.check_life()
    Site.objects.get(partner=partner).delete()
    one = services.accept(actor=by, proposal=RegisterProposal.objects.get())
    services.take_back_proposal(actor=by, proposal=one)
    partner.refresh_from_db()
    assert partner.register_state == "A"


def test_a_company_that_was_renamed_keeps_its_former_name(unit, by):
    partner = followed(unit, ZEPHIRION, siret=siret(40000003, 1))
    directory.edit_partner(actor=by, partner=partner, version=None, name="Bureau Tavernoux")
    assert proposing.check_life() == 1
    one = RegisterProposal.objects.get()
    services.accept(actor=by, proposal=one)
    partner.refresh_from_db()
    assert (partner.name, partner.former_names) == ("ZEPHIRION INGENIERIE", ["Bureau Tavernoux"])
    services.take_back_proposal(actor=by, proposal=one)
    partner.refresh_from_db()
    assert (partner.name, partner.former_names) == ("Bureau Tavernoux", [])


def test_a_hidden_company_gives_nothing_but_its_state(unit, by):
    partner = followed(unit, HIDDEN)
    assert proposing.check_life() == 1
    services.accept(actor=by, proposal=RegisterProposal.objects.get())
    partner.refresh_from_db()
    assert partner.diffusion == "P"
    assert "name" not in SourceRecord.objects.get(partner=partner).draft["partner"]


def test_a_name_of_ours_is_left_alone(unit):
    followed(unit, WORKSHOPS, siret=siret(40000002, 1))
    assert proposing.check_life() == 0


def test_who_may_not_edit_may_not_decide(unit, by):
    partner = imported("Boulangerie Lemercier", unit)
    proposing.qualify_network()
    one = RegisterProposal.objects.get()
    with pytest.raises(Forbidden):
        services.accept(actor=actor(unit, Role.READER), proposal=one)
    partner.refresh_from_db()
    assert (partner.siren, RegisterProposal.objects.get().state) == ("", "open")


def test_without_register_nothing_breaks(unit, by, settings, tmp_path):
    settings.SIRENE_DIR = tmp_path
    imported("Boulangerie Lemercier", unit)
    assert (proposing.qualify_network(), proposing.check_life(), reach.search("Lemercier"), reach.available()) == (
        0,
        0,
        [],
        False,
    )


@pytest.fixture
def web(client: Client, by) -> Client:
    client.force_login(User.objects.get(pk=by.user_id))
    return client


def test_the_pages(web, unit, by, django_assert_max_num_queries):
    partner = imported("Boulangerie Lemercier", unit)
    closed = followed(unit, PRINTER, siret=siret(40000007, 1))
    proposing.qualify_network(), proposing.check_life()
    with django_assert_max_num_queries(30):
        page = web.get(reverse("sourcing:register")).text
    assert "BOULANGERIE LEMERCIER" in page
    assert "cessée" in web.get(reverse("sourcing:register") + "?onglet=vie").text
    assert "Registre SIRENE" in web.get(reverse("directory:partner", args=[closed.pk])).text
    found = web.get(reverse("sourcing:register_complete", args=[partner.pk])).text
    assert "3 BD CARNOT" in found
    answer = web.post(
        reverse("sourcing:register_complete", args=[partner.pk]), {"siren": BAKERY, "siret": siret(40000001, 2)}
    )
    assert answer.status_code == 302
    partner.refresh_from_db()
    assert partner.siren == BAKERY
    assert "URAS" in web.get(reverse("sourcing:register_create") + "?q=uras").text
    assert inbox.to_follow(by, frozenset()).count == 1


def test_a_decision_on_the_page(web, unit):
    imported("Boulangerie Lemercier", unit)
    proposing.qualify_network()
    one = RegisterProposal.objects.get()
    web.post(reverse("sourcing:register_decide", args=[one.pk]), {"decision": "refuser", "liste": "onglet=qui"})
    one.refresh_from_db()
    assert one.state == "refused"
    web.post(reverse("sourcing:register_take_back", args=[one.pk]))
    one.refresh_from_db()
    assert one.state == "open"


def test_files_laid_down_are_loaded_once_and_the_network_is_followed(unit, settings, tmp_path):
    settings.SIRENE_DIR = tmp_path
    followed(unit, PRINTER, siret=siret(40000007, 1))
    refreshing.follow()
    assert not RegisterProposal.objects.exists()
    written(tmp_path / refreshing.STOCK)
    refreshing.follow()
    assert RegisterProposal.objects.count() == 1
    assert refreshing.load_waiting() is False
    (tmp_path / refreshing.STOCK / "note.csv").write_text("a,b\n")
    assert refreshing.load_waiting() is False, "a file that is not INSEE's changes nothing"


def test_the_demonstration_has_a_register_of_its_own(tmp_path):
    world = build(partners=300, people=400)
    demo_register.write(world, tmp_path)
    manifest = load(sorted(tmp_path.glob("*.csv")), tmp_path / "index", loaded_at="2026-11-02T04:00:00")
    assert manifest.counts["units"] > 200
    assert manifest.counts["successions"] == demo_register.KNOWN["moved"]
