"""What this module holds about people, why and for how long."""

from django.utils.translation import gettext_lazy as _

from reciproque.foundation.personal import declare
from reciproque.workspace.models import InboxState

declare(
    InboxState,
    purpose=_("ne pas remontrer à un agent ce qu’il a reporté ou réglé"),
    basis="RGPD art. 6-1-e",
    retention=_("autant que le compte"),
    source=_("la personne elle-même"),
    fields=("user",),
    other=("key", "until", "at"),
)
