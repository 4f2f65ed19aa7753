"""What tells likeness is loaded by a screen that will ask for it, once, in a process that answers people."""

import pytest
from django.test import Client as Browser
from django.urls import reverse

from reciproque.institution.models import Role, User
from reciproque.sourcing import waking
from tests.factories import UnitFactory, actor


@pytest.mark.django_db
@pytest.mark.parametrize("page", ["sourcing:doubles", "directory:partner_create"])
def test_the_screens_that_compare_get_ready_when_they_are_opened(page: str, monkeypatch: pytest.MonkeyPatch) -> None:
    loaded: list[str] = []
    monkeypatch.setattr(waking, "_load", lambda: loaded.append(page))
    monkeypatch.setattr(waking, "_once", waking.threading.Lock())
    monkeypatch.setattr(waking, "_serves", False)
    browser = Browser()
    browser.force_login(User.objects.get(pk=actor(UnitFactory(), Role.DATA_STEWARD).user_id))
    assert browser.get(reverse(page)).status_code == 200
    assert loaded == [], "a test, a command or a job answers nobody"
    waking.allow()
    browser.get(reverse(page))
    browser.get(reverse(page))
    assert waking.wake() is None
    assert loaded == [page]


def test_what_is_loaded_is_what_a_comparison_asks() -> None:
    from reciproque.engines.linkage import warming

    warming.rouse()
