"""Statements out of which `bulk_relations.py` composes the life of a network: few partners have much, many have nothing.

A row is drawn from the number of its partner and its rank (`key`), so that a network is always the same on a same day.
"""

# ruff: noqa: E501
WORDS: dict[str, list[str]] = {
    "meeting_kinds": ["meeting", "meeting", "meeting", "visit", "visit", "video"],
    "other_kinds": ["call", "call", "email", "email", "message", "note"],
    "subjects": [
        "Point sur les stages", "Bilan de l’année", "Accueil des alternants", "Visite de l’atelier", "Préparation du forum",
        "Projet tutoré", "Recrutement de juniors", "Taxe d’apprentissage", "Suivi de la convention", "Conseil de perfectionnement",
        "Besoin en formation", "Intervention en cours", "Journée portes ouvertes", "Suivi d’un apprenti", "Échange avec la DRH",
    ],
    "texts": [
        "Bon accueil. Ils prendront **deux stagiaires** au printemps et demandent le calendrier des soutenances.",
        "La directrice change de poste en septembre ; reprendre contact avec son successeur.",
        "Intéressés par une intervention devant la promotion de master. À rappeler après les vacances.",
        "Convention relue : il manque l’annexe financière. Nous l’envoyons cette semaine.",
    ],
    "needs": [
        "Former deux techniciens à la soudure", "Recruter un ingénieur d’études", "Accueillir des stagiaires", "Passer à la GMAO",
        "Analyser des matériaux", "Trouver un alternant en comptabilité",
    ],
    "need_kinds": ["skill", "recruitment", "trainee", "method", "research", "trainee"],
    "asked": [
        "Participer au forum des métiers", "Accueillir une visite d’étudiants", "Siéger à un jury", "Verser le solde de la taxe",
        "Proposer une alternance", "Intervenir en cours",
    ],
    "tasks": ["Rappeler", "Envoyer la convention", "Proposer une date", "Relancer pour la taxe", "Remercier"],
    "states": ["done"] * 11 + ["under_way"] * 2 + ["agreed", "proposed", "idea", "declined", "declined", "stopped"],
}  # fmt: skip

# How much a partner has: a quarter nothing, most a little, one in a thousand hundreds, the first one ten thousand.
LIVES = """
CREATE TEMP TABLE life AS SELECT p.id, p.unit_id AS unit, p.created_at::date AS since,
  CASE WHEN p.id = %(first)s THEN 10000 WHEN grade < 250 THEN 0 WHEN grade < 650 THEN 1 + pg_temp.draw(p.id, 301, 5)
    WHEN grade < 860 THEN 6 + pg_temp.draw(p.id, 302, 19) WHEN grade < 975 THEN 20 + pg_temp.draw(p.id, 303, 50)
    WHEN grade < 999 THEN 70 + pg_temp.draw(p.id, 304, 140) ELSE 200 + pg_temp.draw(p.id, 305, 400) END AS exchanges,
  CASE WHEN grade < 350 THEN 0 WHEN grade < 800 THEN pg_temp.draw(p.id, 306, 3) WHEN grade < 975 THEN 1 + pg_temp.draw(p.id, 307, 4)
    ELSE 4 + pg_temp.draw(p.id, 308, 5) END AS joint
FROM (SELECT *, pg_temp.draw(id, 300, 1000) AS grade FROM directory_partner) p
"""

# Collaborations: their dispositif's usual quantities. Their number is known from their partner's (nine at most).
COLLABORATIONS = """
INSERT INTO relations_collaboration (id, sharing, version, created_at, updated_at, title, text, state, reason, moved_on, starts_on, ends_on,
  given, received, given_points, received_points, author_id, partner_id, unit_id, dispositif_id)
SELECT key, sharing, 1, starts_on - 30, starts_on, kind.name, '', state, CASE WHEN state IN ('declined', 'stopped') THEN 'Pas cette année' ELSE '' END,
  least(starts_on, %(today)s::date), starts_on, CASE WHEN kind.counting = 'both_ends' THEN starts_on + 40 + pg_temp.draw(key, 323, 120) END,
  kind.to_partner, kind.to_university, kind.given_points, kind.received_points,
  pg_temp.holder(partner, array_position(%(units)s::bigint[], unit), pg_temp.draw(key, 324, 2), %(users)s::bigint[]), partner, unit, kind.id
FROM (SELECT key, id AS partner, unit, pg_temp.pick(key, 320, %(states)s) AS state,
    CASE WHEN pg_temp.draw(key, 321, 100) < 90 THEN 'network' WHEN pg_temp.draw(key, 321, 100) < 98 THEN 'unit' ELSE 'restricted' END AS sharing,
    %(today)s::date + CASE pg_temp.pick(key, 320, %(states)s) WHEN 'agreed' THEN 1 + pg_temp.draw(key, 322, 150)
      WHEN 'under_way' THEN -pg_temp.draw(key, 322, 40) WHEN 'proposed' THEN 20 + pg_temp.draw(key, 322, 150)
      ELSE -200 - pg_temp.draw(key, 322, 1300) END AS starts_on,
    (%(kinds)s::bigint[])[1 + pg_temp.draw(key, 325, cardinality(%(kinds)s::bigint[]))] AS dispositif
  FROM (SELECT id, unit, id * 10 + rank AS key FROM life, generate_series(1, joint) rank) drawn) row
JOIN relations_dispositif kind ON kind.id = row.dispositif
"""

# Exchanges: two in three are meetings (of the ten thousand, one in twelve); recent ones come more often; three in a hundred are planned, some in ten thousand to be confirmed.
INTERACTIONS = """
INSERT INTO relations_interaction (sharing, version, created_at, updated_at, kind, state, "on", place, subject, text, met, source,
  author_id, collaboration_id, partner_id, unit_id)
SELECT sharing, 1, least(day, %(today)s::date), least(day, %(today)s::date), kind, state, day, '', pg_temp.pick(key, 341, %(subjects)s),
  CASE WHEN pg_temp.draw(key, 342, 100) < 25 THEN pg_temp.pick(key, 343, %(texts)s) ELSE '' END, met AND state <> 'cancelled', 'hand',
  pg_temp.holder(partner, array_position(%(units)s::bigint[], seat), pg_temp.draw(key, 344, 2), %(users)s::bigint[]),
  CASE WHEN joint > 0 AND pg_temp.draw(key, 345, 100) < 12 THEN partner * 10 + 1 + pg_temp.draw(key, 346, joint) END, partner, seat
FROM (SELECT key, partner, joint, met, CASE WHEN met THEN pg_temp.pick(key, 331, %(meeting_kinds)s) ELSE pg_temp.pick(key, 332, %(other_kinds)s) END AS kind,
    CASE WHEN pg_temp.draw(key, 333, 100) < 70 THEN unit ELSE (%(units)s::bigint[])[1 + pg_temp.draw(key, 334, cardinality(%(units)s::bigint[]))] END AS seat,
    CASE WHEN pg_temp.draw(key, 335, 100) < 89 THEN 'network' WHEN pg_temp.draw(key, 335, 100) < 98 THEN 'unit' ELSE 'restricted' END AS sharing,
    CASE WHEN chance < 300 AND met OR chance < 302 THEN 'planned' WHEN chance > 9900 THEN 'cancelled' ELSE 'done' END AS state,
    %(today)s::date + CASE WHEN chance < 2 THEN -1 - pg_temp.draw(key, 336, 20) WHEN chance < 300 AND met THEN 1 + pg_temp.draw(key, 336, 200)
      ELSE -(1900 * power(pg_temp.draw(key, 337, 10000) / 10000.0, 1.7))::int END AS day
  FROM (SELECT id AS partner, unit, joint, key, pg_temp.draw(key, 330, 100) < CASE WHEN exchanges < 10000 THEN 65 ELSE 8 END AS met, pg_temp.draw(key, 338, 10000) AS chance
    FROM (SELECT id, unit, joint, exchanges, id * 20000 + rank AS key FROM life, generate_series(1, exchanges) rank) numbered) drawn) row
"""

# Who was there, for the meetings of the last three years.
PEOPLE_THERE = """
INSERT INTO relations_interactionperson (interaction_id, person_id)
SELECT one.id, held.person_id FROM relations_interaction one
JOIN directory_position held ON held.id = one.partner_id * 20 + 1 + pg_temp.draw(one.id, 350, 3) AND held.partner_id = one.partner_id
WHERE one.met AND one."on" > %(today)s::date - 1000
"""
COLLEAGUES_THERE = """
INSERT INTO relations_interactioncolleague (interaction_id, user_id, mentioned)
SELECT id, author_id, false FROM relations_interaction WHERE met AND "on" > %(today)s::date - 1000
"""
PARTS = """
INSERT INTO relations_collaborationpart (collaboration_id, person_id, user_id, role)
SELECT one.id, held.person_id, NULL::bigint, '' FROM relations_collaboration one
JOIN directory_position held ON held.id = one.partner_id * 20 + 1 AND held.partner_id = one.partner_id
UNION ALL SELECT id, NULL, author_id, '' FROM relations_collaboration WHERE pg_temp.draw(id, 351, 100) < 70
"""
READERS = """
INSERT INTO relations_{kind}reader ({kind}_id, user_id) SELECT id, author_id FROM relations_{kind} WHERE sharing = 'restricted'
"""
NEEDS = """
INSERT INTO relations_need (sharing, version, created_at, updated_at, kind, title, text, rome, state, reason, author_id, partner_id, unit_id)
SELECT CASE WHEN pg_temp.draw(id, 361, 10) < 9 THEN 'network' ELSE 'unit' END, 1, stamp, stamp, pg_temp.pick(id, 362, %(need_kinds)s),
  pg_temp.pick(id, 363, %(needs)s), '', '', (ARRAY['open', 'open', 'answered', 'answered', 'dropped'])[1 + pg_temp.draw(id, 364, 5)],
  CASE WHEN pg_temp.draw(id, 364, 5) = 4 THEN 'Budget reporté' ELSE '' END, pg_temp.holder(id, array_position(%(units)s::bigint[], unit), 0, %(users)s::bigint[]), id, unit
FROM (SELECT *, %(today)s::timestamp - make_interval(days => pg_temp.draw(id, 365, 700)) AS stamp FROM life) life
WHERE pg_temp.draw(id, 360, 100) < 8
"""
SOLICITATIONS = """
INSERT INTO relations_solicitation (sharing, version, created_at, updated_at, subject, "on", state, answer, override, author_id, dispositif_id,
  partner_id, person_id, unit_id)
SELECT 'network', 1, least(day, %(today)s::date), least(day, %(today)s::date), pg_temp.pick(key, 372, %(asked)s), day,
  CASE WHEN day > %(today)s::date THEN 'planned' ELSE (ARRAY['asked', 'accepted', 'declined', 'silent'])[1 + pg_temp.draw(key, 373, 4)] END, '', '',
  pg_temp.holder(partner, array_position(%(units)s::bigint[], seat), pg_temp.draw(key, 374, 2), %(users)s::bigint[]),
  (%(kinds)s::bigint[])[1 + pg_temp.draw(key, 375, cardinality(%(kinds)s::bigint[]))], partner, held.person_id, seat
FROM (SELECT id AS partner, key, %(today)s::date + 30 - pg_temp.draw(key, 371, 760) AS day,
    CASE WHEN pg_temp.draw(key, 377, 2) = 0 THEN unit ELSE (%(units)s::bigint[])[1 + pg_temp.draw(key, 378, cardinality(%(units)s::bigint[]))] END AS seat
  FROM (SELECT id, unit, id * 10 + rank AS key FROM life, generate_series(1, CASE WHEN exchanges > 19 THEN 3 ELSE pg_temp.draw(id, 370, 2) END) rank) drawn) row
LEFT JOIN directory_position held ON held.id = partner * 20 + 1 AND held.partner_id = partner
"""
TASKS = """
INSERT INTO relations_task (title, due_on, recurrence, private, done_at, created_at, owner_id, author_id, unit_id, partner_id)
SELECT pg_temp.pick(id, 382, %(tasks)s), due, '', false, CASE WHEN done THEN due::timestamp END, due - 20, owner, owner, unit, id
FROM (SELECT id, unit, pg_temp.draw(id, 383, 100) < 97 AS done, pg_temp.holder(id, array_position(%(units)s::bigint[], unit), 0, %(users)s::bigint[]) AS owner,
    %(today)s::date + CASE WHEN pg_temp.draw(id, 383, 100) < 97 THEN -pg_temp.draw(id, 384, 900) ELSE pg_temp.draw(id, 384, 90) - 10 END AS due
  FROM life WHERE pg_temp.draw(id, 381, 100) < 15) drawn
"""
# One partner in five hundred was handed to another unit, or to another colleague; a few things are asked to be read.
REFERRALS = """
INSERT INTO relations_referral (subject, text, due_on, state, reason, created_at, author_id, from_unit_id, partner_id, to_unit_id)
SELECT pg_temp.pick(id, 391, %(needs)s), '', %(today)s::date + pg_temp.draw(id, 392, 30), CASE WHEN pg_temp.draw(id, 393, 10) = 0 THEN 'waiting' ELSE 'accepted' END,
  '', %(today)s::date - 10, pg_temp.holder(id, array_position(%(units)s::bigint[], unit), 0, %(users)s::bigint[]), unit, id,
  (%(units)s::bigint[])[1 + array_position(%(units)s::bigint[], unit) %% cardinality(%(units)s::bigint[])]
FROM life WHERE pg_temp.draw(id, 390, 500) = 0
"""
HANDOVERS = """
INSERT INTO relations_handover (state, at, by_id, now_id, partner_id, was_id)
SELECT 'waiting', %(today)s::timestamp - make_interval(days => pg_temp.draw(p.id, 396, 60)), NULL, p.referent_id, p.id, was
FROM directory_partner p,
  LATERAL (SELECT pg_temp.holder(p.id, array_position(%(units)s::bigint[], p.unit_id), 1, %(users)s::bigint[]) AS was) drawn
WHERE pg_temp.draw(p.id, 394, 500) = 0 AND p.referent_id IS NOT NULL AND was <> p.referent_id
"""
REQUESTS = """
INSERT INTO relations_accessrequest (text, state, created_at, asked_of_id, interaction_id, user_id)
SELECT 'Je prépare un rendez-vous.', 'waiting', %(today)s::date - 2, one.author_id, one.id, asker
FROM relations_interaction one,
  LATERAL (SELECT (%(users)s::bigint[])[1 + pg_temp.draw(one.id, 398, cardinality(%(users)s::bigint[]))] AS asker) drawn
WHERE one.sharing = 'unit' AND asker <> one.author_id AND pg_temp.draw(one.id, 397, 20000) = 0
"""
# Homonyms wait for somebody's judgement: at most one partner in twenty.
PAIRS = """
INSERT INTO sourcing_judgement (kind, low, high, score, reasons, gain, verdict, found_at, likelihood, model, weighed_at)
SELECT 'partner', least(id, other), greatest(id, other), 0.8, '["name_close"]', pg_temp.draw(id, 401, 1000) / 1000.0, 'open', %(today)s::date,
  (300 + pg_temp.draw(id, 402, 650)) / 1000.0, 'mesure', %(today)s::date
FROM (SELECT id, name_key, lead(id) OVER named AS other, lead(name_key) OVER named AS next FROM directory_partner WINDOW named AS (ORDER BY name_key, id)) row
WHERE name_key = next LIMIT (SELECT count(*) / 20 FROM directory_partner)
"""
TARGETS = """
INSERT INTO relations_target (partner_id, floor, goal) SELECT id, 3, 4 + pg_temp.draw(id, 405, 3) FROM life WHERE pg_temp.draw(id, 404, 200) = 0
"""

STATEMENTS: dict[str, str] = {
    "collaborations": COLLABORATIONS, "interactions": INTERACTIONS, "people": PEOPLE_THERE, "colleagues": COLLEAGUES_THERE, "parts": PARTS,
    "readers": READERS.format(kind="interaction"), "readers of collaborations": READERS.format(kind="collaboration"), "needs": NEEDS,
    "solicitations": SOLICITATIONS, "tasks": TASKS, "referrals": REFERRALS, "handovers": HANDOVERS, "requests": REQUESTS, "pairs": PAIRS,
    "targets": TARGETS,
}  # fmt: skip
