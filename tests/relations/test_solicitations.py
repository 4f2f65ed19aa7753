"""One voice: what one sees before contacting, caps that hold and may be exceeded with a reason, access asked and granted."""

import datetime as dt

import pytest
from django.core.exceptions import ValidationError
from django.utils.timezone import localdate

from reciproque.directory.models import Sharing
from reciproque.foundation.errors import DomainError, Forbidden, IllegalTransition
from reciproque.institution.models import Role
from reciproque.relations import policies
from reciproque.relations.concertation import knowing
from reciproque.relations.models import AccessRequest, Solicitation, SolicitationCaps, Unsubscription
from reciproque.relations.services import access, interactions, solicitations
from tests.factories import PartnerFactory, PersonFactory, PositionFactory, UnitFactory, actor

pytestmark = pytest.mark.django_db


def day(offset: int) -> dt.date:
    return localdate() + dt.timedelta(days=offset)


@pytest.fixture
def here():
    """A partner, one of its people, two units and somebody of each."""
    position = PositionFactory()
    one, other = UnitFactory(), UnitFactory()
    return {
        "partner": position.partner, "person": position.person, "unit": one, "other": other,
        "us": actor(one, Role.MEMBER), "them": actor(other, Role.MEMBER),
    }  # fmt: skip


def ask(here, who="us", **more):
    about = {
        "partner": here["partner"],
        "unit": here["unit" if who == "us" else "other"],
        "subject": "Jury",
        "on": day(0),
    } | more
    return solicitations.solicit(actor=here[who], **about)


def test_what_is_asked_today_is_made_what_is_asked_tomorrow_is_planned_and_made_when_its_day_comes(here) -> None:
    assert ask(here).state == "asked"
    row = ask(here, on=day(1))
    assert row.state == "planned"
    assert solicitations.keep_solicitations(actor=here["us"], today=day(0)) == 0
    assert solicitations.keep_solicitations(actor=here["us"], today=day(1)) == 1
    row.refresh_from_db()
    assert row.state == "asked"


def test_past_a_cap_a_reason_is_owed_and_kept(here) -> None:
    for offset in (-80, -60, -40):
        ask(here, person=here["person"], on=day(offset))
    with pytest.raises(ValidationError, match="déjà été sollicitée 3 fois"):
        ask(here, person=here["person"])
    assert Solicitation.objects.count() == 3
    assert ask(here, person=here["person"], override="À sa demande").override == "À sa demande"


def test_a_reason_is_not_kept_when_nothing_stands_against(here) -> None:
    assert ask(here, override="au cas où").override == ""


def test_one_rests_after_a_request_of_another_unit(here) -> None:
    ask(here, "them", person=here["person"], on=day(-3))
    with pytest.raises(ValidationError, match="moins de 14 jours"):
        ask(here, person=here["person"])


@pytest.mark.parametrize("refused", ["do_not_contact", "unsubscribed"])
def test_what_the_person_refused_cannot_be_overridden(here, refused) -> None:
    if refused == "unsubscribed":
        Unsubscription.objects.create(person=here["person"])
    else:
        type(here["person"]).objects.filter(pk=here["person"].pk).update(do_not_contact=True, refusal="request")
        here["person"].refresh_from_db()
    with pytest.raises(ValidationError):
        ask(here, person=here["person"], override="Pourtant")
    assert not Solicitation.objects.exists()


def test_a_restricted_request_never_weighs(here) -> None:
    for offset in (-80, -60, -40):
        ask(here, person=here["person"], on=day(offset), sharing=Sharing.RESTRICTED)
    assert ask(here, person=here["person"]).pk


@pytest.mark.parametrize(("role", "allowed"), [(None, False), (Role.READER, False), (Role.MEMBER, True)])
def test_who_may_ask(here, role, allowed) -> None:
    who = actor(here["unit"] if role else None, role or Role.READER)
    about = {"partner": here["partner"], "unit": here["unit"], "subject": "Jury", "on": day(0)}
    if allowed:
        solicitations.solicit(actor=who, **about)
    else:
        with pytest.raises(Forbidden):
            solicitations.solicit(actor=who, **about)
    assert Solicitation.objects.exists() is allowed


def test_an_answer_is_noted_once_the_day_has_come(here) -> None:
    row = ask(here)
    assert solicitations.answer_solicitation(
        actor=here["us"], solicitation=row, state="accepted", answer="Oui"
    ).answered_on == day(0)
    with pytest.raises(IllegalTransition):
        solicitations.answer_solicitation(actor=here["us"], solicitation=ask(here, on=day(3)), state="accepted")
    with pytest.raises(Forbidden):
        solicitations.answer_solicitation(actor=here["them"], solicitation=row, state="declined")


def test_what_is_called_off_weighs_no_more(here) -> None:
    row = ask(here)
    assert knowing.pressure_of(here["partner"], knowing.caps(), today=day(0)).count == 1
    solicitations.call_off_solicitation(actor=here["us"], solicitation=row)
    assert knowing.pressure_of(here["partner"], knowing.caps(), today=day(0)).count == 0
    with pytest.raises(IllegalTransition):
        solicitations.call_off_solicitation(actor=here["us"], solicitation=row)


def test_the_caps_are_the_establishments_to_move(here) -> None:
    chief = actor(here["unit"].parent, Role.STEERING)
    about = {"person": 1, "partner": 2, "window": 30, "rest": 0}
    with pytest.raises(Forbidden):
        solicitations.set_solicitation_caps(actor=here["us"], **about)
    for _ in range(2):
        solicitations.set_solicitation_caps(actor=chief, **about)
    assert SolicitationCaps.objects.count() == 1
    assert (knowing.caps().person, knowing.caps().window) == (1, 30)
    with pytest.raises(ValidationError):
        solicitations.set_solicitation_caps(actor=chief, **(about | {"person": 0}))


def test_before_contacting_one_sees_who_did_and_who_will_not_what_is_reserved(here) -> None:
    record = {"partner": here["partner"], "unit": here["other"], "kind": "call"}
    interactions.record_interaction(
        actor=here["them"], on=day(-5), subject="Prix secret", sharing=Sharing.UNIT, **record
    )
    interactions.record_interaction(
        actor=here["them"], on=day(-2), subject="Invisible", sharing=Sharing.RESTRICTED, **record
    )
    interactions.record_interaction(actor=here["them"], on=day(-31), subject="Trop vieux", **record)
    interactions.record_interaction(actor=here["them"], on=day(9), subject="Visite", **(record | {"kind": "visit"}))
    ask(here, "them", on=day(12), subject="Job-dating")
    seen = knowing.before(here["us"], here["partner"], today=day(0))
    assert [(c.on, c.what, c.unit) for c in seen.recent] == [(day(-5), "", here["other"])]
    assert [(c.on, c.what) for c in seen.ahead] == [(day(9), "Visite"), (day(12), "Job-dating")]
    assert not seen.quiet
    theirs = knowing.before(actor(here["other"], Role.MEMBER), here["partner"], today=day(0))
    assert [c.what for c in theirs.recent] == ["Prix secret"]
    assert knowing.before(here["them"], here["partner"], today=day(0)).quiet, "one knows what one did oneself"


def test_preferences_are_said_refusals_first(here) -> None:
    partner = here["partner"]
    PositionFactory(partner=partner, person=PersonFactory(last_name="Zoé", do_not_contact=True, refusal="request"))
    PositionFactory(partner=partner, person=PersonFactory(last_name="Adam", channel="phone"))
    said = knowing.before(here["us"], partner, today=day(0)).preferences
    assert [(p.person.last_name, p.refused, p.words) for p in said] == [
        ("Zoé", True, "à sa demande"),
        ("Adam", False, "téléphone"),
    ]


def test_presence_is_seen_by_the_others_for_a_minute(here, time_machine) -> None:
    time_machine.move_to(dt.datetime(2026, 11, 28, 9, tzinfo=dt.UTC), tick=False)
    solicitations.be_present(actor=here["them"], partner=here["partner"])
    assert [user.pk for user in knowing.present(here["us"], here["partner"])] == [here["them"].user_id]
    assert knowing.present(here["them"], here["partner"]) == []
    time_machine.shift(61)
    assert knowing.present(here["us"], here["partner"]) == []


def test_nobody_is_present_on_what_they_may_not_read(here) -> None:
    hidden = PartnerFactory(sharing=Sharing.RESTRICTED)
    with pytest.raises(Forbidden):
        solicitations.be_present(actor=here["us"], partner=hidden)


@pytest.mark.parametrize("rows", [1, 12])
def test_what_one_sees_costs_the_same_however_much_there_is(here, rows, django_assert_num_queries) -> None:
    for number in range(rows):
        ask(here, "them", on=day(-number - 1), override="série")
        PositionFactory(partner=here["partner"], person=PersonFactory(channel="phone"))
    with django_assert_num_queries(6):
        knowing.before(here["us"], here["partner"], today=day(0))


def reserved(here):
    return interactions.record_interaction(
        actor=here["them"],
        partner=here["partner"],
        unit=here["other"],
        on=day(-1),
        kind="call",
        subject="Négociation",
        sharing=Sharing.UNIT,
    )


def test_access_is_asked_once_and_granted_in_one_click(here) -> None:
    row = reserved(here)
    asked = access.ask_access(actor=here["us"], record=row, text="Je les vois mardi")
    assert access.ask_access(actor=here["us"], record=row) == asked
    assert not policies.interactions.permits(here["us"], "view", row)
    with pytest.raises(Forbidden):
        access.answer_access(actor=here["us"], request=asked, grant=True)
    access.answer_access(actor=here["them"], request=asked, grant=True)
    assert policies.interactions.permits(here["us"], "view", row)
    with pytest.raises(IllegalTransition):
        access.answer_access(actor=here["them"], request=asked, grant=False)
    interactions.edit_interaction(
        actor=here["them"], interaction=row, version=None, subject="Négociation, suite", readers=[]
    )
    assert policies.interactions.permits(here["us"], "view", row), "a correction does not take the access back"


def test_declined_one_still_does_not_read_and_may_ask_again(here) -> None:
    row = reserved(here)
    access.answer_access(actor=here["them"], request=access.ask_access(actor=here["us"], record=row), grant=False)
    assert not policies.interactions.permits(here["us"], "view", row)
    access.ask_access(actor=here["us"], record=row)
    assert AccessRequest.objects.count() == 2


def test_what_one_reads_or_may_not_know_of_is_not_asked_for(here) -> None:
    open_row = interactions.record_interaction(
        actor=here["them"], partner=here["partner"], unit=here["other"], on=day(-1), kind="call", subject="Ouvert"
    )
    with pytest.raises(DomainError, match="lisez déjà"):
        access.ask_access(actor=here["us"], record=open_row)
    hidden = interactions.record_interaction(
        actor=here["them"],
        partner=here["partner"],
        unit=here["other"],
        on=day(-1),
        kind="call",
        subject="S",
        sharing=Sharing.RESTRICTED,
    )
    with pytest.raises(Forbidden):
        access.ask_access(actor=here["us"], record=hidden)
