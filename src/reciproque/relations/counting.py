"""Counts made from the pulses: how many partners stand in each state, month by month, and what alike partners do."""

import datetime as dt

from django.db import connection, transaction

from reciproque.relations.models import StateCount

SEEN = "partner.archived_at IS NULL AND partner.sharing <> 'restricted'"
STATES = f"""
INSERT INTO relations_statecount (month, unit_id, state, partners)
SELECT %s, NULL, pulse.state, count(*) FROM relations_pulse pulse
JOIN directory_partner partner ON partner.id = pulse.partner_id WHERE {SEEN} GROUP BY pulse.state
UNION ALL
SELECT %s, pulse.unit_id, pulse.state, count(*) FROM relations_unitpulse pulse
JOIN directory_partner partner ON partner.id = pulse.partner_id WHERE {SEEN} GROUP BY pulse.unit_id, pulse.state
"""
PROFILES = f"""
CREATE TEMP TABLE profile ON COMMIT DROP AS
SELECT partner.id, partner.kind AS nature, partner.kind || ':' || left(partner.naf, 2) AS sector,
  partner.kind || ':' || left(partner.naf, 2) || ':' || partner.size_category AS alike
FROM directory_partner partner JOIN relations_pulse pulse ON pulse.partner_id = partner.id
WHERE {SEEN} AND pulse.last_on > %s
"""
DONE = """
CREATE TEMP TABLE done ON COMMIT DROP AS
SELECT DISTINCT one.partner_id, dispositif.id AS dispositif_id FROM relations_moment one
JOIN relations_dispositif dispositif ON dispositif.code = one.kind
WHERE one.collaboration_id IS NOT NULL AND one.held AND one."on" > %s AND one."on" <= %s
"""
PRACTICES = """
INSERT INTO relations_practice (profile, dispositif_id, partners)
SELECT {profile}, NULL, count(*) FROM profile GROUP BY 1
UNION ALL
SELECT {profile}, done.dispositif_id, count(*) FROM profile JOIN done ON done.partner_id = profile.id GROUP BY 1, 2
"""


def count(*, today: dt.date) -> None:
    """Write the counts of the month anew, and the practices of the last 24 months. Safe to repeat."""
    month, since = today.replace(day=1), today - dt.timedelta(days=731)
    with transaction.atomic(), connection.cursor() as cursor:
        StateCount.objects.filter(month=month).delete()
        cursor.execute(STATES, [month, month])
        cursor.execute(PROFILES, [since])
        cursor.execute(DONE, [since, today])
        cursor.execute("DELETE FROM relations_practice")
        for profile in ("'*'", "nature", "sector", "alike"):
            cursor.execute(PRACTICES.format(profile=profile))
        cursor.execute("DROP TABLE profile, done")


def profiles_of(kind: str, naf: str, size: str) -> list[str]:
    """The profiles of a partner, the closest first."""
    return [f"{kind}:{naf[:2]}:{size}", f"{kind}:{naf[:2]}", kind]
