"""What the worker does for the directory."""

from procrastinate.contrib.django import app

from reciproque.directory import search
from reciproque.directory.mapping.counting import count_places as counted
from reciproque.foundation.jobs import task


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
