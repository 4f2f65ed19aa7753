"""The tables of relations: what is shipped, and what is found by the merging of partners without being declared."""

import pytest

from reciproque.directory.merging.relations import relations
from reciproque.directory.models import Partner, Person
from reciproque.engines.reciprocity import BY_CODE, points
from reciproque.engines.reciprocity.proposals import FOLLOWS
from reciproque.relations.catalogue import SHIPPED, ship
from reciproque.relations.models import Dispositif
from reciproque.relations.wording import SCALES


@pytest.mark.django_db
def test_the_catalogue_is_there_and_what_was_changed_stays() -> None:
    assert Dispositif.objects.count() == len(SHIPPED)
    Dispositif.objects.filter(code="talk").update(name="Amphi-métier")
    Dispositif.objects.filter(code="visit").delete()
    assert ship() == 1
    assert Dispositif.objects.get(code="talk").name == "Amphi-métier"


def test_what_is_shipped_speaks_of_scales_and_of_kinds_that_exist() -> None:
    codes = {row[0] for row in SHIPPED}
    assert set(SCALES) == set(BY_CODE)
    assert all(points(row[5]) >= 0 and points(row[6]) >= 0 for row in SHIPPED)
    assert all(code in codes and set(after) <= codes for code, after in FOLLOWS.items())


def test_what_is_written_follows_merges_and_what_is_derived_is_made_anew() -> None:
    of_partner = {one.name for one in relations(Partner)}
    of_person = {one.name for one in relations(Person)}
    written = {"interaction", "collaboration", "need", "task", "referral", "target", "proposalanswer"}
    assert {f"relations.{name}.partner" for name in written} <= of_partner
    assert {"relations.interactionperson.person", "relations.collaborationpart.person"} <= of_person
    assert not {"relations.moment.partner", "relations.pulse.partner", "relations.unitpulse.partner"} & of_partner
