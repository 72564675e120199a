"""Documents that were written before: attached to many claims as one act, with pages; what counts, what is background, undone."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from tests.world import NOW
from trygg.kernel.access import Denied
from trygg.kernel.files.models import StoredFile
from trygg.kernel.files.uploads import read_upload
from trygg.kernel.ledger.models import Entry
from trygg.spine.assurance import services
from trygg.spine.assurance.documents import BACKGROUND, Place, claims_to_attach, good_until, longest
from trygg.spine.assurance.models import CaseDocument, Claim, Evidence, Status
from trygg.spine.assurance.selectors import wanted_documents
from trygg.spine.assurance.tests.examples import claim_of

pytestmark = [pytest.mark.django_db, pytest.mark.full]
TODAY = timezone.localdate(NOW)
PDF = b"%PDF-1.7\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj 2 0 obj<</Type/Pages/Kids[]/Count 0>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"


@pytest.fixture
def matter(people):
    return claim_of(people).case.matter


@pytest.fixture
def officer(people):
    return people.actor("officer")


@pytest.fixture
def document(matter, officer) -> CaseDocument:
    upload = read_upload(SimpleUploadedFile("Barnkonsekvensanalys_2023.pdf", PDF))
    return services.add_case_documents(actor=officer, now=NOW, matter=matter, uploads=[upload])[0]


def asks_for(matter, kind: str) -> Claim:
    """The first claim of the case that asks for a kind of document."""
    rows = Claim.objects.filter(case__matter=matter).exclude(status=Status.NOT_REQUIRED).order_by("order")
    return next(claim for claim in rows if kind in dict(wanted_documents(claim)))


def asks_for_none(matter) -> Claim:
    rows = Claim.objects.filter(case__matter=matter, status=Status.MISSING).order_by("order")
    return next(claim for claim in rows if not wanted_documents(claim))


def attach(officer, document, *places, now=NOW, **more) -> CaseDocument:
    call = {"title": "Child impact assessment 2023", "dated_on": TODAY - timedelta(days=30), "places": list(places)} | more
    return services.attach_document(actor=officer, now=now, document=document, **call)


def open_pieces(document) -> list[Evidence]:
    return list(Evidence.objects.filter(source_type="assurance.document", source_id=str(document.pk), withdrawn_at=None))


# What counts


def test_one_act_for_many_claims(matter, officer, document):
    one, two, none = asks_for(matter, "crisis-protocol"), asks_for(matter, "dpia"), asks_for_none(matter)
    attach(officer, document, Place(one, "crisis-protocol", [[12, 14]]), Place(two, "dpia", []), Place(none, BACKGROUND, [[3, 3]]))
    pieces = {piece.claim_id: piece for piece in open_pieces(document)}
    assert {pk: (piece.kind, piece.key, piece.title) for pk, piece in pieces.items()} == {
        one.pk: ("document", "crisis-protocol", "Child impact assessment 2023, pp. 12–14"),
        two.pk: ("document", "dpia", "Child impact assessment 2023"),
        none.pk: (BACKGROUND, "", "Child impact assessment 2023, p. 3"),
    }
    assert all(piece.content_hash == document.sha256 for piece in pieces.values())
    assert Entry.objects.filter(action="assurance.document_attached").count() == 1


def needs_met(claim: Claim) -> set[str]:
    claim.refresh_from_db()
    return {reason["params"]["need"] for reason in claim.reasons if reason["code"] == "supported_by"}


def test_it_meets_the_need_of_the_claim_that_it_is_attached_to_and_of_no_other(matter, officer, document):
    rows = Claim.objects.filter(case__matter=matter).exclude(status=Status.NOT_REQUIRED).order_by("order")
    first = asks_for(matter, "best-interests-assessment")
    attach(officer, document, Place(first, "best-interests-assessment", [[1, 60]]))
    assert needs_met(first)
    assert [claim.pk for claim in rows if claim.pk != first.pk and needs_met(claim)] == []


def test_background_never_supports_whatever_a_claim_asks_for(matter, officer, document):
    before = dict(Claim.objects.filter(case__matter=matter).values_list("pk", "status"))
    rows = [claim for claim in Claim.objects.filter(case__matter=matter) if claim.status != Status.NOT_REQUIRED]
    attach(officer, document, *(Place(claim, BACKGROUND, []) for claim in rows))
    assert dict(Claim.objects.filter(case__matter=matter).values_list("pk", "status")) == before


def test_a_claim_that_asks_for_answers_gets_no_document(matter, officer, document):
    none, one = asks_for_none(matter), asks_for(matter, "crisis-protocol")
    with pytest.raises(ValidationError) as refused:
        attach(officer, document, Place(one, "crisis-protocol", []), Place(none, "dpia", []))
    assert refused.value.message_dict == {f"claim-{none.pk}": ["This claim asks for no such document. Attach it as background."]}
    assert open_pieces(document) == [], "all or nothing"


def test_an_old_one_is_stale_and_not_supported(matter, officer, document):
    claim = asks_for(matter, "best-interests-assessment")
    attach(officer, document, Place(claim, "best-interests-assessment", []), dated_on=date(2023, 5, 2))
    claim.refresh_from_db()
    assert "supported_by" not in {reason["code"] for reason in claim.reasons}
    assert {"too_old", "ended"} & {reason["code"] for reason in claim.reasons}


def test_it_holds_no_longer_than_the_claim_allows(matter, officer, document):
    claim, background = asks_for(matter, "crisis-protocol"), asks_for_none(matter)
    days, dated = longest(claim, "crisis-protocol"), TODAY - timedelta(days=30)
    assert days == 365
    attach(
        officer, document, Place(claim, "crisis-protocol", []), Place(background, BACKGROUND, []), valid_until=TODAY + timedelta(days=9999)
    )
    held = {piece.claim_id: piece.valid_until for piece in open_pieces(document)}
    assert held == {claim.pk: dated + timedelta(days=365), background.pk: TODAY + timedelta(days=9999)}
    assert good_until(claim, "crisis-protocol", dated, dated + timedelta(days=5)) == dated + timedelta(days=5)


def test_what_does_not_fit_is_refused_by_field(matter, officer, document):
    wrong = [
        ({"title": " "}, "title"), ({"title": "x" * 301}, "title"), ({"dated_on": TODAY + timedelta(days=1)}, "dated_on"),
        ({"valid_until": TODAY - timedelta(days=31)}, "valid_until"), ({"places": []}, "__all__"),
    ]  # fmt: skip
    for more, field in wrong:
        with pytest.raises(ValidationError) as refused:
            attach(officer, document, Place(asks_for_none(matter), BACKGROUND, []), **more)
        assert list(refused.value.message_dict) == [field]
    assert open_pieces(document) == []


def test_a_claim_of_another_case_is_refused(people, matter, officer, document):
    other = Claim.objects.create(case=claim_of_another(people), requirement_id="x", changed_at=NOW, origin="condition", text={"en": "x"})
    with pytest.raises(ValidationError, match="not in this case"):
        attach(officer, document, Place(other, BACKGROUND, []))


def claim_of_another(people):
    from trygg.spine.assurance.evidence import case_of
    from trygg.spine.matters.services import create_matter

    return case_of(create_matter(actor=people.actor("officer"), now=NOW, owner=people.board, kind="plan", title="Skolväg"))


# Anew, and undone


def test_attached_anew_it_replaces_what_was(matter, officer, document):
    one, none = asks_for(matter, "crisis-protocol"), asks_for_none(matter)
    attach(officer, document, Place(one, "crisis-protocol", []), Place(none, BACKGROUND, []))
    attach(officer, document, Place(none, BACKGROUND, [[9, 9]]))
    assert [(piece.claim_id, piece.params["pages"]) for piece in open_pieces(document)] == [(none.pk, [[9, 9]])]


def test_undone_as_one_act(matter, officer, document):
    before = dict(Claim.objects.filter(case__matter=matter).values_list("pk", "status"))
    attach(officer, document, Place(asks_for(matter, "dpia"), "dpia", []), Place(asks_for_none(matter), BACKGROUND, []))
    assert services.detach_document(actor=officer, now=NOW, document=document) == 2
    assert open_pieces(document) == []
    assert dict(Claim.objects.filter(case__matter=matter).values_list("pk", "status")) == before
    assert services.detach_document(actor=officer, now=NOW, document=document) == 0
    assert Entry.objects.filter(action="assurance.document_detached").count() == 1
    assert StoredFile.objects.get(subject_type="assurance.document").removed_at is None


def test_taken_away_only_when_it_counts_nowhere(matter, officer, document):
    attach(officer, document, Place(asks_for_none(matter), BACKGROUND, []))
    with pytest.raises(ValidationError, match="Undo that first"):
        services.remove_document(actor=officer, now=NOW, document=document)
    services.detach_document(actor=officer, now=NOW, document=document)
    services.remove_document(actor=officer, now=NOW, document=document)
    assert StoredFile.objects.get(subject_type="assurance.document").removed_at == NOW


def test_the_same_file_twice_is_kept_once(matter, officer, document):
    upload = read_upload(SimpleUploadedFile("again.pdf", PDF))
    assert services.add_case_documents(actor=officer, now=NOW, matter=matter, uploads=[upload])[0].pk == document.pk
    assert CaseDocument.objects.count() == 1


def test_who_may_not_answer_for_the_matter_attaches_nothing(people, matter, document):
    for who in ("contributor", "auditor", "outsider", "vendor", "partner"):
        with pytest.raises(Denied):
            attach(people.actor(who), document, Place(asks_for_none(matter), BACKGROUND, []))


# The pages


def test_upload_tick_many_see_them_and_undo(people, matter, signed_in, officer):
    client = signed_in(officer)
    url = reverse("case:documents", args=[matter.key])
    went = client.post(url, {"files": [SimpleUploadedFile("BKA_2023.pdf", PDF), SimpleUploadedFile("DPIA.txt", b"DPIA")]})
    document = CaseDocument.objects.get(title="BKA 2023")
    assert went.url == reverse("case:attach", args=[document.pk])
    page = client.get(went.url).content.decode()
    one, none = asks_for(matter, "crisis-protocol"), asks_for_none(matter)
    assert f'name="claim-{one.pk}"' in page and "Asks for something else than a document" in page and "Still to attach" in page
    dated = TODAY - timedelta(days=30)
    sent = {
        "title": "Child impact assessment 2023", "dated_on_day": dated.day, "dated_on_month": dated.month, "dated_on_year": dated.year,
        f"claim-{one.pk}": "on", f"kind-{one.pk}": "crisis-protocol", f"pages-{one.pk}": "pp. 12-14",
        f"claim-{none.pk}": "on", f"kind-{none.pk}": BACKGROUND, f"pages-{none.pk}": "chapter two",
    }  # fmt: skip
    refused = client.post(went.url, sent)
    text = refused.content.decode()
    assert refused.status_code == 422 and "is no page" in text and 'value="pp. 12-14"' in text and not open_pieces(document)
    done = client.post(went.url, sent | {f"pages-{none.pk}": "3"})
    assert done.url == reverse("case:attach", args=[CaseDocument.objects.get(title="DPIA").pk]), "on to the next one"
    shown = client.get(reverse("case:claim", args=[one.pk])).content.decode()
    stored = StoredFile.objects.get(subject_type="assurance.document", subject_id=str(document.pk))
    assert "Child impact assessment 2023, pp. 12–14" in shown
    assert f'href="{reverse("files:read", args=[stored.pk])}#page=12"' in shown
    background = client.get(reverse("case:claim", args=[none.pk])).content.decode()
    assert "Background: it does not by itself show that the claim holds." in background
    answer = client.get(reverse("files:read", args=[stored.pk]))
    assert answer["Content-Disposition"].startswith("inline") and answer["Content-Type"] == "application/pdf"
    ask = client.get(reverse("case:detach", args=[document.pk])).content.decode()
    assert "away from 2 claims?" in ask
    client.post(reverse("case:detach", args=[document.pk]))
    assert open_pieces(document) == []
    after = client.get(reverse("case:claim", args=[one.pk])).content.decode()
    evidence, closed = after.partition("One piece that was withdrawn or replaced")[::2]
    assert "Child impact assessment 2023" not in evidence and "Child impact assessment 2023" in closed


def test_only_a_pdf_is_shown_in_the_browser(people, matter, signed_in, officer):
    document = services.add_case_documents(
        actor=officer, now=NOW, matter=matter, uploads=[read_upload(SimpleUploadedFile("a.txt", b"Text"))]
    )[0]
    stored = StoredFile.objects.get(subject_type="assurance.document", subject_id=str(document.pk))
    answer = signed_in(officer).get(reverse("files:read", args=[stored.pk]))
    assert answer["Content-Disposition"].startswith("attachment") and "sandbox" in answer["Content-Security-Policy"]
    assert signed_in(people.actor("outsider")).get(reverse("files:read", args=[stored.pk])).status_code == 404


def test_a_kind_that_cannot_be_kept_is_refused_with_words(matter, signed_in, officer):
    page = signed_in(officer).post(
        reverse("case:documents", args=[matter.key]), {"files": [SimpleUploadedFile("a.exe", b"MZ\x00\x01")]}
    )
    assert page.status_code == 422 and "not a kind of file" in page.content.decode()
    assert not CaseDocument.objects.exists()
    assert "Choose at least one file." in signed_in(officer).post(reverse("case:documents", args=[matter.key])).content.decode()


def test_claims_that_ask_for_documents_stand_first(matter, document):
    kinds = [bool(asked.kinds) for asked in claims_to_attach(document)]
    assert kinds == sorted(kinds, reverse=True) and True in kinds and False in kinds
