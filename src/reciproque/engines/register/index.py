"""The index as it is read: companies and sites by their numbers, as registered."""

import datetime as dt
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np

from reciproque.engines.register.facts import Company, RegisterError, Site, Succession, current
from reciproque.engines.register.shaping import (
    CEASED,
    CLOSED,
    EPOCH,
    HEAD,
    HIDDEN_SITE,
    PARTIAL,
    PERSON,
    SITE_TEXTS,
    UNIT_TEXTS,
)
from reciproque.engines.register.storing import Manifest, arrays, manifest_of, normalisation
from reciproque.engines.register.texts import row_of


def day(number: int) -> str:
    """ISO date of a number of days since 1900, "" for 0 (unknown)."""
    return (dt.date.fromisoformat(EPOCH) + dt.timedelta(days=int(number))).isoformat() if number else ""


def naf_code(number: int) -> str:
    """The reverse of `shaping.naf_numbers`."""
    digits, letter = divmod(int(number), 32)
    return f"{digits // 100:02d}.{digits % 100:02d}{chr(letter + 64) if letter else ''}" if number else ""


class Register:
    """An index open for reading: nothing is loaded but what is asked for."""

    def __init__(self, folder: Path, manifest: Manifest) -> None:
        self.folder, self.manifest = folder, manifest
        self.held: dict[str, Any] = arrays(folder, manifest.sizes)

    def __len__(self) -> int:
        return len(self.held["unit_siren"])

    def unit_of(self, siren: str) -> int:
        """The row of a company, -1 when the index does not hold it."""
        if len(siren) != 9 or not siren.isdigit():
            return -1
        known = self.held["unit_siren"]
        at = int(np.searchsorted(known, np.uint32(int(siren))))
        return at if at < len(known) and int(known[at]) == int(siren) else -1

    def site_row(self, siret: str) -> int:
        """The row of a site, -1 when the index does not hold it."""
        if len(siret) != 14 or not siret.isdigit() or (unit := self.unit_of(siret[:9])) < 0:
            return -1
        first, last = (int(self.held["unit_first"][unit + shift]) for shift in (0, 1))
        at = first + int(np.searchsorted(self.held["site_nic"][first:last], np.uint32(int(siret[9:]))))
        return at if at < last and int(self.held["site_nic"][at]) == int(siret[9:]) else -1

    def company(self, siren: str) -> Company | None:
        """What the register says of a company, with its head office."""
        unit = self.unit_of(siren)
        return self.company_at(unit) if unit >= 0 else None

    def company_at(self, unit: int) -> Company:
        """The same, by row."""
        texts = dict(zip(UNIT_TEXTS, self._texts("unit", unit), strict=True))
        flags = int(self.held["unit_flags"][unit])
        category = int(self.held["unit_category"][unit])
        return Company(
            siren=f"{int(self.held['unit_siren'][unit]):09d}", name=texts["name"], is_active=not flags & CEASED, is_person=bool(flags & PERSON),
            is_partial=bool(flags & PARTIAL), acronym=texts["acronym"], usual_names=_told(texts[f"usual{n}"] for n in (1, 2, 3)),
            past_names=_told(texts["past"].split("|")), category=f"{category:04d}" if category else "", naf=self._naf(unit), rna=texts["rna"],
            staff=texts["staff"], size=texts["size"], created_on=texts["created"], since=texts["since"],
            open_sites=int(self.held["unit_open"][unit]), head=self._head(unit),
        )  # fmt: skip

    def site(self, siret: str) -> Site | None:
        """What the register says of a site."""
        row = self.site_row(siret)
        return self.site_at(row) if row >= 0 else None

    def site_at(self, row: int) -> Site:
        """The same, by row."""
        texts = dict(zip(SITE_TEXTS, self._texts("site", row), strict=True))
        flags = int(self.held["site_flags"][row])
        siren = int(self.held["unit_siren"][self.held["site_unit"][row]])
        return Site(
            siret=f"{siren:09d}{int(self.held['site_nic'][row]):05d}", is_open=not flags & CLOSED, is_head=bool(flags & HEAD),
            is_hidden=bool(flags & HIDDEN_SITE), address=_address(texts), postcode=texts["postcode"], city=texts["city"],
            city_code=texts["city_code"], country=texts["country"], signs=_told(texts[name] for name in ("sign1", "sign2", "sign3", "usual")),
            created_on=texts["created"], since=texts["since"] or day(self.held["site_since"][row]),
        )  # fmt: skip

    def sites(self, siren: str, *, only_open: bool = True, limit: int = 50) -> list[Site]:
        """The sites of a company, head office first."""
        unit = self.unit_of(siren)
        if unit < 0:
            return []
        first, last = (int(self.held["unit_first"][unit + shift]) for shift in (0, 1))
        flags = self.held["site_flags"][first:last]
        rows = [
            first + int(row)
            for row in np.flatnonzero((flags & CLOSED) == 0 if only_open else np.ones(len(flags), bool))
        ]
        rows.sort(key=lambda row: (not int(self.held["site_flags"][row]) & HEAD, row))
        return [self.site_at(row) for row in rows[:limit]]

    def successor(self, siret: str) -> Succession | None:
        """The latest site that took over from this one."""
        known = self.held["succession_before"]
        at = int(np.searchsorted(known, np.uint64(int(siret)), side="right")) - 1 if siret.isdigit() else -1
        if at < 0 or int(known[at]) != int(siret):
            return None
        after, flags = int(self.held["succession_after"][at]), int(self.held["succession_flags"][at])
        return Succession(siret, f"{after:014d}", day(self.held["succession_on"][at]), bool(flags & 1))

    def head_row(self, unit: int) -> int:
        """The row of the head office: the open one, else the latest, -1 when none is known."""
        first, last = (int(self.held["unit_first"][unit + shift]) for shift in (0, 1))
        flags = self.held["site_flags"][first:last]
        heads = np.flatnonzero(flags & HEAD)
        opened = [row for row in heads if not flags[row] & CLOSED]
        return first + int((opened or list(heads))[-1]) if len(heads) else -1

    def _head(self, unit: int) -> Site | None:
        row = self.head_row(unit)
        return self.site_at(row) if row >= 0 else None

    def _naf(self, unit: int) -> str:
        place, known = int(self.held["unit_naf"][unit]), self.held["unit_naf_values"]
        return naf_code(known[place]) if place < len(known) else ""

    def _texts(self, what: str, row: int) -> list[str]:
        bases = self.held[f"{what}_bases"]
        bucket = int(np.searchsorted(bases, row, side="right")) - 1
        blocks, base = self.held[f"{what}_blocks"], int(self.held[f"{what}_block_bases"][bucket])
        return row_of(self.held[f"{what}_texts"], blocks, row - int(bases[bucket]), base)


def _told(values: Any) -> tuple[str, ...]:
    return tuple(dict.fromkeys(value for value in values if value))


def _address(texts: dict[str, str]) -> str:
    line = " ".join(texts[name] for name in ("number", "repetition", "street_type", "street") if texts[name])
    return ", ".join(part for part in (texts["complement"], line, texts["post_box"]) if part)


@lru_cache(maxsize=4)
def _opened(folder: Path, mark: int) -> Register:
    del mark
    manifest = manifest_of(folder)
    if manifest.normalisation != normalisation():
        raise RegisterError("Ce registre a été chargé par une autre version : chargez-le de nouveau.")
    return Register(folder, manifest)


def opened(root: Path) -> Register:
    """The index in use in a folder; asked again, it follows a new load. Raises `RegisterError`."""
    folder = current(root)
    return _opened(folder, (folder / "manifest.json").stat().st_mtime_ns)
