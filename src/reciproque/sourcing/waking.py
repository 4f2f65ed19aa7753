"""What tells likeness (compiled kernels, the model, 200 MB) is loaded when it is first asked, which takes two seconds.

A screen that will ask for it begins to load it beside, so that nobody waits; a process that nobody asks it of stays light.
"""

import threading

_once = threading.Lock()
_serves = False


def allow() -> None:
    """This process answers people: screens may have it load things beside."""
    global _serves  # noqa: PLW0603 -- said once, when the process is born
    _serves = True


def wake() -> "threading.Thread | None":
    """Begin to load, once in the life of the process; who loads, None when it is done or nobody is to."""
    if not _serves or not _once.acquire(blocking=False):
        return None
    beside = threading.Thread(target=_load, name="likeness", daemon=True)
    beside.start()
    return beside


def _load() -> None:
    from reciproque.engines.linkage.warming import rouse  # noqa: PLC0415 -- heavy

    rouse()
