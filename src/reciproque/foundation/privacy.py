"""What this module holds about people, why and for how long."""

from django.utils.translation import gettext_lazy as _

from reciproque.foundation.models import OnceKey
from reciproque.foundation.personal import declare

declare(
    OnceKey,
    purpose=_("ne faire qu’une fois ce qu’un formulaire demande, même envoyé deux fois"),
    basis="RGPD art. 6-1-e",
    retention=_("un jour"),
    source=_("la personne elle-même, en envoyant un formulaire"),
    fields=("user", "created_at"),
    other=("key", "result_url"),
)
