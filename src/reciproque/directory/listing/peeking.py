"""What the panel beside a list shows of one record."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from reciproque.directory import policies, reference
from reciproque.directory.models import Partner, Person, Position
from reciproque.engines.identifiers import format_phone, format_siren
from reciproque.institution.access import Actor

SHOWN = 6


def peeked(actor: Actor, kind: str, record: Any) -> dict[str, Any]:
    """The panel's context."""
    return _partner(actor, record) if kind == "partner" else _person(actor, record)


def _partner(actor: Actor, record: Partner) -> dict[str, Any]:
    lines = [
        (_("Adresse"), ", ".join(filter(None, [f"{record.postcode} {record.city}".strip(), _place(record)]))),
        (_("Secteur"), reference.naf_label(record.naf) or record.naf),
        (_("Effectif"), reference.headcount_label(record.headcount_band)),
        (_("SIREN"), format_siren(record.siren) if record.siren else ""),
        (_("Référent établissement"), str(record.referent or "")),
    ]
    people = policies.people.allowed(actor, "view").filter(archived_at=None).order_by()
    positions = Position.objects.current().filter(partner=record, person__in=people).select_related("person")
    known = list(positions.order_by("person__name_key", "pk")[: SHOWN + 1])
    return {
        "title": record.label,
        "subtitle": record.get_kind_display(),
        "picture": record.kind,
        "page_url": reverse("directory:partner", args=[record.pk]),
        "lines": [line for line in lines if line[1]],
        "contacts": _contacts(record.email, record.phone, record.web),
        "ties": list(policies.ties.allowed(actor, "view").filter(partner=record).order_by("unit__tree_key")),
        "positions": known[:SHOWN],
        "more_people": len(known) > SHOWN,
        "description": record.description,
    }


def _place(record: Partner) -> str:
    return reference.department_label(record.department) if record.department else ""


def _person(actor: Actor, record: Person) -> dict[str, Any]:
    partners = policies.partners.allowed(actor, "notice").order_by()
    positions = Position.objects.current().filter(person=record, partner__in=partners).select_related("partner")
    email = "" if record.do_not_contact else record.email
    return {
        "title": str(record),
        "subtitle": _("personne"),
        "picture": "person",
        "page_url": reverse("directory:person", args=[record.pk]),
        "lines": [line for line in [(_("Canal préféré"), str(record.get_channel_display()))] if line[1]],
        "contacts": _contacts(email, "" if record.do_not_contact else record.mobile or record.phone, record.web),
        "jobs": list(positions.order_by("-started_on", "pk")[:SHOWN]),
        "refused": record.do_not_contact,
        "description": record.description,
    }


def _contacts(email: str, phone: str, web: str) -> list[tuple[str, str, str]]:
    """Icon, address, words."""
    return [
        *([("mail", f"mailto:{email}", email)] if email else []),
        *([("phone", f"tel:{phone}", format_phone(phone))] if phone else []),
        *(
            [("world", web, web.rsplit("://", maxsplit=1)[-1].rstrip("/"))]
            if web.startswith(("http://", "https://"))
            else []
        ),
    ]
