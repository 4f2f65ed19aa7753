"""Files of partners, CSV or Parquet: what their columns are, and the same file with columns added."""

import shutil
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from reciproque.engines.identifiers import fold
from reciproque.engines.intake import guess

if TYPE_CHECKING:
    import polars as pl

SAMPLE = 200
_FIELDS = {
    "partner.name": "name", "site.address": "address", "site.postcode": "postcode", "site.city": "city", "site.department": "department",
    "partner.siren": "siren", "site.siret": "siret", "partner.web": "website", "partner.phone": "phone", "site.site_phone": "phone",
    "partner.email": "email",
}  # fmt: skip
_PLAIN = {
    "name": "name", "nom": "name", "address": "address", "adresse": "address", "postcode": "postcode", "code_postal": "postcode",
    "cp": "postcode", "city": "city", "ville": "city", "commune": "city", "dept": "department", "department": "department",
    "departement": "department", "siren": "siren", "siret": "siret", "phone": "phone", "telephone": "phone", "tel": "phone",
    "email": "email", "courriel": "email", "mail": "email", "website": "website", "site_web": "website",
}  # fmt: skip


class FileError(ValueError):
    """The file cannot be used; the message is for the person who gave it."""


def read(path: Path) -> "pl.DataFrame":
    """Every cell of a CSV or Parquet file as text, as it stands."""
    import polars as pl  # noqa: PLC0415 -- heavy

    if not path.is_file():
        raise FileError(f"Le fichier « {path} » n’existe pas.")
    if path.suffix.lower() not in {".csv", ".parquet"}:
        raise FileError(f"« {path.name} » n’est ni un CSV ni un Parquet.")
    try:
        if path.suffix.lower() == ".parquet":
            return pl.read_parquet(path).with_columns(pl.all().cast(pl.String))
        return _read_csv(path)
    except (pl.exceptions.PolarsError, OSError) as error:
        raise FileError(f"« {path.name} » est illisible : {error}") from error


def _read_csv(path: Path) -> "pl.DataFrame":
    import polars as pl  # noqa: PLC0415 -- heavy

    separator = _separator(path)
    try:
        return pl.read_csv(path, separator=separator, infer_schema=False)
    except (pl.exceptions.ComputeError, UnicodeDecodeError):
        text = path.read_bytes().decode("cp1252", "replace")
        return pl.read_csv(text.encode(), separator=separator, infer_schema=False)


def _separator(path: Path) -> str:
    with path.open("rb") as file:
        head = file.readline()
    if not head.strip():
        raise FileError(f"« {path.name} » est vide.")
    return max((";", ",", "\t", "|"), key=lambda sign: head.count(sign.encode()))


def columns_of(frame: "pl.DataFrame") -> dict[str, str]:
    """What the engine looks at → heading of the file. A heading that is a plain word wins over a guess by content."""
    found: dict[str, str] = {}
    for heading in frame.columns:
        meant = _PLAIN.get(fold(heading).strip().replace(" ", "_").replace("-", "_"))
        if meant:
            found.setdefault(meant, heading)
    sample = [[cell or "" for cell in row] for row in frame.head(SAMPLE).rows()]
    taken = set(found.values())
    for proposal in sorted(guess(frame.columns, sample), key=lambda each: -each.confidence):
        heading, meant = frame.columns[proposal.column], _FIELDS.get(proposal.field or "")
        if meant and heading not in taken and meant not in found:
            found[meant] = heading
            taken.add(heading)
    if "name" not in found:
        raise FileError(f"Aucune colonne ne donne le nom des partenaires (colonnes lues : {', '.join(frame.columns)}).")
    return found


def check_writable(path: Path) -> None:
    """`FileError` when the name of a result is not one that can be written."""
    if path.suffix.lower() not in {".csv", ".parquet"}:
        raise FileError(f"« {path.name} » n’est ni un CSV ni un Parquet.")


def recognised(found: Mapping[str, str]) -> str:
    """What the columns were understood to be, as a sentence."""
    return f"Colonnes reconnues : {', '.join(f'{heading} → {name}' for name, heading in found.items())}."


def check_free(headings: Sequence[str], names: Sequence[str]) -> None:
    """`FileError` when the file already has a column of these names."""
    if taken := sorted(set(names) & set(headings)):
        raise FileError(f"Le fichier a déjà une colonne {', '.join(taken)} : renommez-la.")


def write(frame: "pl.DataFrame", path: Path) -> None:
    """Write a CSV or a Parquet file, whichever the name says."""
    if path.suffix.lower() == ".parquet":
        frame.write_parquet(path)
    else:
        frame.write_csv(path)


def to_parquet(source: Path, target: Path) -> None:
    """A CSV as a Parquet file, as `read` reads it, however large: it is never whole in memory."""
    import polars as pl  # noqa: PLC0415 -- heavy

    if not source.is_file():
        raise FileError(f"Le fichier « {source} » n’existe pas.")
    target.parent.mkdir(parents=True, exist_ok=True)
    separator, plain = _separator(source), source
    try:
        if not _is_utf8(source):
            plain = target.with_suffix(".csv")
            with (
                source.open(encoding="cp1252", errors="replace", newline="") as read,
                plain.open("w", encoding="utf-8", newline="") as written,
            ):
                shutil.copyfileobj(read, written)
        pl.scan_csv(plain, separator=separator, infer_schema=False).sink_parquet(target)
    except (pl.exceptions.PolarsError, OSError) as error:
        raise FileError(f"« {source.name} » est illisible : {error}") from error


def _is_utf8(path: Path) -> bool:
    try:
        with path.open(encoding="utf-8", newline="") as file:
            while file.read(1 << 20):
                pass
    except UnicodeDecodeError:
        return False
    return True
