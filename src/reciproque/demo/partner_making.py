"""Partners: companies alone and in groups, public bodies, associations, with their sites and ties."""

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from reciproque.demo.drawing import Draw, Name, Place, luhn, short_slug, weighted
from reciproque.demo.specs import PartnerSpec, SiteSpec, UnitLinkSpec
from reciproque.demo.words import companies, organisations
from reciproque.demo.words.companies import BANDS, SECTORS, Sector
from reciproque.demo.words.institution import TAGS
from reciproque.demo.words.organisations import FAMILIES, UNIQUE
from reciproque.demo.words.places import FOREIGN
from reciproque.directory.reference import place_key
from reciproque.directory.reference.places import communes_named
from reciproque.engines.identifiers import fold

ORDER = {band: rank for rank, band in enumerate(BANDS)}
LETTERS = "ABCDEFGHJKLMNPRSTUVWXYZ"
STATUSES = weighted(("active", "prospect", "sleeping", "ended"), (58, 17, 17, 8))
SECTOR = weighted(tuple(SECTORS.values()), [sector.weight for sector in SECTORS.values()])
BAND = {lean: weighted(BANDS, shares) for lean, shares in companies.SHARES.items()}
LEAST_TOWN = {
    "32": 3_000,
    "41": 6_000,
    "42": 10_000,
    "51": 20_000,
    "52": 30_000,
}  # inhabitants where such a head office is found
TOPICS = {  # tag → divisions of activity it may be said of
    "Énergies marines": ("30", "33", "35", "71", "72", "84", "94"),
    "Numérique": ("26", "58", "61", "62", "63", "72"),
    "Start-up": ("21", "26", "35", "58", "62", "63", "72"),
    "Contrat de recherche": ("10", "20", "21", "22", "26", "28", "30", "35", "36", "38", "62", "71", "72", "84", "86"),
}
NOT_PUBLIC = frozenset(
    {"Taxe d’apprentissage", "Mécène", "Start-up", "Grand compte", "CIFRE", "Dirigeant ancien étudiant"}
)
NOT_SMALL = frozenset({"CIFRE", "Contrat de recherche", "Mécène", "Forum 2026", "Handi-accueillant", "Job-dating"})
MADE_OF_VOWELS = "aeiouyh"
SELF_EMPLOYED = (
    ("85.59A", ("sfc", "ufr-llsh")), ("70.22Z", ("iae", "sfc")), ("74.10Z", ("ufr-llsh",)), ("62.01Z", ("ufr-sciences",)),
    ("74.30Z", ("ufr-llsh",)), ("71.11Z", ("epu",)), ("86.90E", ("ufr-sante",)), ("69.10Z", ("ufr-deg",)),
)  # fmt: skip


def of_(noun: str) -> str:
    """« de menuiserie », « d’usinage »."""
    return f"d’{noun}" if fold(noun)[:1] in MADE_OF_VOWELS and not noun.startswith("h") else f"de {noun}"


@dataclass
class Staff:
    """Who may carry ties: usernames by unit code, and those who may be référent of the whole establishment."""

    by_unit: dict[str, Sequence[str]]
    central: Sequence[str]


@dataclass
class Network:
    """Partners made so far, with what hangs on them."""

    draw: Draw
    staff: Staff
    today: dt.date
    prefix: str = "p"
    partners: list[PartnerSpec] = field(default_factory=list)
    sites: list[SiteSpec] = field(default_factory=list)
    links: list[UnitLinkSpec] = field(default_factory=list)
    domains: dict[str, str] = field(default_factory=dict)
    owners: dict[str, Name] = field(default_factory=dict)
    _names: set[str] = field(default_factory=set)
    reserved: set[str] = field(default_factory=set)

    def fresh(self, make: Callable[[], str]) -> str:
        """The first name made that nobody bears yet."""
        for _attempt in range(60):
            name = make()
            if fold(name) not in self._names:
                break
        else:
            name = f"{name} {self.draw.surname()}"
        self._names.add(fold(name))
        return name

    def domain(self, name: str, city: str) -> str:
        """An address of the web for that name, under `.example`."""
        short = short_slug(name)
        found, rank = short, 2
        if found in self.reserved:
            short = found = f"{short}-{short_slug(city)}"
        while found in self.reserved:
            found, rank = f"{short}{rank}", rank + 1
        self.reserved.add(found)
        return f"{found}.example"

    def add(
        self, *, name: str, place: Place, units: Sequence[str], sites: int = 0, near: bool = True, **about: Any
    ) -> PartnerSpec:
        """Write a partner, its head site, `sites` more, and its ties with units."""
        draw, key = self.draw, f"{self.prefix}{len(self.partners) + 1:04d}"
        called = about.get("usual_name") or about.get("acronym") or name
        band = about.get("headcount_band", "")
        online = draw.chance(0.55 + 0.04 * ORDER.get(band, 0))
        domain = self.domain(called, place.city) if online else ""
        self.domains[key] = domain
        ties = self._ties(key, units, band)
        phone = draw.landline(place.department) if about.get("country", "FR") == "FR" and draw.chance(0.7) else ""
        partner = PartnerSpec(
            key=key, name=name, usual_name="", acronym="", former_names=(), kind="company", country="FR", siren="", rna="",
            foreign_id="", legal_category="", naf="", headcount_band="", headcount_year=2024 if band else None, size_category="",
            parent="", web=f"https://www.{domain}" if domain and draw.chance(0.8) else "",
            email=f"{draw.one(('contact', 'contact', 'accueil', 'info'))}@{domain}" if domain and draw.chance(0.75) else "",
            phone=phone, languages=(),
            tags=self._tags(about.get("kind", "company"), about.get("naf", ""), band, ties), description="", unit=ties[0].unit,
            referent=self._referent(ties, band), sharing="network", readers=(),
        )  # fmt: skip
        partner = replace(partner, **about)
        if draw.chance(0.03):
            partner = replace(partner, sharing="unit")
        elif draw.chance(0.004) and ties[0].referent:
            partner = replace(partner, sharing="restricted", readers=(ties[0].referent,))
        self.partners.append(partner)
        self.links += ties
        self._sites(partner, place, sites, near=near)
        return partner

    def _ties(self, key: str, units: Sequence[str], band: str) -> list[UnitLinkSpec]:
        draw, big = self.draw, ORDER.get(band, 3)
        count = draw.of(weighted((1, 2, 3, 4, 5), (60, 24, 10, 4, 2) if big < 7 else (30, 30, 20, 13, 7)))
        chosen: list[str] = []
        everywhere = list(self.staff.by_unit)
        for rank in range(count):
            pool = [unit for unit in units if unit not in chosen]
            outside = not pool or (rank and draw.chance(0.2))
            unit = draw.one([u for u in everywhere if u not in chosen]) if outside else draw.one(pool)
            chosen.append(unit)
        found = []
        for unit in chosen:
            status = draw.of(STATUSES)
            referent = draw.one(self.staff.by_unit[unit]) if draw.chance(0.85 if status == "active" else 0.35) else ""
            since = self.today - dt.timedelta(days=int(draw.random.betavariate(1.1, 2.6) * 5000) + 5)
            found.append(UnitLinkSpec(key, unit, status, referent, since))
        return found

    def _referent(self, ties: list[UnitLinkSpec], band: str) -> str:
        share = 0.8 if len(ties) > 2 or ORDER.get(band, 0) > 9 else 0.15
        if not self.draw.chance(share):
            return ""
        return self.draw.one(self.staff.central) if self.draw.chance(0.5) else ties[0].referent

    def _tags(self, kind: str, naf: str, band: str, ties: list[UnitLinkSpec]) -> tuple[str, ...]:
        if not any(tie.status == "active" for tie in ties) and self.draw.chance(0.8):
            return ()
        count = self.draw.of(weighted((0, 1, 2, 3, 4), (34, 30, 20, 11, 5)))
        barred = (NOT_PUBLIC if kind != "company" else frozenset()) | (
            NOT_SMALL if ORDER.get(band, 0) < 5 else frozenset()
        )
        barred |= {tag for tag, divisions in TOPICS.items() if naf[:2] not in divisions}
        pool = [tag for tag in TAGS if tag not in barred and (tag != "Grand compte" or ORDER.get(band, 0) >= 10)]
        found: list[str] = []
        while len(found) < count:
            tag = pool[int(self.draw.random.random() ** 1.7 * len(pool))]
            if tag not in found:
                found.append(tag)
        return tuple(found)

    def _sites(self, partner: PartnerSpec, place: Place, more: int, *, near: bool) -> None:
        draw, abroad = self.draw, partner.country != "FR"
        rank = draw.whole(1, 3)
        for number in range(more + 1):
            if number:
                rank += draw.whole(1, 2)
                place = draw.place(near=near or draw.chance(0.5))
            cedex = f"{place.city} Cedex" if not number and draw.chance(0.05) and not abroad else ""
            named = partner.usual_name or partner.name
            self.sites.append(
                SiteSpec(
                    key=f"{partner.key}-{number + 1}", partner=partner.key,
                    name=f"{named} – {place.city}" if number and draw.chance(0.5) else "",
                    siret=luhn(f"{partner.siren}{rank:04d}") if partner.siren else "", uai=self._uai(partner, number),
                    is_head=not number, address=partner_address(partner, draw), postcode=place.postcode, city=place.city,
                    cedex=cedex, city_code=place.code, department=place.department, country=partner.country,
                    latitude=place.latitude, longitude=place.longitude,
                    phone=draw.landline(place.department) if number and draw.chance(0.5) else "", email="",
                    state="F" if number and draw.chance(0.06) else "A",
                )
            )  # fmt: skip

    def _uai(self, partner: PartnerSpec, number: int) -> str:
        if partner.kind != "school" or number or partner.naf not in {"85.31Z", "85.32Z"}:
            return ""
        digits = 9_900_000 + int(partner.key.lstrip("pn"))
        return f"{digits}{LETTERS[digits % 23]}"


def partner_address(partner: PartnerSpec, draw: Draw) -> str:
    """A street; for a foreign partner, its own."""
    if partner.country != "FR":
        return next(row[3] for row in FOREIGN if row[4] == partner.foreign_id and row[0] == partner.country)
    return draw.street(area=0.35 if partner.kind == "company" else 0.03)


def coined(draw: Draw) -> str:
    """A name that means nothing: « Arvelis », « Kervialance »."""
    return draw.one(companies.BEGINNINGS) + draw.one(companies.ENDINGS)


def company_name(draw: Draw, sector: Sector, band: str) -> dict[str, Any]:
    """Legal name, usual name, acronym, activity: trades bear a family's name, bigger companies a coined one."""
    rank = ORDER[band]
    chance, craft = draw.random.random(), draw.one(sector.crafts) if sector.crafts else ""
    if not craft or rank >= 9 or chance < (0.22 if rank < 5 else 0.5 if rank < 8 else 0.75):
        root = draw.one(companies.IMAGES) if rank < 9 and draw.chance(0.4) else coined(draw)
        usual = f"{root} {draw.one(sector.endings)}" if draw.chance(0.62) else root
        tail = "" if draw.chance(0.85) else f" {draw.one(('France', 'Ouest', 'Atlantique', 'Développement'))}"
        return {"name": usual + tail, "naf": draw.one(sector.nafs)}
    naf = companies.CRAFT_NAF.get(craft) or draw.one(sector.nafs)
    if chance < 0.82:
        return {"naf": naf, **_family_name(draw, craft)}
    toponym = draw.one(companies.TOPONYMS)
    if craft in companies.SOCIETY and rank > 2 and draw.chance(0.55):
        name = f"Société {of_(craft[:1].lower() + craft[1:])} {toponym}"
        letters = "".join(word[0] for word in short_slug(name).split("-")).upper()
        return {"naf": naf, "name": name, "acronym": letters if len(letters) > 2 else ""}
    return {"naf": naf, "name": f"{craft} {toponym}"}


def _family_name(draw: Draw, craft: str) -> dict[str, Any]:
    family = draw.surname()
    tail = draw.of(weighted(("", " et Fils", " Frères", f" & {draw.surname()}", " et Associés"), (70, 10, 4, 10, 6)))
    usual, formal = f"{craft} {family}{tail}", draw.of(weighted(("", "SARL", "Établissements"), (72, 18, 10)))
    if formal == "Établissements":
        return {"name": f"Établissements {family}{tail or f' & {draw.surname()}'}", "usual_name": usual}
    return {"name": f"{formal} {usual}".strip(), "usual_name": usual if formal else ""}


def legal_of(draw: Draw, sector: Sector, band: str) -> str:
    """A legal category that such a company has."""
    if "69.10Z" in sector.nafs:
        return str(draw.of(weighted(("5785", "5485", "6589"), (5, 4, 1))))
    if "01.21Z" in sector.nafs and draw.chance(0.7):
        return draw.one(("6598", "6598", "6533", "6597"))
    if ORDER[band] < 5:
        return str(draw.of(weighted(("5499", "5710", "1000", "5458"), (45, 42, 10, 3))))
    if ORDER[band] < 9:
        return str(draw.of(weighted(("5710", "5499", "5599", "5458", "6317"), (66, 22, 7, 3, 2))))
    return str(draw.of(weighted(("5710", "5599", "5699"), (66, 25, 9))))


def size_of(band: str) -> str:
    """INSEE's category of a company alone."""
    return "GE" if ORDER[band] >= 14 else "ETI" if ORDER[band] >= 10 else "PME"


def add_company(network: Network) -> PartnerSpec:
    """A company on its own."""
    draw = network.draw
    sector = draw.of(SECTOR)
    band = draw.of(BAND[sector.lean])
    near = draw.chance(0.95 - 0.035 * ORDER[band])
    named: dict[str, Any] = {}

    def make() -> str:
        named.clear()
        named.update(company_name(draw, sector, band))
        return str(named["name"])

    name = network.fresh(make)
    named.pop("name")
    former = (f"{draw.one(sector.crafts or sector.endings)} {draw.surname()}",) if draw.chance(0.05) else ()
    more = (
        0
        if ORDER[band] < 6
        else draw.of(weighted((0, 1, 2, 3, 5), (60, 22, 10, 5, 3) if ORDER[band] < 10 else (15, 25, 25, 20, 15)))
    )
    return network.add(
        name=name, place=draw.place(near=near, least=LEAST_TOWN.get(band, 0)), units=sector.units, sites=more, near=near, former_names=former,
        siren=draw.siren() if draw.chance(0.96) else "", headcount_band=band,
        legal_category="5499" if name.startswith("SARL") else legal_of(draw, sector, band), size_category=size_of(band), **named,
    )  # fmt: skip


def add_group(network: Network, count: int) -> None:
    """A group: its head and `count` subsidiaries, which bear its name."""
    draw = network.draw
    sector = draw.of(weighted(tuple(SECTORS.values()), [s.weight if s.lean > -1 else 0 for s in SECTORS.values()]))
    root = network.fresh(lambda: coined(draw))
    near = draw.chance(0.5)
    size, bands = (
        ("GE", ("32", "41", "42", "42", "51", "52")) if draw.chance(0.3) else ("ETI", ("22", "32", "41", "42"))
    )
    head = network.add(
        name=f"Groupe {root}" if draw.chance(0.6) else f"{root} Holding" if draw.chance(0.4) else f"{root} SA",
        usual_name="" if draw.chance(0.5) else root, place=draw.place(near=near, least=8_000), units=sector.units, near=near, siren=draw.siren(),
        legal_category=draw.one(("5710", "5599", "5699")), naf=draw.one(("70.10Z", "64.20Z", sector.nafs[0])),
        headcount_band=draw.one(("12", "21", "22")), size_category=size,
        former_names=(f"{coined(draw)} {draw.one(sector.endings)}",) if draw.chance(0.25) else (),
    )  # fmt: skip
    endings = list(dict.fromkeys((*sector.endings, "Services", "Ouest", "Logistique", "France", "Formation")))
    draw.random.shuffle(endings)
    for ending in endings[:count]:
        home = near or draw.chance(0.55)
        band = draw.one(bands)
        network.add(
            name=network.fresh(lambda ending=ending: f"{root} {ending}"), units=sector.units,  # type: ignore[misc]
            place=draw.place(near=home, least=LEAST_TOWN.get(band, 0)),
            sites=draw.whole(0, 4), near=home, siren=draw.siren(), legal_category="5710",
            naf={"Logistique": "52.29A", "Formation": "85.59A", "Services": "82.99Z"}.get(ending, draw.one(sector.nafs)),
            headcount_band=band, size_category=size, parent=head.key,
        )  # fmt: skip


def fictional_town(draw: Draw) -> str:
    """« Saint-Malon-des-Landes »: a name that no commune bears."""
    while True:
        name = f"Saint-{draw.one(organisations.SAINTS)}-{draw.one(organisations.SAINT_ENDINGS)}"
        if not communes_named(name) and place_key(name):
            return name


def add_organisation(network: Network, family: organisations.Family) -> PartnerSpec:
    """A public body, an association, a school…"""
    draw = network.draw
    index = 0

    def make() -> str:
        nonlocal index
        index = draw.whole(0, len(family.names) - 1)
        text = family.names[index].format(
            t=draw.one(organisations.TERRITORIES), s=fictional_town(draw), f=draw.one(organisations.FIELDS),
            b=draw.one(organisations.BRANCHES), i=draw.one(organisations.SOCIAL), r=draw.one(organisations.RESIDENCES), x=coined(draw),
        )  # fmt: skip
        return text[:1].upper() + text[1:]

    if any(name == "{f} {t}" for name in family.names):
        family = family._replace(names=tuple(f"Comité {name}" if name == "{f} {t}" else name for name in family.names))
    name = network.fresh(make)
    usual = family.nafs[index % len(family.nafs)]
    naf = next((naf for start, naf in organisations.SOCIAL_NAF.items() if name.startswith(start)), usual)
    band = draw.one(family.bands)
    place = draw.place(near=draw.chance(0.93))
    association = family.legal[index % len(family.legal)].startswith("92")
    return network.add(
        name=name, place=place, units=family.units, kind=family.kind, legal_category=family.legal[index % len(family.legal)],
        naf=naf, headcount_band=band, siren=draw.siren() if not association or draw.chance(0.7) else "",
        rna=f"W99{draw.whole(0, 9_999_999):07d}" if association and draw.chance(0.8) else "",
        sites=draw.of(weighted((0, 1, 2), (85, 11, 4))),
    )  # fmt: skip


def add_self_employed(network: Network) -> PartnerSpec:
    """Somebody who works alone: the partner bears the person's name."""
    draw = network.draw
    who = draw.name()
    name = network.fresh(lambda: f"{who.first} {who.last}")
    naf, units = draw.one(SELF_EMPLOYED)
    partner = network.add(
        name=name, place=draw.place(near=True), units=units, kind="self_employed", legal_category="1000", naf=naf,
        headcount_band="NN", siren=draw.siren() if draw.chance(0.8) else "", size_category="PME",
    )  # fmt: skip
    network.owners[partner.key] = who
    return partner


def add_foreign(network: Network, row: tuple[str, str, str, str, str]) -> PartnerSpec:
    """A company or a school abroad, without SIREN."""
    draw, (country, postcode, city, _street, number) = network.draw, row
    sector = draw.of(SECTOR)
    name = network.fresh(lambda: f"{coined(draw)} {FORMS[country]}")
    language = {
        "GB": "en",
        "IE": "en",
        "CA": "fr",
        "MA": "fr",
        "TN": "fr",
        "SN": "fr",
        "CH": "fr",
        "BE": "fr",
        "SE": "sv",
    }.get(country, country.lower())
    return network.add(
        name=name, place=Place(postcode, city, "", "", None, None), units=("epu", "ufr-llsh", "drive", *sector.units), country=country,
        foreign_id=number, legal_category="3120", naf="", headcount_band="", languages=tuple(dict.fromkeys((language, "en"))),
    )  # fmt: skip


FORMS = {
    "DE": "GmbH", "ES": "S.L.", "IT": "S.r.l.", "BE": "SRL", "NL": "B.V.", "IE": "Ltd", "GB": "Ltd", "PL": "Sp. z o.o.", "PT": "Lda", "CA": "inc.",
    "MA": "SARL", "TN": "SARL", "SN": "SARL", "CH": "SA", "SE": "AB", "RO": "SRL",
}  # fmt: skip


def fill(network: Network, count: int) -> None:
    """Make exactly that many partners: one-off institutions, groups, then the many."""
    draw = network.draw
    for name, acronym, kind, legal, naf, band, units in UNIQUE[:count]:
        network.fresh(lambda name=name: name)  # type: ignore[misc]
        network.add(
            name=name, acronym=acronym, kind=kind, legal_category=legal, naf=naf, headcount_band=band, siren=draw.siren(),
            place=draw.place(near=True), units=tuple(units.split()), sites=2 if band > "40" else 0,
        )  # fmt: skip
    while len(network.partners) < count * 0.14:
        add_group(network, draw.whole(2, 6))
    for row in FOREIGN[: max(count // 75, 1)]:
        add_foreign(network, row)
    families = weighted(FAMILIES, [family.weight for family in FAMILIES])
    while len(network.partners) < count:
        kind = draw.of(weighted(("company", "organisation", "alone"), (74, 21, 5)))
        if kind == "company":
            add_company(network)
        elif kind == "organisation":
            add_organisation(network, draw.of(families))
        else:
            add_self_employed(network)
