"""The fictional university: its units, and the people whose day the product is about."""

# ruff: noqa: E501

NAME, SHORT, DOMAIN = "Université de Loire-Vilaine", "Loire-Vilaine", "univ-loire-vilaine.example"

# code, name, short name, kind, parent, town
UNITS = (
    ("ulv", NAME, SHORT, "establishment", "", "Saint-Nazaire"),
    ("ufr-deg", "UFR Droit, économie et gestion", "UFR DEG", "faculty", "ulv", "Saint-Nazaire"),
    ("ufr-llsh", "UFR Lettres, langues et sciences humaines", "UFR LLSH", "faculty", "ulv", "Redon"),
    ("ufr-sciences", "UFR Sciences et techniques", "UFR Sciences", "faculty", "ulv", "Saint-Nazaire"),
    ("ufr-sante", "UFR Santé et activités physiques", "UFR Santé", "faculty", "ulv", "Châteaubriant"),
    ("iut", "IUT Loire-Vilaine", "IUT", "institute", "ulv", "Redon"),
    ("iut-gea", "Département Gestion des entreprises et des administrations", "IUT – GEA", "department", "iut", "Redon"),
    ("iut-gmp", "Département Génie mécanique et productique", "IUT – GMP", "department", "iut", "Ancenis-Saint-Géréon"),
    ("iae", "Institut d’administration des entreprises Loire-Vilaine", "IAE", "institute", "ulv", "Saint-Nazaire"),
    ("epu", "École polytechnique universitaire de Loire-Vilaine", "École polytechnique", "institute", "ulv", "Saint-Nazaire"),
    ("cfa", "CFA universitaire Loire-Vilaine", "CFA", "cfa", "ulv", "Savenay"),
    ("sfc", "Service de la formation continue", "SFC", "continuing_education_service", "ulv", "Saint-Nazaire"),
    ("drive", "Direction de la recherche, de l’innovation, de la valorisation et des entreprises", "DRIVE",
     "business_relations_service", "ulv", "Saint-Nazaire"),
    ("suio", "Service universitaire d’information, d’orientation et d’insertion professionnelle", "SUIO-IP",
     "careers_service", "ulv", "Saint-Nazaire"),
    ("fondation", "Fondation universitaire Loire-Vilaine", "Fondation", "foundation", "ulv", "Saint-Nazaire"),
    ("lamel", "Laboratoire Matériaux, énergie et littoral", "LaMEL", "laboratory", "ufr-sciences", "Saint-Nazaire"),
    ("cetrat", "Centre d’études du travail et des territoires", "CETraT", "laboratory", "ufr-llsh", "Redon"),
)  # fmt: skip

# username, first name, last name, title, memberships, day
PERSONAS = (
    ("claire.bellanger", "Claire", "Bellanger", "Chargée de relations entreprises", (("iae", "member"),),
     ("Avant d’appeler une entreprise, je vois en cinq secondes qui la connaît, ce qui est en cours et quand on l’a sollicitée ; "
      "après, je note l’appel en dix secondes.")),
    ("mathieu.kermarrec", "Mathieu", "Kermarrec", "Conseiller en formation continue", (("sfc", "member"),),
     ("Je transforme un besoin en parcours ou en formation sur mesure : devis, convention, sessions, facture, et je réponds aux "
      "appels d’offres.")),
    ("nadia.benali", "Nadia", "Benali", "Responsable de l’alternance", (("cfa", "manager"),),
     "Contrats, réunions de maîtres d’apprentissage, visites : tout a une échéance, et les signatures se relancent toutes seules."),
    ("elodie.guiheneuf", "Élodie", "Guihéneuf", "Gestionnaire des stages", (("iut", "member"),),
     "Huit cents conventions par an : je retrouve le bon établissement, le bon tuteur, et je ne ressaisis rien."),
    ("vincent.delattre", "Vincent", "Delattre", "Responsable du master Énergies marines", (("ufr-sciences", "member"),),
     "Je cherche des professionnels pour enseigner et je prépare le conseil de perfectionnement, entre deux cours."),
    ("aminata.diallo", "Aminata", "Diallo", "Chercheuse, chargée de valorisation",
     (("lamel", "manager"), ("drive", "member")),
     "Thèses CIFRE, expertises, contrats de collaboration : je les vois à côté de tout ce que l’université fait avec l’entreprise."),
    ("sylvain.moyon", "Sylvain", "Moyon", "Référent qualité des données", (("ulv", "data_steward"),),
     "J’intègre les fichiers des services, je tranche les rapprochements douteux et je surveille la qualité."),
    ("isabelle.fontenay", "Isabelle", "Fontenay", "Vice-présidente Partenariats et insertion", (("ulv", "steering"),),
     "Où sommes-nous forts, fragiles, absents ? Quels partenariats s’éteindront ce trimestre si personne ne bouge ?"),
    ("anne-laure.tessier", "Anne-Laure", "Tessier", "Déléguée à la protection des données", (("ulv", "dpo"),),
     "Registre, durées de conservation, demandes des personnes : je réponds sans fouiller dix-sept tableurs."),
    ("hakim.meziane", "Hakim", "Meziane", "Direction du système d’information", (("ulv", "administrator"),),
     "Comptes, entités, sauvegardes, supervision : tout s’administre ici, et rien ne se perd."),
    ("philippe.jolivet", "Philippe", "Jolivet", "Directeur de l’IUT", (("iut", "manager"),),
     "Je veux savoir quelles entreprises font vivre nos deux départements, et lesquelles nous risquons de perdre."),
)  # fmt: skip

# Those who have just signed in for the first time: nobody has given them a role yet. Username, first name, last name, title.
NEWCOMERS = (
    ("lea.pasquier", "Léa", "Pasquier", "Chargée de mission relations entreprises, IAE"),
    ("bastien.querard", "Bastien", "Quérard", "Gestionnaire des stages, UFR Sciences"),
    ("oumou.sylla", "Oumou", "Sylla", "Ingénieure pédagogique, formation continue"),
)

STAFF_TITLES = {
    "ulv": (("Directeur de cabinet", "Directrice de cabinet"), ("Directeur général des services adjoint", "Directrice générale des services adjointe")),
    "ufr-deg": (("Doyen de l’UFR", "Doyenne de l’UFR"), ("Responsable du master Droit social", "Responsable du master Droit social"),
                ("Gestionnaire de scolarité", "Gestionnaire de scolarité")),
    "ufr-llsh": (("Doyen de l’UFR", "Doyenne de l’UFR"), ("Responsable de la licence LEA", "Responsable de la licence LEA"),
                 ("Chargé des stages", "Chargée des stages")),
    "ufr-sciences": (("Doyen de l’UFR", "Doyenne de l’UFR"), ("Responsable du master Informatique", "Responsable du master Informatique"),
                     ("Chargé des relations entreprises", "Chargée des relations entreprises")),
    "ufr-sante": (("Doyen de l’UFR", "Doyenne de l’UFR"), ("Responsable de la licence STAPS", "Responsable de la licence STAPS"),
                  ("Coordinateur des stages", "Coordinatrice des stages")),
    "iut": (("Responsable administratif", "Responsable administrative"), ("Chargé des relations entreprises", "Chargée des relations entreprises")),
    "iut-gea": (("Chef de département", "Cheffe de département"), ("Directeur des études", "Directrice des études")),
    "iut-gmp": (("Chef de département", "Cheffe de département"), ("Directeur des études", "Directrice des études"),
                ("Responsable des projets tutorés", "Responsable des projets tutorés")),
    "iae": (("Directeur de l’IAE", "Directrice de l’IAE"), ("Responsable du master Ressources humaines", "Responsable du master Ressources humaines"),
            ("Assistant relations entreprises", "Assistante relations entreprises")),
    "epu": (("Directeur de l’école", "Directrice de l’école"), ("Directeur des relations industrielles", "Directrice des relations industrielles"),
            ("Gestionnaire des stages", "Gestionnaire des stages")),
    "cfa": (("Directeur du CFA", "Directrice du CFA"), ("Développeur de l’apprentissage", "Développeuse de l’apprentissage"),
            ("Gestionnaire des contrats", "Gestionnaire des contrats")),
    "sfc": (("Directeur du service", "Directrice du service"), ("Conseiller VAE", "Conseillère VAE"),
            ("Ingénieur de formation", "Ingénieure de formation"), ("Gestionnaire financier", "Gestionnaire financière")),
    "drive": (("Directeur de la DRIVE", "Directrice de la DRIVE"), ("Chargé d’affaires partenariats", "Chargée d’affaires partenariats"),
              ("Juriste des contrats de recherche", "Juriste des contrats de recherche")),
    "suio": (("Directeur du SUIO-IP", "Directrice du SUIO-IP"), ("Chargé d’insertion professionnelle", "Chargée d’insertion professionnelle"),
             ("Chargé du forum entreprises", "Chargée du forum entreprises")),
    "fondation": (("Délégué général", "Déléguée générale"), ("Chargé du mécénat", "Chargée du mécénat")),
    "lamel": (("Directeur du laboratoire", "Directrice du laboratoire"), ("Ingénieur de plateforme", "Ingénieure de plateforme")),
    "cetrat": (("Directeur du laboratoire", "Directrice du laboratoire"), ("Ingénieur d’études", "Ingénieure d’études")),
}  # fmt: skip

TAGS = (
    "Alternance", "Stages", "Taxe d’apprentissage", "Mécène", "Parrain de promotion", "Conseil de perfectionnement", "Jury",
    "Projets tutorés", "Intervenants", "CIFRE", "Contrat de recherche", "Forum 2026", "Grand compte", "Start-up", "International",
    "Économie sociale et solidaire", "Transition écologique", "Numérique", "Énergies marines", "Handi-accueillant",
    "Dirigeant ancien étudiant", "Formation continue", "Marché public", "Job-dating", "Insertion", "Visite de site",
)  # fmt: skip
