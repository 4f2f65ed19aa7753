"""What the palette and the search page offer: records found, pages one may go to, things one may create."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.conf import settings
from django.urls import NoReverseMatch, reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from reciproque.directory import policies, search
from reciproque.directory.models import Partner, PartnerUnit
from reciproque.engines.identifiers import fold
from reciproque.foundation.ui.context import entries
from reciproque.foundation.ui.markup import address_of, path_to
from reciproque.institution.access import Actor
from reciproque.institution.models import Role
from reciproque.workspace import reads

RECENT, FREQUENT = 5, 5
FOUND, FOUND_IN_SCOPE, FOUND_ON_PAGE = 6, 12, 25
LONGEST = 200


SURE = 3
"""Letters from which what is typed may be the name of a page or of an action."""


@dataclass(frozen=True, slots=True)
class Scope:
    """A part of the application to which the search may be restricted. `words` are what one types before a colon."""

    key: str
    label: Any
    kind: search.Kind
    words: tuple[str, ...]


SCOPES: Mapping[str, Scope] = {
    scope.key: scope
    for scope in (
        Scope("org", gettext_lazy("Partenaires"), "partner", ("org", "organisation", "partenaire", "entreprise")),
        Scope("pers", gettext_lazy("Personnes"), "person", ("pers", "personne", "contact")),
    )
}


@dataclass(frozen=True, slots=True)
class Row:
    """One line: where it leads, what it says, and what tells it from its namesakes. `kind` draws a record, `icon` an action."""

    href: str
    label: Any
    detail: str = ""
    kind: str = ""
    icon: str = ""
    shortcut: str = ""
    scope: Scope | None = None


@dataclass(frozen=True, slots=True)
class Section:
    """Lines of one sort."""

    title: Any
    rows: Sequence[Row]
    all_url: str = ""


def answer(actor: Actor, text: str, scope: str = "") -> list[Section]:
    """The sections of the palette for what is typed, restricted to a scope when there is one."""
    text = " ".join(text.replace("\0", " ").split())[:LONGEST]
    asked, text = _scoped(text, scope)
    if not text:
        sections = [] if asked else [*_known(actor), Section(_("Aller à"), _pages(actor, ""))]
        return _filled([*sections, Section(_("Créer"), _creations(actor, "", asked))])
    kinds = [asked.kind] if asked else [one.kind for one in SCOPES.values()]
    hits = search.find(actor, text, kinds=kinds, limit=FOUND_IN_SCOPE if asked else FOUND)
    sections = _sections(hits, SCOPES.values())
    deeds = [] if asked else _deeds(actor, text)
    if not asked:
        pages = _pages(actor, text)
        named = [row for row in pages if _begins(row, text)]
        sections = [Section(_("Actions"), deeds), Section(_("Aller à"), named), *sections]
        sections.append(Section(_("Aller à"), [*(row for row in pages if row not in named), _everywhere(text)]))
    return _filled(
        [*sections, Section(_("Créer"), _creations(actor, text, asked) if asked or not (hits or deeds) else [])]
    )


def _begins(row: Row, text: str) -> bool:
    """Whether somebody who types this means that line: it begins so, from three letters on."""
    return len(text) >= SURE and fold(str(row.label)).startswith(fold(text))


def _deeds(actor: Actor, text: str) -> list[Row]:
    """What one may do from anywhere, of which every word typed begins a word."""
    words = fold(text).split() if len(text) >= SURE else []
    rows = [Row(address_of(one.url_name), one.label, icon=one.icon) for one in entries(actor, settings.QUICK_CREATE)]
    said = [(row, fold(str(row.label)).split()) for row in rows]
    return [row for row, names in said if words and all(any(one.startswith(word) for one in names) for word in words)]


def found_on_page(actor: Actor, text: str) -> list[Section]:
    """The sections of the search page."""
    text = " ".join(text.replace("\0", " ").split())[:LONGEST]
    hits = search.find(actor, text, kinds=[one.kind for one in SCOPES.values()], limit=FOUND_ON_PAGE) if text else []
    sections = _filled(_sections(hits, SCOPES.values()))
    return [replace(section, all_url=_list(section.rows[0].scope, text)) for section in sections]


def _list(scope: Scope | None, text: str) -> str:
    """The list of all that answers the text."""
    return f"{reverse(f'directory:{scope.kind}_list')}?{urlencode({'q': text})}" if scope else ""


def _scoped(text: str, scope: str) -> tuple[Scope | None, str]:
    """The scope chosen, or the one typed (« org: fonderie »), and the rest of the text."""
    before, colon, after = text.partition(":")
    typed = next((one for one in SCOPES.values() if colon and fold(before).strip() in one.words), None)
    if typed:
        return typed, after.strip()
    return SCOPES.get(scope), text


def _filled(sections: Iterable[Section]) -> list[Section]:
    return [section for section in sections if section.rows]


def _sections(hits: Sequence[search.Hit], scopes: Iterable[Scope]) -> list[Section]:
    return [Section(scope.label, [_hit(hit, scope) for hit in hits if hit.kind == scope.kind]) for scope in scopes]


def _hit(hit: search.Hit, scope: Scope) -> Row:
    return Row(path_to(f"directory:{hit.kind}", hit.pk), hit.label, hit.detail, kind=hit.icon, scope=scope)


def _known(actor: Actor) -> list[Section]:
    """What one changed last, then the partners whose tie one carries."""
    recent = [
        Row(
            reverse(f"directory:{line['kind']}", args=[line["record"].pk]),
            str(line["record"]),
            getattr(line["record"], "city", ""),
            kind=line["icon"],
        )
        for line in reads.changed_by(actor)[:RECENT]
    ]
    shown = {row.href for row in recent}
    carried = PartnerUnit.objects.filter(referent_id=actor.user_id).order_by("-pk").values("partner")[:FREQUENT]
    rows = policies.partners.allowed(actor, "view").filter(pk__in=list(carried.values_list("partner", flat=True)))
    mine = [_partner(row) for row in rows.filter(archived_at=None).order_by("name_key", "pk")]
    return [
        Section(_("Modifiées récemment"), recent),
        Section(_("Je suis référent"), [row for row in mine if row.href not in shown]),
    ]


def _partner(row: Partner) -> Row:
    return Row(reverse("directory:partner", args=[row.pk]), str(row), row.city, kind=row.kind)


def _pages(actor: Actor, text: str) -> list[Row]:
    """The pages of the navigation whose name begins with what is typed, all of them when nothing is."""
    asked = fold(text)
    found = [
        Row(
            address_of(entry.url_name),
            entry.label,
            icon=entry.icon,
            shortcut=f"G {entry.shortcut.upper()}" if entry.shortcut else "",
        )
        for entry in (*entries(actor, settings.NAVIGATION), *(entries(actor, settings.USER_MENU) if text else ()))
    ]
    return [row for row in found if any(word.startswith(asked) for word in fold(str(row.label)).split())]


def _everywhere(text: str) -> Row:
    label = _("Tous les résultats pour « %(text)s »") % {"text": text}
    return Row(f"{reverse('workspace:search')}?{urlencode({'q': text})}", label, icon="search")


def _creations(actor: Actor, text: str, scope: Scope | None) -> list[Row]:
    """What one may create; named after what was typed, when nothing was found."""
    if not actor.has(Role.MEMBER, Role.DATA_STEWARD):
        return []
    rows: list[Row | None] = []
    if scope is None and actor.has(Role.MEMBER):
        quick = _offer("relations:interaction_quick", "", _("Noter un échange"), icon="message-plus")
        rows.append(quick and replace(quick, href=f"{quick.href}?{urlencode({'q': text})}" if text else quick.href))
    offers: list[tuple[str, str, Callable[[str], str], Any]] = [
        ("partner", "directory:partner_create", _partner_words, _("Nouveau partenaire")),
        ("person", "directory:person_create", _person_words, _("Nouvelle personne")),
    ]
    rows += [
        _offer(name, text, words(text) if text else label)
        for kind, name, words, label in offers
        if scope is None or scope.kind == kind
    ]
    if not text and scope is None:
        rows.append(_offer("sourcing:import_new", "", _("Importer un fichier"), icon="file-import"))
    return [row for row in rows if row is not None]


def _partner_words(text: str) -> str:
    return _("Créer le partenaire « %(text)s »") % {"text": text}


def _person_words(text: str) -> str:
    return _("Créer la personne « %(text)s »") % {"text": text}


def _offer(name: str, text: str, label: Any, icon: str = "plus") -> Row | None:
    try:
        address = reverse(name)
    except NoReverseMatch:
        return None
    return Row(f"{address}?{urlencode({'nom': text})}" if text else address, label, icon=icon)
