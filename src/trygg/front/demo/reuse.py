"""What was done before and elsewhere: a municipality that starts from another's published case, and a paper from years ago."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date, datetime

from django.core.files.uploadedfile import SimpleUploadedFile

from trygg.apps.assessments import services as assessments
from trygg.apps.assessments.content import Given, answer_mark
from trygg.apps.assessments.merging import Content
from trygg.apps.assessments.models import Answer
from trygg.kernel.access import Actor
from trygg.kernel.files.uploads import read_upload
from trygg.spine.assurance import services as assurance
from trygg.spine.assurance.documents import BACKGROUND, Place
from trygg.spine.assurance.models import Claim, Status
from trygg.spine.matters.models import Matter
from trygg.spine.publication.casefile import case_of, source_of
from trygg.spine.publication.models import EntryVersion

At = Callable[[str, datetime], Actor]
CONFIRMED = 3
PAPER = """Barnkonsekvensanalys av frånvaromodellen, Lindvika kommun (påhittad)

Sidan 4: Vilka barn som berörs. Sidan 7: Vad barnen sade i två klassråd. Sidan 9: Vad som händer om modellen har fel.
"""


def begin_from_lindvika(matters: Mapping[str, Matter], actor: At, now: datetime) -> None:
    """Sandhamra begins the questions about its school places with Lindvika's answers: three are confirmed, the rest still Lindvika's."""
    version = EntryVersion.objects.select_related("entry").get(entry__matter=matters["reading"], state="published")
    case, erik = case_of(version), actor("erik", now)
    made = assessments.begin_from_case(
        actor=erik, now=now, matter=matters["allocation"], piece=case["pieces"][0], source=source_of(case)
    )
    section = made.sections.order_by("order").first()
    theirs = list(Answer.objects.filter(section=section, unconfirmed=True).order_by("pk")[:CONFIRMED])
    sent = [Given(each.item_id, Content(each.value, each.note), answer_mark(each)) for each in theirs]
    assessments.save_section(actor=erik, now=now, section=section, answers=[replace(each, confirmed=True) for each in sent])


def attach_old_paper(matters: Mapping[str, Matter], actor: At, now: datetime) -> None:
    """An analysis from 2023, attached to two claims about the absence score as something to read."""
    sara, matter = actor("sara", now), matters["absence"]
    upload = read_upload(SimpleUploadedFile("barnkonsekvensanalys-2023.txt", PAPER.encode()))
    document = assurance.add_case_documents(actor=sara, now=now, matter=matter, uploads=[upload])[0]
    claims = Claim.objects.filter(case__matter=matter, status=Status.MISSING).order_by("order")[:2]
    places = [Place(claim, BACKGROUND, pages) for claim, pages in zip(claims, ([[4, 4]], [[7, 9]]), strict=True)]
    assurance.attach_document(
        actor=sara, now=now, document=document, title="Barnkonsekvensanalys 2023", dated_on=date(2023, 5, 16), places=places
    )
