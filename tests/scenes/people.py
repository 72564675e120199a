"""An open invitation, a one-purpose link, and the names that pages of other makers take."""

from tests.world import NOW, World
from trygg.kernel.access import Role
from trygg.kernel.people import services
from trygg.kernel.people.models import Invitation


def add(world: World) -> None:
    people = world.people
    administrator = people.actor(Role.ADMINISTRATOR)
    invitation = services.invite(
        actor=administrator, now=NOW, organisation=people.board, email="ny@lindvika.example", role="officer"
    )
    link = services.make_purpose_link(
        actor=people.actor(Role.OFFICER), now=NOW, organisation=people.agency, email="gast@norra-vik.example", name="Gun Gäst",
        role="contributor", path="/home/",
    )  # fmt: skip
    services.send_link_code(actor=administrator, now=NOW, token=link)
    world.arguments |= {
        "organisation_id": people.board.pk,
        "membership_id": people.memberships["analyst"].pk,
        "invitation_id": Invitation.objects.get(email="ny@lindvika.example").pk,
        "people:accept token": invitation,
        "people:link token": link,
        "people:link_code token": link,
        # Sign-in pages of allauth: nothing of ours stands behind these, they must only not break.
        "uidb36": "1", "account_reset_password_from_key key": "set-password", "provider_id": "entra",
        "public:guide role": "officer",
    }  # fmt: skip
