"""What one sees of one's own messages."""

from collections.abc import Iterable

from django.db.models import QuerySet

from reciproque.foundation.models import InboundMessage
from reciproque.institution.access import Actor
from reciproque.relations import policies
from reciproque.relations.models import CaptureAddress, Filing, Interaction, InteractionFile

SHOWN = 100


def addresses_of(actor: Actor) -> list[CaptureAddress]:
    """One's tracking addresses, one per unit."""
    return list(policies.capture_addresses.allowed(actor, "view").order_by("unit__tree_key", "pk"))


def filings_of(addresses: Iterable[CaptureAddress]) -> list[Filing]:
    """What these addresses did, the latest first."""
    rows = Filing.objects.filter(address__in=[one.pk for one in addresses])
    return list(rows.select_related("message", "partner", "interaction", "address__unit").order_by("-pk")[:SHOWN])


def message_of(actor: Actor, message_id: int) -> InboundMessage | None:
    """A message that one of one's addresses received."""
    mine = Filing.objects.filter(address__user=actor.user_id, message=message_id)
    return InboundMessage.objects.filter(pk__in=mine.values("message")).first()


def attached(readable: QuerySet[Interaction], file_id: int) -> InteractionFile | None:
    """A file of one of these exchanges."""
    return InteractionFile.objects.filter(pk=file_id, interaction__in=readable.order_by().values("pk")).first()


def documents_of(exchanges: QuerySet[Interaction]) -> QuerySet[InteractionFile]:
    """The files attached to these exchanges, fifty at most, the latest first; each knows its exchange."""
    joined = InteractionFile.objects.filter(interaction__in=exchanges.order_by().values("pk"))
    return joined.select_related("interaction").order_by("-interaction__on", "-pk")[:50]
