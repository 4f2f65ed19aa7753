"""What people write about their partners, for the demonstration."""

from collections.abc import Mapping

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
        "Stage de BUT2, méthodes",
        "Stage de licence professionnelle",
    ),
    "work_study": (
        "Apprentie en master RH",
        "Apprenti en BUT GMP",
        "Alternance, contrôle de gestion",
        "Alternance, développement web",
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
NEEDS: tuple[tuple[str, str], ...] = (
    ("skill", "Former deux chefs d’équipe au management"), ("recruitment", "Trois techniciens de maintenance"),
    ("trainee", "Un apprenti en contrôle de gestion"), ("equipment", "Choisir un robot de soudage"), ("research", "Comprendre une corrosion"),
    ("method", "Passer au numérique dans l’atelier"), ("organisation", "Préparer la transmission de l’entreprise"),
)  # fmt: skip
TASKS = (
    "Envoyer le calendrier de l’alternance", "Proposer une date de visite", "Rappeler la responsable des ressources humaines",
    "Préparer le bilan de l’année", "Transmettre les candidatures", "Relancer pour la convention de stage",
)  # fmt: skip
REFERRALS = (
    "Cherche une formation courte en anglais",
    "Voudrait accueillir un alternant",
    "Demande une étude de matériaux",
)

REQUESTS = (
    "Participer au jury de fin d’année", "Accueillir un alternant à la rentrée", "Intervenir une demi-journée en licence",
    "Verser la taxe d’apprentissage", "Répondre à l’enquête sur les compétences", "Venir au job-dating de printemps",
    "Ouvrir l’atelier à une visite d’étudiants", "Proposer un sujet de projet tutoré", "Siéger au conseil de perfectionnement",
    "Relire la maquette de la licence professionnelle", "Parrainer une promotion", "Prêter du matériel pour les travaux pratiques",
)  # fmt: skip
ANSWERS = ("accepted", "declined", "silent", "asked")
ANSWER_WEIGHTS = (38, 17, 25, 20)
