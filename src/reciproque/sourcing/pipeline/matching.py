"""Comparison: which partner a row speaks of, or which row before it in the same file.

Candidates come from `MatchKey` by whole chunks, the judgement from `engines.linkage`. A row found new becomes a leader: the
following rows of the same organisation attach to it, so that five lines make one partner.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any

from django.db import connection

from reciproque.directory.models import Partner, Site
from reciproque.directory.reference import commune_of
from reciproque.engines.identifiers import email_domain
from reciproque.engines.linkage import Key, Mention, Verdict, decide, keys, name_key
from reciproque.sourcing.models import Import, MatchKey, SourceRecord

VAGUE = frozenset({"domain", "name_department", "name"})
AT_MOST = 20

FIND = """
SELECT asked.family, asked.value, found.partner_id
FROM unnest(%s::text[], %s::text[]) AS asked(family, value)
CROSS JOIN LATERAL (
  SELECT partner_id FROM sourcing_matchkey known
  WHERE known.family = asked.family AND known.value = asked.value LIMIT %s
) AS found
"""


def mention_of(key: int, partner: dict[str, Any], site: dict[str, Any]) -> Mention:
    """A row as linkage reads it."""
    return Mention(
        key=key, name=partner.get("name") or partner.get("usual_name") or "", siren=partner.get("siren", ""),
        siret=site.get("siret", ""), rna=partner.get("rna", ""), uai=site.get("uai", ""),
        email_domain=email_domain(partner.get("email", "")) if partner.get("email") else "",
        postcode=site.get("postcode", ""), city_code=site.get("city_code") or commune_code(site.get("postcode", ""), site.get("city", "")),
        department=site.get("department", ""),
    )  # fmt: skip


def commune_code(postcode: str, city: str) -> str:
    """The commune that a row's place points at, so that « 49002 ANGERS » and « ANGERS CEDEX 01 » are one town."""
    found = commune_of(postcode, city) if city else None
    return found.code if found else ""


class Matcher:
    """The judge of one import: it remembers the new organisations that the rows so far have named."""

    def __init__(self, run: Import) -> None:
        self._leaders: dict[Key, list[int]] = defaultdict(list)
        self._mentions: dict[int, Mention] = {}
        new = SourceRecord.objects.filter(
            import_run=run, decision=SourceRecord.Decision.NEW, state=SourceRecord.State.READY
        )
        for pk, draft in new.values_list("pk", "draft").iterator():
            self._lead(mention_of(-pk, draft.get("partner", {}), draft.get("site", {})))

    def judge(self, mentions: Sequence[Mention | None]) -> list[Verdict | None]:
        """A verdict for each mention (None for None); candidate > 0 is a partner, < 0 a row of this import."""
        asked = {mention.key: keys(mention) for mention in mentions if mention}
        sure = self._find(key for found in asked.values() for key in found if key.family not in VAGUE)
        left = [number for number, found in asked.items() if not any(sure.get(key) for key in found)]
        vague = self._find(key for number in left for key in asked[number] if key.family in VAGUE)
        partners = candidates_of({pk for found in (*sure.values(), *vague.values()) for pk in found})
        verdicts: list[Verdict | None] = []
        for mention in mentions:
            if mention is None:
                verdicts.append(None)
                continue
            pks = {pk for key in asked[mention.key] for pk in (*sure.get(key, ()), *vague.get(key, ()))}
            known = [nearest(mention, partners[pk]) for pk in sorted(pks) if pk in partners]
            verdict = decide(mention, known + self._rows_like(asked[mention.key]))
            if verdict.decision == "new":
                self._lead(mention_with(mention, -mention.key))
            verdicts.append(verdict)
        return verdicts

    def _lead(self, mention: Mention) -> None:
        self._mentions[mention.key] = mention
        for key in keys(mention):
            bearers = self._leaders[key]
            if len(bearers) < AT_MOST:
                bearers.append(mention.key)

    def _rows_like(self, wanted: Iterable[Key]) -> list[Mention]:
        numbers = {number for key in wanted for number in self._leaders.get(key, ())}
        return [self._mentions[number] for number in sorted(numbers)]

    @staticmethod
    def _find(wanted: Iterable[Key]) -> dict[Key, list[int]]:
        distinct = sorted(set(wanted))
        found: dict[Key, list[int]] = defaultdict(list)
        if distinct:
            with connection.cursor() as cursor:
                cursor.execute(FIND, [[key.family for key in distinct], [key.value for key in distinct], AT_MOST])
                for family, value, partner in cursor.fetchall():
                    found[Key(family, value)].append(partner)
        return found


def mention_with(mention: Mention, key: int) -> Mention:
    """The same mention under another number."""
    return Mention(
        key, mention.name, mention.siren, mention.siret, mention.rna, mention.uai, mention.email_domain, mention.postcode,
        mention.city_code, mention.department,
    )  # fmt: skip


def candidates_of(ids: set[int]) -> dict[int, list[Mention]]:
    """Each partner as linkage reads it: one mention per name and place it is known under."""
    names = dict[int, tuple[Any, ...]]()
    rows = Partner.objects.filter(pk__in=ids).values_list(
        "pk", "name", "usual_name", "acronym", "former_names", "siren", "rna", "email"
    )
    for row in rows:
        names[row[0]] = row
    places: dict[int, list[tuple[str, ...]]] = defaultdict(list)
    sites = Site.objects.filter(partner_id__in=ids).order_by("partner_id", "-is_head", "pk")
    for pk, *place in sites.values_list("partner_id", "siret", "uai", "postcode", "city_code", "department"):
        places[pk].append(tuple(place))
    found: dict[int, list[Mention]] = {}
    for pk, name, usual, acronym, former, siren, rna, email in names.values():
        spelled = [text for text in dict.fromkeys([name, usual, acronym, *former]) if text]
        found[pk] = [
            Mention(pk, text, siren, siret, rna, uai, email_domain(email) if email else "", postcode, code, department)
            for siret, uai, postcode, code, department in places.get(pk) or [("", "", "", "", "")]
            for text in spelled
        ]
    return found


def nearest(mention: Mention, known: list[Mention]) -> Mention:
    """The name and place of a partner that look most like the mention."""
    wanted = name_key(mention.name)

    def likeness(candidate: Mention) -> tuple[bool, ...]:
        return (
            bool(mention.siret) and candidate.siret == mention.siret,
            bool(mention.uai) and candidate.uai == mention.uai,
            name_key(candidate.name) == wanted,
            bool(mention.postcode) and candidate.postcode == mention.postcode,
            bool(mention.city_code) and candidate.city_code == mention.city_code,
            bool(mention.department) and candidate.department == mention.department,
        )

    return max(known, key=likeness)


def refresh_keys(partner_ids: Iterable[int]) -> None:
    """Write the match keys of these partners anew, in bulk."""
    ids = set(partner_ids)
    wanted = {
        (pk, key.family, key.value)
        for pk, mentions in candidates_of(ids).items()
        for mention in mentions
        for key in keys(mention)
    }
    held = {
        (pk, family, value): key
        for key, pk, family, value in MatchKey.objects.filter(partner_id__in=ids).values_list(
            "pk", "partner_id", "family", "value"
        )
    }
    MatchKey.objects.filter(pk__in=[key for line, key in held.items() if line not in wanted]).delete()
    MatchKey.objects.bulk_create(
        [MatchKey(partner_id=pk, family=family, value=value) for pk, family, value in sorted(wanted - held.keys())],
        ignore_conflicts=True,
        batch_size=2000,
    )
