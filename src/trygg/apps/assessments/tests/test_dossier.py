"""A vendor's dossier: the draft, publishing, who sees what, what follows at those who use the product."""

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext

from trygg.apps.assessments.content import files_by_answer
from trygg.apps.assessments.dossier import services
from trygg.apps.assessments.dossier.models import DossierReview, DossierText, DossierVersion, Taken
from trygg.apps.assessments.dossier.reviews import review_of
from trygg.apps.assessments.dossier.selectors import draft_contents, versions_about
from trygg.apps.assessments.models import Answer, AnswerVersion
from trygg.apps.assessments.services import (
    ChangedMeanwhile,
    attach_file,
    lock_assessment,
    reopen_assessment,
    save_section,
    sign_off,
)
from trygg.apps.assessments.tests import dossiers as make
from trygg.apps.assessments.tests.scene import LATER, NOW, given
from trygg.kernel.access import Denied, restrict
from trygg.kernel.files.models import StoredFile
from trygg.kernel.files.uploads import read_upload
from trygg.kernel.ledger.models import Entry
from trygg.kernel.work.models import Task
from trygg.spine.assurance.models import Claim
from trygg.spine.matters.models import Component, Matter, System

pytestmark = pytest.mark.full


@pytest.fixture
def dossier(world):
    return make.dossier(world.vendor, world.seller)


def status(matter: Matter, requirement: str) -> str:
    return Claim.objects.get(case__matter=matter, requirement_id=requirement).status


def review(matter: Matter) -> DossierReview:
    return DossierReview.objects.get(matter=matter, done_at=None)


def answer(actor, found: DossierReview, choice: str, now=LATER) -> None:
    looked = review_of(actor, found)
    choices = {each.key: choice for each in looked.changed}
    services.answer_review(actor=actor, now=now, review=found, choices=choices, seen=looked.fingerprint)


# The draft ----------------------------------------------------------------------------------------------------------------


def test_nobody_but_the_vendor_sees_the_draft(world, dossier):
    make.write(dossier, world.seller, does="Listens")
    for actor in (world.officer, world.nurse, world.outsider, world.auditor):
        assert not restrict(actor, "assessments.edit_dossier").exists()
        assert not restrict(actor, "assessments.view_dossier_version").exists()
    assert restrict(world.seller, "assessments.edit_dossier").count() == 1
    with pytest.raises(Denied):
        make.write(dossier, world.officer, does="Sells")


def test_two_who_write_at_once_both_keep_their_text(world, dossier):
    other = make_colleague(world)
    first = make.given(dossier, does="Listens")
    second = make.given(dossier, does="Listens and corrects")
    assert services.autosave_dossier(actor=world.seller, now=NOW, dossier=dossier, answers=first) == {}
    kept = services.autosave_dossier(actor=other, now=NOW, dossier=dossier, answers=second)
    assert kept["does"].value == "Listens and corrects"
    assert draft_contents(dossier)["does"]["value"] == "Listens"
    make.write(dossier, world.seller, checked="no")
    with pytest.raises(ValidationError, match="different texts"):
        services.publish_dossier(actor=world.seller, now=NOW, dossier=dossier, system_version="4.0")
    services.settle_dossier_text(actor=other, now=NOW, text=kept["does"], choice="kept")
    assert draft_contents(dossier)["does"]["value"] == "Listens and corrects"
    assert DossierText.objects.filter(value="Listens").exists()  # what gave way is kept


def make_colleague(world):
    from datetime import timedelta

    from trygg.kernel.people.models import Membership, Person
    from trygg.kernel.people.selectors import actor_from_membership

    person = Person.objects.create_user("sol@example.org", None, display_name="Sol", created_at=NOW)
    membership = Membership.objects.create(person=person, organisation=world.vendor, role="vendor", valid_from=NOW - timedelta(days=1))
    return actor_from_membership(membership, person, now=NOW)


def test_a_repeated_section_with_one_more_entry_that_is_taken_away(world, dossier):
    entry = services.add_dossier_entry(actor=world.seller, now=NOW, dossier=dossier, section="inside", name="Speech cloud")
    dossier.refresh_from_db()
    make.write(dossier, world.seller, **{"service@1": "Ours", f"service@{entry}": "Theirs"})
    assert make.published(dossier, world.seller).answers[f"service@{entry}"]["value"] == "Theirs"
    services.remove_dossier_entry(actor=world.seller, now=NOW, dossier=dossier, section="inside", entry=entry)
    dossier.refresh_from_db()
    after = make.published(dossier, world.seller, now=LATER)
    assert f"service@{entry}" not in after.answers and f"service@{entry}" in dossier.versions.get(number=1).answers
    again = services.add_dossier_entry(actor=world.seller, now=NOW, dossier=dossier, section="inside", name="Another")
    assert again != entry


def test_one_product_has_one_dossier(world, dossier):
    with pytest.raises(ValidationError, match="has a dossier already"):
        services.begin_dossier(actor=world.seller, now=NOW, vendor=world.vendor, title=" Wordpath ")
    with pytest.raises(Denied):
        services.begin_dossier(actor=world.officer, now=NOW, vendor=world.vendor, title="Theirs")


# Publishing ---------------------------------------------------------------------------------------------------------------


def test_nothing_is_published_while_something_needed_is_missing_or_nothing_is_different(world, dossier):
    with pytest.raises(ValidationError, match="2 questions still need an answer"):
        services.publish_dossier(actor=world.seller, now=NOW, dossier=dossier, system_version="4.0")
    first = make.published(dossier, world.seller)
    assert (first.number, first.answers["does"]["note"]) == (1, "In three languages")
    with pytest.raises(ValidationError, match="Nothing is different"):
        services.publish_dossier(actor=world.seller, now=LATER, dossier=dossier, system_version="4.0")
    with pytest.raises(ValidationError, match="which version of the product"):
        services.publish_dossier(actor=world.seller, now=LATER, dossier=dossier, system_version=" ")
    assert services.publish_dossier(actor=world.seller, now=LATER, dossier=dossier, system_version="4.1").number == 2


def test_a_draft_that_changed_since_it_was_looked_at_is_not_published(world, dossier):
    make.published(dossier, world.seller)
    make.write(dossier, world.seller, LATER, checked="no")
    with pytest.raises(ChangedMeanwhile):
        services.publish_dossier(actor=world.seller, now=LATER, dossier=dossier, system_version="4.0", seen="0" * 64)
    assert dossier.versions.count() == 1


def test_a_published_file_outlives_the_draft(world, dossier):
    upload = read_upload(SimpleUploadedFile("card.txt", b"Model card"))
    stored = services.attach_dossier_file(actor=world.seller, now=NOW, dossier=dossier, item_id="card", upload=upload)
    version = make.published(dossier, world.seller)
    services.remove_dossier_file(actor=world.seller, now=LATER, stored=stored)
    assert version.answers["card"]["files"] == [upload.sha256]
    seen = restrict(world.officer, "files.view_file").filter(sha256=upload.sha256)
    assert [each.name for each in seen] == ["card.txt"]
    assert not restrict(world.outsider, "files.view_file").exists()


def test_who_uses_the_product_reads_what_was_published_and_nobody_else(world, dossier):
    version = make.published(dossier, world.seller)
    seen = {
        name for name in ("officer", "reader", "auditor", "seller", "nurse", "outsider", "head")
        if restrict(getattr(world, name), "assessments.view_dossier_version").filter(pk=version.pk).exists()
    }  # fmt: skip
    assert seen == {"officer", "reader", "auditor", "seller"}
    make.another_matter(world.outsider, world.elsewhere, world.vendor)
    assert restrict(world.outsider, "assessments.view_dossier_version").exists()


def test_another_name_of_the_product(world, dossier):
    make.another_matter(world.outsider, world.elsewhere, world.vendor, name="Wordpath Plus (AI)")
    version = make.published(dossier, world.seller)
    assert not restrict(world.outsider, "assessments.view_dossier_version").exists()
    services.name_product(actor=world.seller, now=NOW, dossier=dossier, names=["Wordpath Plus (AI)"])
    assert restrict(world.outsider, "assessments.view_dossier_version").get() == version


def test_a_system_with_the_same_name_of_another_vendor_is_another_product(world, dossier):
    make.published(dossier, world.seller)
    make.another_matter(world.outsider, world.elsewhere, None)
    assert not restrict(world.outsider, "assessments.view_dossier_version").exists()


def test_what_a_system_contains_shows_its_dossier_too(world, dossier):
    version = make.published(dossier, world.seller)
    matter = make.another_matter(world.outsider, world.elsewhere, None, name="Platform")
    between = System.objects.create(name="Reading suite", owner=world.elsewhere, created_at=NOW, updated_at=NOW)
    part = System.objects.create(name="Wordpath", owner=world.elsewhere, vendor=world.vendor, created_at=NOW, updated_at=NOW)
    Component.objects.create(whole=matter.system, part=between)
    Component.objects.create(whole=between, part=part)
    assert [found for _system, found in versions_about(matter.system)] == [version]
    assert restrict(world.outsider, "assessments.view_dossier_version").get() == version
    make.published(dossier, world.seller, LATER, checked="no")
    assert review(matter).version.number == 2


# What follows -------------------------------------------------------------------------------------------------------------


@pytest.fixture
def taken(world, dossier):
    """The board has taken over and saved what the vendor says; both claims are supported."""
    make.published(dossier, world.seller)
    assessment = make.second(world)
    make.take(world.officer, assessment)
    section = assessment.sections.get()
    save_section(actor=world.officer, now=NOW, section=section, answers=given(section, heard=["children"]))
    assert (status(world.matter, "proved"), status(world.matter, "heard")) == ("supported", "supported")
    return assessment


def test_a_new_version_changes_nothing_here_asks_for_a_review_and_makes_stale_what_rested_on_it(world, dossier, taken):
    make.published(dossier, world.seller, LATER, checked="by_us", changes="We test ourselves now.")
    found = Answer.objects.get(section__assessment=taken, item_id="proved")
    assert (found.value, found.origin) == ("fully", "vendor")
    assert (status(world.matter, "proved"), status(world.matter, "heard")) == ("stale", "supported")
    task = Task.objects.get(code="assessments.dossier_review", done_at=None)
    assert (task.organisation_id, task.params["changed"], task.path) == (
        world.board.pk, 1, f"/assessments/dossiers/reviews/{review(world.matter).pk}/",
    )  # fmt: skip
    (line,) = review_of(world.officer, review(world.matter)).changed
    assert (line.question, line.old_words, line.new_words, line.new.words) == ("Question proved?", "by others", "by us", "partly")


def test_keeping_what_stands(world, dossier, taken):
    make.published(dossier, world.seller, LATER, checked="by_us")
    answer(world.officer, review(world.matter), "keep")
    assert Answer.objects.get(section__assessment=taken, item_id="proved").value == "fully"
    assert status(world.matter, "proved") == "supported"
    assert not Task.objects.filter(code="assessments.dossier_review", done_at=None).exists()
    # The same answer in the next version is no news; another one is.
    make.published(dossier, world.seller, LATER, about="4.2")
    assert status(world.matter, "proved") == "supported" and review_of(world.officer, review(world.matter)).changed == []
    make.published(dossier, world.seller, LATER, checked="no")
    assert status(world.matter, "proved") == "stale"


def test_taking_the_new_answer_keeps_the_old_text(world, dossier, taken):
    make.published(dossier, world.seller, LATER, checked="by_us")
    answer(world.officer, review(world.matter), "take")
    found = Answer.objects.get(section__assessment=taken, item_id="proved")
    assert (found.value, status(world.matter, "proved")) == ("partly", "supported")
    assert AnswerVersion.objects.get(answer=found).value == "fully"
    assert Taken.objects.get(answer=found, current=True).version.number == 2
    assert taken.sections.get().state == "done"


def test_clearing_leaves_the_question_open(world, dossier, taken):
    make.published(dossier, world.seller, LATER, checked="by_us")
    answer(world.officer, review(world.matter), "clear")
    assert Answer.objects.get(section__assessment=taken, item_id="proved").value is None
    assert (status(world.matter, "proved"), taken.sections.get().state) == ("missing", "begun")


def test_files_of_the_vendor_go_with_its_answer_and_own_files_stay(world, dossier):
    def attach(name: str) -> str:
        upload = read_upload(SimpleUploadedFile(name, name.encode()))
        services.attach_dossier_file(actor=world.seller, now=NOW, dossier=dossier, item_id="checked", upload=upload)
        return upload.sha256

    old = attach("first.txt")
    make.published(dossier, world.seller)
    assessment = make.second(world)
    make.take(world.officer, assessment, "proved")
    found = Answer.objects.get(section__assessment=assessment, item_id="proved")
    own = read_upload(SimpleUploadedFile("own.txt", b"Ours"))
    attach_file(actor=world.officer, now=LATER, section=assessment.sections.get(), item_id="proved", upload=own)
    assert {stored.sha256 for stored in files_by_answer([found])[found.pk]} == {old, own.sha256}
    services.remove_dossier_file(actor=world.seller, now=LATER, stored=StoredFile.objects.get(sha256=old, subject_type="assessments.dossier_answer"))
    new = attach("second.txt")
    make.published(dossier, world.seller, LATER)
    answer(world.officer, review(world.matter), "take")
    assert {stored.sha256 for stored in files_by_answer([found])[found.pk]} == {new, own.sha256}


def test_an_answer_without_counterpart_can_be_kept_or_cleared_only(world, dossier, taken):
    make.write(dossier, world.seller, LATER, does="")
    answer_ = dossier.answers.get(item_id="does")
    assert answer_.value == ""
    make.write(dossier, world.seller, LATER, does="Other words", checked="by_us")
    services.publish_dossier(actor=world.seller, now=LATER, dossier=dossier, system_version="4.0")
    found = review(world.matter)
    with pytest.raises(ValidationError) as refused:
        services.answer_review(actor=world.officer, now=LATER, review=found, choices={})
    assert len(refused.value.error_dict) == 2


def test_the_vendor_publishes_again_while_somebody_looks(world, dossier, taken):
    make.published(dossier, world.seller, LATER, checked="by_us")
    looked = review_of(world.officer, review(world.matter))
    make.published(dossier, world.seller, LATER, checked="no")
    assert DossierReview.objects.count() == 1 and review(world.matter).version.number == 3
    assert Task.objects.filter(code="assessments.dossier_review").count() == 1
    with pytest.raises(ChangedMeanwhile):
        services.answer_review(
            actor=world.officer, now=LATER, review=review(world.matter), choices={each.key: "take" for each in looked.changed},
            seen=looked.fingerprint,
        )  # fmt: skip
    assert Answer.objects.get(section__assessment=taken, item_id="proved").value == "fully"


def test_what_was_written_here_since_is_not_outdated(world, dossier, taken):
    section = taken.sections.get()
    save_section(actor=world.officer, now=NOW, section=section, answers=given(section, proved="no"))
    make.published(dossier, world.seller, LATER, checked="by_us")
    assert Task.objects.get(code="assessments.dossier_review").params["changed"] == 0
    (line,) = review_of(world.officer, review(world.matter)).changed
    assert line.own and line.own_words == "no"
    assert status(world.matter, "proved") == "missing"  # it says no: not stale


def test_a_signed_section_is_kept_or_opened_first(world, dossier, taken):
    section = taken.sections.get()
    save_section(actor=world.officer, now=NOW, section=section, answers=given(section, risk="None"))
    sign_off(actor=world.officer, now=NOW, assessment=taken)
    make.published(dossier, world.seller, LATER, checked="by_us")
    found = review(world.matter)
    with pytest.raises(ValidationError, match="signed or locked"):
        answer(world.officer, found, "take")
    answer(world.officer, found, "keep")
    assert status(world.matter, "proved") == "supported"


def test_a_locked_assessment_goes_stale_and_its_next_revision_knows_where_it_came_from(world, dossier, taken):
    sign_off(actor=world.officer, now=NOW, assessment=taken)
    lock_assessment(actor=world.officer, now=NOW, assessment=taken)
    make.published(dossier, world.seller, LATER, checked="by_us")
    assert status(world.matter, "proved") == "stale"
    again = reopen_assessment(actor=world.officer, now=LATER, assessment=taken)
    row = Taken.objects.get(answer__section__assessment=again, answer__item_id="proved", current=True)
    assert (row.version.number, row.outdated_by.number) == (1, 2)
    assert status(world.matter, "proved") == "stale"
    answer(world.officer, review(world.matter), "take")
    assert Answer.objects.get(section__assessment=again, item_id="proved").value == "partly"
    assert status(world.matter, "proved") == "supported"


def test_withdrawing_says_why_and_asks_everyone_to_look(world, dossier, taken):
    with pytest.raises(ValidationError, match="Say why"):
        services.withdraw_dossier(actor=world.seller, now=LATER, version=dossier.versions.get(), reason=" ")
    services.withdraw_dossier(actor=world.seller, now=LATER, version=dossier.versions.get(), reason="The test was wrong.")
    assert status(world.matter, "proved") == "stale"
    found = review(world.matter)
    assert found.because == "withdrawn"
    assert versions_about(world.matter.system) == []
    assert restrict(world.officer, "assessments.view_dossier_version").get().withdrawn_reason == "The test was wrong."
    (line, *_) = [each for each in review_of(world.officer, found).changed if each.row.answer.item_id == "proved"]
    assert (line.new, line.new_words) == (None, "")
    with pytest.raises(ValidationError):
        answer(world.officer, found, "take")
    answer(world.officer, found, "keep")
    assert status(world.matter, "proved") == "supported"


def test_after_a_withdrawal_the_version_before_holds_again(world, dossier, taken):
    second = make.published(dossier, world.seller, LATER, checked="by_us")
    services.withdraw_dossier(actor=world.seller, now=LATER, version=second, reason="Too early")
    assert [version.number for _system, version in versions_about(world.matter.system)] == [1]
    assert status(world.matter, "proved") == "supported"  # what was taken over is what holds


def test_everybody_uses_the_new_version_from_now_on(world, dossier, taken):
    other = make.another_matter(world.outsider, world.elsewhere, world.vendor)
    make.published(dossier, world.seller, LATER, about="5.0", in_use=True)
    for matter in (world.matter, other):
        matter.refresh_from_db()
        assert (matter.system_version, System.objects.get(pk=matter.system_id).version) == ("5.0", "5.0")
    assert (status(world.matter, "proved"), status(world.matter, "heard")) == ("stale", "stale")


def test_a_vendor_learns_nothing_of_those_who_use_the_product(world, dossier, taken, sign_in):
    version = make.published(dossier, world.seller, LATER, checked="by_us")
    client = sign_in(world.seller)
    for path in ("/assessments/dossiers/", f"/assessments/dossiers/{dossier.pk}/", f"/assessments/dossiers/versions/{version.pk}/"):
        text = client.get(path).content.decode()
        assert world.board.name not in text and world.matter.title not in text
    assert client.get(f"/assessments/dossiers/reviews/{review(world.matter).pk}/").status_code == 404
    assert not Task.objects.filter(organisation=world.vendor).exists()


def test_at_many_matters_it_costs_as_many_queries_as_at_few(world, dossier, record_property):
    make.published(dossier, world.seller)

    def add(count: int) -> None:
        systems = System.objects.bulk_create(
            System(name="Wordpath", owner=world.elsewhere, vendor=world.vendor, version="4.0", created_at=NOW, updated_at=NOW)
            for _n in range(count)
        )
        start = Matter.objects.count()
        matters = Matter.objects.bulk_create(
            Matter(
                key=f"many-{start + n}", title=f"Matter {n}", kind="deployment", stage="in_use", owner=world.elsewhere, system=system,
                system_version="4.0", jurisdiction="SE", created_at=NOW, updated_at=NOW,
            )
            for n, system in enumerate(systems)
        )  # fmt: skip
        from trygg.spine.assurance.models import Case

        Case.objects.bulk_create(Case(matter=matter) for matter in matters)

    def cost(**changes) -> int:
        with CaptureQueriesContext(connection) as queries:
            make.published(dossier, world.seller, LATER, **changes)
        return len(queries)

    add(3)
    few = cost(checked="by_us")
    add(297)
    many = cost(checked="no")
    record_property("queries", f"{few} at 4 matters, {many} at 301")
    print(f"{few} queries at 4 matters, {many} at 301")
    assert DossierReview.objects.filter(done_at=None).count() == 301
    assert Task.objects.filter(code="assessments.dossier_review", done_at=None).count() == 301
    assert Entry.objects.filter(action="assessments.dossier_renewed").count() == 4 + 301
    # SQLite takes about a thousand values in a statement: rows are written in so many batches, never one by one.
    assert many - few < 40, (few, many)


def test_a_matter_no_longer_in_use_is_left_alone(world, dossier):
    make.published(dossier, world.seller)
    Matter.objects.filter(pk=world.matter.pk).update(stage="retired")
    make.published(dossier, world.seller, LATER, checked="no")
    assert not DossierReview.objects.exists()
    assert DossierVersion.objects.count() == 2
