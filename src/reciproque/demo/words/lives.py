"""What people write about their partners, for the demonstration."""

# ruff: noqa: E501

from collections.abc import Mapping
from typing import NamedTuple

USUAL = (
    "internship",
    "internship",
    "talk",
    "visit",
    "work_study",
    "job_dating",
    "apprenticeship_tax",
    "project",
    "jury",
)
BY_KIND: Mapping[str, tuple[str, ...]] = {
    "company": (*USUAL, "expertise", "course", "advisory_board"),
    "association": ("internship", "project", "event", "talk"),
    "authority": ("internship", "event", "tailored_course", "council", "framework"),
    "state": ("internship", "talk", "event"),
    "hospital": ("internship", "tailored_course", "research", "course"),
    "school": ("event", "framework", "visit"),
    "research": ("research", "internship", "cifre", "event"),
    "opco": ("tailored_course", "individual_path", "event"),
    "branch": ("advisory_board", "event", "talk", "council"),
    "chamber": ("event", "council", "job_dating"),
    "foundation": ("patronage", "event"),
}
BY_UNIT: Mapping[str, tuple[str, ...]] = {
    "sfc": ("tailored_course", "individual_path", "tender", "vae", "tailored_course"),
    "cfa": ("work_study", "work_study", "job_dating", "advisory_board"),
    "suio": ("job_dating", "mock_interviews", "internship", "talk", "job_offer"),
    "lamel": ("expertise", "research", "cifre", "platform"),
    "fondation": ("patronage", "equipment", "sponsoring", "event"),
}
SIDES: Mapping[str, tuple[str, ...]] = {
    "take": ("internship", "apprenticeship_tax", "talk", "visit", "jury", "course"),
    "give": ("project", "expertise", "job_offer", "platform"),
}
LENGTH: Mapping[str, int] = {
    "internship": 110, "work_study": 340, "project": 120, "course": 60, "tailored_course": 40, "cifre": 1090, "research": 420,
    "sponsoring": 280,
}  # fmt: skip
TITLES: Mapping[str, tuple[str, ...]] = {
    "internship": (
        "Stage de fin d’études",
        "Stage de M1, contrôle qualité",
        "Stage de deuxième année, méthodes",
        "Stage de licence professionnelle",
    ),
    "work_study": (
        "Apprentie en master RH",
        "Apprenti en gestion de production",
        "Apprenti contrôleur de gestion",
        "Apprentie développeuse web",
    ),
    "talk": (
        "Métiers de la maintenance",
        "Entrer dans la fonction achats",
        "L’industrie décarbonée",
        "Travailler dans l’économie sociale",
    ),
    "visit": ("Visite de l’atelier", "Visite du site logistique", "Visite du bureau d’études"),
    "project": (
        "Étude de marché",
        "Banc d’essai connecté",
        "Diagnostic énergétique",
        "Refonte du site et accessibilité",
    ),
    "expertise": ("Étude de matériaux", "Analyse de vibrations", "Étude de corrosion"),
    "course": ("Module Lean", "Droit social appliqué", "Conduite de projet"),
    "tailored_course": ("Management d’équipe, deux groupes", "Maintenance prédictive", "Excel avancé et données"),
    "tender": ("Accompagnement des cadres", "Marché de formation bureautique"),
    "job_dating": ("Job-dating Industrie", "Job-dating Alternance"),
    "advisory_board": (
        "Conseil de perfectionnement de la licence professionnelle",
        "Conseil de perfectionnement du master",
    ),
    "apprenticeship_tax": ("Solde de la taxe",),
    "cifre": ("Thèse sur le vieillissement des composites",),
    "research": ("Projet régional sur l’hydrogène", "Capteurs sobres"),
    "event": ("Rencontre du territoire", "Forum des partenaires"),
    "patronage": ("Bourses d’égalité des chances",),
    "equipment": ("Don d’une fraiseuse", "Prêt de casques de réalité virtuelle"),
}
MEETINGS: Mapping[str, tuple[tuple[str, str], ...]] = {
    "meeting": (
        ("Point annuel", "Bilan des stages de l’année ; ils souhaitent trois étudiants de plus au printemps."),
        ("Nouvelle direction", "Présentation de la nouvelle direction, qui connaît mal l’université : visite à proposer."),
        ("Préparation de la rentrée", "Calendrier de l’alternance et noms des maîtres d’apprentissage."),
        ("Projet de laboratoire commun", "Intérêt confirmé ; ils reviennent vers nous avec un calendrier."),
    ),
    "visit": (
        ("Visite d’atelier", "Quatorze étudiants, accueil chaleureux ; deux offres d’alternance annoncées."),
        ("Suivi de stage", "La stagiaire est bien encadrée ; le tuteur propose d’intervenir en cours."),
        ("Découverte du site", "Le nouveau bâtiment ouvre en mars ; ils recruteront des techniciens."),
    ),
    "video": (
        ("Point d’étape", "Le cahier des charges est clair, reste le calendrier."),
        ("Choix des candidats", "Cinq candidatures examinées ensemble, deux entretiens à venir."),
    ),
}  # fmt: skip
WORDS: Mapping[str, tuple[str, ...]] = {
    "call": (
        "Rappeler en janvier, quand le budget de formation sera connu.", "Cherche un apprenti en maintenance pour la rentrée.",
        "Le contact change de poste ; elle nous présentera sa remplaçante.", "Message laissé au standard.",
        "Très content de la dernière promotion, prêt à participer au jury.",
    ),
    "email": (
        "Envoi du calendrier de l’alternance.", "Demande de la plaquette de la licence professionnelle.",
        "Remerciements après le job-dating.", "Relance pour la convention.",
    ),
    "note": (
        "Partenaire de la première heure : à soigner.", "Préfère être appelé le matin.", "Groupe en réorganisation, attendre le printemps.",
    ),
    "message": ("Confirme sa présence au forum.", "Demande qui contacter pour la taxe d’apprentissage."),
}  # fmt: skip
REFUSALS = ("Pas de budget cette année", "Effectifs trop justes pour encadrer", "Déjà engagés avec une autre école")


class Want(NamedTuple):
    """A need: its nature, words, occupation (code of the ROME 3.47), how many people, and the NAF divisions that have it (all: empty)."""

    kind: str
    title: str
    rome: str = ""
    people: tuple[int, int] = (0, 0)
    divisions: str = ""


INDUSTRY = "10 11 13 15 16 17 18 20 21 22 23 24 25 26 27 28 29 30 31 32 33"
METAL = "24 25 28 29 30 33"
SITE = "41 42 43"
OFFICES = "58 59 60 62 63 64 65 66 68 69 70 71 72 73 74 77 78 82"
CARE = "86 87 88"
TRADE = "45 46 47"
NEEDS: tuple[Want, ...] = (
    Want("skill", "Former deux chefs d’équipe au management", people=(2, 4)), Want("trainee", "Un apprenti en contrôle de gestion", "M1204", (1, 1)),
    Want("organisation", "Préparer la transmission de l’entreprise", "", (0, 0), f"{INDUSTRY} {SITE} {TRADE} 49 56"),
    Want("recruitment", "Techniciens de maintenance", "I1304", (2, 5), INDUSTRY), Want("recruitment", "Soudeurs qualifiés", "H2913", (1, 4), METAL),
    Want("equipment", "Choisir un robot de soudage", "", (0, 0), METAL), Want("research", "Comprendre une corrosion en milieu marin", "", (0, 0), METAL),
    Want("method", "Passer au numérique dans l’atelier", "", (0, 0), INDUSTRY),
    Want("skill", "Relire les plans en maquette numérique", "F1106", (3, 6), SITE), Want("trainee", "Un alternant conducteur de travaux", "", (1, 2), SITE),
    Want("method", "Réduire les déchets de chantier", "", (0, 0), SITE),
    Want("recruitment", "Développeurs d’applications", "M1805", (1, 3), OFFICES), Want("skill", "Répondre en anglais aux clients", "", (4, 10), f"{OFFICES} 55 79"),
    Want("method", "Rendre le site accessible à tous", "", (0, 0), f"{OFFICES} 84 85"), Want("trainee", "Deux stagiaires en marketing", "M1705", (2, 2), f"{OFFICES} {TRADE}"),
    Want("recruitment", "Infirmières et infirmiers pour la rentrée", "J1506", (2, 6), CARE), Want("skill", "Encadrer des étudiants tuteurs", "K2111", (3, 8), CARE),
    Want("research", "Évaluer un parcours de soins à domicile", "", (0, 0), CARE), Want("organisation", "Tenir la comptabilité en interne", "M1203", (1, 1), f"{TRADE} {SITE} 55 56"),
    Want("trainee", "Une alternante en ressources humaines", "M1503", (1, 1)), Want("method", "Mesurer l’empreinte carbone de l’activité"),
    Want("organisation", "Revoir les tournées et l’entrepôt", "N1301", (1, 2), "46 49 50 51 52 53"), Want("skill", "Formation à la cybersécurité des agents", "", (8, 20), "84 85 86"),
)  # fmt: skip
WORK = {"lamel": "research", "cetrat": "research", "drive": "research", "sfc": "training"}
"""What units that are not of initial training do."""
TASKS = {
    "teaching": (
        "Envoyer le calendrier de l’alternance", "Proposer une date de visite", "Rappeler la responsable des ressources humaines",
        "Préparer le bilan de l’année", "Transmettre les candidatures", "Relancer pour la convention de stage",
    ),
    "research": (
        "Envoyer le projet d’accord de confidentialité", "Proposer une date de visite du laboratoire", "Rappeler la directrice de la recherche",
        "Préparer le bilan de la thèse CIFRE", "Chiffrer l’étude demandée", "Relancer pour la signature du contrat de collaboration",
    ),
    "training": (
        "Envoyer le devis", "Proposer une date de positionnement", "Rappeler la responsable de la formation", "Préparer le bilan de la session",
        "Transmettre le programme sur mesure", "Relancer pour la convention de formation",
    ),
}  # fmt: skip
REFERRALS = {
    "iae": ("Cherche une alternante en contrôle de gestion", "Voudrait confier une étude de marché à des étudiants", "Propose d’intervenir en master"),
    "iut": ("Propose deux stages de technicien", "Ouvre son atelier à une visite d’étudiants", "Cherche un alternant en maintenance"),
    "sfc": ("Cherche une formation courte en anglais", "Voudrait une VAE pour deux salariés", "Demande un devis pour former ses encadrants"),
    "cfa": ("Voudrait accueillir un alternant", "Cherche une apprentie comptable", "Demande les calendriers d’alternance"),
    "drive": ("Demande une étude de matériaux", "Cherche un laboratoire pour une thèse CIFRE", "Voudrait utiliser une plateforme d’essais"),
    "suio": ("Propose de participer au forum des métiers", "Cherche où publier ses offres d’emploi", "Voudrait rencontrer de futurs diplômés"),
}  # fmt: skip
"""What another unit is asked to answer, by what it does."""

REQUESTS = (
    "Participer au jury de fin d’année", "Accueillir un alternant à la rentrée", "Intervenir une demi-journée en licence",
    "Verser la taxe d’apprentissage", "Répondre à l’enquête sur les compétences", "Venir au job-dating de printemps",
    "Ouvrir l’atelier à une visite d’étudiants", "Proposer un sujet de projet tutoré", "Siéger au conseil de perfectionnement",
    "Relire la maquette de la licence professionnelle", "Parrainer une promotion", "Prêter du matériel pour les travaux pratiques",
)  # fmt: skip
ANSWERS = ("accepted", "declined", "silent", "asked")
ANSWER_WEIGHTS = (38, 17, 25, 20)
