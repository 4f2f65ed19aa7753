"""The worker's side: who takes up lost work, who steps aside, what a person may do meanwhile."""

import datetime as dt
import os
from pathlib import Path

import pytest
from django.db import connection
from django.utils import timezone

from reciproque.foundation.errors import DomainError, Forbidden
from reciproque.institution.access import Actor
from reciproque.sourcing import services
from reciproque.sourcing.models import Import, ImportFile, SourceRecord
from reciproque.sourcing.pipeline import running
from tests.sourcing.importing import ATELIERS, FORGES, text

pytestmark = pytest.mark.django_db
SYSTEM = Actor.system("test")


def jobs(status: str = "todo") -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT task_name FROM procrastinate_jobs WHERE status = %s::procrastinate_job_status", [status])
        return [row[0] for row in cursor.fetchall()]


def lose(run: Import, status: str) -> None:
    """Its job has ended so, and nothing has moved for a while."""
    with connection.cursor() as cursor:
        cursor.execute("UPDATE procrastinate_jobs SET status = %s::procrastinate_job_status", [status])
    Import.objects.filter(pk=run.pk).update(moved_at=timezone.now() - dt.timedelta(minutes=5))


def test_a_check_is_queued_with_the_import_as_its_only_argument(desk):
    run = desk.open(text(FORGES))
    services.start_check(actor=desk.actor, run=run)
    with connection.cursor() as cursor:
        cursor.execute("SELECT task_name, lock, args FROM procrastinate_jobs WHERE lock = %s", [f"import-{run.pk}"])
        assert cursor.fetchall() == [("sourcing.check", f"import-{run.pk}", f'{{"import_id": {run.pk}}}')]


def test_lost_work_is_taken_up_again(desk):
    run = desk.open(text(FORGES))
    services.start_check(actor=desk.actor, run=run)
    assert running.watch() == 0
    lose(run, "succeeded")
    assert running.watch() == 1
    assert jobs() == ["sourcing.check"]


def test_work_that_fails_too_often_is_said_to_have_failed_and_can_be_resumed(desk):
    run = desk.check(text(FORGES, ATELIERS))
    services.run_import(actor=desk.actor, run=run)
    lose(run, "failed")
    assert running.watch() == 1
    run.refresh_from_db()
    assert run.state == Import.State.FAILED
    assert "interrompu" in run.problem
    assert desk.write(run).state == Import.State.DONE


def test_a_stopped_import_goes_on_where_it_was(desk, monkeypatch):
    monkeypatch.setattr("reciproque.sourcing.pipeline.applying.BATCH", 1)
    run = desk.check(text(FORGES, ATELIERS))
    services.run_import(actor=desk.actor, run=run)
    services.stop_import(actor=desk.actor, run=run)
    running.apply(run.pk)
    run.refresh_from_db()
    assert run.state == Import.State.STOPPED
    run = desk.write(run)
    assert (run.state, run.counts["applied"]) == (Import.State.DONE, 2)


def test_nothing_is_written_before_every_row_is_checked(desk):
    run = desk.open(text(FORGES))
    services.start_check(actor=desk.actor, run=run)
    from reciproque.sourcing.pipeline import staging

    staging.stage(run)
    services.stop_import(actor=desk.actor, run=run)
    with pytest.raises(DomainError, match="contrôle"):
        services.run_import(actor=desk.actor, run=run)
    assert SourceRecord.objects.get().state == "staged"


def test_a_second_process_steps_aside(desk, django_db_blocker):
    run = desk.open(text(FORGES))
    services.start_check(actor=desk.actor, run=run)
    import psycopg

    with psycopg.connect(**connection.get_connection_params() | {"cursor_factory": psycopg.Cursor}) as other:
        other.execute("SELECT pg_advisory_lock(%s, %s)", [running.LOCK, run.pk])
        assert running.check(run.pk) is False
        other.execute("SELECT pg_advisory_unlock_all()")
    assert running.check(run.pk) is True


def test_files_that_no_import_keeps_are_forgotten_after_a_day(desk, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    kept, given_up = desk.open(text(FORGES)), desk.open(text(ATELIERS))
    path = Path(tmp_path) / given_up.file.path
    services.abandon_import(actor=desk.actor, run=given_up)
    cut = tmp_path / "imports" / "coupe.csv"
    cut.write_text("Raison sociale\n")
    assert services.sweep_files(actor=SYSTEM) == 0, "not on the same day"
    ImportFile.objects.update(uploaded_at=timezone.now() - dt.timedelta(days=2))
    for old in (path, cut):
        os.utime(old, (0, 0))
    assert services.sweep_files(actor=SYSTEM) == 2
    assert services.sweep_files(actor=SYSTEM) == 0
    assert [found.pk for found in ImportFile.objects.all()] == [kept.file_id]
    assert [found.name for found in (tmp_path / "imports").iterdir()] == [Path(kept.file.path).name]
    with pytest.raises(Forbidden):
        services.sweep_files(actor=desk.actor)
