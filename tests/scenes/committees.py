"""A committee with three items: opinions sealed, a vote open, advice given with dissent."""

from datetime import timedelta

from tests.world import NOW, World
from trygg.apps.committees import services
from trygg.apps.committees.tests.scene import MEETS, make_scene
from trygg.kernel.access import Role
from trygg.spine.matters.services import create_matter
from trygg.spine.meetings import services as meetings


def add(world: World) -> None:
    scene = make_scene(world.people)
    officer = world.people.actor(Role.OFFICER)

    def another(title: str):
        return create_matter(actor=officer, now=NOW, owner=world.people.board, kind="plan", title=title)

    counted = scene.counted()
    dissent = services.write_dissent(actor=scene.actor("ali"), now=MEETS, item=counted, text="Skillnaden är känd och inte åtgärdad.")
    advised = scene.advised(counted)
    action = meetings.add_action(
        actor=scene.secretary, now=MEETS, item=advised.agenda, text="Frågorna ritas om", owner=world.people.memberships["officer"],
        due_on=(MEETS + timedelta(days=30)).date(),
    )  # fmt: skip
    later = services.plan_meeting(actor=scene.secretary, now=MEETS, committee=scene.committee, starts_at=MEETS + timedelta(days=30))
    scene.meeting = later
    scene.matter = another("Skolvägen vid Tallås")
    sealed = scene.asked()
    scene.matter = another("En app för skolmåltider")
    called = scene.called()
    world.arguments |= {
        "committee_slug": scene.committee.slug, "seat_id": scene.seats["tova"].pk, "meeting_id": later.pk, "item_id": called.pk,
        "committees:opinion item_id": sealed.pk, "committees:open_opinions item_id": sealed.pk, "committees:item item_id": advised.pk,
        "committees:paper_pdf item_id": advised.pk, "committees:paper_word item_id": advised.pk, "committees:snapshot item_id": advised.pk,
        "committees:decision item_id": advised.pk, "committees:notes item_id": advised.pk, "committees:dissent item_id": advised.pk,
        "action_id": action.pk, "dissent_id": dissent.pk,
    }  # fmt: skip
