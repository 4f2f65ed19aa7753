"""What is done before the site and the worker are forked leaves nothing behind in their parent."""

import os
from pathlib import Path

import pytest

from reciproque.cli import compiling
from reciproque.cli.serving import _apart
from tests.house.place import until


def test_what_prepares_an_installation_runs_in_a_process_of_its_own(tmp_path: Path) -> None:
    def prepare(folder: Path) -> None:
        (folder / "pid").write_text(str(os.getpid()))

    _apart(prepare, tmp_path)
    assert (tmp_path / "pid").read_text() != str(os.getpid())


@pytest.mark.parametrize("fault", [ValueError("abîmé"), KeyboardInterrupt()])
def test_a_preparation_that_fails_ends_the_start(tmp_path: Path, fault: BaseException) -> None:
    def prepare(_folder: Path) -> None:
        raise fault

    with pytest.raises(SystemExit) as end:
        _apart(prepare, tmp_path)
    assert end.value.code == 1


def test_kernels_are_compiled_once_per_installation_in_a_process_that_yields(tmp_path: Path) -> None:
    (tmp_path / "state").mkdir()
    compiler = compiling.begin(tmp_path)
    assert compiler is not None
    try:
        until(lambda: os.getpriority(os.PRIO_PROCESS, compiler.pid) == 19 or compiler.poll() is not None)
        assert compiler.wait(180) == 0
    finally:
        compiler.kill()
    assert compiling.begin(tmp_path) is None


def test_kernels_are_compiled_again_when_what_they_come_from_has_changed(tmp_path: Path) -> None:
    (tmp_path / "state").mkdir()
    (tmp_path / "state" / "compiled").write_text("those of another version")
    compiler = compiling.begin(tmp_path)
    assert compiler is not None
    compiler.kill()
    compiler.wait()
