"""Another municipality that has answered, locked and published; and a matter of one's own that may start from it."""

from datetime import timedelta

from trygg.apps.assessments import services
from trygg.apps.assessments.models import Assessment
from trygg.apps.assessments.tests.scene import NOW, Scene, given
from trygg.kernel.access import Actor
from trygg.kernel.people.models import Membership, Organisation, Person
from trygg.kernel.people.selectors import actor_from_membership
from trygg.spine.matters.models import Matter, System
from trygg.spine.matters.services import create_matter
from trygg.spine.publication import services as publication
from trygg.spine.publication.models import EntryVersion

TEXTS = {"en": {"headline": "A reading tutor", "summary": "Children read aloud to it. The teacher decides."}}


def officer_of(organisation: Organisation, name: str) -> Actor:
    person = Person.objects.create_user(f"{name.lower()}@example.com", None, display_name=f"{name} Fjord", created_at=NOW)
    membership = Membership.objects.create(person=person, organisation=organisation, role="officer", valid_from=NOW - timedelta(days=9))
    return actor_from_membership(membership, person, now=NOW)


def other_matter(world: Scene, title: str = "Reading tutor in Elsewhere") -> Matter:
    system = System.objects.create(
        name="Wordpath", owner=world.elsewhere, vendor=world.vendor, version="4.1", created_at=NOW, updated_at=NOW
    )
    return create_matter(actor=world.outsider, now=NOW, owner=world.elsewhere, kind="deployment", title=title, system=system)


def locked(world: Scene, matter: Matter | None = None, pack=None, **answers) -> Assessment:
    """The others' assessment, answered, signed and locked by them."""
    matter = matter or other_matter(world)
    made = services.start_assessment(actor=world.outsider, now=NOW, matter=matter, pack=pack or world.pack)
    values = {"heard": {"who": (["children"], "We asked two classes"), "how": "In class"}, "technique": {"tested": "yes", "when": "2026-09-01"}}
    for section_id, given_here in values.items():
        section = made.sections.get(section_id=section_id)
        here = {name: answers.get(name, value) for name, value in given_here.items()}
        services.save_section(actor=world.outsider, now=NOW, section=section, answers=given(section, **here))
    services.sign_off(actor=world.outsider, now=NOW, assessment=made)
    return services.lock_assessment(actor=world.outsider, now=NOW, assessment=made)


def published(world: Scene, matter: Matter | None = None, *, shared: bool = True, **answers) -> EntryVersion:
    """Their page, written by one, approved by another, with what others may start from."""
    matter = matter or other_matter(world)
    if not Assessment.objects.filter(matter=matter).exists():
        locked(world, matter, **answers)
    version = publication.draft_entry(actor=world.outsider, now=NOW, matter=matter, texts=TEXTS, shared=shared)
    publication.ask_for_approval(actor=world.outsider, now=NOW, version=version)
    second = officer_of(world.elsewhere, f"Second{matter.pk}")
    version = publication.approve_entry(actor=second, now=NOW, version=version, content_hash=version.content_hash)
    return publication.publish_entry(actor=world.outsider, now=NOW, version=version)
