"""People outside the university: names, functions over time, how they want to be reached."""

import datetime as dt
from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any

from reciproque.demo.drawing import Draw, Name, Weighted, slug, weighted
from reciproque.demo.partner_making import ORDER, Network
from reciproque.demo.specs import PartnerSpec, PersonSpec, PositionSpec, SiteSpec
from reciproque.demo.words import titles

PATTERNS = ("{first}.{last}", "{first}.{last}", "{first}.{last}", "{initial}.{last}", "{last}", "{initial}{last}")
SOURCES = weighted([source for source, _weight in titles.SOURCES], [weight for _source, weight in titles.SOURCES])
REFUSALS = weighted(("request", "left", "bounced", "dispute", "other"), (40, 25, 20, 5, 10))
PERSONAL_TAGS = (
    "Jury",
    "Intervenants",
    "Conseil de perfectionnement",
    "Dirigeant ancien étudiant",
    "Parrain de promotion",
)
BY_KIND: dict[str, Weighted] = {
    kind: weighted(several, [title[3] for title in several])
    for kind, several in {**titles.BY_KIND, "small": titles.SMALL, "big": titles.BIG}.items()
}
INFORMED, INFORMED_OF_LATE, LONG_AGO = 0.985, 0.55, dt.timedelta(days=300)
"""How many people were told that their data were collected: some months ago, or lately; long ago, all were."""


@dataclass
class Crowd:
    """People made so far."""

    network: Network
    people: list[PersonSpec] = field(default_factory=list)
    positions: list[PositionSpec] = field(default_factory=list)
    _emails: set[str] = field(default_factory=set)
    _patterns: dict[str, str] = field(default_factory=dict)
    _headed: set[str] = field(default_factory=set)
    _sites: dict[str, list[SiteSpec]] = field(default_factory=lambda: defaultdict(list))
    _known: dict[str, PartnerSpec] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for site in self.network.sites:
            self._sites[site.partner].append(site)
        self._known = {partner.key: partner for partner in self.network.partners}

    @property
    def draw(self) -> Draw:
        """The network's source of chance."""
        return self.network.draw

    def email(self, who: Name, partner: PartnerSpec) -> str:
        """An address in the partner's domain, or in the person's own when the partner has none; nobody else's."""
        first, last = slug(who.first), slug(who.last)
        pattern = self._patterns.setdefault(partner.key, self.draw.one(PATTERNS))
        domain = self.network.domains[partner.key]
        local = pattern.format(first=first, initial=first[:1], last=last) if domain else first
        name = domain.removesuffix(".example") or f"{first}-{last}"
        found, rank = f"{local}@{name}.example", 2
        while found in self._emails:
            found, rank = f"{local}{rank}@{name}.example", rank + 1
        self._emails.add(found)
        return found

    def title(self, partner: PartnerSpec, who: Name) -> tuple[str, str]:
        """A function, in the gender of the person, and its service; the first one met in a small place is its head."""
        draw, small = self.draw, ORDER.get(partner.headcount_band, 6) < 6
        first = partner.key not in self._headed
        self._headed.add(partner.key)
        if first and small and partner.kind in titles.HEADS and draw.chance(0.75):
            chosen: Any = draw.one(titles.HEADS[partner.kind])
        else:
            kind = partner.kind if partner.kind in BY_KIND else "small" if small else "big"
            chosen = draw.of(BY_KIND[kind])
            while not _fits(chosen, partner):
                chosen = draw.of(BY_KIND[kind])
        title = chosen[1 if who.civility == "Mme" else 0]
        if partner.kind == "school" and not partner.name.startswith("Lycée"):
            title = titles.SCHOOL_HEADS["Collège" if partner.name.startswith("Collège") else ""].get(title, title)
        return title, chosen[2]

    def position(
        self, person: str, partner: PartnerSpec, who: Name, start: dt.date | None, end: dt.date | None
    ) -> None:
        """A function of that person in that partner."""
        sites = self._sites[partner.key]
        site = sites[0] if len(sites) == 1 or self.draw.chance(0.6) else self.draw.one(sites)
        title, service = self.title(partner, who)
        known = title if self.draw.chance(0.94) else ""
        service = service if self.draw.chance(0.5) else ""
        self.positions.append(
            PositionSpec(person, partner.key, site.key if site.state == "A" else "", known, service, start, end)
        )

    def add(self, partner: PartnerSpec, others: Weighted) -> None:
        """Somebody met at that partner, with what came before or goes beside."""
        draw, today, key = self.draw, self.network.today, f"c{len(self.people) + 1:05d}"
        who = self.network.owners.get(partner.key) if partner.key not in self._headed else None
        who = who or draw.name()
        collected = today - dt.timedelta(days=int(draw.random.betavariate(1, 2.2) * 2300) + 1)
        start = draw.day(collected - dt.timedelta(days=2500), collected) if draw.chance(0.6) else None
        moved = left = None
        if partner.kind != "self_employed":
            moved = draw.of(others) if draw.chance(0.09) else None
            left = draw.day(collected, today) if not moved and draw.chance(0.04) else None
        if moved and moved.key != partner.key:
            start = draw.day(collected - dt.timedelta(days=1200), collected)
            begun = draw.day(start - dt.timedelta(days=3600), start - dt.timedelta(days=400))
            self.position(key, moved, who, begun, start - dt.timedelta(days=draw.whole(1, 60)))
        self.position(key, partner, who, start, left)
        if (
            not left
            and draw.chance(0.02)
            and (second := draw.of(others)).key not in {partner.key, moved.key if moved else ""}
        ):
            self.position(key, second, who, None, None)
        self.people.append(self._person(key, who, partner, collected, left))

    def _person(
        self, key: str, who: Name, partner: PartnerSpec, collected: dt.date, left: dt.date | None
    ) -> PersonSpec:
        draw, today, abroad = self.draw, self.network.today, partner.country != "FR"
        email = self.email(who, partner) if draw.chance(0.8) else ""
        refusal = "left" if left and draw.chance(0.3) else draw.of(REFUSALS) if draw.chance(0.017) else ""
        site = self._sites[partner.key][0]
        told = INFORMED if today - collected > dt.timedelta(days=120) else INFORMED_OF_LATE
        informed = draw.day(collected, min(collected + dt.timedelta(days=28), today)) if draw.chance(told) else None
        if today - collected > LONG_AGO:
            informed = informed or collected + dt.timedelta(days=21)
        own = f"{slug(who.first)}@{slug(who.first)}-{slug(who.last)}.example"
        other = (own,) if email and email != own and draw.chance(0.03) else ()
        return PersonSpec(
            key=key, civility=who.civility if draw.chance(0.93) else "", first_name=who.first, last_name=who.last, email=email,
            other_emails=other, phone=draw.landline(site.department) if not abroad and draw.chance(0.45) else "",
            mobile=draw.mobile() if not abroad and draw.chance(0.42) else "",
            languages=self._languages(partner), tags=(draw.one(PERSONAL_TAGS),) if draw.chance(0.12) else (),
            description=draw.one(titles.REMARKS) if draw.chance(0.06) else "",
            channel=draw.of(weighted(("email", "phone", "mobile", "post"), (55, 20, 22, 3))) if draw.chance(0.3) else "",
            do_not_contact=bool(refusal), refusal=refusal,
            refused_on=draw.day(left or collected, today) if refusal else None,
            source=draw.of(SOURCES).format(year=collected.year), collected_on=collected, informed_on=informed, unit=partner.unit,
        )  # fmt: skip

    def _languages(self, partner: PartnerSpec) -> tuple[str, ...]:
        if partner.country != "FR":
            return tuple(dict.fromkeys((*partner.languages, "en")))
        return ("fr", self.draw.one(("en", "en", "es", "de"))) if self.draw.chance(0.06) else ()


def _fits(title: tuple[str, str, str, int], partner: PartnerSpec) -> bool:
    """Town halls have mayors, and those who make things have workshops."""
    if title[0] in {"Maire", "Adjoint au maire"}:
        return partner.name.startswith("Commune")
    if title[0] in {"Psychologue de l’éducation nationale", "Professeur principal de terminale"}:
        return partner.name.startswith("Lycée")
    return title[2] not in titles.WORKSHOP or partner.naf[:2] < "46"


def gather(network: Network, count: int) -> Crowd:
    """That many people: one for each self-employed partner, then more where there is more staff."""
    crowd, draw = Crowd(network), network.draw
    others = [partner for partner in network.partners if partner.kind != "self_employed"]
    sums = weighted(others, [0.5 + ORDER.get(partner.headcount_band, 4) ** 1.25 / 5 for partner in others])
    for partner in network.partners:
        if partner.kind == "self_employed" and len(crowd.people) < count:
            crowd.add(partner, sums)
    for partner in draw.random.sample(others, int(len(others) * 0.82)):
        if len(crowd.people) < count:
            crowd.add(partner, sums)
    while len(crowd.people) < count:
        crowd.add(draw.of(sums), sums)
    return crowd
