"""The worker's tasks of this module: identifiers in, one function called."""

from django.utils.timezone import localdate
from procrastinate.contrib.django import app

from reciproque.foundation.jobs import apart, task
from reciproque.institution.access import Actor
from reciproque.institution.models import Unit
from reciproque.relations import figures, keeping, notices
from reciproque.relations.campaigns import sending
from reciproque.relations.capture import filing
from reciproque.relations.invitations import sending as sending_of_invitations
from reciproque.relations.services import handovers, solicitations


@task("relations.records_merged")
def records_merged(kind: str, pk: int) -> None:
    """Records were brought together: what was written with them now tells of one relation."""
    keeping.moved(kind, [pk])


@task("relations.records_separated")
def records_separated(kind: str, pk: int, other: int) -> None:
    """Records stand apart again: each has its own relation back."""
    keeping.moved(kind, [pk, other])


@task("relations.dispositif_changed")
def dispositif_changed(dispositif_id: int) -> None:
    """What a dispositif brings, or how it counts, has changed: the partners concerned are read anew."""
    keeping.dispositif_changed(dispositif_id)


@task("relations.target_changed", queue="imports")
def target_changed() -> None:
    """The establishment wants another cadence: every pulse is read anew."""
    apart("reciproque.relations.rebuilding", "rebuild")


@task("relations.referents_changed")
def referents_changed(changes: list[list[int]], by: int) -> None:
    """Referents changed: the one who leaves is asked for a note, the one who comes is told."""
    handovers.begin_handovers(actor=Actor.system("relations.referents_changed"), changes=changes, by=by)


@app.periodic(cron="5 0,1,2,3 * * *")
@task("relations.turn")
def turn(timestamp: int | None = None) -> None:
    """After midnight (here, whatever the season), the pulses that time alone changes, and what was planned to be asked that day."""
    del timestamp
    keeping.turn()
    solicitations.keep_solicitations(actor=Actor.system("relations.turn"), today=localdate())


@app.periodic(cron="15 4 * * *")
@task("relations.remind")
def remind(timestamp: int | None = None) -> None:
    """Before the morning's messages leave, the reminders of the day and the relations about to fade."""
    del timestamp
    notices.of_the_day(Actor.system("relations.remind"), today=localdate())


@app.periodic(cron="30 2 * * *")
@task("relations.rebuild", queue="imports")
def rebuild(timestamp: int | None = None) -> None:
    """Every night, count by state and what alike partners do."""
    del timestamp
    apart("reciproque.relations.rebuilding", "count")


@task("relations.count_figures")
def count_figures(unit_id: int) -> None:
    """The board's numbers are old: they are counted anew, for the establishment (0) or a unit."""
    figures.count_anew(Unit.objects.filter(pk=unit_id).first() if unit_id else None, today=localdate())


@task("relations.file_message")
def file_message(message_id: int) -> None:
    """A message came in at a tracking address: it is filed, or says why not."""
    filing.handle(message_id)


@task("relations.send_campaign")
def send_campaign(campaign_id: int) -> None:
    """Send what is ready of a campaign; when the mail server is away, the watch tries again."""
    try:
        sending.send(campaign_id)
    except sending.Away as away:
        sending.log.warning("campaign_waits", campaign=campaign_id, why=str(away))


@app.periodic(cron="1-59/2 * * * *")
@task("relations.send_invitations")
def send_invitations(timestamp: int | None = None) -> None:
    """Invitations to meetings leave as soon as they are asked for; what could not leave is tried again every other minute."""
    del timestamp
    sending_of_invitations.send()


@app.periodic(cron="*/2 * * * *")
@task("relations.watch_campaigns")
def watch_campaigns(timestamp: int | None = None) -> None:
    """Every other minute, take up the campaigns whose work was lost or put off."""
    del timestamp
    sending.watch()
