"""Who is behind a session: read at every request, so that what was removed is gone at the next click; spelt once."""

import datetime as dt
from typing import Any

from allauth.account.auth_backends import AuthenticationBackend
from django.contrib.auth.backends import ModelBackend
from django.contrib.sessions.backends.db import SessionStore as DatabaseStore
from django.contrib.sessions.models import Session
from django.db.models import QuerySet
from django.utils.timezone import now

from reciproque.foundation.database.kept import ready
from reciproque.institution.models import User


@ready
def _account(*, pk: int) -> QuerySet[User]:
    return User.objects.filter(pk=pk)


@ready
def _session(*, key: str, at: dt.datetime) -> QuerySet[Session]:
    return Session.objects.filter(session_key=key, expire_date__gt=at)


class ByName(ModelBackend):
    """Username and password."""

    def get_user(self, user_id: Any) -> User | None:
        """The account of a session, if it may still sign in."""
        user = _account.first(pk=user_id)
        return user if user is not None and self.user_can_authenticate(user) else None


class ByEmail(AuthenticationBackend):  # type: ignore[misc]
    """E-mail address and password."""

    get_user = ByName.get_user


class SessionStore(DatabaseStore):
    """Sessions in the database."""

    def _get_session_from_db(self) -> Session | None:
        found = _session.first(key=self.session_key, at=now()) if self.session_key else None
        if found is None:
            self._session_key = None
        return found
