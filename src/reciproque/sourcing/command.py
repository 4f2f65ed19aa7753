"""What `reciproque import FILE` does: the wizard's steps, from a terminal."""

import json
import sys
import time
from pathlib import Path
from typing import Any, TextIO

from django.core.exceptions import ValidationError

from reciproque.engines.intake import Mapping
from reciproque.foundation.errors import DomainError, file_refusal
from reciproque.institution.access import Actor
from reciproque.institution.models import Unit, User
from reciproque.sourcing import services, wording
from reciproque.sourcing.models import Import, Source
from reciproque.sourcing.pipeline import running

OK, REFUSED, NOT_FOUND = 0, 1, 2


class Unknown(Exception):
    """Something named on the command line does not exist."""


def run_import(
    path: Path,
    *,
    source: str,
    unit: str | None = None,
    mapping: Path | None = None,
    user: str | None = None,
    sheet: str | None = None,
    dry_run: bool = False,
    wait: bool = False,
    as_json: bool = False,
    out: TextIO = sys.stdout,
) -> int:
    """Import a file for a source, creating the source when it is new (`unit` is needed then).

    Returns 0 when it was taken (or, with `dry_run`, checked), 1 when it was refused, 2 when a user, unit or file is not
    known. Without `wait` the worker does the work; with it, this process does, unless the worker was faster.
    """
    try:
        actor = _actor(user)
        with path.open("rb") as content:
            where = _source(actor, source, unit)
            file = services.receive_file(actor=actor, content=content, name=path.name)
        run = services.open_import(actor=actor, source=where, file=file, sheet=sheet)
        if mapping is not None:
            services.map_columns(actor=actor, run=run, mapping=json.loads(mapping.read_text("utf-8")))
        run.refresh_from_db()
        _check(actor, run)
        if not dry_run and run.state == Import.State.CHECKED:
            services.run_import(actor=actor, run=run)
            if wait:
                running.apply(run.pk)
            run.refresh_from_db()
    except (DomainError, json.JSONDecodeError) as error:
        return _tell(out, as_json, {"error": str(error)}, REFUSED)
    except Unknown as error:
        return _tell(out, as_json, {"error": str(error)}, NOT_FOUND)
    except OSError as error:
        return _tell(out, as_json, {"error": file_refusal(error)}, NOT_FOUND)
    if wait and run.state in {Import.State.RUNNING, Import.State.CHECKING}:
        _wait(run)
    return _tell(out, as_json, _account(run), REFUSED if run.state == Import.State.FAILED else OK)


def _check(actor: Actor, run: Import) -> None:
    services.start_check(actor=actor, run=run)
    running.check(run.pk)
    run.refresh_from_db()


def _wait(run: Import) -> None:
    while run.is_moving:
        time.sleep(0.5)
        run.refresh_from_db()


def _actor(user: str | None) -> Actor:
    if user is None:
        return Actor.system("import en ligne de commande", via="command")
    found = User.objects.filter(username=user).first() or User.objects.filter(email__iexact=user).first()
    if found is None:
        raise Unknown(f"Aucun compte « {user} ».")
    return Actor.of(found, via="command")


def _source(actor: Actor, code: str, unit: str | None) -> Source:
    found = Source.objects.select_related("unit").filter(code=code).first()
    if found is not None and unit in {None, found.unit.code}:
        return found
    if found is not None:
        raise Unknown(f"La source « {code} » est celle de l’entité « {found.unit.code} », pas de « {unit} ».")
    where = Unit.objects.filter(code=unit).first() if unit else Unit.objects.filter(parent=None).order_by("pk").first()
    if where is None:
        raise Unknown(f"Aucune entité « {unit} »." if unit else "Aucune entité : créez d’abord l’établissement.")
    try:
        return services.create_source(actor=actor, unit=where, name=code, code=code)
    except ValidationError as error:
        raise Unknown(f"La source « {code} » ne peut être créée : {' '.join(error.messages)}") from error


def _account(run: Import) -> dict[str, Any]:
    counts = running.counted(run)
    mapping = Mapping.from_json(run.mapping) if run.mapping else None
    columns = {c.header: wording.field_label(c.field) for c in mapping.columns if c.field} if mapping else {}
    return {"import": run.pk, "state": run.state, "problem": run.problem, "columns": columns, **counts}


def _tell(out: TextIO, as_json: bool, account: dict[str, Any], code: int) -> int:  # noqa: FBT001 -- passed through
    if as_json:
        out.write(json.dumps(account, ensure_ascii=False) + "\n")
        return code
    if "error" in account:
        out.write(f"{account['error']}\n")
        return code
    out.write(
        "Lignes lues : {read}, importées : {applied}, reconnues : {matched}, en attente : {waiting}, écartées : {refused}, "
        "inchangées : {unchanged} ; partenaires créés : {created}.\n".format(**account)
    )
    if account["state"] == Import.State.RUNNING:
        out.write("Le travailleur écrit ces lignes (option --wait pour attendre la fin).\n")
    return code
