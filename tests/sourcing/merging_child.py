"""A process that brings two partners together or takes them apart: `python merging_child.py prepare|merge|separate`."""

import sys

import django

django.setup()

from django.core.management import call_command  # noqa: E402

from reciproque.directory import search, services  # noqa: E402
from reciproque.directory.models import Merge, Partner, Person, Position  # noqa: E402
from reciproque.institution import services as institution  # noqa: E402
from reciproque.institution.access import Actor  # noqa: E402

PEOPLE, PLACES = 300, 60
BY = Actor.system("test")


def prepare() -> None:
    """Two partners, each with its places, its people and a tie with the same unit; half of the people are in both."""
    call_command("migrate", verbosity=0)
    root = institution.found_establishment(actor=BY, code="univ", name="Université")
    partners = [
        services.create_partner(actor=BY, name=name, unit=root, postcode="49000", city="Angers")
        for name in ("Forges de Loire", "FDL Industrie")
    ]
    services.edit_partner(actor=BY, partner=partners[1], version=None, siren="552081317", email="a@forges.example")
    people = Person.objects.bulk_create(
        [Person(first_name="Anne", last_name=f"Martin{n}", unit=root) for n in range(PEOPLE)]
    )
    for partner in partners:
        for number in range(PLACES):
            services.add_site(actor=BY, partner=partner, address=f"{number} quai Vert", postcode="49100", city="Angers")
        services.tie_unit(actor=BY, partner=partner, unit=root)
    half = PEOPLE // 2
    Position.objects.bulk_create(
        [Position(person=one, partner=partners[0], title="tutrice") for one in people[: half + half // 2]]
        + [Position(person=one, partner=partners[1]) for one in people[half:]]
    )
    search.refresh(partner_ids=[one.pk for one in partners], person_ids=[one.pk for one in people])


def main(wanted: str) -> None:
    """Do it, once told that it begins."""
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    if wanted == "prepare":
        prepare()
    elif wanted == "merge":
        kept, absorbed = Partner.objects.filter(merged_into=None).order_by("pk")
        services.merge_records(actor=BY, kept=kept, absorbed=[absorbed])
    else:
        services.separate(actor=BY, merge=Merge.objects.get(kind="partner", undone_at=None))


if __name__ == "__main__":
    main(sys.argv[1])
