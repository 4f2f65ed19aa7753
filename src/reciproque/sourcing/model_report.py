"""The report of a model learnt here, in words and figures: whether it is better than the one in service, and why one may believe it."""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from reciproque.engines.zoning import wilson
from reciproque.sourcing.models import TrainedModel
from reciproque.sourcing.wording import percent

WIDTH, HEIGHT, LEFT, FOOT = 420, 220, 44, 30


DECIDED = frozenset({TrainedModel.State.ADOPTED, TrainedModel.State.REFUSED, TrainedModel.State.RETIRED})


@dataclass(frozen=True, slots=True)
class Row:
    """One figure of both models; `better` is -1, 0 or 1 for the new one."""

    label: str
    help: str
    old: str
    new: str
    better: int


@dataclass(frozen=True, slots=True)
class Told:
    """What the page says. `verdict` is better, worse, alike, short, or empty while there is no report."""

    verdict: str
    sentence: str
    missing: list[str]
    rows: list[Row]
    sizes: list[tuple[str, int]]
    curves: list[dict[str, Any]]
    points: list[tuple[str, str, str]]
    cost: dict[str, Any]
    shipped: bool
    threshold: str


def told(model: TrainedModel) -> Told:
    """The report of a model as people read it."""
    report = model.report
    new, old = report.get("new"), report.get("old")
    missing = _missing(report.get("missing") or {})
    verdict = "short" if missing else str(report.get("verdict", ""))
    measured = bool(new and old)
    return Told(
        verdict, _sentence(verdict, decided=model.state in DECIDED), missing, _rows(new, old) if measured else [], _sizes(report.get("sizes") or {}),
        [_curve("old", old["curve"]), _curve("new", new["curve"])] if measured else [],
        _points(new["curve"]) if measured else [], report.get("cost") or {}, bool(report.get("shipped", True)),
        percent(float(report.get("automatic", 0.995))),
    )  # fmt: skip


def _sentence(verdict: str, *, decided: bool) -> str:
    """What the comparison says; once somebody has decided, what it said."""
    if decided:
        return {
            "better": _("Meilleur que le modèle alors en service, sur les mêmes paires."),
            "alike": _("Ni meilleur ni moins bon que le modèle alors en service."),
            "worse": _("Moins sûr que le modèle alors en service."),
        }.get(verdict, "")
    return {
        "better": _("Meilleur que le modèle en service, sur les mêmes paires : il peut être mis en service."),
        "alike": _("Ni meilleur ni moins bon que le modèle en service : rien ne presse d’en changer."),
        "worse": _("Moins sûr que le modèle en service : mieux vaut l’écarter."),
        "short": _("Trop peu de paires pour apprendre : le modèle en service reste."),
    }.get(verdict, "")


def _missing(missing: dict[str, int]) -> list[str]:
    found = []
    if missing.get("same"):
        n = missing["same"]
        text = ngettext(
            "il manque %(n)s paire de fiches d’un même SIREN", "il manque %(n)s paires de fiches d’un même SIREN", n
        )
        found.append(text % {"n": n})
    if missing.get("different"):
        n = missing["different"]
        text = ngettext(
            "il manque %(n)s paire de fiches ressemblantes de deux SIREN",
            "il manque %(n)s paires de fiches ressemblantes de deux SIREN", n,
        )  # fmt: skip
        found.append(text % {"n": n})
    return found


def _rows(new: dict[str, Any], old: dict[str, Any]) -> list[Row]:
    lines = (
        ("f1", _("F1"), _("l’équilibre des deux lignes qui suivent")),
        ("precision", _("Précision"), _("de ce qui est proposé, la part qui est juste")),
        ("recall", _("Rappel"), _("des vraies paires comparées, la part qui est trouvée")),
        ("automatic_precision", _("Précision, réunies sans demander"), _("au seuil de l’établissement")),
        (
            "automatic_recall",
            _("Rappel, réunies sans demander"),
            _("la part des vraies paires dont personne n’a à s’occuper"),
        ),
    )
    found = [
        Row(
            label,
            said,
            _shown(old, name),
            _shown(new, name),
            (new[name] > old[name] + 0.0005) - (new[name] < old[name] - 0.0005),
        )
        for name, label, said in lines
    ]
    merged = _("de %(n)s paires de noms presque égaux et de SIREN différents") % {"n": new["homonyms"]}
    count = (old["homonyms_merged"], new["homonyms_merged"])
    found.append(
        Row(
            _("Quasi-homonymes réunis à tort"),
            merged,
            str(count[0]),
            str(count[1]),
            (count[0] > count[1]) - (count[0] < count[1]),
        )
    )
    return found


def _shown(figures: dict[str, Any], name: str) -> str:
    """A share; that of the automatic zone with its 95 % interval, or a dash when no pair is in it."""
    value = float(figures[name])
    if name != "automatic_precision":
        return f"{percent(value)} %"
    if not figures["automatic_pairs"]:
        return "—"
    low, high = wilson(value, figures["automatic_pairs"])
    return f"{percent(value)} % ({percent(low)} – {percent(high)})"


def _sizes(sizes: dict[str, int]) -> list[tuple[str, int]]:
    labels = (
        ("rows", _("lignes dont le SIREN est connu")),
        ("sirens", _("SIREN distincts")),
        ("same", _("paires d’un même partenaire")),
        ("different", _("paires de deux partenaires")),
        (
            "judged_same",
            ngettext("paire réunie par une personne", "paires réunies par des personnes", sizes.get("judged_same", 0)),
        ),
        (
            "judged_different",
            ngettext(
                "paire écartée par une personne", "paires écartées par des personnes", sizes.get("judged_different", 0)
            ),
        ),
    )
    return [(label, sizes[name]) for name, label in labels if name in sizes]


def _curve(name: str, points: list[list[float]]) -> dict[str, Any]:
    """Precision (upwards, from one half) by recall (rightwards), as the points of an SVG."""
    across, up = WIDTH - LEFT - 8, HEIGHT - FOOT - 8
    places = [
        f"{LEFT + across * recall:.1f},{8 + up * min(1.0, (1 - precision) * 2):.1f}"
        for _threshold, precision, recall in points
    ]
    return {"name": name, "points": " ".join(places)}


def _points(points: list[list[float]]) -> list[tuple[str, str, str]]:
    """A dozen points of the new curve: threshold, precision, recall."""
    step = max(1, len(points) // 12)
    return [(percent(one[0]), percent(one[1]), percent(one[2])) for one in points[::step]]
