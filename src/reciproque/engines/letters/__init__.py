"""Letters and calendars: what a message that came in says, whatever its form, and the calendars that go out. No network, no clock."""

from reciproque.engines.letters.calendars import Entry, Invitation, Method, feed, invite, read_calendar
from reciproque.engines.letters.model import Address, Attachment, Bounce, Letter
from reciproque.engines.letters.reading import read

__all__ = [
    "Address",
    "Attachment",
    "Bounce",
    "Entry",
    "Invitation",
    "Letter",
    "Method",
    "feed",
    "invite",
    "read",
    "read_calendar",
]
