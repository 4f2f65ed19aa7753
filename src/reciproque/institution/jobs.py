"""The worker's tasks of this module."""

from procrastinate.contrib.django import app

from reciproque.foundation.jobs import task
from reciproque.institution import exports, services
from reciproque.institution.access import Actor
from reciproque.institution.notices import mailing


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


@app.periodic(cron="*/5 * * * *")
@task("institution.send_notices")
def send_notices(timestamp: int | None = None) -> None:
    """Every five minutes, and when something is to be told at once: the notices that are due by mail."""
    del timestamp
    mailing.send()


@app.periodic(cron="50 3 * * *")
@task("institution.forget_notices")
def forget_notices(timestamp: int | None = None) -> None:
    """Every night, what people were told more than a year ago goes away."""
    del timestamp
    services.forget_notices(actor=Actor.system("notices"))
