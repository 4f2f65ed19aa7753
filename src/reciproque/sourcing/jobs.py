"""The worker's tasks of this module: identifiers in, one function called."""

from procrastinate.contrib.django import app

from reciproque.foundation.jobs import apart, task
from reciproque.institution.access import Actor
from reciproque.sourcing import services
from reciproque.sourcing.pipeline import alone, doubles, measuring, retraining, running, settling
from reciproque.sourcing.services import judgements, models


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


@app.periodic(cron="40 2 * * *")
@task("sourcing.sweep_files")
def sweep_files(timestamp: int | None = None) -> None:
    """Every night, forget the files that no import keeps."""
    del timestamp
    services.sweep_files(actor=Actor.system("sourcing.sweep_files"))


@task("sourcing.field_released", queue="default")
def field_released(model: str, pk: int, field: str) -> None:
    """A value typed by hand was released: the sources speak again."""
    settling.released(model, pk, field)


@task("sourcing.records_separated", queue="default")
def records_separated(kind: str, pk: int, other: int) -> None:
    """Records that were brought together stand apart again: each says what its own sources say, and they are not one."""
    for one in (pk, other):
        settling.separated(kind, one)
    judgements.separated(kind, pk, other)


@task("sourcing.records_merged", queue="default")
def records_merged(kind: str, pk: int) -> None:
    """Records were brought together: the pairs among them are settled, others may appear."""
    judgements.merged(kind, pk)
    if kind == "partner":
        doubles.look_at([pk])


@task("sourcing.look_for_duplicates", queue="imports")
def look_for_duplicates() -> None:
    """After each import, look for records that may be one among those it changed."""
    doubles.look()


@app.periodic(cron="20 3 * * *")
@task("sourcing.compare_network", queue="imports")
def compare_network(timestamp: int | None = None) -> None:
    """Every night, compare the whole network."""
    del timestamp
    doubles.look()
    apart("reciproque.sourcing.pipeline.doubles", "whole")
    weigh_pairs()


@task("sourcing.weigh_pairs", queue="imports")
def weigh_pairs() -> None:
    """Weigh the pairs that wait, merge those of the automatic zone when the establishment wants it, measure what came of it."""
    apart("reciproque.sourcing.pipeline.weighing", "weigh_and_sort")
    alone.merge_all()
    measuring.measure()


@task("sourcing.measure", queue="imports")
def measure() -> None:
    """Measure the network's quality now."""
    measuring.measure()


@task("sourcing.undo_run", queue="imports")
def undo_run(run_id: int) -> None:
    """Take back all the merges of a run made alone."""
    alone.undo(run_id)


@app.periodic(cron="40 4 * * 0")
@task("sourcing.learn_weekly", queue="imports")
def learn_weekly(timestamp: int | None = None) -> None:
    """Every Sunday, ask for a model learnt from what the network now knows."""
    del timestamp
    models.ask_weekly()


@task("sourcing.train_model", queue="imports")
def train_model(model_id: int) -> None:
    """Learn a model and report on it, in a process of its own."""
    retraining.run(model_id)


@app.periodic(cron="10 6 * * *")
@task("sourcing.lapse_requests")
def lapse_requests(timestamp: int | None = None) -> None:
    """Every morning, units that did not answer in time have agreed."""
    del timestamp
    judgements.lapse()


@task("sourcing.look_in_register", queue="imports")
def look_in_register() -> None:
    """Look every partner without number up in the register."""
    apart("reciproque.sourcing.register.proposing", "qualify_network")


@app.periodic(cron="10 4 * * *")
@task("sourcing.follow_register", queue="imports")
def follow_register(timestamp: int | None = None) -> None:
    """Every night, see what became of the companies of the network, and who the others are."""
    del timestamp
    apart("reciproque.sourcing.register.refreshing", "follow")
