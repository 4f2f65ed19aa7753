"""Where one is signed in: told in words, closed from there; and the keys that open an account, named in French."""

import pytest
from django.test import Client
from django.urls import reverse

from reciproque.foundation.ui.components.elements import browser
from reciproque.institution import services
from reciproque.institution.access import Actor
from reciproque.institution.models import Role
from tests.factories import EstablishmentFactory, UserFactory, actor

pytestmark = pytest.mark.django_db
WINDOWS = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/130.0.0.0 Safari/537.36 Edg/130.0.0.0"
PHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.1 Mobile/15E148 Safari/604.1"


@pytest.mark.parametrize(
    ("agent", "said"), [(WINDOWS, "Edge, Windows"), (PHONE, "Safari, iPhone"), ("curl/8", "curl/8"), ("", "—")]
)
def test_a_browser_is_told_as_people_call_it(agent, said):
    assert browser(agent) == said


def test_sessions_are_listed_and_closed_in_the_demonstration_too(settings):
    settings.DEMO = True
    user = UserFactory(persona="Chargée de relations")
    actor(EstablishmentFactory(), Role.MEMBER, user)
    here, elsewhere = Client(headers={"user-agent": WINDOWS}), Client(headers={"user-agent": PHONE})
    for one in (here, elsewhere):
        one.post(reverse("institution:enter"), {"persona": user.pk})
    told = here.get(reverse("usersessions_list")).text
    assert "Edge, Windows" in told
    assert "Safari, iPhone" in told
    here.post(reverse("usersessions_list"))
    assert elsewhere.get("/").status_code == 302
    assert here.get("/").status_code == 200
    assert services.close_sessions(actor=Actor.of(user), user=user) == 1
    assert here.get("/").status_code == 302


def test_one_session_is_closed_alone_and_nobody_elses(client):
    user = UserFactory()
    actor(EstablishmentFactory(), Role.MEMBER, user)
    user.set_password("une phrase assez longue")
    user.save()
    here, phone, tablet = (Client(headers={"user-agent": agent}) for agent in (WINDOWS, PHONE, "Tablette"))
    for one in (here, phone, tablet):
        one.post(reverse("account_login"), {"login": user.username, "password": "une phrase assez longue"})
    lost = user.usersession_set.get(user_agent=PHONE)
    told = here.get(reverse("usersessions_list")).text
    assert "Fermer la session Safari, iPhone" in told
    assert "Fermer la session Edge" not in told, "one signs out of where one is, one does not close it"
    url = reverse("institution:session_end", args=[lost.pk])
    client.force_login(UserFactory())
    assert client.post(url).status_code == 404
    assert phone.get(reverse("institution:account")).status_code == 200
    assert here.post(url).url == reverse("usersessions_list")
    assert phone.get(reverse("institution:account")).status_code == 302
    assert tablet.get(reverse("institution:account")).status_code == 200
    assert here.post(url).status_code == 404


def test_keys_and_codes_speak_french(client):
    user = UserFactory()
    user.set_password("une phrase assez longue")
    user.save()
    client.force_login(user)
    client.post(reverse("account_reauthenticate"), {"password": "une phrase assez longue"})
    key = client.get(reverse("mfa_add_webauthn")).text
    assert "Nom de la clé" in key
    assert "Cette clé suffira" in key
    assert ">Name<" not in key
    assert "Clé à recopier dans l’application" in client.get(reverse("mfa_activate_totp")).text
