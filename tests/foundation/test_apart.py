"""Heavy work in a process of its own."""

import subprocess

import pytest

from reciproque.foundation.jobs import apart


def test_it_runs_once_the_application_is_ready() -> None:
    apart("django.db.models", "Q")
    apart("reciproque.directory.models", "Partner")  # a model cannot even be imported before


def test_a_failure_is_told_to_the_job() -> None:
    with pytest.raises(subprocess.CalledProcessError):
        apart("reciproque.directory.models", "nothing_of_that_name")
