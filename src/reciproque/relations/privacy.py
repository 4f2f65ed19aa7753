"""What this module holds about people, why and for how long."""

from django.utils.translation import gettext_lazy as _

from reciproque.foundation.personal import declare
from reciproque.relations.models import (
    Collaboration,
    CollaborationPart,
    CollaborationReader,
    Interaction,
    InteractionColleague,
    InteractionPerson,
    InteractionReader,
    Moment,
    Need,
    NeedReader,
    ProposalAnswer,
    Referral,
    Task,
)

PURPOSE = _("se souvenir de la relation avec un partenaire et la tenir vivante, ensemble")
BASIS = "RGPD art. 6-1-e"
RETENTION = _("autant que la relation ; les personnes en sortent trois ans après le dernier contact")
SOURCE = _("les agents")
KEPT = ("partner", "unit", "sharing")

declare(
    Interaction, purpose=PURPOSE, basis=BASIS, retention=RETENTION, source=SOURCE,
    fields=("author", "subject", "text", "place"),
    other=(*KEPT, "site", "collaboration", "kind", "state", "on", "at", "minutes", "met", "source"),
)  # fmt: skip
for model, fields, other in (
    (InteractionPerson, ("person",), ("interaction",)),
    (InteractionColleague, ("user", "mentioned"), ("interaction",)),
    (InteractionReader, ("user",), ("interaction",)),
    (CollaborationReader, ("user",), ("collaboration",)),
    (CollaborationPart, ("person", "user", "role"), ("collaboration",)),
    (NeedReader, ("user",), ("need",)),
    (
        Moment,
        ("outside", "inside"),
        ("partner", "unit", "on", "kind", "met", "held", "given", "received", "interaction", "collaboration", "ending"),
    ),
    (ProposalAnswer, ("user",), ("partner", "dispositif", "verdict", "until", "on")),
):
    declare(model, purpose=PURPOSE, basis=BASIS, retention=RETENTION, source=SOURCE, fields=fields, other=other)
declare(
    Collaboration, purpose=PURPOSE, basis=BASIS, retention=RETENTION, source=SOURCE,
    fields=("author", "title", "text", "reason"),
    other=(
        *KEPT, "dispositif", "site", "state", "moved_on", "starts_on", "ends_on", "given", "received", "given_points",
        "received_points",
    ),
)  # fmt: skip
declare(
    Need, purpose=PURPOSE, basis=BASIS, retention=RETENTION, source=SOURCE,
    fields=("author", "person", "title", "text", "reason"),
    other=(*KEPT, "kind", "rome", "horizon", "people", "state", "collaboration"),
)  # fmt: skip
declare(
    Task, purpose=_("ne rien oublier de ce qui a été promis à un partenaire"), basis=BASIS, retention=RETENTION, source=SOURCE,
    fields=("owner", "author", "person", "title"),
    other=(
        "unit", "partner", "interaction", "collaboration", "due_on", "remind_on", "recurrence", "private", "done_at",
    ),
)  # fmt: skip
declare(
    Referral, purpose=_("qu’une demande adressée au mauvais service trouve le bon, et une réponse"), basis=BASIS,
    retention=RETENTION, source=SOURCE,
    fields=("person", "to_user", "author", "subject", "text", "reason", "decided_by"),
    other=("partner", "from_unit", "to_unit", "due_on", "state", "interaction", "decided_at"),
)  # fmt: skip
