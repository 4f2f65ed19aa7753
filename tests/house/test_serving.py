"""What is done before the site and the worker are forked leaves nothing behind in their parent."""

import os
from pathlib import Path

import pytest

from reciproque.cli.serving import _apart


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
