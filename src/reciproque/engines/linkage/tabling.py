"""Files of partners, CSV or Parquet: what their columns are, and the same file with columns added."""

import errno
import json
import re
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from reciproque.engines.identifiers import fold
from reciproque.engines.intake import guess
from reciproque.engines.linkage import delimited
from reciproque.engines.linkage.delimited import FileError

if TYPE_CHECKING:
    import polars as pl

SAMPLE = 200
SURE = 0.8
"""Confidence from which a heading says what its column is."""
WHOLE = 2.0**53
DIGITS = {"siren": 9, "siret": 14, "postcode": 5}
"""Identifiers that a table of numbers cuts of the zeros that they begin with."""
REASONS = {
    errno.ENOENT: "le dossier n’existe pas", errno.EACCES: "vous n’en avez pas le droit", errno.EPERM: "vous n’en avez pas le droit",
    errno.EROFS: "le disque est en lecture seule", errno.ENOSPC: "le disque est plein", errno.ENOTDIR: "ce n’est pas un dossier",
}  # fmt: skip
RESULT = re.compile(r"matched_(siren|siret|name)(_\d+)?")
"""Columns of an earlier answer, sure or not: they are not what the file says."""
_FIELDS = {
    "partner.name": "name", "site.address": "address", "site.postcode": "postcode", "site.city": "city", "site.department": "department",
    "partner.siren": "siren", "site.siret": "siret", "partner.web": "website", "partner.phone": "phone", "site.site_phone": "phone",
    "partner.email": "email",
}  # fmt: skip
_PLAIN = {
    "name": "name", "nom_complet": "name", "address": "address", "adresse": "address", "postcode": "postcode", "code_postal": "postcode",
    "cp": "postcode", "city": "city", "ville": "city", "commune": "city", "dept": "department", "department": "department",
    "departement": "department", "siren": "siren", "siret": "siret", "phone": "phone", "telephone": "phone", "tel": "phone",
    "email": "email", "courriel": "email", "mail": "email", "website": "website", "site_web": "website",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Sheet:
    """A file as it stands: its cells (those of a Parquet keep their types) and its headings as they are spelt, which may be alike."""

    frame: "pl.DataFrame"
    headings: tuple[str, ...]

    def recognised(self) -> "dict[str, pl.Series]":
        """What the engine looks at, as texts; `told` says in what columns."""
        return {meant: as_text(self.frame[heading], meant) for meant, heading in self.told().items()}

    def size(self) -> str:
        """How many rows there are, as a sentence."""
        return f"{self.frame.height} ligne{'s' if self.frame.height > 1 else ''}."

    def told(self) -> dict[str, str]:
        """What the engine looks at → column."""
        import polars as pl  # noqa: PLC0415 -- heavy

        return columns_of(pl.DataFrame([as_text(cells) for cells in self.frame.head(SAMPLE)]))


def read(path: Path) -> Sheet:
    """A CSV (or a text of another separator) or a Parquet file. `FileError` when it cannot be."""
    import polars as pl  # noqa: PLC0415 -- heavy

    _check_kind(path)
    try:
        if path.suffix.lower() == ".parquet":
            frame = pl.read_parquet(path)
            return Sheet(frame, tuple(frame.columns))
        with tempfile.TemporaryDirectory(prefix="reciproque-") as folder:
            text = delimited.scan(path, Path(folder))
            return Sheet(text.taken(lambda rows: rows.collect()), text.headings)
    except (pl.exceptions.PolarsError, OSError) as error:
        raise FileError(f"« {path.name} » est illisible : {reason(error)}.") from error


def reason(error: Exception) -> str:
    """Why a file could not be read or written, in French where it is usual. (polars says the number of the system's error in words.)"""
    said = str(error).strip()
    number = re.search(r"\(os error (\d+)\)", said)
    code = getattr(error, "errno", None) or (int(number[1]) if number else 0)
    return REASONS.get(code, said.splitlines()[0] if said else "")


def _check_kind(path: Path) -> None:
    if path.is_dir():
        raise FileError(f"« {path} » est un dossier.")
    if not path.is_file():
        raise FileError(f"Le fichier « {path} » n’existe pas.")
    if path.suffix.lower() not in {".csv", ".tsv", ".txt", ".parquet"}:
        raise FileError(f"« {path.name} » n’est ni un CSV ni un Parquet.")


def as_text(cells: "pl.Series", meant: str = "") -> "pl.Series":
    """Cells as a person would have typed them. Numbers that stand for an identifier get back the zeros that they begin with."""
    import polars as pl  # noqa: PLC0415 -- heavy

    kind = cells.dtype
    if kind == pl.String:
        return cells
    if kind.is_nested() or kind in {pl.Binary, pl.Object}:
        told = [None if cell is None else _told(cell) for cell in cells.to_list()]
        return pl.Series(cells.name, told, dtype=pl.String)
    if (
        kind.is_float()
        and (cells.is_null() | cells.is_nan() | ((cells == cells.floor()) & (cells.abs() < WHOLE))).all()
    ):
        cells = cells.fill_nan(None).cast(pl.Int64)
    texts = cells.cast(pl.String)
    return texts.str.zfill(DIGITS[meant]) if meant in DIGITS and kind.is_numeric() else texts


def _told(cell: object) -> str:
    if isinstance(cell, bytes):
        return cell.decode("utf-8", "replace")
    return json.dumps(cell, ensure_ascii=False, default=lambda one: _told(one) if isinstance(one, bytes) else str(one))


def columns_of(frame: "pl.DataFrame") -> dict[str, str]:
    """What the engine looks at → heading of the file. A heading that is a plain word wins over a guess by content; « nom » is the
    partner's, unless another heading says that it is."""
    found: dict[str, str] = {}
    frame = frame.select(heading for heading in frame.columns if not RESULT.fullmatch(heading))
    for heading in frame.columns:
        meant = _PLAIN.get(fold(heading).strip().replace(" ", "_").replace("-", "_"))
        if meant:
            found.setdefault(meant, heading)
    sample = [[cell or "" for cell in row] for row in frame.head(SAMPLE).rows()]
    proposals = sorted(guess(frame.columns, sample), key=lambda each: -each.confidence)
    plain = next((heading for heading in frame.columns if fold(heading).strip() == "nom"), None)
    if plain and not any(each.field == "partner.name" and each.confidence >= SURE for each in proposals):
        found.setdefault("name", plain)
    taken = set(found.values())
    for proposal in proposals:
        heading, meant = frame.columns[proposal.column], _FIELDS.get(proposal.field or "")
        if meant and heading not in taken and meant not in found:
            found[meant] = heading
            taken.add(heading)
    if "name" not in found:
        raise FileError(f"Aucune colonne ne donne le nom des partenaires (colonnes lues : {', '.join(frame.columns)}).")
    return found


def check_writable(path: Path) -> None:
    """`FileError` when a result cannot be written there: better told before the work than after."""
    if path.suffix.lower() not in {".csv", ".parquet"}:
        raise FileError(f"« {path.name} » n’est ni un CSV ni un Parquet.")
    if path.is_dir():
        raise FileError(f"« {path} » est un dossier.")
    try:
        _beside(path).touch()
        _beside(path).unlink()
    except OSError as error:
        raise FileError(f"Impossible d’écrire dans « {path.parent} » : {reason(error)}.") from error


def _beside(path: Path) -> Path:
    real = path.resolve()
    return real.with_name(f".{real.name}.part")


def recognised(found: Mapping[str, str]) -> str:
    """What the columns were understood to be, as a sentence."""
    return f"Colonnes reconnues : {', '.join(f'{heading} → {name}' for name, heading in found.items())}."


def added_as(headings: Iterable[str], names: Iterable[str], tell: Callable[[str], None]) -> dict[str, str]:
    """What each column to add is called: its own name, unless the file has one so called (an earlier result). These are then all
    numbered alike, from 2, and told: what the file says stays as it is."""
    held = {heading.casefold() for heading in headings}
    taken = [name for name in names if name in held]
    number = 2
    while held & {f"{name}_{number}" for name in taken}:
        number += 1
    called = {name: f"{name}_{number}" if name in taken else name for name in names}
    if taken:
        tell(f"Déjà dans le fichier : {', '.join(taken)}. Ajouté : {', '.join(called[name] for name in taken)}.")
    return called


def write(sheet: Sheet, added: Mapping[str, Any], path: Path) -> None:
    """Write the file and what was added to it as a CSV (commas, UTF-8) or a Parquet, whichever the name says: whole, or not at all."""
    import polars as pl  # noqa: PLC0415 -- heavy

    frame = sheet.frame.with_columns(**added)
    with replacing(path) as part:
        if path.suffix.lower() == ".parquet":
            frame.write_parquet(part)
            return
        with part.open("wb") as file:
            file.write(delimited.header_line((*sheet.headings, *added)))
            frame.with_columns(
                *(as_text(cells) for cells in frame if cells.dtype.is_nested() or cells.dtype == pl.Binary)
            ).write_csv(file, include_header=False)


@contextmanager
def replacing(path: Path) -> Iterator[Path]:
    """Where to write what takes the place of a file (or of the one that it is a link to) when it is whole. `FileError` when it cannot."""
    import polars as pl  # noqa: PLC0415 -- heavy

    part = _beside(path)
    try:
        yield part
        part.replace(path.resolve())
    except (pl.exceptions.PolarsError, OSError) as error:
        raise FileError(f"« {path.name} » n’a pas pu être écrit : {reason(error)}.") from error
    finally:
        part.unlink(missing_ok=True)


def to_parquet(source: Path, target: Path) -> None:
    """A CSV as a Parquet file, as `read` reads it, however large: it is never whole in memory."""
    import polars as pl  # noqa: PLC0415 -- heavy

    _check_kind(source)
    target.parent.mkdir(parents=True, exist_ok=True)
    try:
        with tempfile.TemporaryDirectory(prefix="reciproque-", dir=target.parent) as folder:
            delimited.scan(source, Path(folder)).taken(lambda rows: rows.sink_parquet(target))
    except (pl.exceptions.PolarsError, OSError) as error:
        raise FileError(f"« {source.name} » est illisible : {reason(error)}.") from error
