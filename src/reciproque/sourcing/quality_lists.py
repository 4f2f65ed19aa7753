"""The lists that the board's figures open: partners that have or lack something, pairs in each state; paged by key, and as files.

Records kept to named people are not there, as they are not counted; those kept to their unit show no more than that to others.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import BooleanField, Case, Exists, OuterRef, Q, QuerySet, When
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from reciproque.directory import policies as directory
from reciproque.directory.models import Partner, Position, Sharing
from reciproque.foundation.listing.narrowing import Probed
from reciproque.institution.access import Actor
from reciproque.institution.models import Unit, User
from reciproque.sourcing import wording
from reciproque.sourcing.models import Contradiction, Judgement
from reciproque.sourcing.pipeline.measuring import COMPARED

SHOWN = 50
COUNTED = 2_000
V = Judgement.Verdict
LABELS: Mapping[str, Any] = {
    "numero": gettext_lazy("numéro officiel"),
    "registre": gettext_lazy("rapprochement du registre"),
    "lieu": gettext_lazy("lieu"),
    "joindre": gettext_lazy("coordonnées"),
    "personne": gettext_lazy("personne"),
    "contradiction": gettext_lazy("contradiction entre sources"),
    "double": gettext_lazy("doublon possible"),
    "propre": gettext_lazy("fiche propre"),
}
STATES: Mapping[str, Any] = {
    "trouves": gettext_lazy("trouvés"),
    "a-juger": gettext_lazy("à juger"),
    "reunis": gettext_lazy("réunis"),
    "seuls": gettext_lazy("réunis sans demander"),
    "ecartes": gettext_lazy("écartés"),
}


@dataclass(frozen=True, slots=True)
class Asked:
    """What a list is asked for: `have` or `lack` a key of LABELS, `field` one whose sources disagree, a unit."""

    have: str = ""
    lack: str = ""
    field: str = ""
    unit: int = 0

    @property
    def query(self) -> str:
        """The same as an address says it."""
        said = {"avec": self.have, "sans": self.lack, "champ": self.field, "entite": self.unit or ""}
        return "&".join(f"{key}={value}" for key, value in said.items() if value)


def _conditions() -> dict[str, Q]:
    has_number = ~Q(siren="") | ~Q(rna="") | ~Q(foreign_id="")
    has_place, has_contact = ~Q(city="") | ~Q(postcode=""), ~Q(email="") | ~Q(phone="")
    contradicted = Q(Exists(Contradiction.objects.filter(partner=OuterRef("pk"))))
    doubled = Q(Exists(_open_pairs("high").filter(low=OuterRef("pk")))) | Q(
        Exists(_open_pairs("low").filter(high=OuterRef("pk")))
    )
    return {
        "numero": has_number,
        "registre": ~Q(register_state="") | Q(register_checked_on__isnull=False),
        "lieu": has_place,
        "joindre": has_contact,
        "personne": Q(Exists(Position.objects.filter(partner=OuterRef("pk"), ended_on=None))),
        "contradiction": contradicted,
        "double": doubled,
        "propre": has_number & has_place & has_contact & ~contradicted & ~doubled,
    }


def _each(condition: Q) -> Q:
    """The condition, asked row by row in the order of the list: joined, it would be asked of the whole network."""
    return Q(Case(When(condition, then=True), default=False, output_field=BooleanField()))


def _probed(rows: QuerySet[Partner]) -> Q:
    """Whether there is such a row, looked up pair by pair: the planner would rather read the whole network beforehand."""
    return Q(Probed(rows.order_by().values("pk")))


def _counted() -> QuerySet[Partner]:
    return Partner.objects.filter(archived_at=None, merged_into=None).exclude(sharing=Sharing.RESTRICTED)


def _open_pairs(side: str) -> QuerySet[Judgement]:
    rows = Judgement.objects.filter(Exists(_counted().filter(pk=OuterRef(side))), kind="partner")
    return rows.filter(Q(verdict=V.ASKED) | (Q(verdict__in=[V.OPEN, V.LATER]) & ~Q(zone="dropped")))


def partners(actor: Actor, asked: Asked) -> QuerySet[Any]:
    """The partners that a figure counts, each saying whether it is `readable` and `editable`."""
    rows = directory.partners.marked(actor, "notice", readable="view", editable="edit")
    rows = rows.filter(archived_at=None, merged_into=None).exclude(sharing=Sharing.RESTRICTED)
    if asked.unit:
        rows = rows.filter(unit=asked.unit)
    known = _conditions()
    if asked.have in known:
        rows = rows.filter(_each(known[asked.have]))
    if asked.lack in known:
        rows = rows.filter(_each(~known[asked.lack]))
    if asked.field in COMPARED:
        rows = rows.filter(Exists(Contradiction.objects.filter(partner=OuterRef("pk"), field=asked.field)))
    return rows.defer("origins", "description").select_related("unit").order_by("name_key", "pk")


def words(asked: Asked) -> dict[str, Any]:
    """What the list is, in words."""
    if asked.field in COMPARED:
        title = _("Sources en désaccord : %(field)s") % {"field": wording.field_label(f"partner.{asked.field}")}
    elif asked.have in LABELS:
        title = _("Fiches : %(what)s") % {"what": LABELS[asked.have]}
    elif asked.lack in LABELS:
        title = _("Fiches à qualifier : sans %(what)s") % {"what": LABELS[asked.lack]}
    else:
        title = _("Toutes les fiches")
    return {
        "title": title,
        "haves": list(LABELS.items()),
        "lacks_choices": [(key, label) for key, label in LABELS.items() if key not in {"contradiction", "double"}],
        "fields": [(field, wording.field_label(f"partner.{field}")) for field in COMPARED],
    }


def after(rows: QuerySet[Any], pk: int) -> QuerySet[Any]:
    """The rows that come after that one in the order of names."""
    held = Partner.objects.filter(pk=pk).values_list("name_key", flat=True).first()
    return rows.filter(Q(name_key__gt=held) | Q(name_key=held, pk__gt=pk)) if held is not None else rows


def lacks(row: Any, disputed: Mapping[int, list[str]]) -> list[str]:
    """What a partner's record lacks, in words, and the fields on which its sources disagree."""
    found = [] if row.siren or row.rna or row.foreign_id else [_("numéro officiel")]
    found += [] if row.register_state or row.register_checked_on else [_("registre")]
    found += [] if row.city or row.postcode else [_("lieu")]
    found += [] if row.email or row.phone else [_("coordonnées")]
    return found + [_("%(field)s : sources en désaccord") % {"field": label} for label in disputed.get(row.pk, [])]


def disputed(ids: list[int]) -> dict[int, list[str]]:
    """The fields on which the sources of these partners disagree. One query."""
    found: dict[int, list[str]] = {}
    for pk, field in Contradiction.objects.filter(partner__in=ids).values_list("partner_id", "field").order_by("field"):
        found.setdefault(pk, []).append(wording.field_label(f"partner.{field}"))
    return found


def lines(rows: list[Any]) -> list[dict[str, Any]]:
    """These partners as a page shows them."""
    said = disputed([row.pk for row in rows])
    return [{"row": row, "lacks": lacks(row, said) if row.readable else []} for row in rows]


def partner_file(actor: Actor, asked: Asked) -> tuple[list[str], Iterator[list[Any]]]:
    """Headings and lines of the list as a file: what the actor may read, and no more."""
    headings = [_("Partenaire"), "SIREN", "RNA", _("Code postal"), _("Ville"), _("Entité"), _("Ce qui manque")]

    def write() -> Iterator[list[Any]]:
        rows, last = partners(actor, asked).filter(readable=True), 0
        while some := list((after(rows, last) if last else rows)[:1000]):
            for line in lines(some):
                row = line["row"]
                yield [row.label, row.siren, row.rna, row.postcode, row.city, str(row.unit or ""), ", ".join(line["lacks"])]  # fmt: skip
            last = some[-1].pk

    return headings, write()


def pairs(state: str, unit: int = 0, run: int = 0) -> QuerySet[Judgement]:
    """The pairs of partners that a figure counts, the newest first."""
    shown = Partner.objects.exclude(sharing=Sharing.RESTRICTED)
    rows = Judgement.objects.filter(kind="partner").exclude(zone="dropped", verdict__in=[V.OPEN, V.LATER])
    here = Q(verdict__in=[V.SAME, V.DIFFERENT])
    for side in ("low", "high"):
        rows = rows.filter(_probed(shown.filter(pk=OuterRef(side))))
    both = [_probed(shown.filter(pk=OuterRef(side), archived_at=None)) for side in ("low", "high")]
    rows = rows.filter(here | (both[0] & both[1]))
    if state == "a-juger":
        rows = rows.filter(Q(verdict__in=[V.OPEN, V.ASKED]) | Q(verdict=V.LATER, until__lte=localdate()))
    elif state == "reunis":
        rows = rows.filter(verdict=V.SAME)
    elif state == "seuls":
        rows = rows.filter(verdict=V.SAME, run__isnull=False)
    elif state == "ecartes":
        rows = rows.filter(verdict=V.DIFFERENT)
    if unit:
        mine = [_probed(Partner.objects.filter(pk=OuterRef(side), unit=unit)) for side in ("low", "high")]
        rows = rows.filter(mine[0] | mine[1])
    if run:
        rows = rows.filter(run=run)
    return rows.order_by("-pk")


def pairs_query(state: str, unit: int, run: int) -> str:
    """The same as an address says it."""
    return "&".join([f"etat={state}", *([f"entite={unit}"] if unit else []), *([f"passage={run}"] if run else [])])


def pair_lines(actor: Actor, rows: list[Judgement]) -> list[dict[str, Any]]:
    """These pairs as a page shows them: names that the actor may read, else whose record it is. Three queries."""
    names = named(actor, {pk for row in rows for pk in (row.low, row.high)})
    people = User.objects.in_bulk({row.decided_by_id for row in rows if row.decided_by_id})
    return [
        {
            "pair": row, "one": names.get(row.low), "other": names.get(row.high), "by": people.get(row.decided_by_id or 0),
            "reasons": [wording.reason(code) for code in row.reasons if code != "likeness"],
        }
        for row in rows
    ]  # fmt: skip


def named(actor: Actor, ids: set[int]) -> dict[int, dict[str, Any]]:
    """Name, town and page of partners, absorbed ones too; of those one may not read, whose they are."""
    readable = set(directory.partners.allowed(actor, "view").filter(pk__in=ids).values_list("pk", flat=True))
    units = {unit.pk: unit for unit in Unit.objects.filter(closed_on=None)} if ids - readable else {}
    found = {}
    for row in Partner.objects.filter(pk__in=ids).only("pk", "label", "city", "postcode", "siren", "rna", "unit_id"):
        if row.pk in readable:
            town = f"{row.postcode} {row.city}".strip()
            found[row.pk] = {"name": row.label, "town": town, "number": row.siren or row.rna, "pk": row.pk}
        else:
            kept = units.get(row.unit_id or 0)
            found[row.pk] = {
                "name": _("fiche réservée à %(unit)s") % {"unit": kept or "—"},
                "town": "",
                "number": "",
                "pk": 0,
            }
    return found


def pair_file(actor: Actor, state: str, unit: int, run: int) -> tuple[list[str], Iterator[list[Any]]]:
    """Headings and lines of the pairs as a file; pairs of which the actor may not read a record are left out."""
    headings = [
        _("Fiche"),
        _("Ville"),
        _("Autre fiche"),
        _("Ville"),
        _("Vraisemblance (%)"),
        _("Raisons"),
        _("Décision"),
        _("Le"),
        _("Par"),
    ]

    def write() -> Iterator[list[Any]]:
        rows, last = pairs(state, unit, run), 0
        while some := list((rows.filter(pk__lt=last) if last else rows)[:1000]):
            for line in pair_lines(actor, some):
                pair, one, other = line["pair"], line["one"], line["other"]
                if one and other and one["pk"] and other["pk"]:
                    day = f"{pair.decided_at:%d/%m/%Y}" if pair.decided_at else ""
                    likely = "" if pair.likelihood is None else round(100 * pair.likelihood, 1)
                    yield [one["name"], one["town"], other["name"], other["town"], likely, ", ".join(line["reasons"]),
                           str(pair.get_verdict_display()), day, str(line["by"] or "")]  # fmt: skip
            last = some[-1].pk

    return headings, write()
