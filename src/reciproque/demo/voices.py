"""The demonstration speaks: campaigns at different steps, colleagues who name, ask and hand over; all through the operations."""

import datetime as dt
from collections.abc import Iterable, Mapping

from django.utils.timezone import now

from reciproque.directory import services as directory
from reciproque.directory.models import Partner, PartnerUnit, Person, Position
from reciproque.institution.access import Actor
from reciproque.institution.models import Unit, User
from reciproque.relations import services
from reciproque.relations.campaigns import sending
from reciproque.relations.campaigns.choosing import TICKED
from reciproque.relations.models import Campaign, CampaignRecipient, Dispositif, Unsubscription
from reciproque.relations.services import access, campaigns

SENT, HELD, TRAINED = 48, 30, 16
FORUM = (
    "{{ prenom }}, vos futurs collègues vous attendent au forum",
    """Bonjour {{ civilite }} {{ nom }},

Le **forum des métiers** réunit nos étudiants et {{ organisation }} le 28 janvier, de 9 h à 17 h :

- un stand pour présenter vos métiers
- des entretiens de dix minutes
- un déjeuner avec les responsables de formation

Répondez à ce message pour retenir votre place.""",
)
TAX = (
    "La taxe d’apprentissage de {{ organisation }} finance un atelier",
    """Bonjour {{ civilite }} {{ nom }},

Votre solde de taxe d’apprentissage peut équiper l’atelier de robotique. Nous vous montrons volontiers ce que la précédente a permis.

Vous serez les bienvenus.""",
)
TRAINING = (
    "{{ organisation }} : vos formations de l’année prochaine",
    """Bonjour {{ civilite }} {{ nom }},

Le catalogue des **formations courtes** de l’année prochaine est ouvert : management, données, maintenance, langues.

Chaque formation peut se tenir chez vous, à vos dates. Dites-nous ce dont vos équipes ont besoin.""",
)
TALKING = (
    "claire.bellanger", "mathieu.kermarrec", "nadia.benali", "elodie.guiheneuf", "vincent.delattre", "aminata.diallo",
    "philippe.jolivet",
)  # fmt: skip
"""The profiles who work with partners every day."""
NAMED = (
    "Appel rapide pour fixer une date. @{name}, peux-tu confirmer que la salle est libre **le jeudi** ?",
    "Ils demandent un devis pour six salariés, en management. @{name}, tu prends la suite ?",
    "Leur apprentie termine en août, ils en veulent une autre. @{name}, je leur ai dit que tu les rappelais.",
    "La convention de leur stagiaire n’est pas revenue signée. @{name}, peux-tu voir où elle en est ?",
    "Leur ingénieure viendrait parler de son métier en cours. @{name}, quelle semaine t’arrange ?",
    "Ils voudraient faire mesurer l’usure de leurs pièces. @{name}, le laboratoire aurait-il un créneau ?",
    "Leur directrice aimerait visiter le département. @{name}, seras-tu là **le 14** ?",
)
"""What a colleague writes to each of them."""
RESERVED = (
    ("Changement à la direction", "La directrice part en mars ; ce n’est pas encore annoncé chez eux."),
    ("Négociation du devis", "Ils demandent 10 % de moins pour trois sessions ; réponse attendue avant Noël."),
    (
        "Rupture évoquée d’un contrat",
        "Le maître d’apprentissage et l’apprenti ne s’entendent plus ; médiation proposée.",
    ),
    (
        "Gratifications en retard",
        "Deux mois non versés, rappel envoyé : à régler avant de proposer d’autres stagiaires.",
    ),
    ("Projet de chaire", "Ils y pensent pour dans deux ans ; le montant reste entre nous."),
    ("Accord de confidentialité", "Résultats non publiés partagés : un brevet est à déposer avant d’en parler."),
    ("Une machine pour la halle", "Ils la financeraient contre des heures d’usage ; rien d’arrêté."),
)
"""What each of them keeps for their unit."""
ASKED_FOR = (
    "Peux-tu me dire où en est l’échange avec eux ? Je les vois mardi.",
    "Je prépare le conseil de perfectionnement : cela m’aiderait de lire votre compte rendu.",
)


def speak(actor: Actor, users: Mapping[str, User], units: Mapping[str, Unit]) -> None:
    """Write it all. The campaign that is sent goes to a folder, never to anybody."""
    people = _people()
    _forum(users["claire.bellanger"], units["iae"], people[:SENT])
    mixed = [*people[: HELD // 2], *people[SENT : SENT + HELD // 2]]
    _training(users["mathieu.kermarrec"], units["sfc"], people[SENT + HELD :])
    _ready(users["aminata.diallo"], units["drive"], mixed)
    _draft(
        users["nadia.benali"], units["cfa"], "Petit-déjeuner des maîtres d’apprentissage", "Petit-déjeuner du 5 février"
    )
    _draft(users["vincent.delattre"], units["ufr-sciences"], "Jury du master Énergies marines", "Le jury du 12 mars")
    for rank, name in enumerate(TALKING):
        _talk(actor, users[name], [users[key] for key in TALKING if key != name], rank)


def _people() -> list[Person]:
    """People one may write to, of partners whose referent is one of the profiles first: those see what is held back."""
    jobs = Position.objects.current().filter(
        person__do_not_contact=False, person__sharing="network", person__archived_at=None, partner__sharing="network",
        partner__archived_at=None, partner__merged_into=None,
    )  # fmt: skip
    rows = jobs.exclude(person__email="").select_related("person", "partner__referent").order_by("partner_id", "pk")
    one_each = {row.partner_id: row for row in rows}.values()
    ours = sorted(
        one_each, key=lambda row: (not (row.partner.referent and row.partner.referent.persona), row.partner_id)
    )
    return [row.person for row in ours[: SENT + HELD + TRAINED]]


def _audience(people: Iterable[Person]) -> str:
    return f"{TICKED}={'.'.join(str(one.pk) for one in people)}"


def _campaign(user: User, unit: Unit, title: str, code: str, words: tuple[str, str], people: list[Person]) -> Campaign:
    who = Actor.of(user)
    row = campaigns.create_campaign(
        actor=who, unit=unit, title=title, dispositif=Dispositif.objects.filter(code=code).first(), subject=words[0], body=words[1]
    )  # fmt: skip
    if people:
        campaigns.choose_recipients(actor=who, campaign=row, query=_audience(people))
        row.refresh_from_db()
    return row


def _forum(user: User, unit: Unit, people: list[Person]) -> None:
    """Sent, with what came of it: some addresses no longer work, somebody wants no more."""
    row = _campaign(user, unit, "Forum des métiers de janvier", "job_dating", FORUM, people)
    who = Actor.of(user)
    campaigns.start_campaign(actor=who, campaign=row)
    sending.send(row.pk)
    sent = list(CampaignRecipient.objects.filter(campaign=row, state="sent").order_by("pk"))
    for one in sent[5:7]:
        campaigns.mark_bounced(
            actor=Actor.system("démonstration"), recipient_id=one.pk, words="550 5.1.1 boîte inconnue"
        )
    for one in sent[11:12]:
        Unsubscription.objects.get_or_create(person_id=one.person_id, defaults={"campaign": row})


def _ready(user: User, unit: Unit, people: list[Person]) -> None:
    """Ready to leave; half of its people were just written to by another unit: those messages wait for a referent."""
    _campaign(user, unit, "Taxe d’apprentissage : l’atelier de robotique", "apprenticeship_tax", TAX, people)


def _training(user: User, unit: Unit, people: list[Person]) -> None:
    """Sent, to a few."""
    row = _campaign(user, unit, "Catalogue des formations courtes", "tailored_course", TRAINING, people)
    campaigns.start_campaign(actor=Actor.of(user), campaign=row)
    sending.send(row.pk)


def _draft(user: User, unit: Unit, title: str, subject: str) -> None:
    _campaign(user, unit, title, "", (subject, ""), [])


def _talk(actor: Actor, user: User, others: list[User], rank: int) -> None:
    """A colleague names them, another asks to read what they reserved, a partner is handed to them."""
    there = Partner.objects.filter(sharing="network", archived_at=None, merged_into=None).order_by("pk")
    followed = PartnerUnit.objects.filter(unit=_unit_of(user)).order_by().values("partner")
    mine = list(there.filter(referent=user)[:3]) or list(there.filter(pk__in=followed)[:3])
    colleague = others[rank % len(others)]
    if mine:
        services.record_interaction(
            actor=Actor.of(colleague), partner=mine[0], unit=_unit_of(colleague), on=now().date() - dt.timedelta(days=1), kind="call",
            text=NAMED[rank].format(name=user.username), mentioned=[user],
        )  # fmt: skip
        subject, text = RESERVED[rank]
        kept = services.record_interaction(
            actor=Actor.of(user), partner=mine[-1], unit=_unit_of(user), on=now().date() - dt.timedelta(days=9 + rank), kind="call",
            subject=subject, text=text, sharing="unit",
        )  # fmt: skip
        away = [one for one in others if _unit_of(one) != kept.unit]
        asker = away[(rank + 3) % len(away)]
        access.ask_access(actor=Actor.of(asker), record=kept, text=ASKED_FOR[rank % 2])
    free = Partner.objects.filter(
        referent__isnull=False, referent__persona="", sharing="network", merged_into=None
    ).order_by("pk")
    given = free[rank * 7 : rank * 7 + 1].first()
    if given:
        directory.set_referent(actor=actor, partner=given, version=None, referent=user)


def _unit_of(user: User) -> Unit:
    """The unit in whose name a profile writes."""
    mine = Unit.objects.filter(memberships__user=user, memberships__role__in=["member", "manager"])
    return mine.order_by("pk")[0]
