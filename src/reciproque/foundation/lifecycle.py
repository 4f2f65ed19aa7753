"""State machines, written as a table: one place says which move is legal, and why not."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db import models
from django.utils.translation import gettext as _

from reciproque.foundation.errors import IllegalTransition

Reasons = list[Any]


def no_objection(_: Any) -> Reasons:
    """The move has no condition of its own."""
    return []


@dataclass(frozen=True)
class Transition:
    """A move: its name in code, its French label, where it starts, where it leads, and what may stand in its way."""

    name: str
    label: Any
    sources: frozenset[str]
    target: str
    objections: Callable[[Any], Reasons] = no_objection


class Lifecycle:
    """All the moves of one kind of record, whose model has a `state` field."""

    def __init__(self, states: type[models.TextChoices], *transitions: Transition) -> None:
        self.states = states
        self.transitions = {t.name: t for t in transitions}
        named = {s for t in transitions for s in (*t.sources, t.target)}
        if unknown := named - set(states.values):
            raise ValueError(f"Unknown states: {unknown}")

    def leaving(self, state: str) -> list[Transition]:
        """The moves that exist from a state: what the buttons are made from."""
        return [t for t in self.transitions.values() if state in t.sources]

    def move(self, instance: models.Model, name: str, **changes: Any) -> Transition:
        """Lock the row, check the move, then save the new state with what changes along with it.

        Raises IllegalTransition when the present state or an objection forbids it.
        """
        transition = self.transitions[name]
        current: Any = type(instance)._base_manager.select_for_update(of=("self",)).get(pk=instance.pk)  # noqa: SLF001
        if current.state not in transition.sources:
            raise IllegalTransition(
                _("« %(move)s » est impossible depuis l’état « %(state)s ».")
                % {"move": transition.label, "state": self.states(current.state).label},
                state=current.state,
            )
        if reasons := transition.objections(current):
            raise IllegalTransition(" ".join(map(str, reasons)), reasons=reasons)
        changes["state"] = transition.target
        for field, value in changes.items():
            setattr(instance, field, value)
        instance.save(update_fields=list(changes))
        return transition

    def mermaid(self) -> str:
        """The diagram for the documentation."""
        arrows = (f"  {s} --> {t.target}: {t.name}" for t in self.transitions.values() for s in sorted(t.sources))
        return "stateDiagram-v2\n" + "\n".join(arrows)


def states(*values: str) -> frozenset[str]:
    """The sources of a transition."""
    return frozenset(values)
