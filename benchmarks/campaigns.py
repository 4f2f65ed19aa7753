"""A campaign to a local mail server: choosing, starting, sending; messages per second, CPU seconds, each message once.

python benchmarks/campaigns.py [--people 20000] [--home FOLDER]
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import socket
import sys
import tempfile
import threading
import time
from collections import Counter
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "src"))

BODY = "Bonjour {{ civilite }} {{ nom }},\n\nNous serions heureux d’accueillir **{{ organisation }}**.\n\n- une visite\n- un jury\n\nhttps://univ.example/"


class Sink:
    """The least mail server: one thread a connection, addresses counted, messages thrown away."""

    def __init__(self) -> None:
        self.received: Counter[str] = Counter()
        self.server = socket.create_server(("127.0.0.1", 0))
        threading.Thread(target=self._accept, daemon=True).start()

    @property
    def port(self) -> int:
        """Where it listens."""
        return int(self.server.getsockname()[1])

    def _accept(self) -> None:
        while True:
            line, _address = self.server.accept()
            threading.Thread(target=self._serve, args=(line,), daemon=True).start()

    def _serve(self, line: socket.socket) -> None:
        to = ""
        with line, line.makefile("rwb") as talk:
            talk.write(b"220 sink\r\n")
            talk.flush()
            while said := talk.readline():
                verb = said[:4].upper()
                if verb == b"RCPT":
                    to = said.decode().partition("<")[2].partition(">")[0]
                talk.write({b"DATA": b"354 go\r\n", b"QUIT": b"221 bye\r\n"}.get(verb, b"250 ok\r\n"))
                talk.flush()
                if verb == b"DATA":
                    while talk.readline() != b".\r\n":
                        pass
                    self.received[to] += 1
                    talk.write(b"250 ok\r\n")
                    talk.flush()
                if verb == b"QUIT":
                    return


def prepare(people: int) -> int:
    """So many people of as many partners, and a campaign written; returns its number."""
    from django.core.management import call_command
    from django.db import transaction

    call_command("migrate", verbosity=0)
    from reciproque.directory.models import Partner, Person, Position
    from reciproque.foundation.database.bulk import bulk_insert
    from reciproque.institution import services as institution
    from reciproque.institution.access import Actor
    from reciproque.relations.services import campaigns

    actor = Actor.system("benchmark")
    root = institution.found_establishment(actor=actor, code="univ", name="Université")
    partners = [Partner(name=f"Atelier {n}") for n in range(people)]
    persons = [Person(first_name="Anne", last_name=f"Martin{n}", email=f"p{n}@acme.example") for n in range(people)]
    with transaction.atomic():
        bulk_insert(partners)
        bulk_insert(persons)
        bulk_insert([Position(person=a, partner=b) for a, b in zip(persons, partners, strict=True)])
    return campaigns.create_campaign(actor=actor, unit=root, title="Visites", subject="Bonjour {{ nom }}", body=BODY).pk


def timed(work: object) -> dict[str, float]:
    """Seconds passed, and of CPU of this process, that a call takes."""
    began, cpu = time.perf_counter(), time.process_time()
    work()  # type: ignore[operator]
    return {"seconds": round(time.perf_counter() - began, 2), "cpu": round(time.process_time() - cpu, 2)}


def measure(people: int, sink: Sink) -> dict[str, object]:
    """Choose, start, send; what each costs."""
    from reciproque.institution.access import Actor
    from reciproque.relations.campaigns import sending
    from reciproque.relations.models import Campaign, CampaignRecipient, Solicitation
    from reciproque.relations.services import campaigns

    actor, row = Actor.system("benchmark"), Campaign.objects.get(pk=prepare(people))
    found: dict[str, object] = {"people": people}
    found["choose"] = timed(lambda: campaigns.choose_recipients(actor=actor, campaign=row, query=""))
    found["start"] = timed(lambda: campaigns.start_campaign(actor=actor, campaign=row))
    sent = timed(lambda: sending.send(row.pk))
    found["send"] = sent | {
        "messages_per_second": round(people / sent["seconds"], 1),
        "messages_per_cpu_second": round(people / sent["cpu"], 1),
    }
    states = Counter(CampaignRecipient.objects.values_list("state", flat=True))
    assert states == {"sent": people}, states
    assert len(sink.received) == people
    assert max(sink.received.values()) == 1
    assert Solicitation.objects.count() == people
    found["peak_memory_mb"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    return found


def main() -> None:
    """Run it in a database of its own."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--people", type=int, default=20_000)
    parser.add_argument("--home")
    options = parser.parse_args()
    from reciproque.foundation.database.embedded import Server

    with tempfile.TemporaryDirectory(dir=options.home) as folder:
        sink, server = Sink(), Server(Path(folder) / "postgres")
        server.start()
        server.create_database("campaign")
        os.environ |= {
            "DJANGO_SETTINGS_MODULE": "config.settings", "RECIPROQUE_HOME": folder, "DATABASE_URL": server.url("campaign"),
            "SECRET_KEY": "only-for-this-benchmark-" + "x" * 50, "SMTP_HOST": "127.0.0.1", "SMTP_PORT": str(sink.port),
            "SMTP_STARTTLS": "0", "LOG_LEVEL": "WARNING",
        }  # fmt: skip
        import django

        django.setup()
        try:
            print(json.dumps(measure(options.people, sink), indent=2))
        finally:
            from django.db import connection

            connection.close()
            server.stop()


if __name__ == "__main__":
    main()
