"""Files as five units keep them, each in its own dialect, about partners that are partly the same.

They are for the demonstration's imports: known partners under other spellings, partners the directory does not know yet,
rows that could be somebody known and could not, damaged identifiers, empty words, several addresses in a cell, a total line.
"""

import csv
import datetime as dt
import io
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

import xlsxwriter

from reciproque.demo import damage
from reciproque.demo.drawing import Draw, Place, weighted
from reciproque.demo.partner_making import Network, add_company, add_organisation, add_self_employed
from reciproque.demo.people_making import Crowd
from reciproque.demo.specs import PartnerSpec, PersonSpec, PositionSpec, SiteSpec, World
from reciproque.demo.words.organisations import FAMILIES
from reciproque.demo.world import SEED, TODAY, build, staff_of

DOUBTFUL = 12  # rows per file that could be a known partner, without anything to prove it


_Contact = tuple[PersonSpec | None, PositionSpec | None]


@dataclass(frozen=True, slots=True)
class MessyFile:
    """A unit's file. `truth` has, for each data row in order, the key of the partner it is about; "" when the world has none.

    `doubtful` counts the rows that only a person can recognise; `header_row` is the line of the headings, from 1.
    """

    filename: str
    unit: str
    source: str
    label: str
    content: bytes
    header_row: int
    truth: tuple[str, ...]
    doubtful: int


@dataclass(frozen=True, slots=True)
class _Row:
    """What a unit knows of a partner, before it is written in the unit's dialect."""

    key: str
    name: str
    partner: PartnerSpec
    site: SiteSpec
    person: PersonSpec | None
    position: PositionSpec | None
    certain: bool


def messy_files(seed: int = SEED, today: dt.date = TODAY) -> tuple[MessyFile, ...]:
    """The five files; the same for the same seed."""
    world = build(seed=seed, today=today)
    draw = Draw(f"{seed}-messy", taken=(partner.siren for partner in world.partners))
    unknown = Network(draw, staff_of(world.accounts), today, prefix="n", reserved=_domains(world))
    rows = partial(_rows, world, draw, unknown)
    makers: Sequence[Callable[[], MessyFile]] = (
        lambda: _iut(draw, rows(("iut", "iut-gea", "iut-gmp"), 210)),
        lambda: _sfc(draw, rows(("sfc",), 160), today),
        lambda: _iae(draw, rows(("iae", "ufr-deg"), 230)),
        lambda: _cfa(draw, rows(("cfa",), 240)),
        lambda: _foundation(draw, rows(("fondation", "drive", "epu"), 110)),
    )
    return tuple(make() for make in makers)


def _domains(world: World) -> set[str]:
    """The names under `.example` that partners of the world have."""
    emails = [partner.email for partner in world.partners] + [person.email for person in world.people]
    found = {email.partition("@")[2].removesuffix(".example") for email in emails if email}
    return found | {
        partner.web.removeprefix("https://www.").removesuffix(".example") for partner in world.partners if partner.web
    }


def _rows(world: World, draw: Draw, unknown: Network, units: Sequence[str], count: int) -> list[_Row]:
    """Rows about partners tied to the units, some the world does not know, and some that are doubtful."""
    sites = {site.partner: site for site in world.sites if site.is_head}
    people = {person.key: person for person in world.people}
    met: dict[str, list[tuple[PersonSpec, PositionSpec]]] = {}
    for position in world.positions:
        if position.ended_on is None:
            met.setdefault(position.partner, []).append((people[position.person], position))
    tied = {link.partner for link in world.links if link.unit in units}
    shared = [partner for partner in world.partners if partner.country == "FR" and partner.sharing == "network"]
    known = [partner for partner in shared if partner.key in tied]
    others = [partner for partner in shared if partner.key not in tied and partner.kind == "company"]
    found = []
    for _number in range(count - DOUBTFUL):
        if draw.chance(0.2):
            partner, site, met_there = _stranger(draw, unknown)
            found.append(
                _Row(
                    "",
                    damage.spelled(draw, partner, site.city),
                    partner,
                    site,
                    met_there[0],
                    met_there[1],
                    certain=True,
                )
            )
            continue
        partner = draw.one(known) if draw.chance(0.85) else draw.one(others)
        site = sites[partner.key]
        contact: _Contact = draw.one(met[partner.key]) if partner.key in met and draw.chance(0.85) else (None, None)
        found.append(
            _Row(
                partner.key,
                damage.spelled(draw, partner, site.city),
                partner,
                site,
                contact[0],
                contact[1],
                certain=True,
            )
        )
    found += [_doubtful(draw, partner, sites[partner.key]) for partner in draw.random.sample(others, DOUBTFUL)]
    draw.random.shuffle(found)
    return found


def _stranger(draw: Draw, unknown: Network) -> tuple[PartnerSpec, SiteSpec, _Contact]:
    chance = draw.random.random()
    if chance < 0.75:
        partner = add_company(unknown)
    elif chance < 0.9:
        partner = add_organisation(unknown, draw.one(FAMILIES))
    else:
        partner = add_self_employed(unknown)
    site = next(site for site in reversed(unknown.sites) if site.partner == partner.key and site.is_head)
    alone = replace(unknown, partners=[partner], sites=[site], links=[])
    crowd = Crowd(alone)
    crowd.add(partner, weighted((partner,), (1,)))
    return partner, site, (crowd.people[0], crowd.positions[-1])


def _doubtful(draw: Draw, partner: PartnerSpec, site: SiteSpec) -> _Row:
    """A known name damaged twice, or its twin in the next town: no identifier, no address of the web."""
    name = damage.mistyped(draw, damage.shortened(partner.usual_name or partner.name))
    if draw.chance(0.4):
        other: Place = draw.place(near=True)
        site = replace(site, address=draw.street(), postcode=other.postcode, city=other.city)
    else:
        site = replace(site, address="" if draw.chance(0.5) else site.address)
    return _Row(
        partner.key,
        name,
        replace(partner, siren="", email="", phone=""),
        replace(site, siret=""),
        None,
        None,
        certain=False,
    )


def _emails(draw: Draw, row: _Row) -> str:
    person = row.person
    own = person.email if person else ""
    if own and row.partner.email and draw.chance(0.12):
        return f"{own}{draw.one((' ; ', ' / ', ', ', ' '))}{row.partner.email}"
    if not own and row.certain:
        own = row.partner.email
    return own or draw.one(("", "", "", *damage.NOTHING))


def _contact(draw: Draw, person: PersonSpec | None) -> str:
    if person is None:
        return draw.one(("", "", "X", "à définir"))
    last = person.last_name.upper()
    return draw.one(
        (f"{person.civility} {last}".strip(), f"{last} {person.first_name}", f"{person.first_name} {person.last_name}")
    )


def _phone(draw: Draw, row: _Row) -> str:
    person = row.person
    return damage.phone(draw, (person.mobile or person.phone if person else "") or row.partner.phone)


def _csv(
    headings: Sequence[str], rows: Sequence[Sequence[str]], separator: str, encoding: str, newline: str = "\r\n"
) -> bytes:
    text = io.StringIO()
    writer = csv.writer(text, delimiter=separator, lineterminator=newline)
    writer.writerows([headings, *rows])
    return text.getvalue().encode(encoding, errors="replace")


def _xlsx(sheets: dict[str, Sequence[Sequence[Any]]], merged: str = "") -> bytes:
    packed = io.BytesIO()
    with xlsxwriter.Workbook(packed, {"in_memory": True, "strings_to_urls": False}) as book:
        book.set_properties({"created": dt.datetime(2026, 1, 5, tzinfo=dt.UTC).replace(tzinfo=None)})
        title = book.add_format({"bold": True, "font_size": 14})
        day = book.add_format({"num_format": "dd/mm/yyyy"})
        for name, lines in sheets.items():
            sheet = book.add_worksheet(name)
            for at, line in enumerate(lines):
                for column, cell in enumerate(line):
                    if isinstance(cell, dt.date):
                        sheet.write_datetime(at, column, cell, day)
                    else:
                        sheet.write(at, column, cell)
            if merged:
                sheet.merge_range(merged, str(lines[0][0]), title)
    return packed.getvalue()


def _file(
    rows: Sequence[_Row], filename: str, unit: str, source: str, label: str, content: bytes, header_row: int
) -> MessyFile:
    doubtful = sum(not row.certain for row in rows)
    return MessyFile(filename, unit, source, label, content, header_row, tuple(row.key for row in rows), doubtful)


def _iut(draw: Draw, rows: list[_Row]) -> MessyFile:
    headings = (
        "RAISON SOCIALE",
        "SIRET",
        "ADRESSE",
        "CP",
        "VILLE",
        "TEL",
        "CONTACT",
        "FONCTION",
        "MAIL",
        "OBSERVATIONS",
        "Nb stagiaires",
    )
    remarks = (
        "",
        "",
        "",
        "à relancer",
        "ne prend plus de stagiaires",
        "OK pour GMP",
        "vu au forum",
        "RAPPELER EN JANVIER",
    )
    lines: list[Sequence[str]] = []
    total = 0
    for row in rows:
        interns = draw.whole(0, 5)
        total += interns
        lines.append(
            (
                row.name, damage.siret(draw, row.site.siret, rounded=0.3), row.site.address.upper(), row.site.postcode.lstrip("0"),
                damage.town(draw, row.site.city), _phone(draw, row), _contact(draw, row.person),
                row.position.title if row.position else "", _emails(draw, row), draw.one(remarks), str(interns),
            )
        )  # fmt: skip
    lines.append(("TOTAL", *[""] * 9, str(total)))
    content = _csv(headings, lines, ";", "cp1252")
    return _file(
        rows, "Entreprises IUT 2025-2026.csv", "iut", "iut-entreprises", "Fichier entreprises de l’IUT", content, 1
    )


def _sfc(draw: Draw, rows: list[_Row], today: dt.date) -> MessyFile:
    headings = ("Client", "N° SIRET", "Adresse de facturation", "Code postal", "Ville", "Interlocuteur", "Fonction", "Tél.", "Courriel",
                "Financeur", "Dernière action", "Montant HT")  # fmt: skip
    funders = ("OPCO Horizons", "OPCO Artisans et proximité", "Plan de développement", "CPF", "X", "")
    lines: list[Sequence[Any]] = [
        (f"Clients du service de la formation continue – situation au {today:%d/%m/%Y}",), (),
        ("", "Identification", "", "", "", "Contact"), headings,
    ]  # fmt: skip
    for row in rows:
        number = damage.siret(draw, row.site.siret, rounded=0.06)
        lines.append(
            (
                row.name, int(number) if number.isdigit() and draw.chance(0.6) else number, row.site.address,
                int(row.site.postcode) if draw.chance(0.5) else row.site.postcode, damage.town(draw, row.site.city),
                _contact(draw, row.person), row.position.title if row.position else "néant", _phone(draw, row), _emails(draw, row),
                draw.one(funders), draw.day(today.replace(year=today.year - 3), today), draw.whole(4, 180) * 100,
            )
        )  # fmt: skip
    content = _xlsx({"Clients": lines}, merged="A1:L1")
    return _file(
        rows, "SFC - clients et prospects.xlsx", "sfc", "sfc-clients", "Clients de la formation continue", content, 4
    )


def _iae(draw: Draw, rows: list[_Row]) -> MessyFile:
    headings = (
        "Société",
        "Civ.",
        "Nom",
        "Prénom",
        "Poste",
        "E-mail pro",
        "Portable",
        "Ligne directe",
        "Ville",
        "Dépt",
        "SIREN",
        "Promo / commentaire",
    )
    remarks = (
        "",
        "",
        "",
        "marraine promo 2025",
        "intervient en M2 RH",
        "taxe 2025 : oui",
        "a quitté l'entreprise ?",
        "voir avec le SFC",
    )
    lines: list[Sequence[Any]] = [headings]
    for row in rows:
        person, siren = row.person, row.partner.siren
        spaced = f"{siren[:3]} {siren[3:6]} {siren[6:]}" if siren and draw.chance(0.5) else siren
        lines.append(
            (
                row.name, person.civility if person else "", person.last_name.upper() if person else "", person.first_name if person else "",
                row.position.title if row.position else "", _emails(draw, row), damage.phone(draw, person.mobile) if person else "",
                damage.phone(draw, row.partner.phone), damage.town(draw, row.site.city), row.site.department,
                spaced if draw.chance(0.35) else "", draw.one(remarks),
            )
        )  # fmt: skip
    content = _xlsx({"Contacts": lines})
    return _file(rows, "contacts_IAE_à jour.xlsx", "iae", "iae-contacts", "Contacts de l’IAE", content, 1)


def _cfa(draw: Draw, rows: list[_Row]) -> MessyFile:
    headings = ("Employeur_Denomination", "Employeur_Siret", "Employeur_Adresse1", "Employeur_CP", "Employeur_Ville", "Employeur_NAF", "MA_Nom",
                "MA_Prenom", "MA_Courriel", "MA_Tel", "Nb_Contrats")  # fmt: skip
    lines: list[Sequence[str]] = []
    kept: list[_Row] = []
    for row in rows:
        name = damage.mojibake(row.name) if draw.chance(0.04) else row.name
        person = row.person
        line = (
            name, row.site.siret if draw.chance(0.9) else damage.siret(draw, row.site.siret, rounded=0.2), row.site.address.replace(", ", "\n"),
            row.site.postcode, damage.town(draw, row.site.city), row.partner.naf.replace(".", ""), person.last_name if person else "",
            person.first_name if person else "", person.email if person else "", _phone(draw, row), str(draw.whole(1, 4)),
        )  # fmt: skip
        for _copy in range(2 if row.certain and draw.chance(0.08) else 1):  # one line per apprentice
            lines.append(line)
            kept.append(row)
    content = _csv(headings, lines, ",", "utf-8-sig", "\n")
    return _file(
        kept, "export_employeurs_CFA.csv", "cfa", "cfa-employeurs", "Employeurs d’apprentis du CFA", content, 1
    )


def _foundation(draw: Draw, rows: list[_Row]) -> MessyFile:
    # Headings of its own: whoever imports this file says which columns are what.
    first = ("Donateur", "Adresse complète", "Représentant", "Contact (mail, tél.)", "Don 2024")
    second = (
        "Nom du mécène",
        "SIRET / RNA",
        "Adresse postale",
        "Représenté par",
        "Mail",
        "Tél",
        "Montant 2025",
        "Reçu fiscal",
    )
    middle = len(rows) // 3
    old: list[Sequence[Any]] = [first]
    new: list[Sequence[Any]] = [second]
    for row in rows[:middle]:
        address = f"{row.site.address} {row.site.postcode} {damage.town(draw, row.site.city)}"
        contact = f"{_emails(draw, row)} {_phone(draw, row)}".strip()
        old.append((row.name, address, _contact(draw, row.person), contact, f"{draw.whole(1, 40) * 250} €"))
    for row in rows[middle:]:
        number = row.site.siret or row.partner.rna
        address = f"{row.site.address}, {row.site.postcode} {row.site.city}"
        new.append(
            (
                row.name, number if draw.chance(0.5) else "", address, _contact(draw, row.person), _emails(draw, row), _phone(draw, row),
                draw.whole(1, 40) * 250, draw.one(("oui", "oui", "non", "X")),
            )
        )  # fmt: skip
    content = _xlsx({"2024": old, "2025": new})
    return _file(
        rows, "Mécènes et donateurs.xlsx", "fondation", "fondation-mecenes", "Mécènes de la Fondation", content, 1
    )
