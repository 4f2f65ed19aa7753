"""« Fiches réunies »: what a record absorbed, on its page, each to be separated in one click."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from reciproque.directory import policies
from reciproque.directory.comparing.reads import absorbed_by
from reciproque.directory.models import Merge, Partner
from reciproque.foundation.panels import PARTNER_PANELS, PERSON_PANELS, Panel
from reciproque.institution.access import Actor


def absorbed(actor: Actor, record: Any) -> dict[str, Any] | None:
    """The records that this one absorbed; None keeps the panel away."""
    of_partner = isinstance(record, Partner)
    found = absorbed_by(record, Merge.Kind.PARTNER if of_partner else Merge.Kind.PERSON)
    policy: Any = policies.partners if of_partner else policies.people
    return {"absorbed": found, "separable": policy.permits(actor, "merge", record)} if found else None


def offer() -> None:
    """Put the panel on the pages."""
    for panels in (PARTNER_PANELS, PERSON_PANELS):
        panels.append(
            Panel("absorbed", _("Fiches réunies"), "aside", 80, "directory/comparing/absorbed.html", absorbed)
        )
