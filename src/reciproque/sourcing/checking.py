"""« À vérifier »: merges made alone, as each record was by itself before, for people to say whether they were right."""

from dataclasses import dataclass
from typing import Any

from django.db.models import BooleanField, Case, Exists, OuterRef, Q, QuerySet, When

from reciproque.directory import policies as directory
from reciproque.directory.models import Merge, MergeBase, Partner, Site
from reciproque.directory.services import root_of
from reciproque.engines.identifiers import format_phone, format_siren
from reciproque.institution.access import Actor
from reciproque.sourcing.models import Check
from reciproque.sourcing.wording import reason

SHOWN = 20


@dataclass(frozen=True, slots=True)
class Card:
    """A record as it was by itself."""

    name: str
    lines: list[str]
    page: str


@dataclass(frozen=True, slots=True)
class Asked:
    """A merge to check."""

    check: Check
    cards: list[Card]
    percent: str
    reasons: list[str]


def waiting(actor: Actor) -> QuerySet[Check]:
    """The checks that the actor may answer: those of records that one may change; a merge undone since is not asked any more."""
    mine = directory.partners.allowed(actor, "merge").filter(pk=OuterRef("merge__kept_id"))
    above = Partner.objects.filter(
        pk=OuterRef("merge__kept_id"), merged_into__in=directory.partners.allowed(actor, "merge")
    )
    rows = Check.objects.filter(answer="", merge__undone_at=None)
    return rows.filter(_each(Q(Exists(mine)) | Q(Exists(above)))).order_by("judgement__likelihood", "pk")


def _each(condition: Q) -> Q:
    return Q(Case(When(condition, then=True), default=False, output_field=BooleanField()))


def asked(actor: Actor, shown: int = SHOWN) -> list[Asked]:
    """The first merges to check, the least likely first. A constant number of queries."""
    checks = list(waiting(actor).select_related("merge", "judgement", "run")[:shown])
    ids = {pk for check in checks for pk in (check.merge.kept_id, check.merge.absorbed_id)}
    rows = {row.pk: row for row in Partner.objects.filter(pk__in=ids)}
    own = dict(MergeBase.objects.filter(kind=Merge.Kind.PARTNER, record_id__in=ids).values_list("record_id", "own"))
    heads = Site.everything.in_bulk({said["head"] for said in own.values() if said.get("head")})
    return [
        Asked(
            check,
            [
                _card(rows[pk], own.get(pk) or {}, heads)
                for pk in (check.merge.kept_id, check.merge.absorbed_id)
                if pk in rows
            ],
            f"{100 * (check.judgement.likelihood or 0):.1f}".replace(".", ","),
            [reason(code) for code in check.judgement.reasons if code != "likeness"],
        )
        for check in checks
    ]


def _card(row: Any, own: dict[str, Any], heads: dict[int, Site]) -> Card:
    """What the record said by itself, and where its head was."""
    place: Any = heads.get(own.get("head") or 0, row)

    def said(name: str) -> str:
        return str(own.get(name) or ("" if name in own else getattr(row, name)) or "")

    siren = said("siren")
    lines = [
        " ".join(filter(None, [getattr(place, "address", ""), place.postcode, place.city])),
        format_siren(siren) if siren else said("rna"),
        said("email"),
        format_phone(said("phone")) if said("phone") else "",
        said("web"),
    ]
    return Card(said("usual_name") or said("name"), [line for line in lines if line], f"/partenaires/{row.pk}/")


def page_of(check: Check) -> int:
    """The partner that answers today for the records of a check."""
    return root_of(Merge.Kind.PARTNER, check.merge.kept_id)
