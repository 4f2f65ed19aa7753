"""Personal data are declared once, beside the model: purpose, basis, retention. The register is made from these lines."""

from dataclasses import dataclass, field

from django.db import models

REGISTER: dict[str, "Personal"] = {}


@dataclass(frozen=True, slots=True)
class Personal:
    """What a model holds about people.

    `fields` are personal, `other` are fields looked at and found not to be; together they must cover the model.
    `retention` is a sentence; `basis` an article of the RGPD.
    """

    model: str
    purpose: str
    basis: str
    retention: str
    source: str
    fields: tuple[str, ...]
    other: tuple[str, ...] = field(default=())


def declare(model: type[models.Model], **about: object) -> None:
    """Put a model in the register. Called by the `privacy.py` of its module."""
    label = model._meta.label_lower  # noqa: SLF001
    REGISTER[label] = Personal(model=label, **about)  # type: ignore[arg-type]
