"""What this module puts on the home page: imports to go on with, rows to decide about."""

import datetime as dt
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.urls import reverse
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from reciproque.directory import policies as directory
from reciproque.directory.models import Partner
from reciproque.foundation.database.kept import kept, ready
from reciproque.foundation.dates import date_format
from reciproque.foundation.inbox import COUNTED, SHOWN, Found, Item, Provider, found, register
from reciproque.foundation.ui.markup import path_to
from reciproque.institution.access import Actor
from reciproque.institution.models import Role
from reciproque.sourcing import checking, doubles, policies
from reciproque.sourcing.models import Check, Import, Judgement, RegisterProposal, SourceRecord, TrainedModel
from reciproque.sourcing.register import queue
from reciproque.sourcing.services.zones import DECIDERS
from reciproque.sourcing.wording import reason

S, R = Import.State, SourceRecord.State


def offer() -> None:
    """Called when the application is ready."""
    register(Provider("imports_to_finish", gettext_lazy("Imports à terminer"), 30, to_finish))
    register(Provider("duplicates_to_answer", gettext_lazy("Accords demandés"), 12, to_answer))
    register(Provider("register_life", gettext_lazy("Vie des entreprises"), 20, to_follow))
    register(Provider("register_matches", gettext_lazy("Partenaires à qualifier"), 27, to_qualify))
    register(Provider("duplicates", gettext_lazy("Doublons à juger"), 25, to_judge))
    register(Provider("merges_to_check", gettext_lazy("Réunions automatiques à vérifier"), 26, to_check))
    register(Provider("models_to_decide", gettext_lazy("Modèles proposés"), 27, to_adopt))
    register(Provider("import_rows_waiting", gettext_lazy("Lignes d’import à traiter"), 31, to_decide))


@ready
def _unfinished(actor: Actor, most: int, *, hidden: frozenset[int], me: int) -> QuerySet[Import]:
    runs: QuerySet[Import] = policies.imports.allowed(actor, "run").exclude(pk__among=hidden)
    return runs.filter(author_id=me, state__in=[S.UPLOADED, S.CHECKED, S.STOPPED, S.FAILED]).order_by("-pk")[:most]


def to_finish(actor: Actor, hidden: frozenset[int]) -> Found:
    """One's own imports that wait for a step, and those that failed."""

    def draw(run: Import) -> Item:
        return Item(
            key=f"imports_to_finish:{run.pk}", title=str(run.source),
            why=_("Vous avez commencé cet import (%(file)s) : %(state)s.") % {"file": run.file, "state": run.get_state_display()},
            url=path_to("sourcing:import", run.pk), action=_("Continuer"), icon="file-import",
        )  # fmt: skip

    url = reverse("sourcing:import_list")
    return found(_unfinished, draw, actor, url=url, hidden=hidden, me=actor.user_id or 0)


@ready
def _undecided(actor: Actor, most: int, *, hidden: frozenset[int]) -> QuerySet[Import]:
    waiting = Count("records", filter=Q(records__state=R.WAITING))
    runs: QuerySet[Import] = policies.imports.allowed(actor, "run").exclude(pk__among=hidden)
    runs = runs.filter(state=S.DONE, counts__waiting__gt=0)
    return runs.annotate(waiting=waiting).filter(waiting__gt=0).order_by("-pk")[:most]


def to_decide(actor: Actor, hidden: frozenset[int]) -> Found:
    """Imports of one's units that are done but for rows that wait."""

    def draw(run: Any) -> Item:
        return Item(
            key=f"import_rows_waiting:{run.pk}", title=str(run.source),
            why=ngettext(
                "%(n)s ligne attend : un doute sur l’organisation, ou une valeur à corriger.",
                "%(n)s lignes attendent : un doute sur l’organisation, ou une valeur à corriger.", run.waiting,
            ) % {"n": run.waiting},
            url=path_to("sourcing:import_matches", run.pk), action=_("Traiter"), icon="arrows-diff",
        )  # fmt: skip

    return found(_undecided, draw, actor, url=reverse("sourcing:import_list"), hidden=hidden)


def to_answer(actor: Actor, hidden: frozenset[int]) -> Found:
    """Merges that another unit asks of mine."""
    said = _("%(who)s demande à réunir ces fiches ; sans réponse le %(day)s, elles le seront.")
    return _judged(actor, hidden, "duplicates_to_answer", "asked", said)


def to_check(actor: Actor, hidden: frozenset[int]) -> Found:
    """Merges made alone, drawn to be checked, of my units."""
    if not actor.has(Role.MEMBER, Role.DATA_STEWARD):
        return Found(0, [])
    checks, count = _checks.opening(SHOWN, actor, COUNTED, hidden=hidden)
    address = reverse("sourcing:checks")
    names = _named(actor, {check.merge.kept_id for check in checks})
    items = [
        Item(
            key=f"merges_to_check:{check.pk}", title=names.get(check.merge.kept_id, "—"),
            why=_("Réunie à une autre fiche sans demander, et tirée au sort : était-ce bien la même ?"),
            url=address, action=_("Vérifier"), icon="checks",
        )
        for check in checks
    ]  # fmt: skip
    return Found(count, items, address)


@ready
def _checks(actor: Actor, most: int, *, hidden: frozenset[int]) -> QuerySet[Check]:
    return checking.waiting(actor).exclude(pk__among=hidden).select_related("merge")[:most]


def to_adopt(actor: Actor, hidden: frozenset[int]) -> Found:
    """A model learnt here that waits for a decision."""
    if not actor.has(*DECIDERS):
        return Found(0, [])
    models = _candidates(SHOWN, hidden=hidden)
    said = {
        "better": _("meilleur que celui en service"),
        "worse": _("moins sûr que celui en service"),
        "alike": _("aussi bon que celui en service"),
    }
    items = [
        Item(
            key=f"models_to_decide:{model.pk}", title=_("Modèle de rapprochement %(code)s") % {"code": model.code},
            why=_("Appris sur vos fiches : %(verdict)s.") % {"verdict": said.get(str(model.report.get("verdict")), said["alike"])},
            url=reverse("sourcing:model", args=[model.pk]), action=_("Décider"), icon="school",
        )
        for model in models
    ]  # fmt: skip
    return Found(len(items), items, reverse("sourcing:models"))


@kept
def _candidates(most: int, *, hidden: frozenset[int]) -> QuerySet[TrainedModel]:
    rows = TrainedModel.objects.filter(state=TrainedModel.State.CANDIDATE)
    return rows.exclude(pk__among=hidden).order_by("-pk")[:most]


def to_judge(actor: Actor, hidden: frozenset[int]) -> Found:
    """Records of my units that may be one."""
    return _judged(actor, hidden, "duplicates", "open", _("Ces fiches semblent être la même : %(why)s."))


def _judged(actor: Actor, hidden: frozenset[int], provider: str, state: str, said: str) -> Found:
    if not actor.has(Role.MEMBER, Role.DATA_STEWARD):
        return Found(0, [])
    about: dict[str, Any] = {"hidden": hidden, "me": actor.user_id or 0, "today": localdate()}
    pairs, count = _pairs.opening(SHOWN, actor, COUNTED, state, **about)
    names = _named(actor, {pk for pair in pairs for pk in (pair.low, pair.high)})
    address = reverse("sourcing:doubles")
    items = []
    for pair in pairs:
        day = date_format(pair.until, "j F") if pair.until else ""
        told = {"who": pair.decided_by, "day": day, "why": ", ".join(map(reason, doubles.spoken(pair.reasons)))}
        items.append(
            Item(
                key=f"{provider}:{pair.pk}", title=f"{names.get(pair.low, '—')} / {names.get(pair.high, '—')}", why=said % told,
                url=address + ("?etat=demandes" if state == "asked" else ""), action=_("Juger"), icon="arrows-diff", due=pair.until,
            )
        )  # fmt: skip
    return Found(count, items, address)


@kept
def _pairs(
    actor: Actor, most: int, state: str, *, hidden: frozenset[int], me: int, today: dt.date
) -> QuerySet[Judgement]:
    rows = doubles.waiting(actor, doubles.Filters(state=state), today=today).exclude(pk__among=hidden)
    rows = rows.exclude(decided_by=me) if state == "asked" else rows.exclude(verdict="asked")
    return rows.select_related("decided_by")[:most]


def _named(actor: Actor, ids: set[int]) -> dict[int, str]:
    """The names of these partners, those that the actor may read."""
    return dict(_names(actor, ids=ids)) if ids else {}


@kept
def _names(actor: Actor, *, ids: set[int]) -> QuerySet[Partner, tuple[int, str]]:
    return directory.partners.allowed(actor, "view").filter(pk__among=ids).order_by().values_list("pk", "label")


def to_follow(actor: Actor, hidden: frozenset[int]) -> Found:
    """What became of the companies of the network."""
    return _proposed(actor, hidden, "register_life", "vie")


def to_qualify(actor: Actor, hidden: frozenset[int]) -> Found:
    """Partners that the register recognises."""
    return _proposed(actor, hidden, "register_matches", "qui")


def _proposed(actor: Actor, hidden: frozenset[int], provider: str, tab: str) -> Found:
    if not actor.has(Role.MEMBER, Role.DATA_STEWARD):
        return Found(0, [])
    address = f"{reverse('sourcing:register')}?onglet={tab}"

    def draw(one: RegisterProposal) -> Item:
        return Item(
            key=f"{provider}:{one.pk}", title=one.partner.label, why=queue.told(one), url=address, action=_("Décider"),
            icon="building-factory-2",
        )  # fmt: skip

    return found(_proposals, draw, actor, tab, url=address, hidden=hidden, today=localdate())


@ready
def _proposals(
    actor: Actor, most: int, tab: str, *, hidden: frozenset[int], today: dt.date
) -> QuerySet[RegisterProposal]:
    return queue.waiting(actor, tab, today=today).exclude(pk__among=hidden).select_related("partner")[:most]
