"""One voice: caps at their very edge, the day one is free again, and campaigns that keep under the caps whatever they address."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reciproque.engines.concertation import FINAL, Addressee, Caps, Past, Reason, plan, pressure

TODAY = dt.date(2026, 11, 28)


def ago(*days: int) -> list[dt.date]:
    return [TODAY - dt.timedelta(days=number) for number in days]


@pytest.mark.parametrize(("days", "count"), [((0,), 1), ((89,), 1), ((90,), 0), ((-1,), 0), ((0, 89, 90, 200), 2)])
def test_the_window_is_ninety_days_with_today(days: tuple[int, ...], count: int) -> None:
    assert pressure(ago(*days), today=TODAY, cap=3, window=90).count == count


def test_under_the_cap_one_is_free_today_at_the_cap_when_the_oldest_leaves() -> None:
    assert pressure(ago(5, 40), today=TODAY, cap=3, window=90).free_on == TODAY
    full = pressure(ago(5, 40, 80), today=TODAY, cap=3, window=90)
    assert full.reached
    assert full.free_on == TODAY + dt.timedelta(days=10)
    over = pressure(ago(1, 5, 40, 80), today=TODAY, cap=3, window=90)
    assert over.free_on == TODAY + dt.timedelta(days=50), "one day before, three would still stand"


DAYS = st.lists(st.integers(0, 200), max_size=12)


@given(DAYS, st.integers(1, 5), st.integers(1, 120))
def test_the_free_day_is_the_first_one_on_which_the_cap_is_not_reached(days: list[int], cap: int, window: int) -> None:
    asked = ago(*days)
    free = pressure(asked, today=TODAY, cap=cap, window=window).free_on
    assert not pressure(asked, today=free, cap=cap, window=window).reached
    for day in range((free - TODAY).days):
        assert pressure(asked, today=TODAY + dt.timedelta(days=day), cap=cap, window=window).reached


def only(past: Past = Past(), caps: Caps = Caps(), **about: object) -> tuple[Reason, ...]:  # noqa: B008 -- frozen
    one = Addressee(1, 10, "j.faure@acme.fr", **about)  # type: ignore[arg-type]
    return plan([one], past, caps, today=TODAY)[1]


def test_somebody_never_asked_may_be() -> None:
    assert only() == ()


@pytest.mark.parametrize(("days", "held"), [(13, True), (14, False)])
def test_one_rests_two_weeks_after_a_request(days: int, held: bool) -> None:
    assert (Reason.COOL_DOWN in only(Past(people={1: ago(days)}))) is held


@pytest.mark.parametrize(("asked", "held"), [(2, False), (3, True)])
def test_the_cap_of_a_person(asked: int, held: bool) -> None:
    assert (Reason.PERSON_CAP in only(Past(people={1: ago(*range(20, 20 + asked))}))) is held


@pytest.mark.parametrize(("asked", "held"), [(7, False), (8, True)])
def test_the_cap_of_a_partner(asked: int, held: bool) -> None:
    assert (Reason.PARTNER_CAP in only(Past(partners={10: ago(*range(asked))}))) is held


def test_a_will_is_final_and_alone_is_said() -> None:
    past = Past(people={1: ago(1, 2, 3)})
    assert only(past, against=[Reason.DO_NOT_CONTACT]) == (Reason.DO_NOT_CONTACT,)


def test_a_message_to_a_whole_company_keeps_under_its_cap_in_the_order_given() -> None:
    people = [Addressee(n, 10, f"p{n}@acme.fr") for n in range(5)]
    held = plan(people, Past(partners={10: ago(1)}), Caps(partner=3), today=TODAY)
    assert [bool(held[n]) for n in range(5)] == [False, False, True, True, True]


def test_nobody_is_written_to_twice_at_one_address() -> None:
    people = [Addressee(1, 10, "Contact@acme.fr"), Addressee(2, 11, "contact@ACME.fr"), Addressee(3, 11, "")]
    held = plan(people, Past(), Caps(), today=TODAY)
    assert held == {1: (), 2: (Reason.SAME_ADDRESS,), 3: (Reason.NO_ADDRESS,)}


def test_a_cap_of_nothing_makes_no_sense() -> None:
    with pytest.raises(ValueError, match="positive"):
        Caps(person=0)


ADDRESSEES = st.lists(
    st.builds(
        Addressee,
        st.integers(1, 8),
        st.integers(10, 13),
        st.sampled_from(["", "a@x.fr", "b@x.fr", "c@x.fr", "A@x.fr", "d@x.fr"]),
        st.sets(st.sampled_from(sorted(FINAL)), max_size=1),
        st.booleans(),
    ),
    max_size=12,
)
PASTS = st.builds(
    Past,
    st.dictionaries(st.integers(1, 8), DAYS.map(lambda d: ago(*d))),
    st.dictionaries(st.integers(10, 13), DAYS.map(lambda d: ago(*d))),
)


@given(ADDRESSEES, PASTS, st.integers(1, 4), st.integers(1, 9))
def test_what_goes_never_exceeds_a_cap(addressees: list[Addressee], past: Past, person: int, partner: int) -> None:
    caps = Caps(person=person, partner=partner)
    decided = plan(addressees, past, caps, today=TODAY)
    firsts = {one.key: one for one in reversed(addressees)}
    going = [firsts[key] for key, why in decided.items() if not why]
    assert set(decided) == set(firsts)
    for one in going:
        assert (
            pressure([*past.people.get(one.key, ()), TODAY], today=TODAY, cap=person, window=caps.window).count
            <= person
        )
        assert not one.against
    for key in {one.partner for one in going}:
        added = [TODAY for one in going if one.partner == key]
        assert (
            pressure([*past.partners.get(key, ()), *added], today=TODAY, cap=partner, window=caps.window).count
            <= partner
        )
    emails = [one.email.lower() for one in going]
    assert len(emails) == len(set(emails))
