"""A meeting as a calendar entry (RFC 5545): that a body meets, when, where, and a link. Nothing of what it is about, and nobody's name."""

from datetime import UTC, datetime
from urllib.parse import urlsplit

from django.conf import settings
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from icalendar import Calendar, Event

from trygg.kernel.ledger.models import Entry
from trygg.kernel.people.mail import Attachment, send_mail
from trygg.kernel.people.models import Membership
from trygg.spine.meetings.bodies import body_of
from trygg.spine.meetings.models import Meeting

MEDIA_TYPE = "text/calendar; charset=utf-8; method=PUBLISH"
FILE_NAME = "meeting.ics"


def entry_of(meeting: Meeting, *, now: datetime, moved: int = 0) -> bytes:
    """The entry in the reader's language. It keeps its identity when the meeting is moved, and `moved` counts that, so that calendars
    replace the old one. When a meeting ends is not known, so it is not said."""
    event = Event()
    event.add("uid", f"meeting-{meeting.pk}@{urlsplit(settings.BASE_URL).hostname or 'trygg.local'}")
    event.add("sequence", moved)
    event.add("dtstamp", now.astimezone(UTC))
    event.add("dtstart", meeting.starts_at.astimezone(UTC))
    event.add("summary", _("Meeting of %(body)s") % {"body": meeting.body_name})
    if meeting.place:
        event.add("location", meeting.place)
    event.add("url", link_of(meeting))
    event.add("class", "PRIVATE")
    calendar = Calendar()
    calendar.add("prodid", "-//Trygg//trygg//EN")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add_component(event)
    return calendar.to_ical()


def link_of(meeting: Meeting) -> str:
    return f"{settings.BASE_URL}{body_of(meeting).path(meeting)}"


def times_moved(meeting: Meeting) -> int:
    """How often the meeting was given another time or place, by the record."""
    return Entry.objects.filter(action="meetings.meeting_moved", subject_type="meetings.meeting", subject_id=str(meeting.pk)).count()


def invite(work, meeting: Meeting, *, moved: int, now: datetime) -> None:
    """A mail with the entry to each member of the body but the one who acts: a fixed sentence, the entry, a link."""
    members: QuerySet[Membership] = body_of(meeting).members(meeting).select_related("person", "organisation")
    for member in members.exclude(person_id=work.actor.person_id):
        send_mail(
            work, to=member.person.email, code="meeting_moved" if moved else "meeting", params={"body": meeting.body_name},
            path=body_of(meeting).path(meeting), now=now, language="sv" if member.organisation.jurisdiction == "SE" else "en",
            attach=lambda: Attachment(FILE_NAME, "text/calendar", entry_of(meeting, now=now, moved=moved)),
        )  # fmt: skip
