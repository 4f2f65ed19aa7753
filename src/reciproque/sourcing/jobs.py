"""The worker's tasks of this module: identifiers in, one function called."""

from procrastinate.contrib.django import app

from reciproque.foundation.jobs import task
from reciproque.sourcing.pipeline import running, settling


@task("sourcing.check", queue="imports")
def check(import_id: int) -> None:
    """Read, check and compare the rows of an import."""
    running.check(import_id)


@task("sourcing.apply", queue="imports")
def apply(import_id: int) -> None:
    """Write the rows of an import that are ready."""
    running.apply(import_id)


@task("sourcing.undo", queue="imports")
def undo(import_id: int) -> None:
    """Take an import back."""
    running.undo(import_id)


@app.periodic(cron="* * * * *")
@task("sourcing.watch")
def watch(timestamp: int) -> None:  # noqa: ARG001 -- given by the schedule
    """Every minute, take up the imports whose work was lost."""
    running.watch()


@task("sourcing.field_released", queue="default")
def field_released(model: str, pk: int, field: str) -> None:
    """A value typed by hand was released: the sources speak again."""
    settling.released(model, pk, field)


@task("sourcing.records_separated", queue="default")
def records_separated(kind: str, pk: int) -> None:
    """Records that were brought together stand apart again: each says what its own sources say."""
    settling.separated(kind, pk)
