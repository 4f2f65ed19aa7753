"""Documents that fail when they lie: settings, command, catalogue of translations."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def test_every_sentence_has_its_english_one() -> None:
    done = subprocess.run(
        [sys.executable, "scripts/messages.py", "--missing"], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "", "python scripts/messages.py, then translate what is listed"
