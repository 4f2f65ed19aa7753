"""The interface's own pages: choices of the reader, who may open what, what an error page says."""

import pytest
from django.contrib.auth.models import AnonymousUser
from django.shortcuts import render
from django.template.loader import render_to_string
from django.test import Client, RequestFactory
from django_htmx.middleware import HtmxDetails

from reciproque.foundation.errors import Conflict, IllegalTransition
from reciproque.foundation.ui.errors import refused
from reciproque.institution.models import Role
from tests.factories import EstablishmentFactory, UserFactory

CODES = [400, 403, 404, 409, 422, 429, 503]


def test_the_theme_is_kept_and_the_reader_goes_back(client: Client) -> None:
    answer = client.post("/apparence/", {"theme": "dark", "next": "/accessibilite/?a=1"})
    assert answer.headers["Location"] == "/accessibilite/?a=1"
    assert client.cookies["theme"].value == "dark"
    assert '<html lang="fr" data-bs-theme="dark" data-theme="dark"' in client.get("/accessibilite/").text


@pytest.mark.parametrize("theme", ["", "rose", '"><script>'])
def test_an_unknown_theme_changes_nothing(client: Client, theme: str) -> None:
    client.post("/apparence/", {"theme": theme})
    assert "theme" not in client.cookies
    client.cookies["theme"] = theme
    assert 'data-theme="auto"' in client.get("/accessibilite/").text


@pytest.mark.parametrize("outside", ["https://ailleurs.example/", "//ailleurs.example/", "javascript:alert(1)", ""])
def test_nobody_is_sent_elsewhere(client: Client, outside: str) -> None:
    for path, choice in (("/apparence/", {"theme": "dark"}), ("/langue/", {"language": "fr"})):
        assert client.post(path, {**choice, "next": outside}).headers["Location"] == "/"


@pytest.mark.parametrize(
    ("path", "status"), [("/apparence/", 405), ("/langue/", 405), ("/accessibilite/", 200), ("/composants/", 302)]
)
def test_what_an_anonymous_reader_gets(client: Client, path: str, status: int) -> None:
    assert client.get(path).status_code == status


@pytest.mark.django_db
@pytest.mark.parametrize("themes", ["", "2"])
def test_the_gallery_is_open_to_staff(client: Client, themes: str) -> None:
    user = UserFactory()
    user.memberships.create(unit=EstablishmentFactory(), role=Role.READER)
    client.force_login(user)
    page = client.get("/composants/", {"themes": themes})
    assert page.status_code == 200
    assert page.text.count("<h1") == 1


@pytest.mark.parametrize("code", CODES)
def test_an_error_page_says_what_happened_and_gives_a_reference(code: int) -> None:
    request = RequestFactory().get("/partenaires/42/")
    request.user = AnonymousUser()
    context = {
        "status": code,
        "reference": "R-7F3K",
        "message": "Le nom est <vide>.",
    }
    html = render(request, f"errors/{code}.html", context).text
    assert f"Erreur {code}" in html
    assert "R-7F3K" in html
    assert "Le nom est &lt;vide&gt;." in html


def test_the_page_of_a_breakdown_needs_nothing() -> None:
    html = render_to_string("errors/500.html", {"reference": "R-7F3K"})
    assert "R-7F3K" in html
    assert "<script" not in html


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        ("Partenaires", "Partenaires – Réciproque"),
        ("Élan – Partenaires – ", "Élan – Partenaires – Réciproque"),
        ("", "Réciproque"),
    ],
)
def test_a_title_ends_with_the_site_once(said: str, shown: str) -> None:
    from django.template import Context, Template

    assert Template("{% page_title %}{{ said }}{% endpage_title %}").render(Context({"said": said})) == shown


def test_a_move_that_is_no_longer_possible_is_not_said_to_be_an_edit_of_somebody_else() -> None:
    request = RequestFactory().get("/partenaires/42/")
    request.user, request.htmx = AnonymousUser(), HtmxDetails(request)
    done = refused(request, IllegalTransition("Cette tâche est déjà faite.", state="done"))
    assert done.status_code == 409
    assert "Cette tâche est déjà faite." in done.text
    assert "Ce n’est plus possible" in done.text
    assert "entre-temps" not in done.text
    assert "<li>state</li>" not in done.text
    assert "entre-temps" in refused(request, Conflict("Relisez.", current={}, submitted={})).text
