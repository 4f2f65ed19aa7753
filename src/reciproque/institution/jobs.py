"""The worker's tasks of this module."""

from procrastinate.contrib.django import app

from reciproque.foundation.jobs import task
from reciproque.institution import exports, services
from reciproque.institution.access import Actor


@task("institution.write_export", queue="exports")
def write_export(export_id: int) -> None:
    """Write the file of a big export."""
    exports.write(export_id)


@app.periodic(cron="40 3 * * *")
@task("institution.expire_exports")
def expire_exports(timestamp: int | None = None) -> None:
    """Every night, delete the exports older than a week."""
    del timestamp
    services.expire_exports(actor=Actor.system("exports"))
