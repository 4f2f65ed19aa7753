"""Words and statements out of which `bulk.py` composes a network of any size."""

from reciproque.directory.reference import communes

# Weighted by repetition: what is common in life comes more often.
# ruff: noqa: E501
WORDS: dict[str, list[str]] = {
    "trades": [
        "Mécanique", "Menuiserie", "Transports", "Boulangerie", "Électricité", "Maçonnerie", "Plomberie", "Imprimerie",
        "Informatique", "Conseil", "Études", "Ingénierie", "Architecture", "Chaudronnerie", "Usinage", "Plasturgie", "Emballages",
        "Agroalimentaire", "Laiterie", "Pépinières", "Viticulture", "Négoce", "Logistique", "Déménagements", "Ambulances",
        "Pharmacie", "Optique", "Laboratoire", "Biotechnologies", "Énergie", "Environnement", "Recyclage", "Assainissement",
        "Paysage", "Nettoyage", "Sécurité", "Formation", "Communication", "Édition", "Audiovisuel", "Tourisme", "Hôtellerie",
        "Restauration", "Traiteur", "Textile", "Maroquinerie", "Ébénisterie", "Chantier naval", "Aéronautique", "Robotique",
        "Électronique", "Optronique", "Fonderie", "Forge", "Peinture", "Isolation", "Charpente", "Couverture", "Immobilier",
        "Assurances", "Expertise comptable", "Notaires associés", "Avocats associés", "Géomètres", "Diagnostic", "Maintenance",
    ],
    "openings": [
        "", "", "", "", "Ateliers", "Établissements", "Société", "Groupe", "Maison", "Compagnie", "Entreprise", "Cabinet", "Atelier",
        "Les Artisans", "Coopérative", "Manufacture",
    ],
    "surnames": [
        "Morvan", "Lebreton", "Chauvin", "Perrot", "Guérin", "Lefort", "Marchais", "Pasquier", "Roussel", "Tessier", "Vidal",
        "Ferrand", "Blanchet", "Cochet", "Delmas", "Estève", "Fabre", "Garnier", "Hamon", "Imbert", "Jacquet", "Kermarrec",
        "Lacombe", "Maillard", "Navarro", "Ollivier", "Poirier", "Quentin", "Renaudin", "Sabatier", "Thibault", "Urvoy",
        "Vasseur", "Weber", "Zimmermann", "Bensaïd", "Diallo", "Nguyen", "Ferreira", "Martinez", "Rossi", "Kowalski", "Haddad",
        "Traoré", "Benali", "Carvalho", "Da Silva", "Lopez", "Moreau", "Petit", "Robert", "Durand", "Leroy", "Simon", "Michel",
        "Lefèvre", "Girard", "Bonnet", "Lambert", "Fontaine", "Mercier", "Boyer", "Chevalier", "Gauthier", "Masson", "Barbier",
    ],
    "places": [
        "de l’Ouest", "du Littoral", "de la Vallée", "des Deux Rives", "du Bocage", "de l’Estuaire", "du Plateau", "des Marais",
        "du Val", "de la Côte", "du Haut-Pays", "des Trois Chênes", "du Pont-Neuf", "de la Gare", "du Centre", "de l’Arsenal",
        "Atlantique", "Nord", "Sud", "Océan", "Horizon", "Avenir", "Premium", "Services", "Industrie", "Développement", "Solutions",
    ],
    "forms": ["SARL", "SAS", "SA", "EURL", "SASU", "SCOP", "SNC", ""],
    "missions": [
        "des parents d’élèves", "sportive", "culturelle", "pour l’emploi", "des anciens élèves", "d’aide à domicile",
        "de prévention", "pour l’insertion", "de sauvegarde du patrimoine", "des commerçants", "musicale", "des jeunes",
    ],
    "first_names": [
        "Marie", "Camille", "Léa", "Manon", "Chloé", "Inès", "Sarah", "Julie", "Sophie", "Nathalie", "Isabelle", "Valérie",
        "Sandrine", "Céline", "Aurélie", "Élodie", "Émilie", "Laure", "Hélène", "Fatima", "Aïcha", "Thi Mai", "Anaïs", "Zoé",
        "Pierre", "Paul", "Jean", "Michel", "Philippe", "Thomas", "Nicolas", "Julien", "Antoine", "Mathieu", "Lucas", "Hugo",
        "Karim", "Mohamed", "Yann", "Erwan", "Loïc", "Gaël", "François", "Étienne", "Rémi", "Jérôme", "Benoît", "Olivier",
    ],
    "titles": [
        "gérant", "gérante", "directrice générale", "directeur technique", "responsable des ressources humaines", "DRH",
        "chargée de recrutement", "responsable formation", "maître d’apprentissage", "tuteur de stage", "cheffe d’atelier",
        "ingénieur d’études", "responsable qualité", "assistante de direction", "directeur commercial", "chef de projet",
    ],
    "nafs": [
        "25.62B", "43.32A", "49.41A", "10.71C", "43.21A", "62.01Z", "70.22Z", "71.12B", "56.10A", "68.20B", "47.11F", "86.90D",
        "85.59A", "94.99Z", "84.11Z", "35.11Z", "72.19Z", "28.29B", "30.11Z", "69.20Z", "81.21Z", "93.12Z", "88.10A", "01.21Z",
    ],
    "bands": ["NN", "NN", "NN", "NN", "00", "01", "01", "01", "01", "02", "02", "02", "03", "03", "11", "11", "12", "21", "31", "41", "52"],
    "kinds": ["company"] * 15 + ["association"] * 3 + ["self_employed", "authority"],
    "tags": ["alternance", "stage", "forum", "taxe d’apprentissage", "recherche", "international", "ESS", "ancien élève"],
    "streets": [
        "rue de la République", "avenue Jean-Jaurès", "rue du Port", "rue des Lilas", "boulevard Victor-Hugo", "impasse du Moulin",
        "place de l’Église", "rue Pasteur", "zone artisanale des Landes", "rue de l’Industrie", "chemin des Vignes", "quai de la Loire",
    ],
}  # fmt: skip

PARTNERS = """
INSERT INTO directory_partner (id, origins, version, created_at, updated_at, sharing, name, usual_name, acronym, former_names,
  kind, country, siren, rna, vat, foreign_id, legal_category, naf, naf2025, headcount_band, size_category, register_state,
  diffusion, web, email, phone, languages, tags, description, postcode, city, department, unit_id, referent_id)
SELECT i, '{}', 1, stamp, stamp, CASE WHEN pg_temp.draw(i, 20, 100) < 2 THEN 'unit' ELSE 'network' END,
  CASE WHEN kind = 'association' THEN 'Association ' || pg_temp.pick(i, 1, %(missions)s) || ' ' || town.name
       WHEN kind = 'authority' THEN 'Commune de ' || town.name || ' ' || i
       WHEN kind = 'self_employed' THEN pg_temp.pick(i, 2, %(first_names)s) || ' ' || pg_temp.pick(i, 3, %(surnames)s)
       ELSE trim(concat_ws(' ', nullif(pg_temp.pick(i, 4, %(openings)s), ''), pg_temp.pick(i, 5, %(trades)s),
            CASE pg_temp.draw(i, 6, 3) WHEN 0 THEN pg_temp.pick(i, 7, %(surnames)s) WHEN 1 THEN pg_temp.pick(i, 8, %(places)s)
                 ELSE pg_temp.pick(i, 9, %(surnames)s) || ' ' || pg_temp.pick(i, 10, %(places)s) END,
            nullif(pg_temp.pick(i, 11, %(forms)s), ''))) END,
  '', '', '{}', kind, 'FR', CASE WHEN pg_temp.draw(i, 12, 100) < 85 THEN pg_temp.luhn((10000000 + i)::text) ELSE '' END,
  '', '', '', '', pg_temp.pick(i, 13, %(nafs)s), '', pg_temp.pick(i, 14, %(bands)s), '', 'A', 'O', '',
  CASE WHEN pg_temp.draw(i, 15, 100) < 40 THEN 'contact@p' || i || '.example' ELSE '' END, '', '{}',
  CASE WHEN pg_temp.draw(i, 16, 100) < 12 THEN ARRAY[pg_temp.pick(i, 17, %(tags)s)] ELSE '{}'::text[] END, '',
  town.postcode, town.name, town.department, (%(units)s::bigint[])[1 + pg_temp.draw(i, 18, cardinality(%(units)s::bigint[]))],
  CASE WHEN pg_temp.draw(i, 19, 100) < 30 THEN pg_temp.holder(i, 1 + pg_temp.draw(i, 18, cardinality(%(units)s::bigint[])), 0, %(users)s::bigint[]) END
FROM (SELECT i, pg_temp.pick(i, 30, %(kinds)s) AS kind, pg_temp.draw(i, 31, (SELECT count(*)::int FROM town)) AS n,
        timestamptz '2026-11-01' - make_interval(mins => pg_temp.draw(i, 32, 1500000)) AS stamp
      FROM generate_series(%(start)s::bigint, %(stop)s::bigint) i) row
JOIN town ON town.n = row.n
"""

# One head site each, and up to forty more for the few that are big.
SITES = """
INSERT INTO directory_site (id, origins, version, created_at, updated_at, partner_id, name, siret, uai, is_head, address,
  address_complement, postcode, city, cedex, city_code, department, country, latitude, longitude, phone, email, state)
SELECT p.id * 50 + k, '{}', 1, p.created_at, p.updated_at, p.id, '',
  CASE WHEN p.siren <> '' THEN pg_temp.luhn(p.siren || lpad((k + 1)::text, 4, '0')) ELSE '' END, '', k = 0,
  (1 + pg_temp.draw(p.id, 40 + k, 120)) || ' ' || pg_temp.pick(p.id, 41 + k, %(streets)s), '', town.postcode, town.name, '',
  town.code, town.department, 'FR', town.lat + (pg_temp.draw(p.id, 42 + k, 200) - 100) / 4000.0,
  town.lon + (pg_temp.draw(p.id, 43 + k, 200) - 100) / 3000.0, '', '', 'A'
FROM directory_partner p
CROSS JOIN LATERAL generate_series(0, CASE WHEN pg_temp.draw(p.id, 50, 100) < 1 THEN 40
  WHEN pg_temp.draw(p.id, 50, 100) < 12 THEN 1 + pg_temp.draw(p.id, 51, 4) ELSE 0 END) k
JOIN town ON town.n = CASE WHEN k = 0 THEN pg_temp.draw(p.id, 31, (SELECT count(*)::int FROM town))
  ELSE pg_temp.draw(p.id, 60 + k, (SELECT count(*)::int FROM town)) END
WHERE p.id BETWEEN %(start)s AND %(stop)s
"""

# Two people each on average: none for some, one for most, a dozen for a few.
PEOPLE = """
INSERT INTO directory_person (id, origins, version, created_at, updated_at, sharing, civility, first_name, last_name, email,
  other_emails, phone, mobile, web, languages, tags, description, channel, do_not_contact, refusal, source, collected_on, unit_id)
SELECT p.id * 20 + k, '{}', 1, p.created_at, p.updated_at, 'network', '', pg_temp.pick(p.id, 70 + k, %(first_names)s),
  pg_temp.pick(p.id, 90 + k, %(surnames)s),
  CASE WHEN pg_temp.draw(p.id, 110 + k, 100) < 70 THEN 'personne' || k || '@p' || p.id || '.example' ELSE '' END, '{}',
  '+33199' || lpad(pg_temp.draw(p.id, 130 + k, 1000000)::text, 6, '0'), '', '', '{}', '{}', '', '', false, '', 'reprise',
  p.created_at::date, p.unit_id
FROM directory_partner p
CROSS JOIN LATERAL generate_series(1, CASE WHEN pg_temp.draw(p.id, 150, 100) < 15 THEN 0 WHEN pg_temp.draw(p.id, 150, 100) < 60
  THEN 1 WHEN pg_temp.draw(p.id, 150, 100) < 92 THEN 3 ELSE 8 END) k
WHERE p.id BETWEEN %(start)s AND %(stop)s
"""

POSITIONS = """
INSERT INTO directory_position (id, origins, version, created_at, updated_at, person_id, partner_id, title, service, started_on)
SELECT h.id, '{}', 1, h.created_at, h.updated_at, h.id, h.id / 20, pg_temp.pick(h.id, 160, %(titles)s), '', h.collected_on
FROM directory_person h WHERE h.id BETWEEN %(start)s * 20 AND %(stop)s * 20 + 19
"""

TIES = """
INSERT INTO directory_partnerunit (partner_id, unit_id, status, referent_id, since)
SELECT DISTINCT ON (p.id, drawn.unit_id) p.id, drawn.unit_id, (ARRAY['active', 'active', 'prospect', 'sleeping', 'ended'])[1 + pg_temp.draw(p.id, 170 + k, 5)],
  CASE WHEN pg_temp.draw(p.id, 180 + k, 100) < 30
    THEN pg_temp.holder(p.id, array_position(%(units)s::bigint[], drawn.unit_id), 0, %(users)s::bigint[]) END, p.created_at::date
FROM directory_partner p
CROSS JOIN LATERAL generate_series(1, CASE WHEN pg_temp.draw(p.id, 190, 100) < 60 THEN 1 WHEN pg_temp.draw(p.id, 190, 100) < 85
  THEN 2 ELSE 4 END) k
CROSS JOIN LATERAL (SELECT (%(units)s::bigint[])[1 + pg_temp.draw(p.id, 200 + k, cardinality(%(units)s::bigint[]))] AS unit_id) drawn
WHERE p.id BETWEEN %(start)s AND %(stop)s
"""

STATEMENTS = (PARTNERS, SITES, PEOPLE, POSITIONS, TIES)


def towns() -> list[tuple[str, str, str, str, float, float]]:
    """Every present commune that has a place, repeated once per 3,000 inhabitants: name, postcode, département, code, place."""
    rows = []
    for commune in sorted(communes().values(), key=lambda found: (-found.population, found.code)):
        if commune.kind or commune.latitude is None or commune.longitude is None or not commune.postcodes:
            continue
        row = (
            commune.name,
            commune.postcodes[0],
            commune.department,
            commune.code,
            commune.latitude,
            commune.longitude,
        )
        rows += [row] * max(1, commune.population // 3000)
    return rows
