"""The two outside services: « API Recherche d’entreprises » (open) and « API Sirene » of INSEE (with a key). No address, no call.

Limits: 7 calls a second for the first, 30 a minute for the second.
"""

import datetime as dt
import hashlib
from collections.abc import Mapping
from functools import lru_cache, partial
from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils.timezone import get_current_timezone
from django.utils.translation import gettext as _

from reciproque.engines.register.facts import Company, Site
from reciproque.foundation.dates import date_format
from reciproque.foundation.errors import DomainError
from reciproque.foundation.outbound import Client, OutboundError

HIDDEN = {"[NON-DIFFUSIBLE]", "[ND]", None}
SEARCH_PER_SECOND, SIRENE_PER_SECOND = 7.0, 0.5
WAIT, PATIENCE = 3.0, 4.0
"""Seconds, for an answer and for one's turn: somebody waits."""


class Unanswered(DomainError):
    """A service that is set does not answer, or not as it should: what was asked is not known, which is not « nothing found »."""

    code, status = "unanswered", 503

    @classmethod
    def of(cls, why: str) -> "Unanswered":
        """What happened, and what to do."""
        if why == "HTTP 429":
            return cls(
                _(
                    "Le service des entreprises reçoit trop de demandes : réessayez dans une minute, ou saisissez la fiche à la main."
                )
            )
        if why in {"HTTP 401", "HTTP 403"}:
            return cls(
                _(
                    "Le service des entreprises refuse la clé de cette installation : prévenez la direction du système d’information."
                )
            )
        return cls(
            _(
                "Le service des entreprises ne répond pas : réessayez dans quelques minutes, ou saisissez la fiche à la main."
            )
        )


@lru_cache(maxsize=4)
def _search_client(base: str) -> Client:
    return Client(base, SEARCH_PER_SECOND, timeout=WAIT, patience=PATIENCE)


@lru_cache(maxsize=4)
def _sirene_client(base: str, key: str) -> Client:
    headers = {"X-INSEE-Api-Key-Integration": key}
    return Client(base, SIRENE_PER_SECOND, headers, timeout=WAIT, patience=PATIENCE, heard=partial(_heard, key))


def _heard(key: str, accepted: bool) -> None:  # noqa: FBT001 -- as the client tells it
    """Remember a refusal, for whoever runs the application; another key is another matter."""
    if accepted:
        _refusal().unlink(missing_ok=True)
    else:
        _refusal().write_text(_mark(key), "utf-8")


def _refusal() -> Path:
    return settings.HOME / "state" / "sirene-refused"


def _mark(key: str) -> str:
    return hashlib.sha256(key.encode()).hexdigest()


def troubles() -> list[str]:
    """What keeps the API Sirene from being used: a setting without the other, a key refused at the last call."""
    address, key = settings.SIRENE_API_URL, settings.SIRENE_API_KEY
    if bool(address) != bool(key):
        missing = "SIRENE_API_URL" if key else "SIRENE_API_KEY"
        return [_("API Sirene : %(setting)s manque, elle n’est pas appelée") % {"setting": missing}]
    if key and _refusal().is_file() and _refusal().read_text("utf-8") == _mark(key):
        since = date_format(dt.datetime.fromtimestamp(_refusal().stat().st_mtime, get_current_timezone()), "j F")
        said = _("API Sirene : la clé a été refusée le %(day)s, vérifiez SIRENE_API_KEY")
        return [said % {"day": since}]
    return []


def search_is_set() -> bool:
    """Whether the open API is configured."""
    return bool(settings.RECHERCHE_ENTREPRISES_URL)


def sirene_is_set() -> bool:
    """Whether the API Sirene is configured: an address without a key is not used."""
    return bool(settings.SIRENE_API_URL and settings.SIRENE_API_KEY)


def search(text: str, *, postcode: str = "") -> list[Company]:
    """Companies that the open API finds, none when it is not configured. Raises `Unanswered`."""
    if not search_is_set():
        return []
    query = {"q": text, "per_page": "8", **({"code_postal": postcode} if postcode else {})}
    try:
        answer = _search_client(settings.RECHERCHE_ENTREPRISES_URL).get("search", **query)
    except OutboundError as error:
        raise Unanswered.of(str(error)) from error
    if answer is None:
        return []
    lines = answer.get("results") if isinstance(answer, dict) else None
    if not isinstance(lines, list):
        raise Unanswered.of("not as documented")
    return [found for found in map(_read, lines) if found]


def _read(line: Any) -> Company | None:
    """A result, None when it is not as documented: the others are shown."""
    try:
        return found_company(line)
    except (AttributeError, KeyError, TypeError, ValueError):
        return None


def company(siren: str) -> Company | None:
    """A company by its number: INSEE first (it has everything), then the open API; None when they answer that it does not exist.
    Raises `Unanswered`."""
    trouble: Unanswered | None = None
    if sirene_is_set():
        try:
            if found := _by_number(siren):
                return found
        except OutboundError as error:
            trouble = Unanswered.of(str(error))
        except (AttributeError, KeyError, IndexError, TypeError):
            trouble = Unanswered.of("not as documented")
    found = next((one for one in search(siren) if one.siren == siren), None)
    if found is None and trouble is not None:
        raise trouble
    return found


def _by_number(siren: str) -> Company | None:
    client = _sirene_client(settings.SIRENE_API_URL, settings.SIRENE_API_KEY)
    unit = client.get(f"siren/{siren}")
    if not unit:
        return None
    head = unit["uniteLegale"]["periodesUniteLegale"][0].get("nicSiegeUniteLegale")
    place = client.get(f"siret/{siren}{head}") if head else None
    return insee_company(unit["uniteLegale"], (place or {}).get("etablissement"))


def _said(value: Any) -> str:
    return "" if value in HIDDEN else str(value)


def found_company(line: Mapping[str, Any]) -> Company:
    """A result of « Recherche d’entreprises »."""
    head, partial = line.get("siege") or {}, line.get("statut_diffusion") == "P"
    complements = line.get("complements") or {}
    return Company(
        siren=str(line["siren"]), name=_said(line.get("nom_raison_sociale") or line.get("nom_complet")),
        is_active=line.get("etat_administratif") != "C",
        is_person=str(line.get("nature_juridique") or "").startswith("1"), is_partial=partial, acronym=_said(line.get("sigle")),
        category=_said(line.get("nature_juridique")), naf=_said(line.get("activite_principale")),
        rna=_said(complements.get("identifiant_association")),
        staff=_said(line.get("tranche_effectif_salarie")), size=_said(line.get("categorie_entreprise")), created_on=_said(line.get("date_creation")),
        open_sites=int(line.get("nombre_etablissements_ouverts") or 0), head=found_site(head) if head else None,
    )  # fmt: skip


def found_site(line: Mapping[str, Any]) -> Site:
    """A site of « Recherche d’entreprises »."""
    street = " ".join(
        _said(line.get(name))
        for name in ("numero_voie", "indice_repetition", "type_voie", "libelle_voie")
        if _said(line.get(name))
    )
    parts = (_said(line.get("complement_adresse")), street, _said(line.get("distribution_speciale")))
    hidden = line.get("statut_diffusion_etablissement") == "P"
    return Site(
        siret=str(line["siret"]), is_open=line.get("etat_administratif") != "F", is_head=bool(line.get("est_siege")), is_hidden=hidden,
        address="" if hidden else ", ".join(part for part in parts if part), postcode=_said(line.get("code_postal")),
        city=_said(line.get("libelle_commune")), city_code=_said(line.get("commune")), naf=_said(line.get("activite_principale")),
        signs=tuple(_said(sign) for sign in line.get("liste_enseignes") or [] if _said(sign)), created_on=_said(line.get("date_creation")),
        since=_said(line.get("date_fermeture") or line.get("date_debut_activite")),
    )  # fmt: skip


def insee_company(unit: Mapping[str, Any], place: Mapping[str, Any] | None) -> Company:
    """A « unité légale » of the API Sirene, its present period first."""
    now = unit["periodesUniteLegale"][0]
    person = " ".join(
        part
        for part in (
            _said(unit.get("prenomUsuelUniteLegale")),
            _said(now.get("nomUsageUniteLegale") or now.get("nomUniteLegale")),
        )
        if part
    )
    name = _said(now.get("denominationUniteLegale"))
    past = tuple(
        dict.fromkeys(_said(period.get("denominationUniteLegale")) for period in unit["periodesUniteLegale"][1:])
    )
    return Company(
        siren=str(unit["siren"]), name=name or person, is_active=now.get("etatAdministratifUniteLegale") != "C", is_person=not name,
        is_partial=unit.get("statutDiffusionUniteLegale") == "P", acronym=_said(unit.get("sigleUniteLegale")),
        usual_names=tuple(one for one in (_said(now.get(f"denominationUsuelle{n}UniteLegale")) for n in (1, 2, 3)) if one),
        past_names=tuple(one for one in past if one and one != name), category=_said(now.get("categorieJuridiqueUniteLegale")),
        naf=_said(now.get("activitePrincipaleUniteLegale")), rna=_said(unit.get("identifiantAssociationUniteLegale")),
        staff=_said(unit.get("trancheEffectifsUniteLegale")), size=_said(unit.get("categorieEntreprise")),
        created_on=_said(unit.get("dateCreationUniteLegale")), since=_said(now.get("dateDebut")), head=insee_site(place) if place else None,
    )  # fmt: skip


def insee_site(place: Mapping[str, Any]) -> Site:
    """An « établissement » of the API Sirene."""
    now, address = place["periodesEtablissement"][0], place.get("adresseEtablissement") or {}
    street = " ".join(
        _said(address.get(f"{name}Etablissement")) for name in ("numeroVoie", "indiceRepetition", "typeVoie", "libelleVoie")
        if _said(address.get(f"{name}Etablissement"))
    )  # fmt: skip
    parts = (
        _said(address.get("complementAdresseEtablissement")),
        street,
        _said(address.get("distributionSpecialeEtablissement")),
    )
    return Site(
        siret=str(place["siret"]), is_open=now.get("etatAdministratifEtablissement") != "F", is_head=bool(place.get("etablissementSiege")),
        is_hidden=place.get("statutDiffusionEtablissement") == "P", address=", ".join(part for part in parts if part),
        postcode=_said(address.get("codePostalEtablissement")), city=_said(address.get("libelleCommuneEtablissement")),
        city_code=_said(address.get("codeCommuneEtablissement")), naf=_said(now.get("activitePrincipaleEtablissement")),
        signs=tuple(one for one in (_said(now.get(f"enseigne{n}Etablissement")) for n in (1, 2, 3)) if one), since=_said(now.get("dateDebut")),
    )  # fmt: skip
