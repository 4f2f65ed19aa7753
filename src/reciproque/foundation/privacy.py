"""What this module holds about people, why and for how long."""

from django.utils.translation import gettext_lazy as _

from reciproque.foundation.models import InboundMessage, OnceKey
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

declare(
    InboundMessage,
    purpose=_("classer les messages envoyés à l’adresse de suivi dans la chronologie des partenaires"),
    basis="RGPD art. 6-1-e",
    retention=_("trente jours pour le message tel que reçu ; l’expéditeur et l’état un an"),
    source=_("les agents, en mettant l’adresse de suivi en copie"),
    fields=("raw", "sender", "recipients", "received_at"),
    other=("digest", "state", "reason", "settled_at"),
)
