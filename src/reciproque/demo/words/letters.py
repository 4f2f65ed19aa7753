"""What people write to one another by mail, for the demonstration: (subject, text)."""

# ruff: noqa: E501

ANSWERS = (
    ("Re: Job-dating de printemps", "Bonjour,\n\nC’est entendu pour le job-dating : nous viendrons à deux, avec trois offres d’alternance.\n\nCordialement"),
    ("Re: Visite de l’atelier", "Bonjour,\n\nNous pouvons recevoir quinze étudiants un jeudi matin, chaussures de sécurité fournies.\n\nBien à vous"),
    ("Candidature d’un stagiaire", "Bonjour,\n\nL’entretien de mardi s’est très bien passé, nous souhaitons l’accueillir dès avril. Que faut-il pour la convention ?"),
    ("Re: Conseil de perfectionnement", "Bonjour,\n\nVolontiers pour le conseil. Je vous envoie nos remarques sur la maquette avant la fin du mois."),
    ("Formation de nos équipes", "Bonjour,\n\nNous cherchons une formation de management pour quatre chefs d’équipe, sur notre site, avant l’été. Pouvez-vous nous rappeler ?"),
    ("Re: Taxe d’apprentissage", "Bonjour,\n\nNotre direction a retenu votre établissement cette année encore. Un mot sur ce que le solde a financé nous serait utile."),
)  # fmt: skip
SENT = (
    ("Calendrier de l’alternance", "Bonjour,\n\nVoici comme convenu le calendrier de l’alternance de l’année prochaine. Je reste à votre disposition.\n\nBien cordialement"),
    ("Suite à notre échange", "Bonjour,\n\nMerci pour votre accueil. Je vous mets en relation avec le responsable de la licence professionnelle.\n\nBien cordialement"),
    ("Vos attentes pour le projet tutoré", "Bonjour,\n\nVoici le sujet tel que nous l’avons compris ; dites-nous ce qu’il faut changer avant le choix des étudiants."),
)  # fmt: skip
PROGRAMME = "Semaine 36 : entreprise\nSemaine 37 : université\nSemaine 38 : entreprise\n"
INVITATION = "Vous êtes invité à ce rendez-vous."
MEETINGS = (
    ("Préparer la rentrée de l’alternance", "Dans vos locaux"),
    ("Visite du plateau technique", "Campus, bâtiment B"),
    ("Point sur les stages", "Visioconférence https://webconf.example/stages"),
    ("Projet de laboratoire commun", "Campus, salle du conseil"),
)
UNKNOWN = (
    "Service accueil <accueil@cabinet-des-quais.example>",
    "Recrutement <recrutement@chantiers-de-la-rade.example>",
    "Direction <direction@ateliers-du-bocage.example>",
)
STRANGER = "Salon des fournitures <contact@salon-fournitures.example>"
OFFER = ("Votre stand au salon", "Bonjour, réservez dès maintenant votre stand à prix réduit.")
