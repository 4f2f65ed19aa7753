"""Accounts and what they may do."""

from typing import Any

from django.contrib.sessions.models import Session
from django.db import IntegrityError, transaction
from django.http import HttpRequest
from django.utils.translation import gettext as _

from reciproque.foundation.errors import DomainError, Forbidden
from reciproque.foundation.operations import operation
from reciproque.institution.access import Actor, require_role
from reciproque.institution.models import ESTABLISHMENT_WIDE, Membership, Role, Unit, User

EDITABLE = frozenset({"username", "first_name", "last_name", "email", "title", "phone", "language"})


@operation("institution.create_account")
def create_account(
    *,
    actor: Actor,
    username: str,
    email: str,
    first_name: str = "",
    last_name: str = "",
    password: str | None = None,
    **more: Any,
) -> User:
    """Open an account. Without a password nobody can sign in with it until the person has chosen one by mail."""
    require_role(actor, Role.ADMINISTRATOR)
    user = User(username=username, email=email.strip().lower(), first_name=first_name, last_name=last_name)
    for field, value in more.items():
        if field in EDITABLE | {"persona"}:
            setattr(user, field, value)
    user.set_password(password)
    user.full_clean(exclude=["password"])
    user.save()
    return user


@operation("institution.edit_account")
def edit_account(*, actor: Actor, user: User, **changes: Any) -> User:
    """Change somebody's names, address or function."""
    require_role(actor, Role.ADMINISTRATOR)
    row = User.objects.select_for_update().get(pk=user.pk)
    for field, value in changes.items():
        if field in EDITABLE:
            setattr(row, field, value)
    row.email = row.email.strip().lower()
    row.full_clean(exclude=["password"])
    row.save()
    return row


@operation("institution.close_account")
def close_account(*, actor: Actor, user: User) -> User:
    """Close an account and end all its sessions at once. What the person did stays signed."""
    require_role(actor, Role.ADMINISTRATOR)
    if actor.user_id == user.pk:
        raise DomainError(_("Vous ne pouvez pas fermer votre propre compte : demandez à une autre administratrice."))
    row = User.objects.select_for_update().get(pk=user.pk)
    _keep_an_administrator(row)
    row.is_active = False
    row.save(update_fields=["is_active"])
    end_sessions(row)
    return row


@operation("institution.reopen_account")
def reopen_account(*, actor: Actor, user: User) -> User:
    """Let somebody in again, with the roles they had."""
    require_role(actor, Role.ADMINISTRATOR)
    user.is_active = True
    user.save(update_fields=["is_active"])
    return user


@operation("institution.grant_role")
def grant_role(*, actor: Actor, user: User, unit: Unit, role: str) -> Membership:
    """Give a role in a unit. A manager gives ranks in the units below them; the rest is the administrators'.

    A rank replaces the one the person had in that very unit.
    """
    wanted = Role(role)
    _may_grant(actor, unit, wanted)
    if wanted in ESTABLISHMENT_WIDE and unit.kind != Unit.Kind.ESTABLISHMENT:
        raise DomainError(_("Ce rôle vaut pour tout l’établissement : donnez-le à la racine."))
    if wanted not in ESTABLISHMENT_WIDE:
        Membership.objects.filter(user=user, unit=unit).exclude(role__in=ESTABLISHMENT_WIDE).exclude(
            role=wanted
        ).delete()
    try:
        with transaction.atomic():
            return Membership.objects.create(user=user, unit=unit, role=wanted)
    except IntegrityError:
        return Membership.objects.get(user=user, unit=unit, role=wanted)


@operation("institution.revoke_role")
def revoke_role(*, actor: Actor, membership: Membership) -> None:
    """Take a role away; it is gone at the person's next click."""
    _may_grant(actor, membership.unit, Role(membership.role))
    if membership.role == Role.ADMINISTRATOR:
        _keep_an_administrator(membership.user)
    membership.delete()


@operation("institution.set_language")
def set_language(*, actor: Actor, user: User, language: str) -> None:
    """Remember the language somebody reads in."""
    if actor.user_id != user.pk:
        raise Forbidden(_("Chacun choisit sa langue."))
    User.objects.filter(pk=user.pk).update(language=language)


@operation("institution.enter_as")
def enter_as(*, actor: Actor, user_id: int) -> User:
    """The account of a demonstration persona; refuses any other one. Only the demonstration calls it."""
    if not actor.is_system:
        raise Forbidden(_("L’entrée en un clic est réservée à la démonstration."))
    user = User.objects.exclude(persona="").filter(pk=user_id, is_active=True).first()
    if user is None:
        raise Forbidden(_("Ce compte n’est pas un profil de démonstration."))
    return user


@operation("institution.close_sessions")
def close_sessions(*, actor: Actor, user: User) -> int:
    """Sign somebody out everywhere; returns how many sessions ended."""
    if actor.user_id != user.pk:
        require_role(actor, Role.ADMINISTRATOR)
    return end_sessions(user)


@operation("institution.close_session")
def close_session(*, actor: Actor, session_id: int) -> bool:
    """End one of one's own sessions; False when it is not among them (or has ended since)."""
    from allauth.usersessions.models import UserSession  # noqa: PLC0415

    session = UserSession.objects.filter(pk=session_id, user=actor.user_id).first()
    if session is None:
        return False
    session.end()
    return True


def note_session(request: HttpRequest) -> None:
    """List the session that a request has just opened among those of the account, where the sign-in page did not."""
    from allauth.usersessions.models import UserSession  # noqa: PLC0415

    UserSession.objects.create_from_request(request)


def end_sessions(user: User) -> int:
    """End every session of an account; returns how many."""
    from allauth.usersessions.models import UserSession  # noqa: PLC0415

    keys = list(UserSession.objects.filter(user=user).values_list("session_key", flat=True))
    Session.objects.filter(session_key__in=keys).delete()
    UserSession.objects.filter(user=user).delete()
    return len(keys)


def _may_grant(actor: Actor, unit: Unit, role: Role) -> None:
    if actor.has(Role.ADMINISTRATOR):
        return
    if role in ESTABLISHMENT_WIDE or (unit.pk not in actor.units(Role.MANAGER)):
        raise Forbidden(_("Il faut gérer cette entité, ou administrer l’établissement, pour donner ce rôle."))


def _keep_an_administrator(leaving: User) -> None:
    others = Membership.objects.filter(role=Role.ADMINISTRATOR, user__is_active=True).exclude(user=leaving)
    is_one = Membership.objects.filter(role=Role.ADMINISTRATOR, user=leaving).exists()
    if is_one and not others.select_for_update().exists():
        raise DomainError(_("Il doit rester au moins une personne pour administrer l’établissement."))
