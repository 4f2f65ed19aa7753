"""The two outside services, before a real server on this machine: what they say, when they refuse, when they are down."""

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from django.test import Client as Browser
from django.urls import reverse

from reciproque.directory.models import Partner
from reciproque.foundation import health
from reciproque.foundation.outbound import FAILURES, Client, OutboundError
from reciproque.institution.models import Role, User
from reciproque.sourcing.register import clients
from tests.factories import UnitFactory, actor

SAMPLES = Path(__file__).resolve().parents[3] / "shared/data/api_samples/recherche-entreprise"
RESULT: dict[str, Any] = {
    "siren": "400000010", "nom_complet": "BOULANGERIE LEMERCIER", "nom_raison_sociale": "BOULANGERIE LEMERCIER", "sigle": None,
    "nombre_etablissements_ouverts": 2, "activite_principale": "10.71C", "nature_juridique": "5499", "etat_administratif": "A",
    "statut_diffusion": "O", "complements": {"identifiant_association": None}, "tranche_effectif_salarie": "03", "categorie_entreprise": "PME",
    "siege": {
        "siret": "40000001000020", "numero_voie": "3", "type_voie": "BD", "libelle_voie": "CARNOT", "code_postal": "49100", "commune": "49007",
        "libelle_commune": "ANGERS", "etat_administratif": "A", "est_siege": True, "liste_enseignes": ["LE FOURNIL"],
        "statut_diffusion_etablissement": "O",
    },
}  # fmt: skip
UNIT: dict[str, Any] = {
    "uniteLegale": {
        "siren": "400000010", "statutDiffusionUniteLegale": "O", "sigleUniteLegale": None,
        "periodesUniteLegale": [
            {
                "denominationUniteLegale": "BOULANGERIE LEMERCIER", "etatAdministratifUniteLegale": "A", "nicSiegeUniteLegale": "00020",
                "dateDebut": "2024-05-02",
            },
            {"denominationUniteLegale": "LEMERCIER ET FILS"},
        ],
    }
}  # fmt: skip
SITE: dict[str, Any] = {
    "etablissement": {
        "siret": "40000001000020", "etablissementSiege": True, "statutDiffusionEtablissement": "O",
        "adresseEtablissement": {"numeroVoieEtablissement": "3", "libelleVoieEtablissement": "CARNOT", "codePostalEtablissement": "49100"},
        "periodesEtablissement": [{"etatAdministratifEtablissement": "A"}],
    }
}  # fmt: skip


class Stub:
    """A server that answers what the test says and remembers what it was asked."""

    def __init__(self) -> None:
        self.answers: dict[str, list[tuple[int, dict[str, str], Any]]] = {}
        self.asked: list[tuple[str, dict[str, list[str]], dict[str, str]]] = []
        stub = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                parts = urlsplit(self.path)
                stub.asked.append((parts.path, parse_qs(parts.query), dict(self.headers)))
                held = stub.answers.get(parts.path, [(404, {}, {})])
                status, headers, body = held.pop(0) if len(held) > 1 else held[0]
                data = body if isinstance(body, bytes) else json.dumps(body).encode()
                self.send_response(status)
                for name, value in headers.items():
                    self.send_header(name, value)
                self.send_header("Content-Length", str(len(data)))
                self.end_headers()
                self.wfile.write(data)

            def log_message(self, *_args: Any) -> None:
                """Silent."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.base = f"http://127.0.0.1:{self.server.server_port}"
        self.thread = threading.Thread(target=self.server.serve_forever, args=(0.01,))
        self.thread.start()

    def close(self) -> None:
        self.server.shutdown()
        self.thread.join()
        self.server.server_close()


@pytest.fixture
def stub() -> Iterator[Stub]:
    held = Stub()
    clients._search_client.cache_clear()
    clients._sirene_client.cache_clear()
    yield held
    held.close()


@pytest.fixture
def waited() -> list[float]:
    return []


@pytest.fixture
def client(stub, waited) -> Client:
    return Client(stub.base, 1000.0, timeout=2.0, sleep=waited.append)


def test_nothing_is_called_when_nothing_is_set(stub, settings):
    settings.RECHERCHE_ENTREPRISES_URL = settings.SIRENE_API_URL = settings.SIRENE_API_KEY = ""
    assert (clients.search("Lemercier"), clients.company("400000010")) == ([], None)
    settings.SIRENE_API_URL = stub.base
    assert clients.company("400000010") is None, "an address without a key is not used"
    assert stub.asked == []


def test_the_open_service(stub, settings):
    settings.RECHERCHE_ENTREPRISES_URL, settings.SIRENE_API_URL = stub.base, ""
    stub.answers["/search"] = [(200, {}, {"results": [RESULT]})]
    (found,) = clients.search("boulangerie lemercier", postcode="49100")
    assert (found.siren, found.name, found.is_active, found.open_sites) == (
        "400000010",
        "BOULANGERIE LEMERCIER",
        True,
        2,
    )
    assert (found.head.address, found.head.signs) == ("3 BD CARNOT", ("LE FOURNIL",))
    path, query, headers = stub.asked[0]
    assert (path, query["q"], query["code_postal"]) == ("/search", ["boulangerie lemercier"], ["49100"])
    assert "Reciproque" in headers["User-Agent"]


def test_hidden_values_stay_hidden(stub, settings):
    settings.RECHERCHE_ENTREPRISES_URL = stub.base
    hidden = {**RESULT, "statut_diffusion": "P", "nom_raison_sociale": "[NON-DIFFUSIBLE]", "sigle": "[NON-DIFFUSIBLE]"}
    stub.answers["/search"] = [(200, {}, {"results": [hidden]})]
    (found,) = clients.search("x")
    assert (found.is_partial, found.name, found.acronym) == (True, "", "")


def test_insee_with_its_key(stub, settings):
    settings.RECHERCHE_ENTREPRISES_URL, settings.SIRENE_API_URL, settings.SIRENE_API_KEY = "", stub.base, "cle"
    stub.answers["/siren/400000010"] = [(200, {}, UNIT)]
    stub.answers["/siret/40000001000020"] = [(200, {}, SITE)]
    clients._sirene_client(stub.base, "cle").sleep = lambda _seconds: None
    found = clients.company("400000010")
    assert found is not None
    assert (found.name, found.past_names, found.head.address) == (
        "BOULANGERIE LEMERCIER",
        ("LEMERCIER ET FILS",),
        "3 CARNOT",
    )
    assert stub.asked[0][2]["X-Insee-Api-Key-Integration"] == "cle"


def test_too_many_requests_waits_as_asked(stub, client, waited):
    stub.answers["/x"] = [(429, {"Retry-After": "7"}, {}), (200, {}, {"ok": 1})]
    assert client.get("x") == {"ok": 1}
    assert 7.0 in waited


def test_a_service_that_is_down_is_left_alone_for_a_while(stub, waited):
    now = [1000.0]
    client = Client(stub.base, 1000.0, timeout=2.0, sleep=waited.append, clock=lambda: now[0])
    stub.answers["/x"] = [(503, {}, {})]
    for _ in range(FAILURES):
        with pytest.raises(OutboundError):
            client.get("x")
    called = len(stub.asked)
    with pytest.raises(OutboundError):
        client.get("x")
    assert (len(stub.asked), client.is_resting) == (called, True)
    now[0] += 61
    stub.answers["/x"] = [(200, {}, {})]
    assert client.get("x") == {}


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("answers", "said"),
    [
        ([(429, {"Retry-After": "30"}, {})], "reçoit trop de demandes"),
        ([(503, {}, {})], "ne répond pas"),
        ([(403, {}, {})], "refuse la clé"),
        ([(200, {}, b'{"results": [{"siren"')], "ne répond pas"),
        ([(200, {}, [])], "ne répond pas"),
        ([(200, {}, {"results": [{"nom_complet": "SANS NUMERO"}, RESULT, None]})], "BOULANGERIE LEMERCIER"),
        ([(200, {}, {"results": []})], "Aucune entreprise trouvée"),
        ([(404, {}, {})], "Aucune entreprise trouvée"),
    ],
)
def test_the_page_says_what_the_service_did(stub, settings, tmp_path, client_of_member, monkeypatch, answers, said):
    held = Client(stub.base, 1000.0, timeout=2.0, patience=clients.PATIENCE, sleep=lambda _seconds: None)
    monkeypatch.setattr(clients, "_search_client", lambda _base: held)
    settings.RECHERCHE_ENTREPRISES_URL, settings.SIRENE_API_URL, settings.SIRENE_DIR = stub.base, "", str(tmp_path)
    stub.answers["/search"] = answers
    page = client_of_member.get(reverse("sourcing:register_create"), {"q": "lemercier"})
    assert page.status_code == 200
    assert said in page.text
    assert ("Aucune entreprise" in page.text) is (said == "Aucune entreprise trouvée")
    if "trop" in said:
        client_of_member.get(reverse("sourcing:register_create"), {"q": "quintavel"})
        assert len(stub.asked) == 1, (
            "nobody waits thirty seconds before a page, and the service is left alone meanwhile"
        )


@pytest.fixture
def client_of_member() -> Browser:
    browser = Browser()
    browser.force_login(User.objects.get(pk=actor(UnitFactory()).user_id))
    return browser


@pytest.mark.django_db
def test_a_service_down_creates_nothing_and_says_so(stub, settings, tmp_path, client_of_member, monkeypatch):
    held = Client(stub.base, 1000.0, timeout=2.0, patience=clients.PATIENCE, sleep=lambda _seconds: None)
    monkeypatch.setattr(clients, "_search_client", lambda _base: held)
    settings.RECHERCHE_ENTREPRISES_URL, settings.SIRENE_API_URL, settings.SIRENE_DIR = stub.base, "", str(tmp_path)
    stub.answers["/search"] = [(500, {}, {})]
    page = client_of_member.post(reverse("sourcing:register_create"), {"siren": "400000010"})
    assert "ne répond pas" in page.text
    assert not Partner.objects.exists()


@pytest.mark.parametrize(
    "answer",
    [(302, {"Location": "http://127.0.0.1:1/"}, {}), (400, {}, {}), (200, {}, b"<html>"), (200, {}, b"x" * (5 << 20))],
)
def test_absurd_answers_are_errors_and_nothing_more(stub, client, answer):
    stub.answers["/x"] = [answer]
    with pytest.raises(OutboundError):
        client.get("x")


def test_what_is_not_there_is_none(client):
    assert client.get("nulle-part") is None


def test_calls_keep_their_pace(stub, waited):
    client = Client(stub.base, 7.0, timeout=2.0, sleep=waited.append, clock=lambda: 0.0)
    stub.answers["/x"] = [(200, {}, {})]
    for _ in range(8):
        client.get("x")
    assert waited[-1] == pytest.approx(1.0), "the eighth call of a second waits for the next one"


@pytest.mark.skipif(not SAMPLES.exists(), reason=f"the recorded answers {SAMPLES} are absent")
def test_recorded_answers_are_read(stub, settings):
    settings.RECHERCHE_ENTREPRISES_URL = stub.base
    read = 0
    for path in sorted(SAMPLES.glob("search-*.json")):
        answer = json.loads(path.read_text())
        result = answer.get("result") if isinstance(answer, dict) else None
        if not isinstance(result, dict) or "results" not in result:
            continue
        stub.answers["/search"] = [(200, {}, result)]
        asked = clients._search_client(stub.base)
        asked.sleep, asked.patience = lambda _seconds: None, 60.0  # all the samples at once: who waits would
        found = clients.search("x")
        assert [one.siren for one in found] == [line["siren"] for line in result["results"]]
        read += len(found)
    assert read >= 20


@pytest.mark.django_db
def test_a_key_that_is_missing_or_refused_is_told_to_the_administrator(stub, settings, tmp_path, waited):
    settings.HOME, settings.SIRENE_API_URL, settings.SIRENE_API_KEY = tmp_path, stub.base, ""
    (tmp_path / "state").mkdir()
    assert "SIRENE_API_KEY manque" in health.brief()["outside"]["says"]
    settings.SIRENE_API_KEY, settings.RECHERCHE_ENTREPRISES_URL = "fausse", ""
    assert health.brief()["outside"] == {"ok": True, "says": "rien de signalé"}
    stub.answers["/siren/404833048"] = [(401, {}, {})]
    with pytest.raises(clients.Unanswered, match="refuse la clé"):
        clients.company("404833048")
    administrator = actor(UnitFactory(), Role.ADMINISTRATOR)
    browser = Browser()
    browser.force_login(User.objects.get(pk=administrator.user_id))
    assert "la clé a été refusée le" in browser.get(reverse("institution:state")).text
    assert "la clé a été refusée le" in browser.get(reverse("workspace:home")).text
    settings.SIRENE_API_KEY = "bonne"
    assert health.brief()["outside"]["ok"], "another key is another matter"
    stub.answers["/siren/404833048"] = [(404, {}, {})]
    clients.company("404833048")
    settings.SIRENE_API_KEY = "fausse"
    assert health.brief()["outside"]["ok"], "what was refused was accepted since"
