"""Filters: for each kind of value, its operators, how they are read from an address, what they ask of the database."""

import datetime as dt
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from django.db.models import Q, Value
from django.utils.safestring import SafeString
from django.utils.timezone import localdate, make_aware
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from reciproque.foundation.database.functions import Fold
from reciproque.foundation.dates import read_day
from reciproque.foundation.listing.narrowing import EVERYTHING, Narrowing

OPERATORS: Mapping[str, Any] = {
    "est": _("est"),
    "pas": _("n’est pas"),
    "contient": _("contient"),
    "commence": _("commence par"),
    "vide": _("est vide"),
    "rempli": _("n’est pas vide"),
    "avant": _("avant le"),
    "apres": _("à partir du"),
    "entre": _("entre"),
    "depuis": _("dans les derniers jours"),
    "pas_depuis": _("pas depuis, en mois"),
    "oui": _("oui"),
    "non": _("non"),
}
SAID: Mapping[str, Any] = {**OPERATORS, "depuis": _("depuis moins de"), "pas_depuis": _("pas depuis")}
"""The same before a value: « depuis moins de 30 jours »."""
WITHOUT_VALUE = frozenset({"vide", "rempli", "oui", "non"})
MOST_VALUES = 100
LAST = "~"  # after every letter and digit


class Refused(ValueError):
    """The values of a filter that cannot be read: the filter is left out, and the page says so."""


@dataclass(frozen=True, slots=True)
class Filter:
    """What every filter is. Subclasses say how to read values, how to ask the database, how to say it in words."""

    key: str
    label: Any
    group: Any = ""

    operators: ClassVar[tuple[str, ...]] = ("est",)
    control: ClassVar[str] = "text"

    @property
    def allowed(self) -> tuple[str, ...]:
        """The operators of this filter, the usual one first."""
        return self.operators

    def read(self, operator: str, values: Sequence[str]) -> tuple[str, ...]:
        """The values kept, in their canonical form. Raises Refused."""
        if operator not in self.allowed:
            raise Refused(operator)
        if operator in WITHOUT_VALUE:
            return ()
        kept = tuple(dict.fromkeys(value.strip() for value in values if value.strip()))[:MOST_VALUES]
        if not kept:
            raise Refused(self.key)
        return kept

    def narrow(self, operator: str, values: Sequence[str], listing: Any) -> Narrowing:
        """The condition on the rows. `listing` is the one that asks: its `actor`, and its `state` with the other filters."""
        raise NotImplementedError

    def words(self, operator: str, values: Sequence[str], actor: Any) -> str:
        """The values as people say them."""
        del operator, actor
        return ", ".join(values)

    def options(self, actor: Any) -> list[tuple[str, Any]]:
        """The values among which one chooses."""
        del actor
        return []


Options = Callable[[Any], Iterable[tuple[str, Any]]]


@dataclass(frozen=True, slots=True)
class Choice(Filter):
    """One or several values of a list. `where(values)` overrides the plain comparison with `field`.

    `links(values, listing)` gives the condition when another table tells it.
    """

    field: str = ""
    among: Options | None = None
    where: Callable[[Sequence[str]], Q] | None = None
    links: Callable[[Sequence[str], Any], Narrowing] | None = None
    optional: bool = False
    empty: Q | None = None

    control: ClassVar[str] = "choice"

    @property
    def allowed(self) -> tuple[str, ...]:
        """« Est », « n’est pas », and the empty value where there may be one."""
        return ("est", "pas", "vide", "rempli") if self.optional else ("est", "pas")

    def read(self, operator: str, values: Sequence[str]) -> tuple[str, ...]:
        """Only values without control characters; those that no list offers simply match nothing."""
        kept = Filter.read(self, operator, values)
        if any(len(value) > 80 or "\0" in value for value in kept):
            raise Refused(self.key)
        return kept

    def narrow(self, operator: str, values: Sequence[str], listing: Any) -> Narrowing:
        """Among the values, or not; an empty value is an empty text."""
        if operator in ("vide", "rempli"):
            found = Narrowing.of(self.empty if self.empty is not None else Q(**{self.field: ""}))
            return found if operator == "vide" else ~found
        if self.links:
            found = self.links(values, listing)
        elif self.where:
            found = Narrowing.of(self.where(values))
        else:
            found = Narrowing.of(Q(**{f"{self.field}__in": list(values)}))
        return found if operator == "est" else ~found

    def options(self, actor: Any) -> list[tuple[str, Any]]:
        """The values among which one chooses, as text."""
        return [(str(value), label) for value, label in self.among(actor)] if self.among else []

    def words(self, operator: str, values: Sequence[str], actor: Any) -> str:
        """The labels of the values."""
        del operator
        labels = dict(self.options(actor))
        return _enumerated([str(labels.get(value, value)) for value in values])


def _enumerated(said: Sequence[str]) -> str:
    if len(said) <= 3:
        return ", ".join(said)
    return str(_("%(first)s et %(count)s autres") % {"first": ", ".join(said[:2]), "count": len(said) - 2})


@dataclass(frozen=True, slots=True)
class Sought(Choice):
    """Values too many for a list: one types, and those that answer are offered. A value may be the text typed, for all that it names.

    `picker(name, values, actor)` draws the field; `said(values, actor)` tells the values in words.
    """

    picker: Callable[[str, Sequence[str], Any], SafeString] | None = None
    said: Callable[[Sequence[str], Any], Sequence[str]] | None = None

    control: ClassVar[str] = "sought"

    def words(self, operator: str, values: Sequence[str], actor: Any) -> str:
        """The values as the module tells them."""
        del operator
        return _enumerated(self.said(values, actor) if self.said else values)

    def draw(self, name: str, values: Sequence[str], actor: Any) -> SafeString:
        """The field where one types, with what is chosen."""
        return self.picker(name, values, actor) if self.picker else SafeString()


@dataclass(frozen=True, slots=True)
class Words(Filter):
    """A text. `folded` is the field without accents nor capitals, where there is one.

    `containing(text)` overrides the plain comparison for « contient ».
    """

    field: str = ""
    folded: str = ""
    containing: Callable[[str], Narrowing] | None = None
    exact_only: bool = False
    inside: bool = True

    control: ClassVar[str] = "text"

    @property
    def allowed(self) -> tuple[str, ...]:
        """« Contient » only where an index answers it."""
        if self.exact_only:
            return ("est", "commence", "vide", "rempli")
        first = ("contient",) if self.inside else ()
        return (*first, "est", "commence", "vide", "rempli")

    def read(self, operator: str, values: Sequence[str]) -> tuple[str, ...]:
        """One text, of a decent length."""
        kept = Filter.read(self, operator, values)[:1]
        if any(len(value) > 120 or "\0" in value for value in kept):
            raise Refused(self.key)
        return kept

    def narrow(self, operator: str, values: Sequence[str], listing: Any) -> Narrowing:
        """Compared without accents nor capitals where the field allows it."""
        del listing
        if operator in ("vide", "rempli"):
            found = Narrowing.of(Q(**{self.field: ""}))
            return found if operator == "vide" else ~found
        if operator == "commence" and self.exact_only:
            span = Q(**{f"{self.field}__gte": values[0], f"{self.field}__lt": values[0] + LAST})
            return Narrowing.of(span & ~Q(**{self.field: ""}))
        if operator == "contient" and self.containing:
            return self.containing(values[0])
        name = self.folded or self.field
        value: Any = Fold(Value(values[0])) if self.folded else values[0]
        lookup = {"contient": "contains", "est": "exact", "commence": "startswith"}[operator]
        condition = Q(**{f"{name}__{lookup}": value})
        return Narrowing(condition, condition, gathered=operator == "contient")


@dataclass(frozen=True, slots=True)
class Flag(Filter):
    """Yes or no. `links` when another table tells it."""

    where: Q | None = None
    links: Callable[[Any], Narrowing] | None = None

    operators: ClassVar[tuple[str, ...]] = ("oui", "non")
    control: ClassVar[str] = "flag"

    def narrow(self, operator: str, values: Sequence[str], listing: Any) -> Narrowing:
        """The condition, or its contrary."""
        del values
        found = (
            self.links(listing) if self.links else Narrowing.of(self.where) if self.where is not None else EVERYTHING
        )
        return found if operator == "oui" else ~found


@dataclass(frozen=True, slots=True)
class Day(Filter):
    """A date, or a moment of which only the date matters."""

    field: str = ""
    moment: bool = True

    operators: ClassVar[tuple[str, ...]] = ("depuis", "pas_depuis", "apres", "avant", "entre")
    control: ClassVar[str] = "day"

    def read(self, operator: str, values: Sequence[str]) -> tuple[str, ...]:
        """A number of days or months, or one or two dates."""
        kept = Filter.read(self, operator, values)
        if operator in ("depuis", "pas_depuis"):
            if not re.fullmatch(r"[1-9][0-9]{0,3}", kept[0], re.ASCII):
                raise Refused(self.key)
            return kept[:1]
        count = 2 if operator == "entre" else 1
        try:
            days = sorted(read_day(value) for value in kept[:count])
        except ValueError:
            raise Refused(self.key) from None
        if len(days) < count or days[0].year < 1900 or days[-1].year > 2200:
            raise Refused(self.key)
        return tuple(day.isoformat() for day in days)

    def narrow(self, operator: str, values: Sequence[str], listing: Any) -> Narrowing:
        """Days begin and end at midnight, in the establishment's time zone."""
        del listing
        first, last = self._span(operator, values)
        condition = Q()
        if first:
            condition &= Q(**{f"{self.field}__gte": self._edge(first)})
        if last:
            condition &= Q(**{f"{self.field}__lt": self._edge(last)})
        return Narrowing.of(condition)

    def words(self, operator: str, values: Sequence[str], actor: Any) -> str:
        """« 30 jours », « 6 mois », or the dates in French."""
        del actor
        if operator == "depuis":
            return ngettext("%(n)s jour", "%(n)s jours", int(values[0])) % {"n": values[0]}
        if operator == "pas_depuis":
            return str(_("%(n)s mois") % {"n": values[0]})
        said = [f"{dt.date.fromisoformat(value):%d/%m/%Y}" for value in values]
        return str(_("%(first)s et %(last)s") % {"first": said[0], "last": said[1]}) if operator == "entre" else said[0]

    def _span(self, operator: str, values: Sequence[str]) -> tuple[dt.date | None, dt.date | None]:
        today = localdate()
        if operator == "depuis":
            return today - dt.timedelta(days=int(values[0]) - 1), None
        if operator == "pas_depuis":
            return None, months_before(today, int(values[0]))
        days = [dt.date.fromisoformat(value) for value in values]
        if operator == "avant":
            return None, days[0]
        return days[0], days[1] + dt.timedelta(days=1) if operator == "entre" else None

    def _edge(self, day: dt.date) -> dt.date | dt.datetime:
        return make_aware(dt.datetime.combine(day, dt.time())) if self.moment else day


def months_before(day: dt.date, months: int) -> dt.date:
    """The same day so many months earlier, or the last one of its month; never before the year 1."""
    total = max(day.year * 12 + day.month - 1 - months, 12)
    year, month = divmod(total, 12)
    last = (dt.date(year + month // 11, month % 12 + 2 if month < 11 else 1, 1) - dt.timedelta(days=1)).day
    return dt.date(year, month + 1, min(day.day, last))
