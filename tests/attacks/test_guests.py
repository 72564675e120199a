"""Someone who came by a one-purpose link reads what was given to them by name, and nothing of the organisation's."""

import pytest

from tests.world import NOW
from trygg.kernel.access import ANONYMOUS, Role, restrict
from trygg.kernel.access.rules import RULES
from trygg.kernel.people import services
from trygg.kernel.people.selectors import actor_from_membership
from trygg.kernel.people.tests.mail import code_in_mail
from trygg.spine.matters.services import create_matter

GUEST = "gun@norra-vik.example"


@pytest.fixture
def guest(people):
    """A contributor "of the police" whom an officer of the school board asked for something."""
    token = services.make_purpose_link(
        actor=people.actor(Role.OFFICER), now=NOW, organisation=people.agency, email=GUEST, name="Gun Gäst", role="contributor",
        path="/home/",
    )  # fmt: skip
    services.send_link_code(actor=ANONYMOUS, now=NOW, token=token)
    link = services.use_link_code(actor=ANONYMOUS, now=NOW, token=token, code=code_in_mail(GUEST))
    return actor_from_membership(link.membership, now=NOW)


@pytest.fixture
def matter(people):
    return create_matter(actor=people.actor("partner"), now=NOW, owner=people.agency, kind="plan", title="Spaning i skolor")


def test_a_guest_does_not_see_the_matters_of_the_organisation(guest, matter, people, clock, signed_in):
    client = signed_in(guest)
    assert b"Spaning" not in client.get("/matters/").content
    assert client.get(f"/matters/{matter.key}/").status_code == 404


def test_a_colleague_does(matter, people, clock, signed_in):
    assert b"Spaning" in signed_in(people.actor("partner")).get("/matters/").content


# What anyone who is signed in may see, or what is the guest's own.
OPEN_TO_ALL = {"people.be", "people.view_membership", "people.view_organisation", "frameworks.view_pack"}


def test_no_rule_shows_a_guest_a_row_of_the_organisation(guest, matter):
    """Every rule there is: also of rooms that are written later."""
    seen = {action for action in RULES if not action.startswith("test.") and restrict(guest, action).exists()}
    assert seen - OPEN_TO_ALL == set()


def test_a_link_opens_the_section_it_leads_to_and_no_other(people, clock):
    """Two sections are given to the police, and someone there is asked for one of them."""
    from trygg.apps.assessments import services as assessments
    from trygg.apps.assessments.tests import examples
    from trygg.kernel.people.models import PurposeLink

    officer = people.actor(Role.OFFICER)
    made = examples.assessment(people)
    heard, technique = made.sections.get(section_id="heard"), made.sections.get(section_id="technique")
    for section in (heard, technique):
        assessments.assign_section(actor=officer, now=NOW, section=section, organisation=people.agency)
    services.make_purpose_link(
        actor=officer, now=NOW, organisation=people.agency, email=GUEST, name="Gun", role="contributor",
        path=f"/assessments/sections/{heard.pk}/",
    )  # fmt: skip
    actor = actor_from_membership(PurposeLink.objects.get().membership, now=NOW)
    assert set(restrict(actor, "assessments.view_section")) == {heard}
    assert set(restrict(actor, "assessments.answer_section")) == {heard}
    PurposeLink.objects.update(withdrawn_at=NOW)
    assert not restrict(actor, "assessments.view_section").exists()
