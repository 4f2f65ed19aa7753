"""What the worker does for the directory."""

from procrastinate.contrib.django import app

from reciproque.directory import search
from reciproque.directory.mapping.counting import count_places as counted
from reciproque.directory.services import merging
from reciproque.foundation.jobs import apart, task


@app.periodic(cron="*/10 * * * *")
@task("directory.count_places")
def count_places(timestamp: int | None = None) -> None:
    """Count anew how many partners stand where, for the map of a big network."""
    del timestamp
    counted()


@app.periodic(cron="20 2 * * *")
@task("directory.count_words")
def count_words(timestamp: int | None = None) -> None:
    """Every night, count the words that the search mends by, and forget those that no record holds any more."""
    del timestamp
    search.count_words()


@app.periodic(cron="* * * * *")
@task("directory.index_changes")
def index_changes(timestamp: int | None = None) -> None:
    """Every minute, the index of type-ahead takes in the records that have changed; until then PostgreSQL looks for those."""
    del timestamp
    search.swift.catch_up()


@app.periodic(cron="5 3 * * *")
@task("directory.index_names")
def index_names(timestamp: int | None = None) -> None:
    """Every night, the index of type-ahead is built anew, from the size of network where it is worth it."""
    del timestamp
    if search.swift.worth_it():
        apart("reciproque.directory.search.swift", "rebuild")


@app.periodic(cron="50 2 * * *")
@task("directory.gather_strays")
def gather_strays(timestamp: int | None = None) -> None:
    """Every night, what was written to absorbed records joins those that answer for them."""
    del timestamp
    merging.gather_strays()
