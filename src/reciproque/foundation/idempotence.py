"""A form sent twice (double click, page reloaded, network that hesitates) acts once, and gives the first result."""

import datetime as dt
import secrets
from collections.abc import Callable

from django import forms
from django.db import connection, transaction
from django.utils.timezone import now

from reciproque.foundation.models import OnceKey

KEPT_FOR = dt.timedelta(days=1)
LONGEST = 64

TAKE_SQL = """
INSERT INTO foundation_oncekey ("key", user_id, result_url, created_at) VALUES (%s, %s, '', now())
ON CONFLICT (user_id, "key") DO NOTHING
"""


def new_key() -> str:
    """A key for a form about to be shown."""
    return secrets.token_urlsafe(18)


class OnceField(forms.CharField):
    """The hidden field that carries the key of a form: `once = OnceField()`. A refused form keeps its key."""

    def __init__(self) -> None:
        super().__init__(widget=forms.HiddenInput, required=False, max_length=LONGEST, initial=new_key)


def once(*, user_id: int, key: str, act: Callable[[], str]) -> tuple[str, bool]:
    """Do `act`, which returns the address of its result, unless this key was already used: then that first address.

    Says too whether it acted. A second sending that arrives meanwhile waits for the first one to end; if the first
    one fails, or gives no address, nothing is kept and the second one acts. Without key, it acts.
    """
    if not key or len(key) > LONGEST or "\0" in key:
        return act(), True
    with transaction.atomic():
        OnceKey.objects.filter(user_id=user_id, created_at__lt=now() - KEPT_FOR).delete()
        with connection.cursor() as cursor:
            cursor.execute(TAKE_SQL, [key, user_id])
            first = cursor.rowcount == 1
        mine = OnceKey.objects.filter(user_id=user_id, key=key)
        if not first:
            return mine.get().result_url, False
        url = act()
        if url:
            mine.update(result_url=url)
        else:
            mine.delete()
        return url, True
