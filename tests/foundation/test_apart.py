"""Heavy work in a process of its own."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from reciproque.foundation.jobs import apart
from tests.house.place import until


def test_it_runs_once_the_application_is_ready() -> None:
    apart("django.db.models", "Q")
    apart("reciproque.directory.models", "Partner")  # a model cannot even be imported before


def test_a_failure_is_told_to_the_job() -> None:
    with pytest.raises(subprocess.CalledProcessError):
        apart("reciproque.directory.models", "nothing_of_that_name")


@pytest.mark.skipif(sys.platform != "linux", reason="the kernel tells the child of its parent's death on Linux only")
def test_it_ends_with_a_worker_that_is_killed() -> None:
    code = "import django; django.setup(); from reciproque.foundation.jobs import apart; apart('signal', 'pause')"
    worker = subprocess.Popen([sys.executable, "-c", code])
    child = until(lambda: begun_by(worker.pid))
    worker.kill()
    worker.wait()
    until(lambda: not alive(child))


def begun_by(pid: int) -> int | None:
    """The process apart that another has begun, once it has made itself nice."""
    for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split():
        try:
            ours = b"os.nice" in Path(f"/proc/{child}/cmdline").read_bytes()
            if ours and os.getpriority(os.PRIO_PROCESS, int(child)) >= 10:
                return int(child)
        except (FileNotFoundError, ProcessLookupError):
            continue
    return None


def alive(pid: int) -> bool:
    """Whether a process runs still, and is not only waiting to be counted as dead."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except FileNotFoundError:
        return False
