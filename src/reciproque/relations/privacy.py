"""What this module holds about people, why and for how long."""

from django.utils.translation import gettext_lazy as _

from reciproque.foundation.personal import declare
from reciproque.relations.models import (
    AccessRequest,
    Campaign,
    CampaignRecipient,
    CaptureAddress,
    Collaboration,
    CollaborationPart,
    CollaborationReader,
    Filing,
    Handover,
    Interaction,
    InteractionColleague,
    InteractionFile,
    InteractionPerson,
    InteractionReader,
    Invitation,
    InvitationMail,
    Moment,
    Need,
    NeedReader,
    Presence,
    ProposalAnswer,
    Referral,
    Solicitation,
    Task,
    Unsubscription,
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
declare(
    CaptureAddress, purpose=_("classer les messages sans les ressaisir"), basis=BASIS, retention=_("autant que le compte"),
    source=_("l’agent, en demandant son adresse de suivi"), fields=("user", "key"), other=("unit",),
)  # fmt: skip
declare(
    Filing, purpose=_("dire à chacun ce que sont devenus ses messages"), basis=BASIS, retention=_("un an"), source=SOURCE,
    fields=("address", "subject", "unknown"), other=("message", "partner", "interaction", "mail_id", "checks", "at"),
)  # fmt: skip
declare(
    InteractionFile, purpose=PURPOSE, basis=BASIS, retention=RETENTION, source=SOURCE, fields=("name", "digest"),
    other=("interaction", "size"),
)  # fmt: skip
ONE_VOICE = _("parler d’une seule voix aux partenaires, sans trop les solliciter")
declare(
    Solicitation, purpose=ONE_VOICE, basis=BASIS, retention=RETENTION, source=SOURCE,
    fields=("author", "person", "subject", "answer", "override"),
    other=(*KEPT, "dispositif", "campaign", "on", "state", "answered_on"),
)  # fmt: skip
declare(
    Invitation, purpose=_("inviter à un rendez-vous les personnes qui y viennent, et savoir ce qu’elles répondent"), basis=BASIS,
    retention=RETENTION, source=_("l’agent qui invite, et la personne par sa réponse"), fields=("person", "email", "answer", "words"),
    other=("interaction", "wanted", "solicitation", "answered_at"),
)  # fmt: skip
declare(
    InvitationMail, purpose=_("n’envoyer chaque invitation qu’une fois"), basis=BASIS, retention=RETENTION, source=SOURCE,
    fields=("invitation", "error"), other=("state", "says", "sequence", "again", "created_at", "sent_at"),
)  # fmt: skip
declare(
    Campaign, purpose=ONE_VOICE, basis=BASIS, retention=RETENTION, source=SOURCE,
    fields=("author", "reply_to", "body", "subject", "audience"),
    other=("unit", "title", "dispositif", "state", "started_at", "ended_at"),
)  # fmt: skip
declare(
    CampaignRecipient, purpose=ONE_VOICE, basis=BASIS, retention=_("trois ans après l’envoi"), source=SOURCE,
    fields=("person", "email", "released_by", "release_reason", "error"),
    other=("campaign", "partner", "state", "reasons", "sent_at", "interaction"),
)  # fmt: skip
declare(
    Unsubscription, purpose=_("respecter la volonté de qui ne veut plus de messages"), basis="RGPD art. 21", retention=RETENTION,
    source=_("la personne, par le lien du message"), fields=("person",), other=("campaign", "at"),
)  # fmt: skip
declare(
    AccessRequest, purpose=_("ouvrir à un collègue ce qui est réservé"), basis=BASIS, retention=RETENTION, source=SOURCE,
    fields=("user", "asked_of", "text"), other=("interaction", "collaboration", "state", "decided_at"),
)  # fmt: skip
declare(
    Presence, purpose=_("éviter que deux services écrivent en même temps"), basis=BASIS, retention=_("une minute"),
    source=_("l’agent, en écrivant"), fields=("user",), other=("partner", "at"),
)  # fmt: skip
declare(
    Handover, purpose=_("qu’un partenaire ne perde rien quand son référent change"), basis=BASIS, retention=RETENTION, source=SOURCE,
    fields=("was", "now", "by"), other=("partner", "unit", "state", "interaction", "at"),
)  # fmt: skip
