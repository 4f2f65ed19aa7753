"""What this module puts on the home page: imports to go on with, rows to decide about."""

from typing import Any

from django.db.models import Count, Q
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from reciproque.directory import policies as directory
from reciproque.foundation.inbox import COUNTED, SHOWN, Found, Item, Provider, register
from reciproque.institution.access import Actor
from reciproque.institution.models import Role
from reciproque.sourcing import checking, doubles, policies
from reciproque.sourcing.models import Import, SourceRecord, TrainedModel
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


def to_finish(actor: Actor, hidden: frozenset[int]) -> Found:
    """One's own imports that wait for a step, and those that failed."""
    runs = policies.imports.allowed(actor, "run").exclude(pk__in=hidden)
    mine = runs.filter(author_id=actor.user_id, state__in=[S.UPLOADED, S.CHECKED, S.STOPPED, S.FAILED])
    items = [
        Item(
            key=f"imports_to_finish:{run.pk}", title=str(run.source),
            why=_("Vous avez commencé cet import (%(file)s) : %(state)s.") % {"file": run.file, "state": run.get_state_display()},
            url=reverse("sourcing:import", args=[run.pk]), action=_("Continuer"), icon="file-import",
        )
        for run in mine.order_by("-pk")[:SHOWN]
    ]  # fmt: skip
    return Found(mine[:COUNTED].count(), items, reverse("sourcing:import_list"))


def to_decide(actor: Actor, hidden: frozenset[int]) -> Found:
    """Imports of one's units that are done but for rows that wait."""
    waiting = Count("records", filter=Q(records__state=R.WAITING))
    runs = policies.imports.allowed(actor, "run").exclude(pk__in=hidden).filter(state=S.DONE)
    found = runs.filter(counts__waiting__gt=0).annotate(waiting=waiting).filter(waiting__gt=0)
    shown: Any = found.order_by("-pk")[:SHOWN]
    items = [
        Item(
            key=f"import_rows_waiting:{run.pk}", title=str(run.source),
            why=ngettext(
                "%(n)s ligne attend : un doute sur l’organisation, ou une valeur à corriger.",
                "%(n)s lignes attendent : un doute sur l’organisation, ou une valeur à corriger.", run.waiting,
            ) % {"n": run.waiting},
            url=reverse("sourcing:import_matches", args=[run.pk]), action=_("Traiter"), icon="arrows-diff",
        )
        for run in shown
    ]  # fmt: skip
    return Found(found[:COUNTED].count(), items, reverse("sourcing:import_list"))


def to_answer(actor: Actor, hidden: frozenset[int]) -> Found:
    """Merges that another unit asks of mine."""
    said = _("%(who)s demande à réunir ces fiches ; sans réponse le %(day)s, elles le seront.")
    return _judged(actor, hidden, "duplicates_to_answer", "asked", said)


def to_check(actor: Actor, hidden: frozenset[int]) -> Found:
    """Merges made alone, drawn to be checked, of my units."""
    if not actor.has(Role.MEMBER, Role.DATA_STEWARD):
        return Found(0, [])
    rows = checking.waiting(actor).exclude(pk__in=hidden).select_related("merge")
    checks, address = list(rows[:SHOWN]), reverse("sourcing:checks")
    names = dict(_named(actor, {check.merge.kept_id for check in checks})) if checks else {}
    items = [
        Item(
            key=f"merges_to_check:{check.pk}", title=str(names.get(check.merge.kept_id, "—")),
            why=_("Réunie à une autre fiche sans demander, et tirée au sort : était-ce bien la même ?"),
            url=address, action=_("Vérifier"), icon="checks",
        )
        for check in checks
    ]  # fmt: skip
    return Found(len(checks) if len(checks) < SHOWN else rows.order_by()[:COUNTED].count(), items, address)


def to_adopt(actor: Actor, hidden: frozenset[int]) -> Found:
    """A model learnt here that waits for a decision."""
    if not actor.has(*DECIDERS):
        return Found(0, [])
    models = (
        TrainedModel.objects.filter(state=TrainedModel.State.CANDIDATE).exclude(pk__in=hidden).order_by("-pk")[:SHOWN]
    )
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


def to_judge(actor: Actor, hidden: frozenset[int]) -> Found:
    """Records of my units that may be one."""
    return _judged(actor, hidden, "duplicates", "open", _("Ces fiches semblent être la même : %(why)s."))


def _judged(actor: Actor, hidden: frozenset[int], provider: str, state: str, said: str) -> Found:
    if not actor.has(Role.MEMBER, Role.DATA_STEWARD):
        return Found(0, [])
    rows = doubles.waiting(actor, doubles.Filters(state=state)).exclude(pk__in=hidden).select_related("decided_by")
    rows = rows.exclude(decided_by=actor.user_id) if state == "asked" else rows.exclude(verdict="asked")
    pairs = list(rows[:SHOWN])
    names = dict(_named(actor, {pk for pair in pairs for pk in (pair.low, pair.high)})) if pairs else {}
    address = reverse("sourcing:doubles")
    items = []
    for pair in pairs:
        day = date_format(pair.until, "j F") if pair.until else ""
        about = {"who": pair.decided_by, "day": day, "why": ", ".join(map(reason, doubles.spoken(pair.reasons)))}
        items.append(
            Item(
                key=f"{provider}:{pair.pk}", title=f"{names.get(pair.low, '—')} / {names.get(pair.high, '—')}", why=said % about,
                url=address + ("?etat=demandes" if state == "asked" else ""), action=_("Juger"), icon="arrows-diff", due=pair.until,
            )
        )  # fmt: skip
    count = len(pairs) if len(pairs) < SHOWN else rows.order_by()[:COUNTED].count()
    return Found(count, items, address)


def _named(actor: Actor, ids: set[int]) -> list[tuple[int, str]]:
    """The names of these partners, those that the actor may read."""
    return [(row.pk, row.label) for row in directory.partners.allowed(actor, "view").filter(pk__in=ids)]


def to_follow(actor: Actor, hidden: frozenset[int]) -> Found:
    """What became of the companies of the network."""
    return _proposed(actor, hidden, "register_life", "vie")


def to_qualify(actor: Actor, hidden: frozenset[int]) -> Found:
    """Partners that the register recognises."""
    return _proposed(actor, hidden, "register_matches", "qui")


def _proposed(actor: Actor, hidden: frozenset[int], provider: str, tab: str) -> Found:
    if not actor.has(Role.MEMBER, Role.DATA_STEWARD):
        return Found(0, [])
    rows = queue.waiting(actor, tab).exclude(pk__in=hidden).select_related("partner")
    address = f"{reverse('sourcing:register')}?onglet={tab}"
    items = [
        Item(
            key=f"{provider}:{one.pk}", title=one.partner.label, why=queue.told(one), url=address, action=_("Décider"),
            icon="building-factory-2",
        )
        for one in rows[:SHOWN]
    ]  # fmt: skip
    count = len(items) if len(items) < SHOWN else rows.order_by()[:COUNTED].count()
    return Found(count, items, address)
