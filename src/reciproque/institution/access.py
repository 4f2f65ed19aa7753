"""Who may see or do what. A rule is written once, as a filter; lists, single records and new rows are judged by it."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Generic, TypeVar

from django.db import connection
from django.db.models import Case, Exists, Manager, Model, OuterRef, Q, QuerySet, Value, When
from django.http import Http404
from django.utils.translation import gettext_lazy as _

from reciproque.foundation.database.kept import Kept, Slot
from reciproque.foundation.errors import Forbidden
from reciproque.institution.models import ESTABLISHMENT_WIDE, RANK, Role, User

M = TypeVar("M", bound=Model)
QS = TypeVar("QS", bound=QuerySet[Any], covariant=True)

ROLES_SQL = """
SELECT DISTINCT below.id, membership.role, (
  SELECT count(*) FROM (SELECT 1 FROM institution_notice WHERE user_id = %s AND seen_at IS NULL LIMIT 100) waiting
)
FROM institution_membership membership
JOIN institution_unit unit ON unit.id = membership.unit_id
JOIN institution_unit below ON below.path LIKE unit.path || '%%'
WHERE membership.user_id = %s
"""


@dataclass(frozen=True)
class Actor:
    """Someone, or something, that acts: a person with roles in units (sub-units included), or the system itself.

    `via` says through what the change comes: page, command, import, job; `untold`, how many notices the person has not seen (100 at most).
    """

    name: str
    user_id: int | None = None
    roles: frozenset[tuple[int, Role]] = frozenset()
    via: str = "page"
    untold: int = field(default=0, compare=False)

    @classmethod
    def of(cls, user: User, *, via: str = "page") -> Actor:
        """The actor of a person, with every unit their roles reach, and what they have not seen. One query."""
        with connection.cursor() as cursor:
            cursor.execute(ROLES_SQL, [user.pk, user.pk])
            found = cursor.fetchall()
        roles = frozenset((unit, Role(role)) for unit, role, _untold in found) if user.is_active else frozenset()
        return cls(name=str(user), user_id=user.pk, roles=roles, via=via, untold=found[0][2] if found else 0)

    @classmethod
    def system(cls, name: str, *, via: str = "job") -> Actor:
        """The application itself, under the name of what it is doing."""
        return cls(name=f"système : {name}", via=via)

    @cached_property
    def known(self) -> dict[str, Any]:
        """What was read once for this actor, and is asked for in several places of a page."""
        return {}

    @property
    def is_system(self) -> bool:
        """Whether no person stands behind it."""
        return self.user_id is None

    @property
    def is_staff(self) -> bool:
        """Whether the person belongs to at least one unit: what opens the shared network."""
        return self.is_system or bool(self.roles)

    def has(self, *wanted: Role) -> bool:
        """Whether the actor holds one of these roles somewhere (ranks: at least)."""
        return self.is_system or any(_covers(role, want) for _unit, role in self.roles for want in wanted)

    def units(self, at_least: Role) -> list[int]:
        """The units, sub-units included, where the actor's rank is at least this one."""
        return sorted({unit for unit, role in self.roles if _covers(role, at_least)})

    def within(self, path: str, at_least: Role) -> Q:
        """That the unit at `path` is one where the actor's rank is at least this one."""
        return Q(**{f"{path}__in": self.units(at_least)})

    def shaped(self) -> tuple[Hashable, Actor, Mapping[str, Any]]:
        """For reads that are kept: the roles held make the shape; who it is, and in which units, are values."""
        return self._shape, Pattern(self._shape), self._values

    @cached_property
    def _shape(self) -> frozenset[Role] | None:
        return None if self.is_system else frozenset(role for _unit, role in self.roles)

    @cached_property
    def _values(self) -> Mapping[str, Any]:
        return {"actor": self.user_id, **{f"actor_{rank}": self.units(rank) for rank in RANK}}

    @property
    def trace(self) -> dict[str, Any]:
        """What the history keeps of the actor besides the name."""
        return {"user": self.user_id, "via": self.via}

    def __str__(self) -> str:
        return self.name


class Pattern(Actor):
    """What stands for an actor while a read is spelt: the roles that it holds, and slots for who it is and for its units."""

    def __init__(self, held: frozenset[Role] | None) -> None:
        who = None if held is None else Slot("actor")
        super().__init__(name="", user_id=who, roles=frozenset((0, role) for role in held or ()))  # type: ignore[arg-type]

    def units(self, _at_least: Role) -> list[int]:
        """Not known while the read is spelt."""
        raise TypeError("the units of an actor are a value: say `actor.within(…)`")

    def within(self, path: str, at_least: Role) -> Q:
        """The units are given at each call."""
        return Q(**{f"{path}__among": Slot(f"actor_{at_least}")}) if self.has(at_least) else NONE


def _covers(role: Role, wanted: Role) -> bool:
    if wanted in ESTABLISHMENT_WIDE:
        return role == wanted
    return role in RANK and RANK[role] >= RANK[wanted]


@dataclass(frozen=True)
class Rule:
    """A right: its French text, and the rows it opens to an actor. The filter never joins, so it never repeats a row."""

    text: Any
    where: Callable[[Actor], Q]

    def __or__(self, other: Rule) -> Rule:
        return Rule(_Joined(self.text, _("ou"), other.text), lambda a: _either(self.where(a), other.where(a)))

    def __and__(self, other: Rule) -> Rule:
        return Rule(_Joined(self.text, _("et"), other.text), lambda a: _both(self.where(a), other.where(a)))


def _either(left: Q, right: Q) -> Q:
    """`left OR right`, where an empty condition means every row (Django would drop it)."""
    return left if not left else right if not right else left | right


def _both(left: Q, right: Q) -> Q:
    return left & right


@dataclass(frozen=True)
class _Joined:
    left: Any
    word: Any
    right: Any

    def __str__(self) -> str:
        return f"{self.left} {self.word} {self.right}"


ALL = Q()
NONE = Q(pk__in=[])
YES, NO = Value(value=True), Value(value=False)


def in_unit(path: str, at_least: Role) -> Rule:
    """The record's unit is one where the actor has that rank."""
    return Rule(_Joined(at_least.label, _("dans"), f"« {path} »"), lambda a: a.within(path, at_least))


def has_role(*roles: Role) -> Rule:
    """The actor holds one of these roles, whatever the record."""
    text = ", ".join(str(role.label) for role in roles)
    return Rule(text, lambda a: ALL if a.has(*roles) else NONE)


def named_in(path: str) -> Rule:
    """The actor is the person that the record names (a foreign key)."""
    return Rule(_Joined(_("nommée dans"), "", f"« {path} »"), lambda a: Q(**{path: a.user_id}))


def among(links: Callable[[], Manager[Any]], record: str, text: Any = _("personnes nommées")) -> Rule:
    """The actor is among the people that the record names (a link table, read apart so that no row is repeated).

    `links` gives the manager of the link table, `record` the name of its column that holds the record. Each record is asked whether it
    names the actor: reading first all that name somebody costs as much as that person has done in ten years.
    """
    return Rule(text, lambda a: Q(Exists(links().filter(user_id=a.user_id, **{record: OuterRef("pk")}))))


def when(text: Any, **lookups: Any) -> Rule:
    """The record is such, whoever the actor."""
    return Rule(text, lambda _actor: Q(**lookups))


signed_in = Rule(_("toute personne connectée"), lambda _actor: ALL)
staff = Rule(_("toute personne d’une entité"), lambda a: ALL if a.is_staff else NONE)
nobody = Rule(_("personne"), lambda _actor: NONE)


class Policy(Generic[QS]):
    """The rights on one kind of record: action → rule. Used without an actor it cannot answer."""

    def __init__(self, base: Callable[[], QS], **rules: Rule) -> None:
        self.base, self.rules = base, rules
        self._on_row, self._found = Kept(self._of_number), Kept(self._such)

    def allowed(self, actor: Actor, action: str) -> QS:
        """The rows on which the actor may do the action."""
        queryset, rule = self.base(), self.rules[action]
        if actor.is_system:
            return queryset
        return queryset.filter(rule.where(actor))

    def marked(self, actor: Actor, action: str, **marks: str) -> QS:
        """What the actor may do `action` on, each row saying whether it also allows the marks."""
        return self.allowed(actor, action).annotate(**{name: self._mark(actor, other) for name, other in marks.items()})

    def _mark(self, actor: Actor, action: str) -> Case | Value:
        """Whether the row at hand passes the rule, which never joins."""
        where = ALL if actor.is_system else self.rules[action].where(actor)
        return Case(When(where, then=YES), default=NO) if where else YES

    def permits(self, actor: Actor, action: str, instance: Model) -> bool:
        """Whether the actor may do it on this very row."""
        return self._on_row.exists(actor, action, pk=instance.pk)

    def _of_number(self, actor: Actor, action: str, *, pk: Any) -> QuerySet[Any]:
        return self.allowed(actor, action).filter(pk=pk)

    def _such(self, actor: Actor, action: str, **lookup: Any) -> QuerySet[Any]:
        rows = self.allowed(actor, action).filter(**lookup)
        return rows[:1] if rows.ordered else rows.order_by("pk")[:1]

    def require(self, actor: Actor, action: str, instance: Model) -> None:
        """Refuse with Forbidden unless permitted. Called after writing a new row, it judges the row as written."""
        if not self.permits(actor, action, instance):
            raise Forbidden(_("Vous n’avez pas ce droit."), action=action, rule=str(self.rules[action].text))

    def get_or_404(self: Policy[QuerySet[M]], actor: Actor, action: str, **lookup: Any) -> M:
        """The row, or the same 404 whether it does not exist or may not be known."""
        instance: M | None = self._found.first(actor, action, **lookup)
        if instance is None:
            raise Http404
        return instance


def require_role(actor: Actor, *roles: Role) -> None:
    """Refuse with Forbidden unless the actor holds one of the roles."""
    if not actor.has(*roles):
        names = ", ".join(str(role.label) for role in roles)
        raise Forbidden(_("Il faut un de ces rôles : %(roles)s.") % {"roles": names})
