"""Make the checkout importable in its environment, and write the `reciproque` command, without building anything."""

import sys
import sysconfig
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SCRIPT = """\
#!{python}
import sys

from reciproque.cli import main

sys.exit(main())
"""


def main() -> None:
    """Write one .pth file and one script."""
    (Path(sysconfig.get_path("purelib")) / "reciproque.pth").write_text(f"{ROOT / 'src'}\n")
    command = Path(sysconfig.get_path("scripts")) / "reciproque"
    command.write_text(SCRIPT.format(python=sys.executable))
    command.chmod(0o755)


if __name__ == "__main__":
    main()
