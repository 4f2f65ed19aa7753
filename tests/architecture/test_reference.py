"""The pages of reference are written from the code: they cannot lie."""

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def test_pages_of_reference_are_fresh() -> None:
    kept = {k: v for k, v in os.environ.items() if k in {"PATH", "HOME", "LANG"}}
    done = subprocess.run(
        [sys.executable, ROOT / "scripts" / "reference.py", "--check"],
        capture_output=True, text=True, check=False, cwd=ROOT, env=kept,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
