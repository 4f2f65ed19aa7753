"""What the register says, and which index is in use: all that the site needs to know before somebody asks. Nothing heavy is imported."""

from dataclasses import dataclass, field
from pathlib import Path

CURRENT = "CURRENT"
MANIFEST = "manifest.json"


class RegisterError(ValueError):
    """The folder does not hold an index that can be read; the message is for the person who gave it."""


@dataclass(frozen=True, slots=True)
class Site:
    """An établissement. A hidden one (« diffusion partielle ») has no address: INSEE does not give it, nobody may fill it in."""

    siret: str
    is_open: bool
    is_head: bool
    is_hidden: bool
    address: str = ""
    """Number, street, complement and post box, as on an envelope."""
    postcode: str = ""
    city: str = ""
    city_code: str = ""
    country: str = ""
    naf: str = ""
    signs: tuple[str, ...] = ()
    created_on: str = ""
    since: str = ""
    """Since when it is in this state (the day of closing, for a closed one)."""


@dataclass(frozen=True, slots=True)
class Company:
    """A unité légale with its names. `is_partial`: « diffusion partielle », what may be shown is little."""

    siren: str
    name: str
    is_active: bool
    is_person: bool
    is_partial: bool
    acronym: str = ""
    usual_names: tuple[str, ...] = ()
    past_names: tuple[str, ...] = ()
    category: str = ""
    naf: str = ""
    rna: str = ""
    staff: str = ""
    size: str = ""
    created_on: str = ""
    since: str = ""
    open_sites: int = 0
    head: Site | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class Succession:
    """A site that took over from another."""

    before: str
    after: str
    on: str
    moved_head: bool


def named(root: Path) -> str:
    path = root / CURRENT
    return path.read_text().strip() if path.is_file() else ""


def current(root: Path) -> Path:
    """The folder in use. Raises `RegisterError` when there is none."""
    name = named(root)
    if not name or not (root / name / MANIFEST).is_file():
        raise RegisterError(f"« {root} » ne contient pas de registre : chargez-en un avec « reciproque sirene load ».")
    return root / name
