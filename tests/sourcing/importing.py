"""Bring a file in, the short way: one call per step."""

import io
from typing import Any

from reciproque.institution.access import Actor
from reciproque.institution.models import Role, Unit, User
from reciproque.sourcing import services
from reciproque.sourcing.models import Import, Source
from reciproque.sourcing.pipeline import running
from tests.factories import UnitFactory, UserFactory, actor

HEADER = "Raison sociale;SIRET;CP;Commune;Courriel;Nom du contact;Prénom;Fonction;Courriel du contact"
ATELIERS = (
    "Ateliers du Port;55208131766522;44600;Saint-Nazaire;contact@ateliers-port.example;"
    "Marchand;Élodie;directrice;e.marchand@ateliers-port.example"
)
FORGES = "Forges de Loire;;49000;Angers;;Le Goff;Marc;responsable RH;m.legoff@forges.example"
MAIRIE = "Mairie de Saumur;;49400;Saumur;mairie@saumur.example;;;;"


def text(*lines: str, header: str = HEADER) -> bytes:
    """A file."""
    return "\r\n".join([header, *lines, ""]).encode()


class Desk:
    """Somebody who imports for a unit."""

    def __init__(self, unit: Unit | None = None, role: Role = Role.MEMBER, user: User | None = None) -> None:
        self.unit = unit or UnitFactory()
        self.user = user or UserFactory()
        self.actor: Actor = actor(self.unit, role, self.user)

    def source(self, code: str = "fichier", **others: Any) -> Source:
        """The source of that code, made when it is new."""
        found = Source.objects.filter(code=code).first()
        return found or services.create_source(actor=self.actor, unit=self.unit, name=code, code=code, **others)

    def open(
        self, content: bytes, *, source: str | Source = "fichier", name: str = "fichier.csv", **others: Any
    ) -> Import:
        """Receive a file and begin its import."""
        file = services.receive_file(actor=self.actor, content=io.BytesIO(content), name=name)
        where = self.source(source) if isinstance(source, str) else source
        return services.open_import(actor=self.actor, source=where, file=file, **others)

    def check(self, content: bytes, **others: Any) -> Import:
        """… and have it checked, as the worker does."""
        run = self.open(content, **others)
        services.start_check(actor=self.actor, run=run)
        running.check(run.pk)
        run.refresh_from_db()
        return run

    def run(self, content: bytes, **others: Any) -> Import:
        """… and written."""
        run = self.check(content, **others)
        return self.write(run)

    def write(self, run: Import) -> Import:
        """Have the ready rows written."""
        services.run_import(actor=self.actor, run=run)
        running.apply(run.pk)
        run.refresh_from_db()
        return run

    def undo(self, run: Import) -> Import:
        """Take it back."""
        services.undo_import(actor=self.actor, run=run)
        running.undo(run.pk)
        run.refresh_from_db()
        return run
