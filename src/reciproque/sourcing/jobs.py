"""The worker's tasks of this module: identifiers in, one function called."""

from procrastinate.contrib.django import app

from reciproque.foundation.jobs import RETRY
from reciproque.sourcing.pipeline import matching, running, undoing


@app.task(name="sourcing.check", queue="imports", retry=RETRY)
def check(import_id: int) -> None:
    """Read, check and compare the rows of an import."""
    running.check(import_id)


@app.task(name="sourcing.apply", queue="imports", retry=RETRY)
def apply(import_id: int) -> None:
    """Write the rows of an import that are ready."""
    running.apply(import_id)


@app.task(name="sourcing.undo", queue="imports", retry=RETRY)
def undo(import_id: int) -> None:
    """Take an import back."""
    running.undo(import_id)


@app.task(name="sourcing.refresh_keys", queue="default", retry=RETRY)
def refresh_keys(partner_id: int) -> None:
    """A partner was changed by hand: it may be recognised under other keys now."""
    matching.refresh_keys([partner_id])


@app.task(name="sourcing.settle_partner", queue="default", retry=RETRY)
def settle_partner(partner_id: int) -> None:
    """A value typed by hand was released: the sources speak again."""
    undoing.resettle_partner(partner_id)
