"""A meeting in one's own calendar: read back with a parser. It says that the body meets, when and where, and nothing more."""

from datetime import timedelta

import pytest
from django.core import mail
from django.urls import reverse
from django.utils import translation
from icalendar import Calendar

from trygg.apps.committees import services
from trygg.apps.committees.tests.scene import MEETS, NOW
from trygg.kernel.people.mail import send_outbox
from trygg.kernel.people.models import Outbox
from trygg.spine.meetings.services import move_meeting

ALLOWED = {"UID", "SEQUENCE", "DTSTAMP", "DTSTART", "SUMMARY", "LOCATION", "URL", "CLASS"}


def only_event(content):
    calendar = Calendar.from_ical(content)
    assert calendar["VERSION"] == "2.0" and calendar["METHOD"] == "PUBLISH"
    (event,) = calendar.walk("VEVENT")
    assert set(event) <= ALLOWED
    return event


@pytest.mark.parametrize(("language", "title"), [("en", "Meeting of Etiska rådet"), ("sv", "Möte i Etiska rådet")])
@pytest.mark.parametrize("who", ["committee_secretary", "bo", "elsa"])
def test_it_is_fetched_from_the_page_of_the_meeting(scene, page, language, title, who):
    scene.asked()
    client = page(who)
    client.cookies["django_language"] = language
    path = reverse("committees:calendar", args=[scene.meeting.pk])
    assert path in client.get(reverse("committees:meeting", args=[scene.meeting.pk])).content.decode()
    answer = client.get(path)
    assert answer["Content-Type"].startswith("text/calendar") and "attachment" in answer["Content-Disposition"]
    event = only_event(answer.content)
    assert event["SUMMARY"] == title
    assert event.decoded("DTSTART") == MEETS and event.decoded("DTSTART").utcoffset() == timedelta()
    assert event["LOCATION"] == "Rum Granen"
    assert event["URL"].endswith(reverse("committees:meeting", args=[scene.meeting.pk]))
    for never in ("reading tutor", "Reading tutor", "Elsa", "Bo Ledamot", "ATTENDEE", "ORGANIZER", "@norra-vik"):
        assert never not in answer.content.decode()


@pytest.mark.parametrize("who", ["outsider", "viktor", "gustav"])
def test_who_may_not_see_the_meeting_does_not_get_it(scene, page, who):
    assert page(who).get(reverse("committees:calendar", args=[scene.meeting.pk])).status_code in (403, 404)


def test_the_mail_that_calls_has_the_entry(scene):
    mail.outbox.clear()
    Outbox.objects.all().delete()
    meeting = services.plan_meeting(actor=scene.secretary, now=NOW, committee=scene.committee, starts_at=MEETS, place="https://video.example/a;b,c")
    rows = Outbox.objects.all()
    assert {row.to for row in rows} == {scene.members[who].person.email for who in scene.seats}
    assert {row.subject for row in rows} == {"Du är kallad till ett möte"}
    assert send_outbox(now=NOW) == len(scene.seats)
    for sent in mail.outbox:
        (attached,) = sent.attachments
        assert attached[0] == "meeting.ics" and attached[2] == "text/calendar"
        event = only_event(attached[1])
        assert event["SUMMARY"] == "Möte i Etiska rådet" and event["LOCATION"] == "https://video.example/a;b,c"
        assert str(event["UID"]).startswith(f"meeting-{meeting.pk}@") and event["SEQUENCE"] == 0
        assert sent.message().as_bytes()
    assert not Outbox.objects.exclude(file="").exists(), "what was sent is not kept"


def test_a_moved_meeting_replaces_its_entry(scene, page):
    before = only_event(page("bo").get(reverse("committees:calendar", args=[scene.meeting.pk])).content)
    Outbox.objects.all().delete()
    later = MEETS + timedelta(days=1)
    move_meeting(actor=scene.secretary, now=NOW, meeting=scene.meeting, starts_at=later, place="Rum Eken")
    after = only_event(page("bo").get(reverse("committees:calendar", args=[scene.meeting.pk])).content)
    assert after["UID"] == before["UID"] and after["SEQUENCE"] == before["SEQUENCE"] + 1 and after.decoded("DTSTART") == later
    assert {only_event(row.file)["SEQUENCE"] for row in Outbox.objects.all()} == {1}
    assert Outbox.objects.count() == len(scene.seats)


def test_a_place_cannot_put_lines_into_the_entry(scene, page):
    scene.meeting.place = "Rum\r\nATTENDEE:mailto:x@y.example\r\nSUMMARY:Other " + "ä" * 60
    scene.meeting.save()
    event = only_event(page("bo").get(reverse("committees:calendar", args=[scene.meeting.pk])).content)
    assert event["SUMMARY"] == "Meeting of Etiska rådet" and event["LOCATION"].endswith("ä" * 60)


def test_the_language_of_who_acts_does_not_decide(scene):
    Outbox.objects.all().delete()
    with translation.override("en"):
        services.plan_meeting(actor=scene.secretary, now=NOW, committee=scene.committee, starts_at=MEETS)
    assert {str(only_event(row.file)["SUMMARY"]) for row in Outbox.objects.all()} == {"Möte i Etiska rådet"}
