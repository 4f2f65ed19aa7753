"""The worker's tasks of this module: identifiers in, one function called."""

from reciproque.foundation.jobs import task
from reciproque.sourcing.pipeline import running, undoing


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


@task("sourcing.settle_partner", queue="default")
def settle_partner(partner_id: int) -> None:
    """A value typed by hand was released: the sources speak again."""
    undoing.resettle_partner(partner_id)
