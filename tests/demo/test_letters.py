"""The demonstration's mail: each message takes the path of every message, and ends where a reader expects it."""

import datetime as dt
from collections import Counter

import pytest
from django.utils.timezone import localdate

from reciproque.demo import letters
from reciproque.directory.models import PartnerUnit
from reciproque.foundation.models import InboundMessage
from reciproque.institution.models import Role
from reciproque.relations.models import CaptureAddress, Filing, Interaction, InvitedMeeting
from tests.factories import PersonFactory, PositionFactory, UnitFactory, UserFactory, actor


@pytest.mark.django_db
def test_what_came_in_is_filed_moved_refused_or_waits_for_somebody(monkeypatch, settings, tmp_path) -> None:
    settings.MEDIA_ROOT = tmp_path
    monkeypatch.setattr(letters, "WRITERS", {"claire.bellanger": "iae"})
    claire, unit = UserFactory(username="claire.bellanger", email="claire@universite.example"), UnitFactory(code="iae")
    actor(unit, Role.MEMBER, claire)
    for name in ("marin", "roux", "petit", "gallo"):
        job = PositionFactory(person=PersonFactory(last_name=name, email=f"{name}@{name}.example"))
        PartnerUnit.objects.create(partner=job.partner, unit=unit)
    today = localdate()
    letters.deliver({"claire.bellanger": claire}, {"iae": unit}, today)
    states = Counter(InboundMessage.objects.values_list("state", flat=True))
    assert states == {"kept": 5, "unmatched": 1, "refused": 1}
    assert CaptureAddress.objects.get().user == claire
    meeting = InvitedMeeting.objects.get()
    assert (meeting.sequence, meeting.interaction.state) == (1, "planned")
    assert meeting.interaction.on > today + dt.timedelta(days=9)
    assert meeting.interaction.on.isoweekday() < 6
    mails = Interaction.objects.filter(source="mail")
    assert mails.count() == 3
    assert {row.partner for row in mails}.isdisjoint({meeting.partner})
    assert mails.filter(files__name="calendrier-alternance.txt").count() == 1
    assert Filing.objects.exclude(interaction=None).count() == 5
