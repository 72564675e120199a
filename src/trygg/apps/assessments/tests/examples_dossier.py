"""One example call of each public service of dossiers and of answers that are taken over."""

from django.core.files.uploadedfile import SimpleUploadedFile

from tests.world import NOW, People
from trygg.apps.assessments.dossier import services
from trygg.apps.assessments.dossier.models import Dossier, DossierReview, DossierText, DossierVersion
from trygg.apps.assessments.dossier.reviews import review_of
from trygg.apps.assessments.models import Assessment
from trygg.apps.assessments.services import start_assessment
from trygg.apps.assessments.tests import dossiers as make
from trygg.apps.assessments.tests.examples import READERS, matter, refused
from trygg.kernel.access import Role
from trygg.kernel.files.uploads import read_upload
from trygg.kernel.ledger import Example, example
from trygg.kernel.people.models import Membership, Person
from trygg.kernel.people.selectors import actor_from_membership
from trygg.spine.frameworks.models import PackVersion
from trygg.spine.matters.models import Matter

NOT_THE_VENDOR = (Role.OFFICER, Role.ADMINISTRATOR, *READERS, "outsider", "partner")
NOT_THE_BOARD = (Role.AUDITOR, Role.COMMITTEE_MEMBER, Role.VENDOR, "outsider", "partner")


def draft(people: People, title: str = "Ordstigen") -> Dossier:
    return make.dossier(people.vendor, people.actor(Role.VENDOR), title)


def published(people: People) -> DossierVersion:
    """Of the product that the board's matter is about."""
    return make.published(draft(people), people.actor(Role.VENDOR), NOW)


def begun(people: People) -> Assessment:
    """An assessment of the board, for which the dossier has answers."""
    found = Matter.objects.filter(title="Ordstigen i årskurs 2").first() or matter(people)
    published(people)
    pack = PackVersion.objects.get(pack_id="impact", current=True)
    return start_assessment(actor=people.actor(Role.OFFICER), now=NOW, matter=found, pack=pack)


def review(people: People) -> DossierReview:
    """One answer was taken over, and the vendor has changed it."""
    assessment = begun(people)
    make.take(people.actor(Role.OFFICER), assessment, "proved", now=NOW)
    make.published(Dossier.objects.get(), people.actor(Role.VENDOR), NOW, checked="by_us")
    return DossierReview.objects.get(matter=assessment.matter)


def text(people: People) -> DossierText:
    """What two people of the vendor wrote at once."""
    made = draft(people)
    person = Person.objects.create_user("sol@laslyft.example", None, display_name="Sol Ek", created_at=NOW)
    membership = Membership.objects.create(person=person, organisation=people.vendor, role="vendor", valid_from=NOW)
    first, second = make.given(made, does="Lyssnar"), make.given(made, does="Lyssnar och rättar")
    services.autosave_dossier(actor=people.actor(Role.VENDOR), now=NOW, dossier=made, answers=first)
    other = actor_from_membership(membership, now=NOW)
    return services.autosave_dossier(actor=other, now=NOW, dossier=made, answers=second)["does"]


def by_vendor(people: People, *records: str, **call) -> Example:
    return Example(
        call={"actor": people.actor(Role.VENDOR), "now": NOW, **call}, denied=refused(people, *NOT_THE_VENDOR), records=records
    )


@example("assessments.begin_dossier")
def begin_dossier(people: People) -> Example:
    make.packs()
    return by_vendor(people, "assessments.dossier_begun", vendor=people.vendor, title="Ordstigen")


@example("assessments.name_product")
def name_product(people: People) -> Example:
    return by_vendor(people, "assessments.dossier_named", dossier=draft(people), names=["Ordstigen (AI)"])


@example("assessments.autosave_dossier")
def autosave_dossier(people: People) -> Example:
    """Records nothing: the saved section does, by its hash."""
    made = draft(people)
    return by_vendor(people, dossier=made, answers=make.given(made, does="Lyssnar"))


@example("assessments.save_dossier")
def save_dossier(people: People) -> Example:
    made = draft(people)
    return by_vendor(people, "assessments.dossier_saved", dossier=made, answers=make.given(made, does="Lyssnar"))


@example("assessments.settle_dossier_text")
def settle_dossier_text(people: People) -> Example:
    return by_vendor(people, "assessments.dossier_text_chosen", text=text(people), choice="kept")


@example("assessments.attach_dossier_file")
def attach_dossier_file(people: People) -> Example:
    upload = read_upload(SimpleUploadedFile("kort.txt", b"Modellkort"))
    return by_vendor(people, "assessments.dossier_file_attached", dossier=draft(people), item_id="card", upload=upload)


@example("assessments.remove_dossier_file")
def remove_dossier_file(people: People) -> Example:
    upload = read_upload(SimpleUploadedFile("kort.txt", b"Modellkort"))
    stored = services.attach_dossier_file(
        actor=people.actor(Role.VENDOR), now=NOW, dossier=draft(people), item_id="card", upload=upload
    )
    return by_vendor(people, "assessments.dossier_file_removed", stored=stored)


@example("assessments.add_dossier_entry")
def add_dossier_entry(people: People) -> Example:
    return by_vendor(people, "assessments.dossier_entry_added", dossier=draft(people), section="inside", name="Talmoln")


@example("assessments.remove_dossier_entry")
def remove_dossier_entry(people: People) -> Example:
    made = draft(people)
    services.add_dossier_entry(actor=people.actor(Role.VENDOR), now=NOW, dossier=made, section="inside", name="Talmoln")
    return by_vendor(people, "assessments.dossier_entry_removed", dossier=made, section="inside", entry="2")


@example("assessments.upgrade_dossier")
def upgrade_dossier(people: People) -> Example:
    made = draft(people)
    PackVersion.objects.filter(pack_id="vendor-dossier").update(current=False)
    make.publish({**make.QUESTIONS, "version": "9.0.0"})
    return by_vendor(people, "assessments.dossier_upgraded", dossier=made)


@example("assessments.publish_dossier")
def publish_dossier(people: People) -> Example:
    made = draft(people)
    make.write(made, people.actor(Role.VENDOR), NOW, does="Lyssnar", checked="by_us")
    return by_vendor(people, "assessments.dossier_published", dossier=made, system_version="4.0")


@example("assessments.withdraw_dossier")
def withdraw_dossier(people: People) -> Example:
    return by_vendor(people, "assessments.dossier_withdrawn", version=published(people), reason="Provet var fel.")


@example("assessments.take_over")
def take_over(people: People) -> Example:
    assessment = begun(people)
    officer = people.actor(Role.OFFICER)
    keys = [each.key for each in make.offered(officer, assessment).given[:1]]
    return Example(
        call={"actor": officer, "now": NOW, "assessment": assessment, "keys": keys},
        denied=refused(people, *NOT_THE_BOARD),
        records=("assessments.answers_taken_over",),
    )


@example("assessments.undo_taking")
def undo_taking(people: People) -> Example:
    officer = people.actor(Role.OFFICER)
    return Example(
        call={"actor": officer, "now": NOW, "taking": make.take(officer, begun(people), now=NOW)},
        denied=refused(people, *NOT_THE_BOARD),
        records=("assessments.taking_undone",),
    )


@example("assessments.answer_review")
def answer_review(people: People) -> Example:
    found, officer = review(people), people.actor(Role.OFFICER)
    choices = {each.key: "take" for each in review_of(officer, found).changed}
    return Example(
        call={"actor": officer, "now": NOW, "review": found, "choices": choices},
        denied=refused(people, *READERS, Role.VENDOR, "outsider", "partner"),
        records=("assessments.dossier_reviewed",),
    )
