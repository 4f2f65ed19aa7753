"""The words of this module: scales with their units, states of the pulse."""

from collections.abc import Mapping
from typing import Any

from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

SCALES: Mapping[str, Any] = {
    "hours": gettext_lazy("heures de personnes"),
    "places": gettext_lazy("places (stages, alternances)"),
    "recruits": gettext_lazy("recrutements"),
    "euros": gettext_lazy("euros"),
    "visibility": gettext_lazy("visibilité (1 à 5)"),
    "knowledge": gettext_lazy("savoirs (1 à 5)"),
    "equipment": gettext_lazy("équipements (1 à 5)"),
    "students": gettext_lazy("étudiants formés ou rencontrés"),
}
DEGREES = (
    "",
    gettext_lazy("un peu"),
    gettext_lazy("assez"),
    gettext_lazy("nettement"),
    gettext_lazy("beaucoup"),
    gettext_lazy("énormément"),
)


def quantity(code: str, amount: float) -> str:
    """« 40 h », « 6 places », « 2 000 € », « visibilité : beaucoup »."""
    shown = number_format(amount, use_l10n=True, force_grouping=True).removesuffix(",0").removesuffix(".0")
    n = int(amount) if amount == int(amount) else 2
    if code == "hours":
        return _("%(n)s h") % {"n": shown}
    if code == "euros":
        return _("%(n)s €") % {"n": shown}
    if code in {"places", "recruits", "students"}:
        words = {
            "places": ngettext("%(n)s place", "%(n)s places", n),
            "recruits": ngettext("%(n)s recrutement", "%(n)s recrutements", n),
            "students": ngettext("%(n)s étudiant", "%(n)s étudiants", n),
        }
        return words[code] % {"n": shown}
    names = {"visibility": _("visibilité"), "knowledge": _("savoirs"), "equipment": _("équipements")}
    return _("%(what)s : %(degree)s") % {"what": names[code], "degree": DEGREES[min(max(round(amount), 1), 5)]}


def quantities(amounts: Mapping[str, float]) -> str:
    """All of them, in the order of the scales."""
    return ", ".join(quantity(code, amounts[code]) for code in SCALES if amounts.get(code))


def outside(amounts: Mapping[str, float], *, ours: bool) -> list[str]:
    """The same in full, one by one, for readers outside; `ours`: what the university's people brought."""
    found = []
    for code in SCALES:
        if not (amount := amounts.get(code)):
            continue
        n = int(amount) if amount == int(amount) else 2
        shown = {"n": number_format(amount, use_l10n=True, force_grouping=True).removesuffix(",0").removesuffix(".0")}
        if code == "hours" and ours:
            found.append(ngettext("%(n)s heure de nos équipes", "%(n)s heures de nos équipes", n) % shown)
        elif code == "hours":
            found.append(ngettext("%(n)s heure de vos équipes", "%(n)s heures de vos équipes", n) % shown)
        elif code == "places":
            places = ngettext("%(n)s place de stage ou d’alternance", "%(n)s places de stage ou d’alternance", n)
            found.append(places % shown)
        elif code == "students":
            students = ngettext("%(n)s étudiant formé ou rencontré", "%(n)s étudiants formés ou rencontrés", n)
            found.append(students % shown)
        else:
            found.append(quantity(code, amount))
    return found


def messages_in(state: str, count: int) -> str:
    """What so many messages of a campaign are, in agreement with their number: « 6 retenus ». KeyError for an unknown state."""
    return {
        "ready": ngettext("prêt", "prêts", count),
        "held": ngettext("retenu", "retenus", count),
        "excluded": ngettext("écarté", "écartés", count),
        "sending": _("en cours d’envoi"),
        "sent": ngettext("envoyé", "envoyés", count),
        "bounced": ngettext("revenu", "revenus", count),
        "failed": ngettext("refusé par le serveur", "refusés par le serveur", count),
        "doubt": ngettext("incertain", "incertains", count),
    }[state]
