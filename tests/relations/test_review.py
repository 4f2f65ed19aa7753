"""The yearly review that a partner receives: branded, complete, and holding nothing that is kept inside."""

import datetime as dt
import io
import struct
import zlib

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse
from django.utils.timezone import localdate

from reciproque.foundation.errors import Forbidden
from reciproque.institution import services as institution
from reciproque.institution.access import Actor
from reciproque.institution.models import Identity, Role, User
from reciproque.relations import reporting, services
from tests.factories import (
    EstablishmentFactory,
    PartnerFactory,
    PersonFactory,
    UnitFactory,
    UserFactory,
    actor,
    dispositif,
)

pytestmark = pytest.mark.django_db
SECRET = "Zanzibar"


def png(side: int = 4) -> bytes:
    """A small picture."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    rows = (b"\x00" + b"\x67\x40\x8f" * side) * side
    head = struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")


@pytest.fixture
def seen(monkeypatch: pytest.MonkeyPatch) -> list[dict]:
    """What is given to the maker of documents, which makes them all the same."""
    given: list[dict] = []
    made = reporting.documents.pdf

    def look(template, data, **more):
        given.append({**data, **more})
        return made(template, data, **more)

    monkeypatch.setattr(reporting.documents, "pdf", look)
    return given


@pytest.fixture
def year():
    """A partner with whom something was done this academic year, some of it kept inside."""
    today = localdate()
    first = today.year if today.month >= 9 else today.year - 1
    day = dt.date(first, 9, 10)
    unit, who = UnitFactory(name="IUT du Littoral"), Actor.system("essai")
    partner = PartnerFactory(name="Forges #1 *du* $Nord$", referent=UserFactory(first_name="Anne", last_name="Morel"))
    for title, sharing in (("Visite de l’atelier #2", "network"), (SECRET, "unit"), (SECRET, "restricted")):
        services.open_collaboration(
            actor=who, partner=partner, unit=unit, dispositif=dispositif("talk"), title=title, text=SECRET, state="done",
            starts_on=day, sharing=sharing, readers=[UserFactory()], colleagues=[UserFactory(first_name="Luc", last_name="Roy")],
            given={"hours": 2}, received={"hours": 1, "euros": 1500},
        )  # fmt: skip
        services.record_interaction(
            actor=who, partner=partner, unit=unit, on=day, kind="visit", subject=SECRET, text=SECRET, sharing=sharing,
            people=[PersonFactory(last_name=SECRET)], readers=[UserFactory()], colleagues=[],
        )  # fmt: skip
    return partner, first


def test_it_tells_what_was_done_and_nothing_that_is_kept_inside(year, seen) -> None:
    partner, first = year
    made = reporting.review(partner, first, today=localdate())
    assert made.startswith(b"%PDF-1.")
    (data,) = seen
    assert SECRET not in repr(data)
    assert [row[1] for row in data["done"]] == ["Visite de l’atelier #2"]
    assert len(data["meetings"]) == 1
    assert [(one["up"], one["down"]) for one in data["marks"]] == [(True, True), (False, False)]
    assert all(0.02 < one["at"] < 0.03 for one in data["marks"]), "the tenth day of the year"
    assert (data["months"][0], data["months"][4], len(data["months"])) == ("sept.", "jan.", 12)
    assert data["title"] == "Une année avec Forges #1 *du* $Nord$", "what is written is data, never markup"
    assert "Anne Morel" in data["contacts"][0]
    assert (data["given"], data["received"][0]) == (["2 heures de nos équipes"], "1 heure de vos équipes")
    assert "500" in data["received"][1]
    assert data["done"][0][3] == "IUT du Littoral (Luc Roy)", "by whom"
    assert data["coming"] == []
    planned = {"kind": "meeting", "text": SECRET, "unit": UnitFactory(name="UFR"), "on": localdate() + dt.timedelta(9)}
    for sharing in ("network", "unit"):
        services.record_interaction(actor=Actor.system("essai"), partner=partner, sharing=sharing, **planned)
    reporting.review(partner, first, today=localdate())
    assert [line.partition("–")[2].strip() for line in seen[-1]["coming"]] == ["rendez-vous, UFR"], "what next"


def test_an_empty_year_says_so(seen) -> None:
    assert reporting.review(PartnerFactory(), 2020, today=localdate()).startswith(b"%PDF")
    assert (seen[0]["done"], seen[0]["figures"]) == ([], [])


def test_the_page_gives_the_document_and_a_stranger_to_the_partner_nothing(client: Client, year) -> None:
    partner, first = year
    client.force_login(User.objects.get(pk=actor(UnitFactory(), Role.READER).user_id))
    url = reverse("relations:review_document", args=[partner.pk])
    assert f"{url}?annee={first}" in client.get(reverse("relations:review", args=[partner.pk]), {"annee": first}).text
    answer = client.get(url, {"annee": first})
    assert (answer["Content-Type"], answer.content[:5]) == ("application/pdf", b"%PDF-")
    assert f"{first}-{first + 1}.pdf" in answer["Content-Disposition"]
    assert client.get(url, {"annee": "3000"}).status_code == 200
    hidden = PartnerFactory(sharing="restricted")
    assert client.get(reverse("relations:review_document", args=[hidden.pk])).status_code == 404


def test_the_administrator_says_how_the_establishment_shows_itself(
    client: Client, year, seen, settings, tmp_path
) -> None:
    settings.MEDIA_ROOT = tmp_path
    client.force_login(User.objects.get(pk=actor(EstablishmentFactory(), Role.ADMINISTRATOR).user_id))
    url = reverse("institution:identity")
    logo = io.BytesIO(png())
    logo.name = "logo.png"
    given = {
        "name": "Université de l’Estuaire",
        "colour": "#0A5C36",
        "contact": "partenaires@univ.fr",
        "logo_text": "Logo",
    }
    assert client.get(reverse("institution:logo")).status_code == 204
    assert client.post(url, {**given, "logo_file": logo}).status_code == 302
    assert client.get(reverse("institution:logo")).content == png()
    partner, first = year
    assert reporting.review(partner, first, today=localdate()).startswith(b"%PDF")
    assert (seen[-1]["colour"], seen[-1]["establishment"]) == ("#0a5c36", "Université de l’Estuaire")
    assert "partenaires@univ.fr" in seen[-1]["foot"]
    assert seen[-1]["picture"] == png()
    assert client.post(url, {**given, "colour": "vert"}).status_code == 422
    client.post(url, {**given, "no_logo": "on"})
    assert (Identity.objects.get().logo, client.get(reverse("institution:logo")).status_code) == ("", 204)


@pytest.mark.parametrize("logo", [b"<svg/>", b"\x89PNG\r\n\x1a\nrien", png() + b" " * 1024 * 1024])
def test_a_picture_that_no_document_can_hold_is_refused(logo, settings, tmp_path) -> None:
    settings.MEDIA_ROOT = tmp_path
    who = Actor.system("essai")
    with pytest.raises(ValidationError, match=r"PNG|mégaoctet"):
        institution.set_identity(actor=who, name="Université", colour="#0a5c36", logo=logo)
    assert not Identity.objects.exists()


def test_only_administrators_say_it() -> None:
    with pytest.raises(Forbidden):
        institution.set_identity(actor=actor(UnitFactory(), Role.MANAGER), name="Moi", colour="#000000")


@pytest.mark.parametrize(
    ("day", "first"),
    [
        (dt.date(2026, 11, 29), 2025),
        (dt.date(2027, 3, 31), 2025),
        (dt.date(2027, 4, 1), 2026),
        (dt.date(2027, 8, 31), 2026),
    ],
)
def test_one_reviews_the_year_that_ended_until_spring(client: Client, year, monkeypatch, day, first) -> None:
    partner, _first = year
    monkeypatch.setattr("reciproque.relations.views.boards.localdate", lambda: day)
    client.force_login(User.objects.get(pk=actor(UnitFactory(), Role.READER).user_id))
    assert client.get(reverse("relations:review", args=[partner.pk])).context["first"] == first
