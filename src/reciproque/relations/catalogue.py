"""The kinds of collaboration that are shipped; the establishment edits, closes and adds its own.

Quantities are usual orders of magnitude for one instance, corrected by hand on each collaboration.
"""

from typing import Any

from django.db.models import QuerySet

from reciproque.engines.reciprocity import points
from reciproque.foundation.database.kept import kept
from reciproque.institution.access import Actor
from reciproque.relations.models import Dispositif

F, C = Dispositif.Family, Dispositif.Counting
TRAINING, CONTINUING, INSERTION = F.TRAINING, F.CONTINUING, F.INSERTION
RESEARCH, SUPPORT, GOVERNANCE = F.RESEARCH, F.SUPPORT, F.GOVERNANCE

Row = tuple[str, str, Dispositif.Family, Dispositif.Counting, bool, dict[str, float], dict[str, float], str]

# code, name, family, how it counts, needs a convention?, what it brings to the partner, to the university, icon
SHIPPED: tuple[Row, ...] = (
    ("course", "Cours assuré par un professionnel", TRAINING, C.BOTH_ENDS, False, {"visibility": 1}, {"hours": 20, "students": 25}, "presentation"),
    ("talk", "Conférence-métier", TRAINING, C.ONCE, False, {"visibility": 2}, {"hours": 3, "students": 40}, "microphone"),
    ("master_class", "Master class", TRAINING, C.ONCE, False, {"visibility": 3}, {"hours": 7, "students": 30}, "award"),
    ("project", "Projet tutoré", TRAINING, C.BOTH_ENDS, True, {"hours": 60, "knowledge": 2}, {"hours": 8, "students": 5}, "puzzle"),
    ("visit", "Visite d’entreprise", TRAINING, C.ONCE, False, {"visibility": 1}, {"hours": 4, "students": 20}, "bus"),
    ("jury", "Participation à un jury", TRAINING, C.ONCE, False, {"visibility": 1}, {"hours": 7, "students": 15}, "gavel"),
    ("mock_interviews", "Simulations d’entretien", TRAINING, C.ONCE, False, {"visibility": 1}, {"hours": 4, "students": 12}, "messages"),
    ("challenge", "Challenge, hackathon", TRAINING, C.ONCE, False, {"knowledge": 2, "visibility": 3}, {"hours": 10, "students": 40}, "trophy"),
    ("tailored_course", "Formation sur mesure", CONTINUING, C.BOTH_ENDS, True, {"knowledge": 3, "students": 10}, {"euros": 8000}, "school"),
    ("tender", "Réponse à appel d’offres", CONTINUING, C.ONCE, True, {"knowledge": 2, "students": 12}, {"euros": 12000}, "file-description"),
    ("individual_path", "Parcours individualisé", CONTINUING, C.ONCE, True, {"knowledge": 1, "students": 1}, {"euros": 2500}, "route"),
    ("vae", "VAE accompagnée", CONTINUING, C.ONCE, True, {"knowledge": 1, "students": 1}, {"euros": 1500}, "certificate"),
    ("internship", "Stage", INSERTION, C.BOTH_ENDS, True, {"hours": 70}, {"places": 1, "hours": 10}, "backpack"),
    ("work_study", "Alternance", INSERTION, C.BOTH_ENDS, True, {"hours": 140}, {"places": 1, "hours": 30, "euros": 3000}, "arrows-exchange"),
    ("job_dating", "Job-dating", INSERTION, C.ONCE, False, {"recruits": 1, "visibility": 2}, {"hours": 7, "places": 2, "students": 30}, "users-group"),
    ("job_offer", "Offre d’emploi diffusée", INSERTION, C.NONE, False, {"visibility": 1}, {"recruits": 1}, "news"),
    ("cifre", "Thèse CIFRE", RESEARCH, C.BOTH_ENDS, True, {"knowledge": 5}, {"euros": 30000, "places": 1, "knowledge": 3}, "flask"),
    ("expertise", "Expertise, étude", RESEARCH, C.ONCE, True, {"hours": 40, "knowledge": 3}, {"euros": 6000}, "zoom-in"),
    ("research", "Collaboration de recherche", RESEARCH, C.BOTH_ENDS, True, {"knowledge": 4, "hours": 100}, {"euros": 20000, "knowledge": 4}, "git-branch"),
    ("platform", "Accès à une plateforme technologique", RESEARCH, C.ONCE, True, {"equipment": 3, "knowledge": 1}, {"euros": 2500}, "building-warehouse"),
    ("apprenticeship_tax", "Solde de la taxe d’apprentissage", SUPPORT, C.NONE, False, {"visibility": 1}, {"euros": 3000}, "coin-euro"),
    ("patronage", "Mécénat", SUPPORT, C.ONCE, True, {"visibility": 3}, {"euros": 10000}, "gift"),
    ("equipment", "Prêt ou don de matériel", SUPPORT, C.ONCE, True, {"visibility": 1}, {"equipment": 3}, "package"),
    ("sponsoring", "Parrainage de promotion", SUPPORT, C.BOTH_ENDS, False, {"visibility": 4}, {"hours": 10, "students": 30}, "medal"),
    ("advisory_board", "Conseil de perfectionnement", GOVERNANCE, C.ONCE, False, {"knowledge": 1, "visibility": 1}, {"hours": 4, "knowledge": 2}, "users"),
    ("council", "Siège dans un conseil", GOVERNANCE, C.ONCE, False, {"visibility": 2}, {"hours": 8, "knowledge": 2}, "building-bank"),
    ("event", "Événement commun", GOVERNANCE, C.ONCE, False, {"visibility": 3}, {"visibility": 3, "hours": 7}, "calendar-event"),
    ("framework", "Convention-cadre", GOVERNANCE, C.ONCE, True, {"visibility": 3}, {"visibility": 3}, "contract"),
)  # fmt: skip


@kept
def _all() -> QuerySet[Dispositif]:
    return Dispositif.objects.in_order()


def catalogue(actor: Actor) -> list[Dispositif]:
    """Every kind, closed ones too, in order: a few dozen, read once for the actor of a request."""
    found: list[Dispositif] | None = actor.known.get("dispositifs")
    if found is None:
        found = actor.known["dispositifs"] = _all()
    return found


def ship() -> int:
    """Add the kinds that are missing; returns how many. What the establishment changed or closed stays as it is."""
    known = set(Dispositif.objects.values_list("code", flat=True))
    rows = [_row(rank, row) for rank, row in enumerate(SHIPPED) if row[0] not in known]
    return len(Dispositif.objects.bulk_create(rows, ignore_conflicts=True))


def _row(rank: int, row: Row) -> Dispositif:
    code, name, family, counting, agreement, given, received, icon = row
    about: dict[str, Any] = {"to_partner": given, "to_university": received, "icon": icon, "position": rank}
    about |= {"given_points": points(given), "received_points": points(received)}
    return Dispositif(code=code, name=name, family=family, counting=counting, needs_agreement=agreement, **about)


__all__ = ["SHIPPED", "catalogue", "ship"]
