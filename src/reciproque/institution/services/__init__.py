"""Changes to units, accounts, roles and sessions."""

from reciproque.institution.services.accounts import (
    close_account,
    close_session,
    close_sessions,
    create_account,
    edit_account,
    enter_as,
    grant_role,
    note_session,
    reopen_account,
    revoke_role,
    set_language,
)
from reciproque.institution.services.exports import (
    expire_exports,
    export_failed,
    export_written,
    forget_export,
    order_export,
    record_export,
)
from reciproque.institution.services.identity import identity, logo_of, set_identity
from reciproque.institution.services.notices import choose_paces, forget_notices, notify, see_notices
from reciproque.institution.services.units import close_unit, create_unit, edit_unit, found_establishment, reopen_unit
from reciproque.institution.services.views import create_view, delete_view, pin_view, update_view

__all__ = [
    "choose_paces",
    "close_account",
    "close_session",
    "close_sessions",
    "close_unit",
    "create_account",
    "create_unit",
    "create_view",
    "delete_view",
    "edit_account",
    "edit_unit",
    "enter_as",
    "expire_exports",
    "export_failed",
    "export_written",
    "forget_export",
    "forget_notices",
    "found_establishment",
    "grant_role",
    "identity",
    "logo_of",
    "note_session",
    "notify",
    "order_export",
    "pin_view",
    "record_export",
    "reopen_account",
    "reopen_unit",
    "revoke_role",
    "see_notices",
    "set_identity",
    "set_language",
    "update_view",
]
