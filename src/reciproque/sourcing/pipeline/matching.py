"""Comparison: which partner a row speaks of, or which row before it in the same file.

Certain rules first (`engines.linkage.judging`): an official number, the same name in the same place. What they do not settle is
compared by likeness with the whole network (`likening`). A row found new becomes a leader: the following rows of the same
organisation attach to it by the same rules, so that five lines make one partner.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from types import MappingProxyType
from typing import Any

from reciproque.directory.reference import commune_of
from reciproque.engines.identifiers import email_domain
from reciproque.engines.linkage import Key, Mention, Verdict, decide, keys, name_key
from reciproque.sourcing.models import Import, SourceRecord, digest
from reciproque.sourcing.pipeline.known import AT_MOST, VAGUE, Known, find, known
from reciproque.sourcing.pipeline.likening import Said, recognise
from reciproque.sourcing.pipeline.refusals import Refused

NOTHING: Mapping[int, Said] = MappingProxyType({})
UNKEYED: Mapping[int, str] = MappingProxyType({})


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


class Leaders:
    """The new organisations that the rows of an import have named so far, each by its first row."""

    def __init__(self, run: Import) -> None:
        self._rows: dict[int, int | list[int]] = {}  # digest of a key → row, or rows when several
        self._mentions: dict[int, Mention] = {}
        rows = SourceRecord.objects.filter(import_run=run, state=SourceRecord.State.READY, decision__in=["new", "same"])
        for pk, leader, candidate, draft in (
            rows.order_by("line").values_list("pk", "leader", "candidate", "draft").iterator()
        ):
            self.add(mention_of(pk, draft.get("partner", {}), draft.get("site", {})), candidate or -(leader or pk))

    def add(self, mention: Mention, target: int) -> None:
        """Remember what a row calls its organisation: a partner, or the row (negative) that named it first.

        Only the keys that this organisation was not yet known under: a number given on its tenth line counts from there on.
        """
        fresh = [key for key in keys(mention) if all(self._mentions[row].key != target for row in self.like(key))]
        if not fresh:
            return
        self._mentions[mention.key] = replace(mention, key=target)
        for key in fresh:
            number = digest(key)
            held = self._rows.get(number)
            if held is None:
                self._rows[number] = mention.key
            elif isinstance(held, int):
                self._rows[number] = [held, mention.key]
            elif len(held) < AT_MOST:
                held.append(mention.key)

    def like(self, key: Key) -> list[int]:
        """The rows that bear this key."""
        held = self._rows.get(digest(key))
        return [] if held is None else [held] if isinstance(held, int) else held

    def mention(self, row: int) -> Mention:
        """A row as linkage reads it, under the number of what it names."""
        return self._mentions[row]


class Matcher:
    """The judge of rows: against the directory, and against the rows that came before when it is given their leaders.

    None is brought to what somebody `refused`, nor proposed for it.
    """

    def __init__(self, leaders: Leaders | None = None, refused: Refused | None = None) -> None:
        self._leaders = leaders
        self._refused = refused

    def judge(
        self, mentions: Sequence[Mention | None], *, said: Mapping[int, Said] = NOTHING, aside: Collection[int] = frozenset(),
        rows: Mapping[int, str] = UNKEYED,
    ) -> list[Verdict | None]:  # fmt: skip
        """A verdict for each mention (None for None); candidate > 0 is a partner, < 0 a row of this import.

        Partners set aside are not looked at. `said` {key of a mention: what its row says} are compared by likeness as well;
        `rows` {key of a mention: key of its row} tell what was refused of it.
        """
        asked = {mention.key: keys(mention) for mention in mentions if mention}
        bearers = find(key for found in asked.values() for key in found if key.family not in VAGUE)
        partners = known(pk for found in bearers.values() for pk in found if pk not in aside)
        unsure = [key for key, found in asked.items() if not any(bearers.get(one) for one in found)]
        apart = {key: self._refused.of(rows[key]) for key in asked if self._refused and key in rows}
        alike = recognise({key: said[key] for key in unsure if key in said}, apart)
        verdicts: list[Verdict | None] = []
        for mention in mentions:
            if mention is None:
                verdicts.append(None)
                continue
            away = self._refused.of(rows[mention.key]) if self._refused and mention.key in rows else set()
            verdict = self._judge(mention, asked[mention.key], bearers, partners, away)
            liked = alike.get(mention.key)
            if (
                liked
                and liked.candidate not in away
                and verdict.decision != "same"
                and (liked.decision == "same" or liked.score >= verdict.score)
            ):
                verdict = liked
            if self._leaders and verdict.decision != "doubtful":
                self._leaders.add(mention, verdict.candidate or -mention.key)
                if self._refused and mention.key in rows:
                    self._refused.went(rows[mention.key], verdict.candidate or -mention.key)
            verdicts.append(verdict)
        return verdicts

    def _judge(
        self, mention: Mention, asked: Sequence[Key], bearers: Mapping[Key, list[int]], partners: Mapping[int, Known], away: Collection[int],
    ) -> Verdict:  # fmt: skip
        pks = {pk for key in asked for pk in bearers.get(key, ()) if pk in partners and pk not in away}
        candidates = [nearest(mention, partners[pk].mentions) for pk in sorted(pks) if partners[pk].mentions]
        shared: dict[Key, int] = {}
        if self._leaders:
            rows = {row for key in asked for row in self._leaders.like(key)}
            named = [self._leaders.mention(row) for row in sorted(rows)]
            candidates += [one for one in named if one.key not in away]
            shared = {key: len(self._leaders.like(key)) for key in asked if key.family == "domain"}
        return decide(mention, candidates, shared=shared)


def nearest(mention: Mention, mentions: Iterable[Mention]) -> Mention:
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

    return max(mentions, key=likeness)
