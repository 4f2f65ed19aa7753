"""How the establishment shows itself outside."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from reciproque.foundation import documents, files
from reciproque.foundation.errors import DomainError
from reciproque.foundation.operations import operation
from reciproque.institution.access import Actor, require_role
from reciproque.institution.models import Identity, Role, Unit

LARGEST = 1024 * 1024
PROOF = Path(__file__).parent.parent / "documents" / "proof.typ"


def identity() -> Identity:
    """The establishment's, or an unsaved one with the name of the root of the tree."""
    held = Identity.objects.first()
    if held is None:
        root = Unit.objects.filter(parent=None).first()
        held = Identity(name=root.name if root else "Réciproque")
    return held


def logo_of(held: Identity) -> bytes:
    """The picture, b"" when there is none."""
    path = files.path_of(held.logo) if held.logo else None
    return path.read_bytes() if path and path.exists() else b""


@operation("institution.set_identity")
def set_identity(
    *,
    actor: Actor,
    name: str,
    colour: str,
    address: str = "",
    contact: str = "",
    logo: bytes | None = None,
    logo_text: str = "",
) -> Identity:
    """Say how documents are headed. `logo`: a PNG or a JPEG, b"" to take it away, None to keep it. Raises ValidationError, Forbidden."""
    require_role(actor, Role.ADMINISTRATOR)
    held = Identity.objects.select_for_update().first() or Identity()
    held.name, held.colour, held.address, held.contact = (
        name.strip(),
        colour.strip().lower(),
        address.strip(),
        contact.strip(),
    )
    held.logo_text = logo_text.strip()
    held.full_clean(validate_unique=False, validate_constraints=held.pk is not None)
    if logo is not None:
        held.logo = files.keep(_checked(logo)) if logo else ""
    held.save()
    return held


def _checked(logo: bytes) -> bytes:
    """The picture, once a document could be made with it."""
    if len(logo) > LARGEST:
        raise ValidationError({"logo": _("Un mégaoctet au plus.")})
    if not documents.picture_kind(logo):
        raise ValidationError({"logo": _("Le logo est une image PNG ou JPEG.")})
    try:
        documents.pdf(PROOF, {}, at=dt.datetime(2026, 1, 1, tzinfo=dt.UTC), picture=logo)
    except DomainError as error:
        raise ValidationError({"logo": _("Cette image ne se lit pas : enregistrez-la de nouveau en PNG.")}) from error
    return logo
