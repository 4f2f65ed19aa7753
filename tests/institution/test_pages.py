"""Signing in, the demonstration's door, one's account, and the administration as its users meet it."""

import time

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value, yield_hotp_counters_from_time
from django.conf import settings
from django.core import mail
from django.db import connection
from django.urls import reverse

from reciproque.institution.models import Membership, Role, Unit, User
from tests.factories import EstablishmentFactory, UnitFactory, UserFactory, actor

pytestmark = pytest.mark.django_db


@pytest.fixture
def signed_in(client):
    def enter(role: Role | None = Role.ADMINISTRATOR, unit: Unit | None = None) -> User:
        by = actor((unit or EstablishmentFactory()) if role else None, role or Role.READER)
        user = User.objects.get(pk=by.user_id)
        client.force_login(user)
        return user

    return enter


def test_nobody_registers_by_themselves(client) -> None:
    page = client.get(reverse("account_signup"))
    assert b"password1" not in page.content


def test_signing_in_by_address_and_the_same_words_for_an_unknown_one(client) -> None:
    user = UserFactory(email="m.duval@univ.example")
    user.set_password("une phrase assez longue")
    user.save()
    said = [
        client.post(reverse("account_login"), {"login": login, "password": "fausse phrase longue"})
        .context["form"]
        .non_field_errors()
        for login in ("m.duval@univ.example", "personne@univ.example")
    ]
    assert said[0] == said[1]
    answer = client.post(
        reverse("account_login"), {"login": "m.duval@univ.example", "password": "une phrase assez longue"}
    )
    assert answer.status_code == 302


def test_too_many_failures_are_stopped(client, settings) -> None:
    UserFactory(email="m.duval@univ.example")
    codes = [
        client.post(
            reverse("account_login"), {"login": "m.duval@univ.example", "password": f"essai numéro {n}"}
        ).status_code
        for n in range(14)
    ]
    assert (
        429 in codes
        or b"trop"
        in client.post(reverse("account_login"), {"login": "m.duval@univ.example", "password": "x"}).content.lower()
    )


def test_an_idle_session_ends(client, signed_in) -> None:
    signed_in(Role.MEMBER)
    client.get("/mon-compte/")
    session = client.session
    session["seen"] = int(time.time()) - 3 * 3600
    session.save()
    assert client.get("/mon-compte/").url.startswith(reverse("account_login"))


def test_administrators_need_a_second_factor(client, signed_in, settings) -> None:
    settings.REQUIRE_SECOND_FACTOR = True
    signed_in(Role.ADMINISTRATOR)
    assert client.get(reverse("institution:unit_list")).url == reverse("mfa_index")
    signed_in(Role.MEMBER)
    assert client.get(reverse("institution:unit_list")).status_code == 200


def test_the_door_of_the_demonstration_exists_in_the_demonstration_only(client, settings) -> None:
    persona = UserFactory(persona="Avant d’appeler, elle regarde qui connaît l’entreprise.")
    plain = UserFactory()
    assert client.get(reverse("institution:enter")).status_code == 404
    settings.DEMO = True
    assert persona.persona in client.get(reverse("institution:enter")).text
    assert client.post(reverse("institution:enter"), {"persona": plain.pk}).status_code == 403
    assert client.post(reverse("institution:enter"), {"persona": persona.pk, "next": "//evil.example/"}).url == "/"
    assert client.session["_auth_user_id"] == str(persona.pk)


def test_units_are_created_edited_closed_and_reopened_from_the_pages(client, signed_in) -> None:
    signed_in()
    root = EstablishmentFactory()
    form = {
        "name": "IUT de l’Estuaire",
        "short_name": "IUT",
        "code": "iut",
        "kind": "institute",
        "parent": root.pk,
        "position": 1,
    }
    assert client.post(reverse("institution:unit_create"), form | {"name": ""}).status_code == 422
    assert client.post(reverse("institution:unit_create"), form).status_code == 302
    unit = Unit.objects.get(code="iut")
    edit = reverse("institution:unit_edit", args=[unit.pk])
    assert client.post(edit, form | {"name": "IUT", "version": unit.version}).status_code == 302
    stale = client.post(edit, form | {"name": "Institut", "version": unit.version})
    assert stale.status_code == 409
    client.post(reverse("institution:unit_close", args=[unit.pk]))
    assert "institute" not in [u.kind for u in client.get(reverse("institution:unit_list")).context["units"]]
    client.post(reverse("institution:unit_reopen", args=[unit.pk]))
    unit.refresh_from_db()
    assert (unit.name, unit.closed_on) == ("IUT", None)


def test_an_account_is_opened_invited_given_a_role_and_closed(client, signed_in) -> None:
    signed_in()
    form = {"first_name": "Noé", "last_name": "Le Goff", "email": "n.legoff@univ.example", "username": "nlegoff"}
    assert client.post(reverse("institution:account_create"), form).status_code == 302
    user = User.objects.get(username="nlegoff")
    [message] = mail.outbox
    assert message.to == ["n.legoff@univ.example"]
    assert message.subject == "[Réciproque] Votre compte est ouvert : choisissez votre mot de passe"
    assert "vous a ouvert un compte" in message.body
    assert "/compte/password/reset/key/" in message.body
    unit = UnitFactory()
    assert (
        client.post(reverse("institution:role_grant", args=[user.pk]), {"unit": unit.pk, "role": "member"}).status_code
        == 302
    )
    held = user.memberships.get()
    assert "contribution" in client.get(reverse("institution:account_edit", args=[user.pk])).text
    assert "Le Goff" in client.get(reverse("institution:account_list"), {"q": "legoff"}).text
    client.post(reverse("institution:role_revoke", args=[held.pk]))
    client.post(reverse("institution:account_close", args=[user.pk]))
    user.refresh_from_db()
    assert not user.is_active
    assert not user.memberships.exists()


@pytest.mark.parametrize("accounts", [1, 12])
def test_the_list_of_accounts_costs_the_same_however_long(
    client, signed_in, django_assert_max_num_queries, accounts: int
) -> None:
    signed_in()
    for user in UserFactory.create_batch(accounts):
        user.memberships.create(unit=EstablishmentFactory(), role="reader")
    with django_assert_max_num_queries(6):
        client.get(reverse("institution:account_list"))


def test_accounts_are_walked_page_by_page(client, signed_in) -> None:
    signed_in()
    UserFactory.create_batch(60)
    seen, after = [], ""
    while True:
        context = client.get(reverse("institution:account_list"), {"apres": after}).context
        seen += [user.pk for user in context["accounts"]]
        after = context["next_cursor"]
        if not after:
            break
    assert len(seen) == len(set(seen)) == User.objects.count()


def test_the_language_is_chosen_and_kept(client, signed_in) -> None:
    user = signed_in(Role.MEMBER)
    client.post(reverse("institution:language"), {"language": "en", "next": "/mon-compte/"})
    user.refresh_from_db()
    assert user.language == "en"
    assert 'lang="en"' in client.get("/mon-compte/").text
    assert settings.LANGUAGE_CODE == "fr"


def test_somebody_without_role_sees_their_account_and_nothing_else(client, signed_in) -> None:
    signed_in(None)
    assert "aucune entité" in client.get("/mon-compte/").text
    assert client.get(reverse("institution:account_edit", args=[UserFactory().pk])).status_code == 403


def test_whoever_runs_it_reads_how_the_application_is(client, signed_in) -> None:
    signed_in(Role.ADMINISTRATOR)
    page = client.get(reverse("institution:state")).text
    assert "aucune sauvegarde" in page
    assert "base à jour" in page
    assert "Aucune." in page
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO procrastinate_jobs (task_name, queue_name, args, status, attempts) VALUES ('sourcing.apply', 'default', '{}', 'failed', 3)"
        )
    assert "3 essais" in client.get(reverse("institution:state")).text


def test_the_page_of_a_new_account_asks_for_it(client, signed_in) -> None:
    signed_in()
    page = client.get(reverse("institution:account_create")).text
    for name in ("first_name", "last_name", "email", "username"):
        assert f'name="{name}"' in page
    again = client.post(reverse("institution:account_create"), {"last_name": "Le Goff"})
    assert again.status_code == 422
    assert 'value="Le Goff"' in again.text


def test_a_manager_is_offered_the_ranks_of_their_units_only(client, signed_in) -> None:
    theirs, other = UnitFactory(), UnitFactory()
    signed_in(Role.MANAGER, unit=theirs)
    person = UserFactory()
    mine, away, wide = (
        Membership.objects.create(user=person, unit=unit, role=role)
        for unit, role in ((theirs, Role.READER), (other, Role.READER), (EstablishmentFactory(), Role.DPO))
    )
    page = client.get(reverse("institution:account_edit", args=[person.pk])).text
    offered = {pk for pk in (mine.pk, away.pk, wide.pk) if reverse("institution:role_revoke", args=[pk]) in page}
    assert offered == {mine.pk}
    assert f'value="{other.pk}"' not in page
    assert 'value="dpo"' not in page
    grant = reverse("institution:role_grant", args=[person.pk])
    assert client.post(grant, {"unit": other.pk, "role": "member"}).status_code == 422
    assert client.post(grant, {"unit": theirs.pk, "role": "member"}).status_code == 302


def test_nobody_is_offered_to_close_their_own_account(client, signed_in) -> None:
    me = signed_in()
    assert "Fermer le compte" not in client.get(reverse("institution:account_edit", args=[me.pk])).text
    assert "Fermer le compte" in client.get(reverse("institution:account_edit", args=[UserFactory().pk])).text


def test_a_role_of_the_whole_establishment_is_refused_in_a_unit_beside_the_field(client, signed_in) -> None:
    signed_in()
    person = UserFactory()
    answer = client.post(reverse("institution:role_grant", args=[person.pk]), {"unit": UnitFactory().pk, "role": "dpo"})
    assert answer.status_code == 422
    assert "vaut pour tout l’établissement" in answer.text
    assert not person.memberships.exists()


def test_the_uai_of_a_unit_is_checked(client, signed_in) -> None:
    signed_in()
    form = {"name": "Institut", "short_name": "IMM", "code": "imm", "kind": "institute", "position": 0}
    form["parent"] = EstablishmentFactory().pk
    refused = client.post(reverse("institution:unit_create"), form | {"uai": "0440000Z"})
    assert "la lettre qui les contrôle" in refused.text
    assert client.post(reverse("institution:unit_create"), form | {"uai": "0440984f"}).status_code == 302
    assert Unit.objects.get(code="imm").uai == "0440984F"


def test_a_second_factor_is_set_up_whatever_the_address_and_asked_in_french(client) -> None:
    user = UserFactory(email="m.duval@univ.example")
    EmailAddress.objects.create(user=user, email=user.email, primary=True, verified=False)
    user.set_password("une phrase assez longue")
    user.save()
    entry = {"login": "m.duval@univ.example", "password": "une phrase assez longue"}
    assert client.post(reverse("account_login"), entry).status_code == 302
    client.post(reverse("account_reauthenticate"), {"password": entry["password"]})
    assert "Clé à recopier" in client.get(reverse("mfa_activate_totp")).text
    code = next(hotp_value(client.session["mfa.totp.secret"], counter) for counter in yield_hotp_counters_from_time())
    done = client.post(reverse("mfa_activate_totp"), {"code": format_hotp_value(code)}, follow=True)
    [spare, *_] = Authenticator.objects.get(user=user, type="recovery_codes").wrap().get_unused_codes()
    assert spare in done.text
    client.logout()
    asked = client.post(reverse("account_login"), entry, follow=True).text
    assert "un de vos codes de récupération" in asked
    assert "Utiliser une clé ou une empreinte" not in asked, "there is none"
    assert client.post(reverse("mfa_authenticate"), {"code": spare}).url == "/"
    client.logout()
    client.post(reverse("account_login"), entry)
    assert "Code incorrect" in client.post(reverse("mfa_authenticate"), {"code": spare}).text
