"""Changes to units, accounts, roles and sessions."""

from reciproque.institution.services.accounts import (
    close_account,
    close_sessions,
    create_account,
    edit_account,
    enter_as,
    grant_role,
    reopen_account,
    revoke_role,
    set_language,
)
from reciproque.institution.services.units import close_unit, create_unit, edit_unit, found_establishment, reopen_unit

__all__ = [
    "close_account",
    "close_sessions",
    "close_unit",
    "create_account",
    "create_unit",
    "edit_account",
    "edit_unit",
    "enter_as",
    "found_establishment",
    "grant_role",
    "reopen_account",
    "reopen_unit",
    "revoke_role",
    "set_language",
]
