"""Who takes which part in a collaboration."""

import pytest
from django.test import Client
from django.urls import reverse

from reciproque.foundation import history
from reciproque.foundation.errors import Forbidden
from reciproque.institution.access import Actor
from reciproque.institution.models import Membership, Role
from reciproque.relations import services
from reciproque.relations.models import CollaborationPart
from tests.factories import PartnerFactory, PersonFactory, PositionFactory, UnitFactory, UserFactory, actor, dispositif

pytestmark = pytest.mark.django_db


def test_parts_are_named_shown_kept_by_a_correction_and_refused_to_others(client: Client) -> None:
    unit, partner, user = UnitFactory(), PartnerFactory(), UserFactory(first_name="Anne", last_name="Morel")
    Membership.objects.create(user=user, unit=unit, role=Role.MEMBER)
    people = [PersonFactory(last_name=name) for name in ("Faure", "Roux")]
    for person in people:
        PositionFactory(person=person, partner=partner)
    hidden = PersonFactory(last_name="Muette", sharing="unit", unit=UnitFactory())
    who = Actor.of(user)
    joint = services.open_collaboration(
        actor=who, partner=partner, unit=unit, dispositif=dispositif("project"), people=people
    )
    kept = CollaborationPart.objects.create(collaboration=joint, person=hidden, role="témoin")
    parts = {str(part.person or part.user): part for part in joint.parts.all()}
    faure, anne = (next(part for name, part in parts.items() if key in name) for key in ("Faure", "Morel"))
    client.force_login(user)
    url = reverse("relations:collaboration_parts", args=[joint.pk])
    client.post(
        url, {f"role-{faure.pk}": " tuteur ", f"role-{anne.pk}": "responsable", f"role-{kept.pk}": "", "role-x": "?"}
    )
    page = client.get(reverse("relations:collaboration", args=[joint.pk])).text
    assert ("(tuteur)" in page, "(responsable)" in page, "témoin" in page, "Muette" in page) == (
        True,
        True,
        False,
        False,
    )
    kept.refresh_from_db()
    assert kept.role == "témoin", "whom one may not read keeps their part"
    services.edit_collaboration(actor=who, collaboration=joint, version=None, people=people[:1])
    faure.refresh_from_db()
    assert faure.role == "tuteur"
    (last, *_earlier) = history.entries(faure)
    assert (last.operation, last.changes[0].after) == ("relations.name_parts", "tuteur")
    client.post(url, {f"role-{faure.pk}": "x" * 81})
    faure.refresh_from_db()
    assert faure.role == "tuteur", "too long"
    with pytest.raises(Forbidden):
        services.name_parts(actor=actor(UnitFactory(), Role.MEMBER), collaboration=joint, roles={faure.pk: "autre"})
    faure.refresh_from_db()
    assert faure.role == "tuteur"
