"""Calendars: invitations that come in (RFC 5545, RFC 5546), feeds and invitations that go out."""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    from icalendar import Calendar, Event, vCalAddress

Method = Literal["REQUEST", "CANCEL", "REPLY", "COUNTER", "PUBLISH"]
KNOWN_METHODS = ("REQUEST", "CANCEL", "REPLY", "COUNTER", "PUBLISH")
LONGEST = 4000
"""Characters of a description that are kept."""
PRODUCT = "-//Réciproque//FR"


@dataclass(frozen=True, slots=True)
class Invitation:
    """One event of a calendar that came in. `version` orders the versions of one `uid`: its sequence, then its stamp.

    `starts` and `ends` are aware, or dates at midnight UTC when `all_day`; `occurrence` tells which one of a series (else "").
    `answers`: what attendees answer, by their address (`ACCEPTED`, `TENTATIVE`, `DECLINED`…), `comment` their words.
    """

    method: Method
    uid: str
    version: tuple[int, dt.datetime]
    starts: dt.datetime
    ends: dt.datetime
    all_day: bool
    summary: str
    place: str
    description: str
    organizer: str
    attendees: tuple[str, ...]
    cancelled: bool
    occurrence: str
    repeats: bool
    answers: tuple[tuple[str, str], ...] = ()
    comment: str = ""


@dataclass(frozen=True, slots=True)
class Entry:
    """One event to write in a calendar. Times are aware; `ends` after `starts`."""

    uid: str
    starts: dt.datetime
    ends: dt.datetime
    summary: str
    stamp: dt.datetime
    place: str = ""
    description: str = ""
    url: str = ""
    all_day: bool = False
    sequence: int = 0
    cancelled: bool = False
    organizer: tuple[str, str] = ("", "")
    attendees: tuple[tuple[str, str], ...] = ()


def read_calendar(content: bytes, *, zone: dt.tzinfo) -> tuple[Invitation, ...]:
    """The events of a calendar; times without a zone are in `zone`. A broken calendar or event is left out, never an error."""
    from icalendar import Calendar  # noqa: PLC0415 -- heavy

    try:
        calendars = Calendar.from_ical(content, multiple=True)
    except (ValueError, KeyError, IndexError, AttributeError, TypeError):
        return ()
    found: list[Invitation] = []
    for calendar in calendars:
        method = str(calendar.get("METHOD", "PUBLISH")).upper()
        for event in calendar.walk("VEVENT"):
            try:
                found.append(_invitation(event, method, zone))
            except (ValueError, KeyError, AttributeError, TypeError, OverflowError):
                continue
    return tuple(found)


def _invitation(event: Any, method: str, zone: dt.tzinfo) -> Invitation:
    begins = event["DTSTART"].dt
    all_day = not isinstance(begins, dt.datetime)
    starts = _moment(begins, zone)
    if "DTEND" in event:
        ends = _moment(event["DTEND"].dt, zone)
    elif "DURATION" in event:
        ends = starts + event["DURATION"].dt
    else:
        ends = starts + (dt.timedelta(days=1) if all_day else dt.timedelta())
    stamp = event["DTSTAMP"].dt if "DTSTAMP" in event else starts
    occurrence = event["RECURRENCE-ID"].dt.isoformat() if "RECURRENCE-ID" in event else ""
    people = event.get("ATTENDEE", [])
    return Invitation(
        method=method if method in KNOWN_METHODS else "PUBLISH",  # type: ignore[arg-type]
        uid=str(event["UID"])[:500],
        version=(int(event.get("SEQUENCE", 0)), _moment(stamp, zone)),
        starts=starts,
        ends=max(starts, ends),
        all_day=all_day,
        summary=_text(event, "SUMMARY")[:300],
        place=_text(event, "LOCATION")[:300],
        description=_text(event, "DESCRIPTION")[:LONGEST],
        organizer=_mailbox(event.get("ORGANIZER", "")),
        attendees=tuple(m for p in (people if isinstance(people, list) else [people]) if (m := _mailbox(p))),
        cancelled=method == "CANCEL" or str(event.get("STATUS", "")).upper() == "CANCELLED",
        occurrence=occurrence,
        repeats="RRULE" in event or "RDATE" in event,
        answers=tuple(_answers(people if isinstance(people, list) else [people])),
        comment=_text(event, "COMMENT")[:300],
    )


def _answers(people: Sequence[Any]) -> list[tuple[str, str]]:
    found = [(_mailbox(one), str(getattr(one, "params", {}).get("PARTSTAT", "")).upper()) for one in people]
    return [(email, answer) for email, answer in found if email and answer not in {"", "NEEDS-ACTION"}]


def _moment(value: dt.date | dt.datetime, zone: dt.tzinfo) -> dt.datetime:
    if not isinstance(value, dt.datetime):
        return dt.datetime.combine(value, dt.time(), dt.UTC)
    aware = value if value.tzinfo else value.replace(tzinfo=zone)
    return aware.astimezone(dt.UTC)


def _text(event: Any, name: str) -> str:
    return (
        " ".join(str(event.get(name, "")).replace("\0", "").split())
        if name != "DESCRIPTION"
        else str(event.get(name, "")).replace("\0", "").strip()
    )


def _mailbox(value: Any) -> str:
    text = str(value).strip()
    text = text[7:] if text.lower().startswith("mailto:") else text
    return text.lower() if "@" in text else ""


def feed(name: str, entries: Iterable[Entry]) -> bytes:
    """A calendar to subscribe to."""
    calendar = _calendar("PUBLISH")
    calendar.add("X-WR-CALNAME", name)
    calendar.add("NAME", name)
    calendar.add("REFRESH-INTERVAL", dt.timedelta(hours=1))
    for entry in entries:
        calendar.add_component(_event(entry))
    return bytes(calendar.to_ical())


def invite(entry: Entry, method: Method = "REQUEST") -> bytes:
    """The calendar part of a message that invites (or cancels: `CANCEL`)."""
    calendar = _calendar(method)
    calendar.add_component(_event(entry))
    return bytes(calendar.to_ical())


def _calendar(method: str) -> "Calendar":
    from icalendar import Calendar  # noqa: PLC0415 -- heavy

    calendar = Calendar()
    calendar.add("PRODID", PRODUCT)
    calendar.add("VERSION", "2.0")
    calendar.add("CALSCALE", "GREGORIAN")
    calendar.add("METHOD", method)
    return calendar


def _event(entry: Entry) -> "Event":
    from icalendar import Event, vText  # noqa: PLC0415 -- heavy

    event = Event()
    event.add("UID", entry.uid)
    event.add("DTSTAMP", entry.stamp.astimezone(dt.UTC))
    event.add("SEQUENCE", entry.sequence)
    event.add("DTSTART", entry.starts.date() if entry.all_day else entry.starts.astimezone(dt.UTC))
    event.add("DTEND", entry.ends.date() if entry.all_day else entry.ends.astimezone(dt.UTC))
    event.add("SUMMARY", entry.summary)
    for name, value in (("LOCATION", entry.place), ("DESCRIPTION", entry.description), ("URL", entry.url)):
        if value:
            event.add(name, value)
    if entry.cancelled:
        event.add("STATUS", "CANCELLED")
    if entry.organizer[0]:
        event.add("ORGANIZER", _person(*entry.organizer), encode=False)
    for email, label in _people(entry.attendees):
        person = _person(email, label)
        person.params["RSVP"] = vText("TRUE")
        event.add("ATTENDEE", person, encode=False)
    return event


def _people(people: Sequence[tuple[str, str]]) -> list[tuple[str, str]]:
    return list(dict(people).items())


def _person(email: str, name: str) -> "vCalAddress":
    from icalendar import vCalAddress, vText  # noqa: PLC0415 -- heavy

    person = vCalAddress(f"mailto:{email}")
    if name:
        person.params["CN"] = vText(name)
    return person
