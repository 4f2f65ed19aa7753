"""Invitations that come in with their later versions, calendars that go out and come back the same."""

import datetime as dt
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reciproque.engines.letters import Entry, feed, invite, read_calendar

PARIS = ZoneInfo("Europe/Paris")
STAMP = dt.datetime(2026, 11, 1, 8, tzinfo=dt.UTC)
OUTLOOK = """BEGIN:VCALENDAR
METHOD:REQUEST
VERSION:2.0
BEGIN:VTIMEZONE
TZID:Romance Standard Time
BEGIN:STANDARD
DTSTART:16010101T030000
TZOFFSETFROM:+0200
TZOFFSETTO:+0100
END:STANDARD
END:VTIMEZONE
BEGIN:VEVENT
ORGANIZER;CN=Claire Petit:mailto:Claire.Petit@univ.fr
ATTENDEE;CN=Jean Faure;RSVP=TRUE:MAILTO:j.faure@acme.fr
ATTENDEE;CN=Suivi:mailto:suivi+k3y@reciproque.univ.fr
UID:0400-ABC
SEQUENCE:2
DTSTAMP:20261101T080000Z
DTSTART;TZID=Romance Standard Time:20261203T140000
DTEND;TZID=Romance Standard Time:20261203T153000
SUMMARY:Visite de l’atelier\\, puis bilan
LOCATION:Site d’Angers
END:VEVENT
END:VCALENDAR
""".replace("\n", "\r\n").encode()


def test_an_invitation_of_a_common_mail_program_is_read() -> None:
    (event,) = read_calendar(OUTLOOK, zone=PARIS)
    assert (event.method, event.uid, event.version) == ("REQUEST", "0400-ABC", (2, STAMP))
    assert event.starts == dt.datetime(2026, 12, 3, 13, tzinfo=dt.UTC)
    assert event.ends - event.starts == dt.timedelta(minutes=90)
    assert (event.summary, event.place) == ("Visite de l’atelier, puis bilan", "Site d’Angers")
    assert (event.organizer, event.attendees[0]) == ("claire.petit@univ.fr", "j.faure@acme.fr")
    assert not event.cancelled
    assert not event.all_day


@pytest.mark.parametrize(
    "change", [("METHOD:REQUEST", "METHOD:CANCEL"), ("SEQUENCE:2", "SEQUENCE:2\r\nSTATUS:CANCELLED")]
)
def test_a_cancellation_is_one_by_its_method_or_its_state(change: tuple[str, str]) -> None:
    (event,) = read_calendar(OUTLOOK.decode().replace(*change).encode(), zone=PARIS)
    assert event.cancelled


def test_a_later_version_is_told_by_its_number_then_its_stamp() -> None:
    older = read_calendar(OUTLOOK, zone=PARIS)[0].version
    renumbered = read_calendar(OUTLOOK.replace(b"SEQUENCE:2", b"SEQUENCE:3"), zone=PARIS)[0].version
    restamped = read_calendar(OUTLOOK.replace(b"20261101T08", b"20261101T09"), zone=PARIS)[0].version
    assert older < restamped < renumbered


def test_times_without_a_zone_are_the_establishments() -> None:
    local = OUTLOOK.replace(b";TZID=Romance Standard Time", b"")
    assert read_calendar(local, zone=ZoneInfo("Indian/Reunion"))[0].starts == dt.datetime(
        2026, 12, 3, 10, tzinfo=dt.UTC
    )


def test_a_whole_day_and_a_missing_end() -> None:
    day = OUTLOOK.replace(
        b"DTSTART;TZID=Romance Standard Time:20261203T140000", b"DTSTART;VALUE=DATE:20261203"
    ).replace(b"DTEND;TZID=Romance Standard Time:20261203T153000\r\n", b"")
    (event,) = read_calendar(day, zone=PARIS)
    assert event.all_day
    assert event.ends - event.starts == dt.timedelta(days=1)


@pytest.mark.parametrize(
    "broken",
    [
        b"",
        b"BEGIN:VCALENDAR",
        b"\xff\xfe",
        OUTLOOK.replace(b"DTSTART;TZID=Romance Standard Time:20261203T140000\r\n", b""),
    ],
)
def test_what_is_broken_is_left_out(broken: bytes) -> None:
    assert read_calendar(broken, zone=PARIS) == ()


WORDS = st.text(st.characters(exclude_categories=("Cc", "Cs", "Zl", "Zp")), max_size=40).map(
    lambda text: " ".join(text.split())
)
MOMENTS = st.datetimes(
    dt.datetime(2000, 1, 1),  # noqa: DTZ001 -- the strategy adds the zone
    dt.datetime(2100, 1, 1),  # noqa: DTZ001
    timezones=st.just(PARIS),
    allow_imaginary=False,
).map(lambda moment: moment.replace(microsecond=0, fold=0))


@given(WORDS, WORDS, MOMENTS, st.timedeltas(dt.timedelta(), dt.timedelta(days=3)), st.integers(0, 99))
def test_what_goes_out_comes_back_the_same(
    summary: str, place: str, starts: dt.datetime, length: dt.timedelta, sequence: int
) -> None:
    length = dt.timedelta(seconds=length // dt.timedelta(seconds=1))
    ends = starts.astimezone(dt.UTC) + length
    entry = Entry(
        "u@r", starts, ends, summary, STAMP, place=place, sequence=sequence, attendees=(("a@b.fr", "A, « B »"),)
    )
    (event,) = read_calendar(invite(entry), zone=PARIS)
    assert (event.summary, event.place, event.starts, event.ends) == (summary, place, starts.astimezone(dt.UTC), ends)
    assert (event.method, event.version[0], event.attendees) == ("REQUEST", sequence, ("a@b.fr",))


def test_a_feed_holds_every_entry_and_says_what_was_cancelled() -> None:
    entries = [Entry(f"{n}@r", STAMP, STAMP, f"Rencontre {n}", STAMP, cancelled=n == 1) for n in range(3)]
    events = read_calendar(feed("Mes rencontres", entries), zone=PARIS)
    assert [(e.uid, e.cancelled) for e in events] == [("0@r", False), ("1@r", True), ("2@r", False)]
