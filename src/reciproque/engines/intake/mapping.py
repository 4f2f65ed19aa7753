"""Which column is what: saved for each source, given by `--mapping FILE`, fitted to the next version of the file."""

import functools
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Literal, get_args

from reciproque.engines.intake.fields import field_of
from reciproque.engines.intake.headings import normal

Rule = Literal["keep", "fill", "replace"]
VERSION = 1


class MappingError(ValueError):
    """A mapping that cannot be used: `code` and `detail` say why."""

    def __init__(self, code: str, detail: str) -> None:
        super().__init__(f"{code}: {detail}")
        self.code = code
        self.detail = detail


@dataclass(frozen=True, slots=True)
class Column:
    """One column of the file. `rule`: keep what is there, fill when empty, or always replace."""

    index: int
    header: str
    field: str | None = None
    rule: Rule = "fill"


@dataclass(frozen=True)
class Mapping:
    """The columns of a file and values that hold for all its rows."""

    columns: tuple[Column, ...]
    constants: tuple[tuple[str, str], ...] = ()

    def __post_init__(self) -> None:
        paths = [column.field for column in self.columns if column.field] + [path for path, _ in self.constants]
        for path in paths:
            if field_of(path) is None:
                raise MappingError("unknown_field", path)
        counts = Counter(column.field for column in self.columns if column.field)
        for path, count in counts.items():
            field = field_of(path)
            if count > 1 and field and not field.repeatable:
                raise MappingError("field_twice", path)
        if any(column.index < 0 or column.rule not in get_args(Rule) for column in self.columns):
            raise MappingError("bad_column", "")

    @functools.cached_property
    def fields(self) -> frozenset[str]:
        """The paths that receive something."""
        return frozenset(column.field for column in self.columns if column.field) | {path for path, _ in self.constants}

    @property
    def usable(self) -> bool:
        """Whether a row can become a partner: a name or an identifier is mapped."""
        return bool(
            self.fields & {"partner.name", "partner.siren", "partner.rna", "site.siret", "site.uai", "partner.vat"}
        )

    def rules(self) -> dict[str, Rule]:
        """The rule of each mapped path, for the writing of golden records."""
        return {column.field: column.rule for column in self.columns if column.field}

    def fitted(self, headers: Sequence[str]) -> "Mapping":
        """The same choices for a file whose columns moved or changed case; columns that are new have no field."""
        known = dict(zip(_keys(column.header for column in self.columns), self.columns, strict=True))
        columns = []
        for index, (key, header) in enumerate(zip(_keys(headers), headers, strict=True)):
            before = known.get(key)
            columns.append(Column(index, header, before.field, before.rule) if before else Column(index, header))
        return Mapping(tuple(columns), self.constants)

    def missing_from(self, headers: Sequence[str]) -> tuple[str, ...]:
        """Headings that were mapped and that this file does not have any more."""
        present = set(_keys(headers))
        keys = _keys(column.header for column in self.columns)
        return tuple(
            column.header for key, column in zip(keys, self.columns, strict=True) if column.field and key not in present
        )

    def to_json(self) -> dict[str, Any]:
        """Plain values, readable and writable by hand."""
        return {
            "version": VERSION,
            "columns": [
                {"index": column.index, "header": column.header, "field": column.field, "rule": column.rule}
                for column in self.columns
            ],
            "constants": dict(self.constants),
        }

    @classmethod
    def from_json(cls, data: Any) -> "Mapping":
        """The reverse of `to_json`; raises `MappingError` for anything else."""
        if not isinstance(data, dict) or data.get("version") != VERSION or not isinstance(data.get("columns"), list):
            raise MappingError("not_a_mapping", "")
        constants = data.get("constants", {})
        if not isinstance(constants, dict):
            raise MappingError("not_a_mapping", "constants")
        try:
            columns = tuple(
                Column(int(item["index"]), str(item["header"]), item.get("field") or None, item.get("rule", "fill"))
                for item in data["columns"]
            )
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            raise MappingError("not_a_mapping", "columns") from error
        if not all(column.field is None or isinstance(column.field, str) for column in columns):
            raise MappingError("not_a_mapping", "columns")
        return cls(columns, tuple((str(path), str(value)) for path, value in constants.items()))


def _keys(headers: Iterable[str]) -> list[tuple[str, int]]:
    seen: Counter[str] = Counter()
    keys = []
    for header in headers:
        plain = normal(header)
        seen[plain] += 1
        keys.append((plain, seen[plain]))
    return keys
