"""Where a table starts: title lines above, a header on one or several lines, merged or not."""

import re
import unicodedata
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from reciproque.engines.tabular.book import Merge

Cells = Sequence[str]
Lines = Sequence[tuple[int, Cells]]

HEAD_LINES = 60
SEARCHED = 30
NUMBER = re.compile(r"[-+]?[\d\s.,\u00a0\u202f]*\d[\d\s.,\u00a0\u202f]*(?:[€%]|eur|e\+?\d+)?$", re.IGNORECASE)
DATE = re.compile(r"\d{4}-\d\d-\d\d|\d{1,2}[/.]\d{1,2}[/.]\d{2,4}$")
VOCABULARY = """
nom noms prenom prenoms siret siren rna uai siege raison denomination sociale sigle enseigne structure organisme
entreprise societe etablissement association beneficiaire attributaire titulaire adresse adresses voie rue cp code
postal postale commune communes ville localite departement dept region pays tel telephone mobile portable fax mail
mel email e-mail courriel site web url contact contacts fonction qualite civilite titre naf ape effectif effectifs
montant date annee objet nature type statut numero n° no num identifiant id ref reference libelle intitule secteur
activite domaine commentaire commentaires observations remarque tuteur referent responsable interlocuteur name
first last address city postcode zip phone website company organisation organization country year kind category
title job role notes tags label service direction unite composante categorie juridique forme tva mandat convention
duree debut fin linkedin complement groupe personne source total description
"""
WORDS = frozenset(VOCABULARY.split())
WORD = re.compile(r"[a-z°]+(?:-[a-z]+)?")
CAMEL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")


@dataclass(frozen=True, slots=True)
class Header:
    """The lines that name the columns, their joined texts, and how sure that is. No line when there is no header."""

    rows: tuple[int, ...]
    labels: tuple[str, ...]
    confidence: float


def kind(cell: str) -> str:
    """ "" | "number" | "date" | "mail" | "text": enough to tell a heading from a value."""
    text = cell.strip()
    if not text:
        return ""
    if DATE.match(text):
        return "date"
    if NUMBER.match(text):
        return "number"
    return "mail" if "@" in text and " " not in text else "text"


def words(cell: str) -> set[str]:
    """The words of a heading, without case, accent or camel case."""
    plain = unicodedata.normalize("NFKD", CAMEL.sub(" ", cell))
    return set(WORD.findall("".join(c for c in plain if not unicodedata.combining(c)).lower()))


def locate(lines: Lines, merges: Sequence[Merge], width: int) -> Header:
    """The header among the first lines of a sheet, merged cells included."""
    head = [(line, _padded(cells, width)) for line, cells in lines]
    spread = _spread(head, merges)
    scored = [
        (score - index * 0.01, index) for index in range(min(len(spread), SEARCHED)) if (score := _score(spread, index))
    ]
    if not scored:
        return _alone(head, width) or Header((), ("",) * width, 0.4)
    best, index = max(scored, key=lambda pair: pair[0])
    chosen = _neighbours(head, spread, merges, index)
    labels = tuple(_joined([spread[i][1][column] for i in chosen]) for column in range(width))
    return Header(tuple(spread[i][0] for i in chosen), _told_apart(labels), round(min(1.0, best), 2))


def _alone(head: list[tuple[int, list[str]]], width: int) -> Header | None:
    """The only line of a sheet, when nearly all its cells are headings that everybody uses: a table that nobody has filled."""
    filled = [(line, cells) for line, cells in head if any(cells)]
    if len(filled) != 1:
        return None
    line, cells = filled[0]
    texts = [cell for cell in cells if cell.strip()]
    known = sum(bool(words(cell) & WORDS) and len(cell) <= 40 for cell in texts)
    return (
        Header((line,), _told_apart(_padded(cells, width)), 0.9)
        if len(texts) > 2 and known * 4 > len(texts) * 3
        else None
    )


def _padded(cells: Cells, width: int) -> list[str]:
    return [*cells[:width], *[""] * (width - len(cells))]


def _spread(head: list[tuple[int, list[str]]], merges: Sequence[Merge]) -> list[tuple[int, list[str]]]:
    """The same lines, the text of a merged range written in each of its cells."""
    rows = {line: list(cells) for line, cells in head}
    for (top, left), (bottom, right) in merges:
        if top not in rows or left < 0 or left >= len(rows[top]):
            continue
        text = rows[top][left]
        for line in range(top, min(bottom, top + SEARCHED) + 1):
            for column in range(left, min(right + 1, len(rows[top]))):
                if line in rows and not rows[line][column]:
                    rows[line][column] = text
    return [(line, rows[line]) for line, _ in head]


def _score(lines: list[tuple[int, list[str]]], index: int) -> float:
    """How much a line looks like a header of those below; 0 when it cannot be."""
    cells = lines[index][1]
    below = [row for _, row in lines[index + 1 : index + 31] if any(row)]
    filled = [column for column, cell in enumerate(cells) if cell.strip()]
    if not filled or not below:
        return 0.0
    active = _active(below)
    kinds = [kind(cells[column]) for column in filled]
    texts = sum(k == "text" and len(cells[c]) <= 160 for k, c in zip(kinds, filled, strict=True)) / len(filled)
    coverage = len(active.intersection(filled)) / max(len(active), 1)
    distinct = len({cells[column].strip().lower() for column in filled}) / len(filled)
    known = sum(bool(words(cells[column]) & WORDS) and len(cells[column]) <= 160 for column in filled) / len(filled)
    contrast = _contrast(cells, below, active)
    alike = _alike(kinds, filled, below)
    if texts < 0.6 or coverage < 0.5 or (len(filled) < 2 and len(active) > 1) or alike:
        return 0.0
    if len(active) == 1 and not known and not contrast:
        return 0.0
    if len(filled) > 2 and distinct < 0.4:
        return 0.0
    return coverage * 0.25 + texts * 0.15 + distinct * 0.2 + known * 0.3 + contrast * 0.2


def _active(below: list[list[str]]) -> set[int]:
    counts = Counter(column for row in below for column, cell in enumerate(row) if cell.strip())
    return {column for column, count in counts.items() if count * 3 >= len(below)}


def _contrast(cells: list[str], below: list[list[str]], active: set[int]) -> float:
    """Share of the columns that hold numbers, dates or addresses under a heading that is a text."""
    differs = 0
    for column in active:
        kinds = Counter(k for row in below if (k := kind(row[column])))
        usual = kinds.most_common(1)[0][0]
        differs += usual != "text" and kind(cells[column]) == "text"
    return differs / max(len(active), 1)


def _alike(kinds: list[str], filled: list[int], below: list[list[str]]) -> bool:
    """Whether the line holds values itself: an address or a number where those below hold the same."""
    for own, column in zip(kinds, filled, strict=True):
        if own in {"mail", "date", "number"}:
            same = sum(kind(row[column]) == own for row in below)
            if same * 2 > len(below):
                return True
    return False


def _neighbours(
    head: list[tuple[int, list[str]]], spread: list[tuple[int, list[str]]], merges: Sequence[Merge], index: int
) -> list[int]:
    chosen = [index]
    if index > 0 and _is_group_line(head[index - 1], spread[index - 1][1], merges, spread[index]):
        chosen.insert(0, index - 1)
    if index + 2 < len(spread) and _continues(head, spread, merges, index):
        chosen.append(index + 1)
    return chosen


def _is_group_line(
    line: tuple[int, list[str]], cells: list[str], merges: Sequence[Merge], header: tuple[int, list[str]]
) -> bool:
    """« Structure | | Contact | | »: a line of groups just above the header."""
    texts = {cell.strip() for cell in cells if cell.strip()}
    if line[0] != header[0] - 1 or len(texts) < 2 or any(kind(cell) not in {"", "text"} for cell in cells):
        return False
    if any(top == line[0] and left < right for (top, left), (_, right) in merges):
        return True
    filled = [column for column, cell in enumerate(line[1]) if cell.strip()]
    known = sum(bool(words(line[1][column]) & WORDS) for column in filled)
    if len(filled) * 2 > sum(bool(cell) for cell in header[1]) + 1 or known * 2 < len(filled) or filled[0] > 1:
        return False
    label = ""
    for column, cell in enumerate(cells):
        label = cells[column] = cell or label
    return True


def _continues(
    head: list[tuple[int, list[str]]], spread: list[tuple[int, list[str]]], merges: Sequence[Merge], index: int
) -> bool:
    """Whether the next line completes the header: sub-headings under merged or empty headings."""
    line, cells = head[index]
    following, below = head[index + 1]
    filled = [column for column, cell in enumerate(below) if cell.strip()]
    if following != line + 1 or not filled or any(kind(below[column]) != "text" for column in filled):
        return False
    if sum(bool(words(below[column]) & WORDS) for column in filled) * 2 < len(filled):
        return False
    vertical = any(top == line and bottom == following for (top, _), (bottom, _) in merges)
    spans = any(
        top == line and left < right and any(left <= c <= right for c in filled) for (top, left), (_, right) in merges
    )
    fills_holes = any(not cells[column].strip() for column in filled) and len(filled) < len(cells)
    if not (vertical or spans or fills_holes):
        return False
    label = ""
    for column, cell in enumerate(spread[index][1]):
        label = cell or label
        if below[column].strip() and not cell:
            spread[index][1][column] = label
    return True


def _joined(parts: list[str]) -> str:
    clean = [" ".join(part.split()) for part in parts]
    return " / ".join(dict.fromkeys(part for part in clean if part))


def _told_apart(labels: Sequence[str]) -> tuple[str, ...]:
    """The same labels; the second « Nom » becomes « Nom (2) »."""
    seen: Counter[str] = Counter()
    told = []
    for label in labels:
        seen[label] += 1
        told.append(f"{label} ({seen[label]})" if label and seen[label] > 1 else label)
    return tuple(told)
