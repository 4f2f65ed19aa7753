"""The pulse in words and in pictures: the thread with its table, the sparkline, the cadence, the balance, who carries the tie."""

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from reciproque.directory import policies as directory
from reciproque.directory.models import Partner, Person
from reciproque.engines import reciprocity as engine
from reciproque.engines.reciprocity import thread as layout
from reciproque.foundation.database.kept import ready
from reciproque.foundation.dates import date_format
from reciproque.foundation.ui.markup import joined, path_to
from reciproque.institution.access import Actor
from reciproque.institution.models import User
from reciproque.institution.reads import units as every_unit
from reciproque.relations import policies, pulses
from reciproque.relations.catalogue import catalogue
from reciproque.relations.models import Collaboration, Interaction, Reading
from reciproque.relations.pulses import MomentRow
from reciproque.relations.wording import quantities

ROWS = 40
"""Moments in the table under the thread; those before are listed with what the figures count."""
TONES: Mapping[str, str] = {
    "new": "info", "alive": "success", "fragile": "warning", "to_revive": "warning", "dormant": "neutral", "none": "neutral",
}  # fmt: skip
LEANS: Mapping[engine.Lean, Any] = {
    engine.Lean.EMPTY: gettext_lazy("Rien n’a encore été pesé."),
    engine.Lean.EVEN: gettext_lazy("Équilibré : chacun y trouve son compte."),
    engine.Lean.TO_PARTNER: gettext_lazy("Penche vers le partenaire : nous lui apportons davantage."),
    engine.Lean.TO_UNIVERSITY: gettext_lazy("Penche vers nous : il nous apporte davantage."),
    engine.Lean.ONLY_PARTNER: gettext_lazy("À sens unique : presque tout va au partenaire."),
    engine.Lean.ONLY_UNIVERSITY: gettext_lazy("À sens unique : presque tout vient de lui."),
}
SHORT: Mapping[engine.Lean, Any] = {
    engine.Lean.EMPTY: "—",
    engine.Lean.EVEN: gettext_lazy("équilibré"),
    engine.Lean.TO_PARTNER: gettext_lazy("vers eux"),
    engine.Lean.TO_UNIVERSITY: gettext_lazy("vers nous"),
    engine.Lean.ONLY_PARTNER: gettext_lazy("tout vers eux"),
    engine.Lean.ONLY_UNIVERSITY: gettext_lazy("tout vers nous"),
}
"""The same for the narrow columns of lists."""
FRAGILITIES: Mapping[engine.Fragility, Any] = {
    engine.Fragility.ONE_OUTSIDE: gettext_lazy("Une seule personne chez le partenaire porte le lien."),
    engine.Fragility.ONE_INSIDE: gettext_lazy("Un seul collègue porte le lien."),
    engine.Fragility.ONE_DISPOSITIF: gettext_lazy("Le lien ne tient qu’à un dispositif."),
    engine.Fragility.ONE_SIDED: gettext_lazy("Le lien est à sens unique."),
    engine.Fragility.NOTHING_PLANNED: gettext_lazy("Rien n’est prévu."),
}


@dataclass(frozen=True, slots=True)
class Told:
    """A moment in words. `title` and `amounts` are empty for who may not read them."""

    on: dt.date
    day: str
    kind: str
    unit: str
    title: str
    given: str
    received: str
    state: str
    href: str
    met: bool

    @property
    def line(self) -> str:
        """One line: what a mark of the thread says."""
        parts = [self.day, self.title or self.kind, self.unit]
        return " · ".join(part for part in parts if part)

    @property
    def brought(self) -> str:
        """What it brought, in one line."""
        parts = []
        if self.given:
            parts.append(_("pour eux : %(what)s") % {"what": self.given})
        if self.received:
            parts.append(_("pour nous : %(what)s") % {"what": self.received})
        return " ; ".join(parts) or self.state


def names_of_kinds(actor: Actor) -> dict[str, str]:
    """The words for each kind of moment. One query at most."""
    return {**{k: str(v) for k, v in Interaction.Kind.choices}, **{one.code: one.name for one in catalogue(actor)}}


@ready
def _joint(actor: Actor, *, ids: list[int]) -> QuerySet[Collaboration]:
    return policies.collaborations.allowed(actor, "view").filter(pk__among=ids).select_related(None).order_by()  # type: ignore[no-any-return]


@ready
def _met(actor: Actor, *, ids: list[int]) -> QuerySet[Interaction]:
    rows: QuerySet[Interaction] = policies.interactions.allowed(actor, "view").filter(pk__among=ids)
    return rows.select_related(None).only("subject").order_by()


def seen(moments: Iterable[MomentRow], *, today: dt.date) -> list[MomentRow]:
    """The moments that stand on the thread."""
    first, last = engine.months_before(today, layout.BACK), engine.months_after(today, layout.AHEAD)
    return [one for one in moments if first <= one.on <= last]


def told(actor: Actor, moments: Sequence[MomentRow], *, today: dt.date) -> list[Told]:
    """Each moment in words, as this reader may know it. Four queries at most."""
    kinds, units = names_of_kinds(actor), {pk: str(unit) for pk, unit in every_unit(actor).items()}
    whole_ids = sorted({one.collaboration_id for one in moments if one.collaboration_id})
    joint = {row.pk: row for row in _joint(actor, ids=whole_ids)} if whole_ids else {}
    met_ids = [one.interaction_id for one in moments if one.interaction_id]
    exchanges = {row.pk: row for row in _met(actor, ids=met_ids)} if met_ids else {}
    found = []
    for moment in moments:
        row: Any = joint.get(moment.collaboration_id or 0) or exchanges.get(moment.interaction_id or 0)
        whole = row if moment.collaboration_id and not moment.ending else None
        found.append(
            Told(
                on=moment.on,
                day=date_format(moment.on, "j F Y"),
                kind=kinds.get(moment.kind, moment.kind),
                unit=units.get(moment.unit_id, ""),
                title=_title(row, moment),
                given=quantities(whole.given) if whole else "",
                received=quantities(whole.received) if whole else "",
                state=_("prévu") if moment.on > today else "" if moment.held else _("non confirmé"),
                href=_address(row, moment),
                met=moment.met,
            )
        )
    return found


def _title(row: Any, moment: MomentRow) -> str:
    if row is None:
        return ""
    if moment.collaboration_id is None:
        return str(row.subject)
    return _("%(title)s (fin)") % {"title": row.title} if moment.ending else str(row.title)


def _address(row: Any, moment: MomentRow) -> str:
    if row is None:
        return ""
    name = "relations:collaboration" if moment.collaboration_id else "relations:interaction"
    return path_to(name, row.pk)


def _n(number: float) -> str:
    """A number as SVG writes it, whatever the language."""
    return f"{number:.1f}"


def thread_of(
    actor: Actor, partner: Partner, pulse: engine.Pulse, moments: Sequence[MomentRow], *, today: dt.date
) -> dict[str, Any]:
    """What the template of the thread draws, of the moments that stand on it: each mark, and the last moments as a table.

    Only what is shown is put in words: a mark tells its first moment, and how many it stands for.
    """
    act = act_before(pulse, today)
    drawn = layout.thread(pulses.facts_of(moments), today=today, act_before=act)
    listed = range(max(0, len(moments) - ROWS), len(moments))
    shown = sorted({*listed, *(mark.facts[0] for mark in drawn.marks)})
    words = dict(zip(shown, told(actor, [moments[place] for place in shown], today=today), strict=True))
    limit = "" if drawn.limit is None or act is None else _n(drawn.limit)
    near_end = drawn.limit is not None and drawn.limit > layout.WIDTH - 150
    return {
        "marks": [_mark(mark, words) for mark in drawn.marks],
        "ticks": [
            {"x": _n(tick.x), "label": date_format(tick.on, "N Y") if tick.named else "", "named": tick.named}
            for tick in drawn.ticks
        ],
        "today": _n(drawn.today), "future": _n(layout.WIDTH - layout.MARGIN - drawn.today),
        "limit": limit, "limit_text": _n((drawn.limit or 0) + (-6 if near_end else 6)), "limit_end": near_end,
        "limit_words": _limit(act, today, beyond=drawn.beyond),
        "axis": _n(layout.AXIS), "width": f"{layout.WIDTH:.0f}", "height": f"{layout.HEIGHT:.0f}", "right": _n(layout.WIDTH - layout.MARGIN),
        "title": _("Le fil de la relation avec %(partner)s") % {"partner": partner.label},
        "description": _described(pulse, moments, today), "rows": [words[place] for place in reversed(listed)], "rest": listed.start,
    }  # fmt: skip


def _limit(act: dt.date | None, today: dt.date, *, beyond: bool) -> tuple[str, str]:
    if act is None:
        return "", ""
    if act <= today:
        return _("à revoir"), _("dès maintenant")
    return (_("à revoir avant le →") if beyond else _("à revoir avant le")), date_format(act, "j F Y")


def _mark(mark: layout.Mark, words: Mapping[int, Told]) -> dict[str, Any]:
    first, more = words[mark.facts[0]], len(mark.facts) - 1
    said = (
        first.line
        if not more
        else ngettext("%(line)s, et un autre", "%(line)s, et %(n)s autres", more) % {"line": first.line, "n": more}
    )
    wide = min(max(len(said), len(first.brought)) * 5.9 + 20, 420.0)
    left = min(max(mark.x - wide / 2, 2.0), layout.WIDTH - wide - 2)
    high = 40 if first.brought else 25
    top = mark.y + mark.radius + 6 if mark.side > 0 else mark.y - mark.radius - 6 - high
    return {
        "x": _n(mark.x), "y": _n(mark.y), "r": _n(mark.radius), "count": more + 1 if more else "",
        "text_y": _n(mark.y + 3.6), "stem": _n(mark.y + mark.side * mark.radius),
        "look": ("met", "partner", "university")[mark.side] + (" planned" if mark.planned else ""),
        "label": f"{said} — {first.brought}" if first.brought else said, "href": first.href,
        "tip": {
            "x": _n(left), "y": _n(top), "w": _n(wide), "h": high, "tx": _n(left + 10), "y1": _n(top + 16), "y2": _n(top + 31),
            "one": said[:70], "two": first.brought[:72],
        },
    }  # fmt: skip


def _described(pulse: engine.Pulse, moments: Sequence[MomentRow], today: dt.date) -> str:
    """The picture in a few sentences."""
    past, coming = [one for one in moments if one.on <= today], [one for one in moments if one.on > today]
    said = [
        ngettext("%(n)s moment en vingt-quatre mois", "%(n)s moments en vingt-quatre mois", len(past))
        % {"n": len(past)},
        ngettext("%(n)s prévu", "%(n)s prévus", len(coming)) % {"n": len(coming)} if coming else _("aucun prévu"),
    ]
    act = act_before(pulse, today)
    if act:
        said.append(_("à revoir avant le %(day)s") % {"day": date_format(act, "j F Y")})
    return f"{' ; '.join(said)}. {LEANS[pulse.balance.lean]}"


def cadence_words(pulse: engine.Pulse, targets: engine.Targets) -> str:
    """« 4 rencontres en douze mois, pour un objectif de 3 »."""
    number = pulse.cadence.number
    said = ngettext("%(n)s rencontre en douze mois", "%(n)s rencontres en douze mois", number) % {"n": number}
    return _("%(said)s, pour un objectif de %(goal)s") % {"said": said, "goal": targets.goal}


def sentences(pulse: engine.Pulse, targets: engine.Targets, day: dt.date) -> dict[str, str]:
    """A pulse in sentences: its state, its cadence, by when to meet, how it leans, and what was wanted of it that day."""
    beat = pulse.cadence
    wanted = _("Rencontres par an voulues à cette date : objectif %(goal)s, plancher %(floor)s.")
    return {
        "state": str(Reading.State(beat.state.value).label),
        "cadence": cadence_words(pulse, targets),
        "act": act_words(beat.state, beat.lapses_on, beat.next_on, day),
        "lean": str(LEANS[pulse.balance.lean]),
        "wanted": wanted % {"floor": targets.floor, "goal": targets.goal},
    }


def act_day(state: str, lapses_on: dt.date | None) -> dt.date | None:
    """The day to show: a new relation, never yet at the floor, has until it is no longer new (its `lapses_on` is its first day)."""
    return lapses_on + dt.timedelta(days=engine.RECENT) if lapses_on and state == engine.State.NEW else lapses_on


def act_before(pulse: engine.Pulse, today: dt.date) -> dt.date | None:
    """The day that the thread marks: that of the engine, or the one that a new relation has until."""
    beat = pulse.cadence
    return act_day(beat.state, beat.lapses_on) if beat.state == engine.State.NEW else beat.act_before(today)


def overdue(state: str, lapses_on: dt.date | None, today: dt.date) -> bool:
    """Whether the day to meet again is past."""
    day = act_day(state, lapses_on)
    return day is not None and day <= today


def act_words(state: str, lapses_on: dt.date | None, next_on: dt.date | None, today: dt.date) -> str:
    """« À revoir avant le 30 juin 2027 », or since when the floor is lost."""
    if lapses_on is None:
        return _("Jamais rencontré.")
    if state == engine.State.NEW:
        day = date_format(act_day(state, lapses_on) or lapses_on, "j F Y")
        if next_on:
            return _("Relation nouvelle : une suite est prévue le %(day)s.") % {"day": date_format(next_on, "j F Y")}
        return _("Relation nouvelle : donnez-lui une suite avant le %(day)s.") % {"day": day}
    if lapses_on > today:
        return _("À revoir avant le %(day)s.") % {"day": date_format(lapses_on, "j F Y")}
    if next_on:
        return _("À revoir dès maintenant ; une rencontre est prévue le %(day)s.") % {
            "day": date_format(next_on, "j F Y")
        }
    return _("À revoir dès maintenant : sous le plancher depuis le %(day)s.") % {"day": date_format(lapses_on, "j F Y")}


def bars(given: float, received: float) -> dict[str, Any]:
    """The two bars of the balance, in hundredths of the larger."""
    top = max(given, received) or 1.0
    return {"given": str(round(100 * given / top)), "received": str(round(100 * received / top))}


@dataclass(frozen=True, slots=True)
class Carrier:
    """Somebody who carries the tie, and by how many moments."""

    name: str
    href: str
    times: int


@ready
def _people(actor: Actor, *, ids: list[int]) -> QuerySet[Person]:
    return directory.people.allowed(actor, "view").filter(pk__among=ids)


@ready
def _users(*, ids: list[int]) -> QuerySet[User]:
    return User.objects.filter(pk__among=ids)


def carriers(actor: Actor, moments: Iterable[MomentRow], *, today: dt.date) -> dict[str, list[Carrier]]:
    """Who carries the tie on each side, the most present first; people one may not read are left out. Two queries."""
    outside: Counter[int] = Counter()
    inside: Counter[int] = Counter()
    for one in moments:
        if one.held and engine.remembered(one.on, today):
            outside.update(one.outside)
            inside.update(one.inside)
    people = _people(actor, ids=[pk for pk, _times in outside.most_common(8)]) if outside else []
    users = _users(ids=[pk for pk, _times in inside.most_common(8)]) if inside else []
    theirs = [Carrier(str(one), path_to("directory:person", one.pk), outside[one.pk]) for one in people]
    ours = [Carrier(str(one), "", inside[one.pk]) for one in users]
    return {
        side: sorted(rows, key=lambda row: (-row.times, row.name))[:5]
        for side, rows in (("outside", theirs), ("inside", ours))
    }


BAR = (
    '<rect class="partner{4}" x="{0}" y="{1}" width="2.2" height="{2}"/>'
    '<rect class="university{4}" x="{0}" y="12" width="2.2" height="{3}"/>'
)


def spark(facts: Sequence[engine.Fact], *, today: dt.date) -> SafeString:
    """The bars of a sparkline of 111 × 24: three units a month, up to the partner, down to the university."""
    found = []
    for rank, beat in enumerate(layout.beats(facts, today=today)):
        if not (beat.met or beat.given or beat.received):
            continue
        up, down = max(10 * beat.given, 2.0 if beat.met else 0.0), max(10 * beat.received, 2.0 if beat.met else 0.0)
        look = " planned" if beat.planned else ""
        found.append((3 * rank, _n(12 - up), _n(up), _n(down), look))
    return joined("", BAR, found)
