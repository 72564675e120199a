"""One example call of each public service, for the test that runs them all."""

from datetime import date, timedelta

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from tests.world import BEFORE, NOW, SYSTEM, People
from trygg.kernel.access import Actor
from trygg.kernel.files.uploads import CheckedUpload, read_upload
from trygg.kernel.ledger import Example, example
from trygg.packs.catalogue import builtin
from trygg.spine.assurance import services
from trygg.spine.assurance.documents import BACKGROUND, Place
from trygg.spine.assurance.models import Case, CaseDocument, Claim, Evidence
from trygg.spine.frameworks.services import publish_packs
from trygg.spine.matters.services import FactAnswer, answer_facts
from trygg.spine.matters.tests import scene

TODAY = timezone.localdate(NOW)


def but(people: People, *allowed: str) -> tuple[Actor, ...]:
    """Everyone else."""
    return tuple(actor for who, actor in people.actors().items() if who not in allowed)


def claim_of(people: People) -> Claim:
    """A claim of a matter that affects children, with packs published."""
    publish_packs(actor=SYSTEM, now=BEFORE, packs=builtin().packs)
    matter = scene.matter_of(people)
    known = {"touches_children": FactAnswer("value", True)}
    answer_facts(actor=people.actor("officer", BEFORE), now=BEFORE, matter=matter, answers=known)
    return Claim.objects.filter(case__matter=matter).select_related("case__matter").order_by("order", "pk").first()


def document_of(people: People, **more) -> Evidence:
    call = {"document": "dpia", "title": "Our DPIA", "note": "Diary 2026-0412"} | more
    return services.add_document(actor=people.actor("officer", BEFORE), now=BEFORE, claim=claim_of(people), **call)


def objection_of(people: People) -> Evidence:
    return services.contest_claim(
        actor=people.actor("officer", BEFORE), now=BEFORE, claim=claim_of(people), title="Nobody asked the children", note="We looked."
    )


@example("assurance.add_document")
def add_document(people: People) -> Example:
    call = {
        "actor": people.actor("officer"), "now": NOW, "claim": claim_of(people), "document": "dpia", "title": "Our DPIA",
        "note": "Diary 2026-0412",
    }  # fmt: skip
    return Example(call, denied=but(people, "officer", "administrator"), records=("assurance.evidence_added",))


@example("assurance.withdraw_document")
def withdraw_document(people: People) -> Example:
    call = {"actor": people.actor("officer"), "now": NOW, "piece": document_of(people)}
    return Example(call, denied=but(people, "officer", "administrator"), records=("assurance.evidence_withdrawn",))


@example("assurance.contest_claim")
def contest_claim(people: People) -> Example:
    call = {
        "actor": people.actor("safeguarding_lead"), "now": NOW, "claim": claim_of(people), "title": "Nobody asked the children",
        "note": "We looked.",
    }  # fmt: skip
    denied = tuple(people.actor(who) for who in ("vendor", "auditor", "outsider", "partner", "committee_member"))
    return Example(call, denied=denied, records=("assurance.evidence_added", "assurance.claim_contested"))


@example("assurance.settle_contest")
def settle_contest(people: People) -> Example:
    call = {"actor": people.actor("officer"), "now": NOW, "piece": objection_of(people), "answer": "They were asked in October."}
    return Example(call, denied=but(people, "officer", "administrator"), records=("assurance.contest_settled",))


@example("assurance.assign_claim")
def assign_claim(people: People) -> Example:
    call = {
        "actor": people.actor("officer"), "now": NOW, "claim": claim_of(people), "owner": people.memberships["contributor"],
        "due_on": TODAY + timedelta(days=14),
    }  # fmt: skip
    return Example(call, denied=but(people, "officer", "administrator"), records=("assurance.claim_assigned",))


@example("assurance.move_time_forward")
def move_time_forward(people: People) -> Example:
    document_of(people, valid_until=TODAY - timedelta(days=1))
    assert Case.objects.filter(next_change_at__lte=TODAY).exists()
    return Example({"actor": SYSTEM, "now": NOW}, denied=tuple(people.actors().values()), records=("assurance.cases_recomputed",))


@example("assurance.recompute_after_packs")
def recompute_after_packs(people: People) -> Example:
    claim_of(people)
    return Example({"actor": SYSTEM, "now": NOW}, denied=tuple(people.actors().values()), records=("assurance.cases_recomputed",))


def papers_of(people: People) -> list[CaseDocument]:
    """Two documents from years ago, attached to nothing."""
    matter = claim_of(people).case.matter
    uploads = [upload_of("Barnkonsekvensanalys_2023.txt", b"What children said"), upload_of("DPIA.txt", b"What is kept")]
    return services.add_case_documents(actor=people.actor("officer", BEFORE), now=BEFORE, matter=matter, uploads=uploads)


def upload_of(name: str, content: bytes) -> CheckedUpload:
    return read_upload(SimpleUploadedFile(name, content))


def attached_of(people: People) -> CaseDocument:
    document = papers_of(people)[0]
    claim = document.case.claims.order_by("order").first()
    return services.attach_document(
        actor=people.actor("officer", BEFORE), now=BEFORE, document=document, title="Child impact assessment 2023", dated_on=date(2023, 5, 2),
        places=[Place(claim, BACKGROUND, [[12, 14]])],
    )  # fmt: skip


@example("assurance.add_case_documents")
def add_case_documents(people: People) -> Example:
    matter = claim_of(people).case.matter
    call = {"actor": people.actor("officer"), "now": NOW, "matter": matter, "uploads": [upload_of("a.txt", b"Old")]}
    return Example(call, denied=but(people, "officer", "administrator"), records=("files.file_stored", "assurance.documents_added"))


@example("assurance.attach_document")
def attach_document(people: People) -> Example:
    document = papers_of(people)[0]
    claim = document.case.claims.order_by("order").first()
    call = {
        "actor": people.actor("officer"), "now": NOW, "document": document, "title": "Child impact assessment 2023",
        "dated_on": date(2023, 5, 2), "places": [Place(claim, BACKGROUND, [[12, 14]])],
    }  # fmt: skip
    return Example(
        call, denied=but(people, "officer", "administrator"), records=("assurance.evidence_added", "assurance.document_attached")
    )


@example("assurance.detach_document")
def detach_document(people: People) -> Example:
    call = {"actor": people.actor("officer"), "now": NOW, "document": attached_of(people)}
    return Example(
        call, denied=but(people, "officer", "administrator"), records=("assurance.evidence_withdrawn", "assurance.document_detached")
    )


@example("assurance.remove_document")
def remove_document(people: People) -> Example:
    call = {"actor": people.actor("officer"), "now": NOW, "document": papers_of(people)[1]}
    return Example(call, denied=but(people, "officer", "administrator"), records=("files.file_removed", "assurance.document_removed"))
