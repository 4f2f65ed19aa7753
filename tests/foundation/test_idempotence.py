"""A form sent twice acts once."""

import datetime as dt
import threading

import pytest
import time_machine
from django.contrib.auth import get_user_model
from django.db import connection

from reciproque.foundation import idempotence
from reciproque.foundation.idempotence import OnceField, new_key, once
from reciproque.foundation.models import OnceKey
from tests.factories import PartnerFactory, UserFactory

User = get_user_model()


def _create() -> str:
    return f"/partenaires/{PartnerFactory().pk}/"


def _sent_at_the_same_time(key: str) -> list[tuple[str, bool]]:
    user, start = UserFactory(), threading.Barrier(2)
    found: list[tuple[str, bool]] = []

    def send() -> None:
        try:
            start.wait()
            found.append(once(user_id=user.pk, key=key, act=_create))
        finally:
            connection.close()

    threads = [threading.Thread(target=send) for _n in range(2)]
    [thread.start() for thread in threads]
    [thread.join() for thread in threads]
    return found


@pytest.mark.django_db
def test_the_second_sending_gives_the_first_result() -> None:
    user, key = UserFactory(), new_key()
    first = once(user_id=user.pk, key=key, act=_create)
    again = once(user_id=user.pk, key=key, act=_create)
    assert (first[0] == again[0], first[1], again[1]) == (True, True, False)
    assert once(user_id=user.pk, key=new_key(), act=_create)[0] != first[0]
    assert once(user_id=UserFactory().pk, key=key, act=_create)[0] != first[0]


@pytest.mark.django_db
def test_a_failure_leaves_the_key_free() -> None:
    user, key = UserFactory(), new_key()

    def fail() -> str:
        raise ValueError

    with pytest.raises(ValueError):  # noqa: PT011 -- ours
        once(user_id=user.pk, key=key, act=fail)
    assert not OnceKey.objects.exists()
    assert once(user_id=user.pk, key=key, act=_create)[1]


@pytest.mark.django_db
def test_nothing_done_leaves_the_key_free() -> None:
    user, key = UserFactory(), new_key()
    assert once(user_id=user.pk, key=key, act=lambda: "") == ("", True)
    assert once(user_id=user.pk, key=key, act=_create)[1]


@pytest.mark.django_db
@pytest.mark.parametrize("key", ["", "x" * 65, "a\0b"])
def test_a_key_that_is_not_one_protects_nothing_and_breaks_nothing(key: str) -> None:
    user = UserFactory()
    assert once(user_id=user.pk, key=key, act=_create)[1]
    assert once(user_id=user.pk, key=key, act=_create)[1]


@pytest.mark.django_db
def test_keys_are_forgotten_after_a_day() -> None:
    user, key = UserFactory(), new_key()
    with time_machine.travel(dt.datetime(2026, 3, 2, tzinfo=dt.UTC)):
        once(user_id=user.pk, key=key, act=_create)
    OnceKey.objects.update(created_at=dt.datetime(2026, 3, 2, tzinfo=dt.UTC))
    once(user_id=user.pk, key=new_key(), act=_create)
    assert OnceKey.objects.filter(key=key).count() == 0


@pytest.mark.django_db(transaction=True)
def test_two_sendings_at_the_same_time_act_once() -> None:
    found = _sent_at_the_same_time(new_key())
    assert len({url for url, _acted in found}) == 1
    assert sorted(acted for _url, acted in found) == [False, True]


@pytest.mark.django_db(transaction=True)
def test_without_the_protection_they_act_twice(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(idempotence, "LONGEST", 0)
    assert len({url for url, _acted in _sent_at_the_same_time(new_key())}) == 2


def test_each_form_shown_has_its_own_key() -> None:
    assert OnceField().initial() != OnceField().initial()
