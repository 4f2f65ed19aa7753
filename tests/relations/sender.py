"""A process that sends a campaign until it is killed, or ends: `python sender.py CAMPAIGN`."""

import sys
import time

import django

django.setup()

from reciproque.relations.campaigns import sending  # noqa: E402
from reciproque.relations.models import Campaign  # noqa: E402


def main(campaign: int) -> None:
    """Send, waiting for the server to see that a former process is dead."""
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    while Campaign.objects.get(pk=campaign).state == Campaign.State.SENDING:
        if not sending.send(campaign):
            time.sleep(0.05)  # the lock of the dead one is not given back yet


if __name__ == "__main__":
    main(int(sys.argv[1]))
