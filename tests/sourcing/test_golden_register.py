"""What the register said of a partner is not lost when a row speaks of it."""

import datetime as dt

import pytest

from reciproque.directory.models import Partner
from reciproque.sourcing.pipeline.golden import Said, settle
from tests.factories import PartnerFactory

pytestmark = pytest.mark.django_db
SIGNED = {"kind": "register", "source": "sirene", "record": None, "on": "2026-01-02"}


def test_the_register_stays_beside_the_rows_and_wins() -> None:
    partner: Partner = PartnerFactory(name="Agence Cariou", naf="68.31Z", origins={"name": SIGNED, "naf": SIGNED})
    said = Said(7, "fichier", "file", dt.date(2026, 11, 1), {"name": "Agecne Cariou", "phone": "+33241000000"}, {})
    settle(partner, [said])
    assert (partner.name, partner.naf, partner.phone) == ("Agence Cariou", "68.31Z", "+33241000000")
    settle(partner, [])
    assert (partner.name, partner.naf, partner.phone) == ("Agence Cariou", "68.31Z", "")
