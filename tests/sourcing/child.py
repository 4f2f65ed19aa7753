"""A process that works on an import until it is killed: `python child.py check-and-run|undo IMPORT`."""

import sys
import time

import django

django.setup()

from reciproque.institution.access import Actor  # noqa: E402
from reciproque.sourcing import services  # noqa: E402
from reciproque.sourcing.models import Import  # noqa: E402
from reciproque.sourcing.pipeline import running  # noqa: E402

DO = {Import.State.CHECKING: running.check, Import.State.RUNNING: running.apply, Import.State.UNDOING: running.undo}


def main(wanted: str, number: int) -> None:
    """Go on from where the import is."""
    actor = Actor.system("test")
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    while True:
        run = Import.objects.get(pk=number)
        if run.is_moving:
            if not DO[run.state](number):
                time.sleep(0.05)  # the server has not seen yet that the former process is dead
        elif wanted == "undo" and run.state == Import.State.DONE:
            services.undo_import(actor=actor, run=run)
        elif run.state == Import.State.CHECKED:
            services.run_import(actor=actor, run=run)
        else:
            return


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
