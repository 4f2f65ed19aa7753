"""What the gallery of components shows: sample values in the words of the product."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms
from django.contrib.messages import constants
from django.contrib.messages.storage.base import Message
from django.utils.translation import gettext_lazy as _

from reciproque.foundation.ui.components.elements import KINDS, known_icons
from reciproque.foundation.ui.components.library import TONES
from reciproque.foundation.ui.days import DayField


class SampleForm(forms.Form):
    """One field of each sort."""

    name = forms.CharField(label=_("Nom de l’organisation"), help_text=_("Tel qu’il figure au répertoire SIRENE."))
    siret = forms.CharField(label=_("SIRET"), help_text=_("14 chiffres, espaces acceptés."), min_length=14)
    email = forms.EmailField(
        label=_("Courriel"), required=False, widget=forms.EmailInput(attrs={"autocomplete": "email"})
    )
    unit = forms.ChoiceField(label=_("Entité"), choices=[("iut", "IUT"), ("iae", "IAE"), ("sfc", "SFC")])
    on = DayField(label=_("Date de la rencontre"), required=False)
    note = forms.CharField(label=_("Note"), required=False, widget=forms.Textarea(attrs={"rows": 3}))
    sharing = forms.ChoiceField(
        label=_("Partage"),
        choices=[("network", _("réseau")), ("unit", _("unité")), ("restricted", _("restreint"))],
        widget=forms.RadioSelect,
        initial="network",
    )
    moment = forms.BooleanField(label=_("Compter comme une rencontre"), required=False)
    file = forms.FileField(
        label=_("Fichier à importer"), required=False, help_text=_("CSV, XLSX ou ODS, 20 Mo au plus.")
    )


def links(*labels: str, icons: tuple[str, ...] = (), counts: tuple[int, ...] = ()) -> list[dict[str, Any]]:
    """Sample items of a menu of links, the first one being the present page."""
    return [
        {
            "label": label,
            "url": "#main",
            "active": rank == 0,
            "icon": icons[rank] if icons else "",
            "count": counts[rank] if counts else 0,
        }
        for rank, label in enumerate(labels)
    ]


def samples(*, both: bool) -> dict[str, Any]:
    """The context of the gallery page; `both` shows the two themes side by side."""
    refused = {"name": "", "siret": "123", "email": "anne.morel@", "unit": "iut", "sharing": "unit"}
    panes: list[dict[str, Any]] = [
        {
            "theme": theme,
            "form": SampleForm(auto_id=f"{theme}_%s"),
            "refused": SampleForm(refused, auto_id=f"{theme}_r_%s"),
        }
        for theme in (("light", "dark") if both else ("",))
    ]
    for pane in panes:
        pane["refused"].is_valid()
    return {
        "panes": panes,
        "layouts": [
            {"label": _("Thème choisi"), "url": "?", "active": not both},
            {"label": _("Deux thèmes"), "url": "?themes=2", "active": both},
        ],
        "icons": sorted(known_icons()),
        "kinds": sorted(KINDS),
        "tones": list(TONES),
        "today": dt.date(2026, 11, 12),
        "tabs": links("Chronologie", "Collaborations", "Personnes", "Conventions", counts=(0, 12, 7, 3)),
        "views": links("Table", "Kanban", "Carte", icons=("table", "layout-kanban", "map-2")),
        "steps": ["Fichier", {"label": "Correspondance", "url": "#main"}, "Contrôle", "Rapprochement", "Récapitulatif"],
        "values": [
            {"label": "SIREN", "value": "412 345 678", "origin": "SIRENE, 12 novembre 2026"},
            {"label": "Effectif", "value": "420 salariés (ETI)"},
            {"label": "Site web", "value": "mecanique-la.example", "href": "#main"},
            {"label": "Standard", "value": ""},
            {"label": "Groupe", "value": None},
        ],
        "versions": [
            {"key": "name", "label": "Nom", "mine": "Mécanique Loire-Atlantique", "theirs": "Mécanique Loire Atl."},
            {"key": "town", "label": "Commune", "mine": "Saint-Nazaire", "theirs": "Saint-Nazaire"},
            {"key": "staff", "label": "Effectif", "mine": "420", "theirs": "435"},
        ],
        "notices": [
            Message(constants.SUCCESS, "« Élan Énergie » a été archivé.", extra_tags="/annuler/"),
            Message(constants.ERROR, "Le message n’est pas parti : l’adresse est refusée par le serveur."),
        ],
    }
