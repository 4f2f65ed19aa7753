"""The kernels of comparison, compiled once per installation, beside everything else and behind it.

Compiling takes half a minute of processor, at the first comparison: done here before anybody compares, nobody waits for it.
"""

import ctypes
import hashlib
import os
import signal
import subprocess
import sys
from importlib import metadata
from pathlib import Path

from reciproque import __file__ as package

PR_SET_PDEATHSIG = 1
ENGINES = ("linkage", "register")


def begin(folder: Path) -> "subprocess.Popen[bytes] | None":
    """Compile in a process of its own, at the lowest priority; None when these kernels were compiled for this installation."""
    if _stamp(folder).is_file() and _stamp(folder).read_text() == _mark():
        return None
    return subprocess.Popen([sys.executable, "-m", __name__, str(folder)], stdin=subprocess.DEVNULL)  # noqa: S603 -- ourselves


def compile_all(folder: Path) -> None:
    """Compile what is not compiled, and remember it."""
    from reciproque.engines.linkage.warming import warm

    mark = _mark()
    warm()
    _stamp(folder).write_text(mark)


def _stamp(folder: Path) -> Path:
    return folder / "state" / "compiled"


def _mark() -> str:
    """What the compiled kernels depend on: their sources, the compiler, the interpreter."""
    digest = hashlib.sha256(f"{sys.version} {metadata.version('numba')}".encode())
    for path in sorted(file for name in ENGINES for file in (Path(package).parent / "engines" / name).glob("*.py")):
        status = path.stat()
        digest.update(f"{path} {status.st_size} {status.st_mtime_ns}".encode())
    return digest.hexdigest()


def main() -> None:
    """`python -m … FOLDER`: as quiet as can be, and gone with who asked."""
    os.nice(19)
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
    compile_all(Path(sys.argv[1]))


if __name__ == "__main__":
    main()
