"""Reaching the register: the local index when one is loaded, else the open API; nothing at all is a state like another."""

from pathlib import Path
from typing import TYPE_CHECKING

from django.conf import settings

from reciproque.engines.identifiers import read_siren, read_siret
from reciproque.engines.register.facts import Company, RegisterError, Site, current
from reciproque.sourcing.register import clients

if TYPE_CHECKING:
    from reciproque.engines.register.index import Register

FOUND = 8


def register() -> "Register | None":
    """The index loaded on this machine, None when there is none (or it is of another version)."""
    root = Path(settings.SIRENE_DIR)
    try:
        current(root)  # without a register nothing heavy is imported
        from reciproque.engines.register.index import opened  # noqa: PLC0415 -- compiled

        return opened(root)
    except RegisterError:
        return None


def available() -> bool:
    """Whether anything can be looked up."""
    return register() is not None or clients.search_is_set() or clients.sirene_is_set()


def company(siren: str) -> Company | None:
    """A company with its head office: from the index, else from the API Sirene, else from the open API. Raises `Unanswered`."""
    held = register()
    if held is not None and (found := held.company(siren)):
        return found
    return clients.company(siren)


def site(siret: str) -> Site | None:
    """A site of the index."""
    held = register()
    return held.site(siret) if held is not None else None


def search(text: str, *, postcode: str = "", city: str = "") -> list[tuple[Company, Site | None]]:
    """The companies that a name, a SIREN or a SIRET may mean, likeliest first. Raises `Unanswered`."""
    number = read_siret(text).value[:9] or read_siren(text).value
    if number:
        found = company(number)
        return [(found, _asked_site(text, found))] if found else []
    held = register()
    local = _local(held, text, postcode, city) if held is not None else []
    return local or [(one, one.head) for one in clients.search(text, postcode=postcode)]


def _asked_site(text: str, found: Company) -> Site | None:
    number = read_siret(text).value
    return (site(number) if number else None) or found.head


def _local(held: "Register", text: str, postcode: str, city: str) -> list[tuple[Company, Site | None]]:
    from reciproque.engines.register.qualifying import suggested  # noqa: PLC0415 -- compiled kernels, only when asked

    columns = {"name": [text], "postcode": [postcode], "city": [city]}
    return [
        (held.company_at(unit), held.site_at(place) if place >= 0 else None)
        for unit, place in suggested(columns, held)[:FOUND]
    ]
