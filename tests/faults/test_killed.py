"""A process that is killed in the middle of an act: nothing is half written, nothing that was answered is lost, the record
verifies, and the same act can be done again. The points are those of every unit of work (`kernel/ledger/uow.py`)."""

import json
import shutil

import pytest

from tests.faults.home import MAKE, run_in
from trygg.kernel.ledger.faults import CRASH_EXIT

pytestmark = pytest.mark.slow

# Before the write; between the row and its entry in the record; before the commit; after it, before the reply.
POINTS = ("act.begun", "act.written", "act.recorded", "act.committed")
OFFICER, VENDOR, SECRETARY = "leila@lindvika-bun.example", "viktor@laslyft.example", "johan@lindvika-bun.example"
BO = "bo@norra-vik.example"


@pytest.fixture(scope="module")
def first_home(tmp_path_factory):
    """A world with an assessment that waits for two signatures, and a committee that votes."""
    home = tmp_path_factory.mktemp("home")
    run_in(
        home,
        MAKE
        + """
from tests.world import People
from trygg.apps.assessments.tests import examples
from trygg.apps.committees.tests.scene import make_scene
people = People.make()
examples.done(people)
make_scene(people).proposed()
connection.close()
""",
    )
    return home


@pytest.fixture
def home(first_home, tmp_path):
    return shutil.copytree(first_home, tmp_path / "home")


STATE = """
from trygg.apps.assessments.models import Assessment, SectionAssignment, SignOff
from trygg.apps.committees.models import Item, Vote
from trygg.spine.matters.models import Matter
"""
SAID = """
said(
    signed=sorted(SignOff.objects.filter(withdrawn_at=None).values_list("organisation__slug", flat=True)),
    sections=sorted(SectionAssignment.objects.filter(assessment=Assessment.objects.get()).values_list("state", flat=True)),
    votes=dict(Vote.objects.values_list("seat__membership__person__email", "ballot")),
    item=Item.objects.get().state,
    matters=Matter.objects.filter(title="Ny skolväg").count(),
)
"""


def state(home) -> dict:
    return json.loads(run_in(home, STATE + SAID))


def act(who: str, path: str, data: str = "{}", *, point: str = "") -> str:
    """A person posts a form; the process dies at `point` of that act."""
    dying = f"die_at({point!r})\n" if point else ""
    post = f"answer = page.post({path}, {data})\nassert answer.status_code == 302, answer.status_code\nprint('answered', flush=True)\n"
    return f"page = as_({who!r})\n{dying}{post}"


SIGN = "f'/assessments/{Assessment.objects.get().pk}/sign/'"
VOTE = "f'/committees/items/{Item.objects.get().pk}/vote/'"
COUNT = "f'/committees/items/{Item.objects.get().pk}/close/'"
NEW = {"kind": "plan", "title": "Ny skolväg", "form_token": "k" * 32}


@pytest.mark.parametrize("point", POINTS)
def test_a_sign_off(home, point):
    """The officer's signature is answered; the vendor's process is killed."""
    answered = run_in(home, STATE + act(OFFICER, SIGN) + act(VENDOR, SIGN, point=point), code=CRASH_EXIT)
    assert answered.split() == ["answered"]
    found, through = state(home), point == "act.committed"
    assert found["sound"]
    assert found["signed"] == (["laslyft", "lindvika-bun"] if through else ["lindvika-bun"])
    assert found["sections"] == ["signed", "signed"] if through else ["done", "signed"]
    assert found["acts"].count("assessments.signed_off") == len(found["signed"])
    run_in(home, STATE + act(VENDOR, SIGN))
    found = state(home)
    assert (found["signed"], found["sections"]) == (["laslyft", "lindvika-bun"], ["signed", "signed"])
    assert (found["acts"].count("assessments.signed_off"), found["sound"]) == (2, True)


@pytest.mark.parametrize("point", [point for point in POINTS if point != "act.recorded"])  # a ballot leaves no entry of its own
def test_a_vote(home, point):
    """One vote is answered; the next one's process is killed."""
    yes, no = "{'ballot': 'yes'}", "{'ballot': 'no'}"
    answered = run_in(home, STATE + act("amara@lindvika-bun.example", VOTE, yes) + act(BO, VOTE, no, point=point), code=CRASH_EXIT)
    assert answered.split() == ["answered"]
    found = state(home)
    assert found["sound"]
    assert found["votes"] == {"amara@lindvika-bun.example": "yes"} | ({BO: "no"} if point == "act.committed" else {})
    run_in(home, STATE + act(BO, VOTE, no))
    assert state(home)["votes"] == {"amara@lindvika-bun.example": "yes", BO: "no"}


@pytest.mark.parametrize("point", POINTS)
def test_the_count_of_the_votes(home, point):
    run_in(home, STATE + act(BO, VOTE, "{'ballot': 'no'}"))
    run_in(home, STATE + act(SECRETARY, COUNT, point=point), code=CRASH_EXIT)
    found, through = state(home), point == "act.committed"
    assert (found["sound"], found["votes"], found["item"]) == (True, {BO: "no"}, "counted" if through else "voting")
    assert found["acts"].count("committees.voting_closed") == through
    run_in(home, STATE + act(SECRETARY, COUNT))
    found = state(home)
    assert (found["item"], found["acts"].count("committees.voting_closed"), found["sound"]) == ("counted", 1, True)


@pytest.mark.parametrize("point", POINTS)
def test_a_matter_that_is_opened(home, point):
    """Whoever sends the form again, since no answer came, makes one and lands on it."""
    run_in(home, STATE + act(OFFICER, "'/matters/new/'", repr(NEW), point=point), code=CRASH_EXIT)
    assert (state(home)["matters"], state(home)["sound"]) == (int(point == "act.committed"), True)
    again = act(OFFICER, "'/matters/new/'", repr(NEW)) + "print(answer['Location'])\n"
    place = run_in(home, STATE + again).split()[-1]
    assert place == ("/matters/ny-skolvag/" if point == "act.committed" else "/matters/ny-skolvag/facts/")
    found = state(home)
    assert (found["matters"], found["acts"].count("matters.matter_created"), found["sound"]) == (1, 3, True)
