"""Units, users, roles, access, sign-in."""
