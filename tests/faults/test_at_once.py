"""Two who write at the same moment on PostgreSQL, each with a connection of their own: nothing is lost, nothing made twice, the record
stays whole. Each act rests inside its transaction, so that the other one surely comes in between."""

import threading
import time
from collections.abc import Callable

import pytest
from django.db import connection
from django.test import Client

from tests.world import NOW, People, sign_in
from trygg.apps.assessments import services as assessments
from trygg.apps.assessments.models import Answer, AnswerVersion, SignOff
from trygg.apps.assessments.tests import examples
from trygg.apps.committees import services as committees
from trygg.apps.committees.models import Committee, Vote
from trygg.apps.committees.tests.scene import MEETS, make_scene
from trygg.kernel.access import Role
from trygg.kernel.ledger import keys, uow
from trygg.kernel.ledger.models import Entry, Sent
from trygg.kernel.ledger.once import FIELD
from trygg.kernel.ledger.verify import verify_database
from trygg.spine.matters.models import Matter

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]
REST = 0.25  # seconds that an act rests after its begin and before its entry


@pytest.fixture(autouse=True)
def postgres(monkeypatch, settings, tmp_path, clock):
    if connection.vendor != "postgresql":
        pytest.skip("on SQLite one writes after the other: DATABASE_URL names no PostgreSQL")
    settings.TRYGG_LEDGER_KEY = tmp_path / "ledger.key"
    keys.make_key()
    yield
    found = verify_database()
    assert found.ok, list(found)
    indexes = list(Entry.objects.order_by("index").values_list("index", flat=True))
    assert indexes == list(range(len(indexes)))


@pytest.fixture
def at_once(monkeypatch):
    """`at_once(act, act, ...)`: all of them at the same moment; what each gave, or the exception that it raised."""

    def resting(name: str) -> None:
        if name in ("act.begun", "act.written"):
            time.sleep(REST)

    def at_once(*acts: Callable) -> list:
        monkeypatch.setattr(uow, "crash_point", resting)
        gate, gave = threading.Barrier(len(acts)), [None] * len(acts)

        def run(number: int, act: Callable) -> None:
            try:
                gate.wait(10)
                gave[number] = act()
            except Exception as error:  # noqa: BLE001  (it is what the test looks at)
                gave[number] = error
            finally:
                connection.close()

        threads = [threading.Thread(target=run, args=pair) for pair in enumerate(acts)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(60)
        monkeypatch.setattr(uow, "crash_point", lambda name: None)
        return gave

    return at_once


def entries(action: str) -> int:
    return Entry.objects.filter(action=action).count()


def fine(gave: list) -> list:
    assert [one for one in gave if isinstance(one, Exception)] == []
    return gave


def test_two_answers_to_one_question_are_both_kept(people: People, at_once):
    """Both loaded the page before either had saved: one text stands, the other waits beside it, none is overwritten unseen."""
    heard = examples.section(people)
    assessments.save_section(actor=people.actor(Role.OFFICER), now=NOW, section=heard, answers=examples.sent(heard, "who", ["children"]))

    def saving(who: Role, text: str) -> Callable:
        answers = examples.sent(heard, "how", text)
        return lambda: assessments.save_section(actor=people.actor(who), now=NOW, section=heard, answers=answers)

    gave = fine(at_once(saving(Role.OFFICER, "By drawing"), saving(Role.ADMINISTRATOR, "By talking")))
    stands, beside = Answer.objects.get(item_id="how"), AnswerVersion.objects.get()
    assert {stands.value, beside.value} == {"By drawing", "By talking"}
    assert sorted(len(saved.kept.conflicts) for saved in gave) == [0, 1]


def test_answers_to_two_sections_of_one_assessment(people: People, at_once):
    made = examples.assessment(people)
    heard, technique = (examples.section(people, name, made) for name in ("heard", "technique"))
    assessments.assign_section(actor=people.actor(Role.OFFICER), now=NOW, section=technique, organisation=people.vendor)
    before = entries("assessments.section_saved")
    fine(
        at_once(
            lambda: assessments.save_section(
                actor=people.actor(Role.OFFICER), now=NOW, section=heard, answers=examples.sent(heard, "who", ["nobody"])
            ),
            lambda: assessments.save_section(
                actor=people.actor(Role.VENDOR), now=NOW, section=technique, answers=examples.sent(technique, "tested", "yes")
            ),
        )
    )
    assert dict(Answer.objects.values_list("item_id", "value")) == {"who": ["nobody"], "tested": "yes"}
    assert set(made.sections.values_list("state", flat=True)) == {"done"}
    assert entries("assessments.section_saved") - before == 2


def signing(people: People, made, who: Role) -> Callable:
    return lambda: assessments.sign_off(actor=people.actor(who), now=NOW, assessment=made)


def test_two_organisations_sign_off(people: People, at_once):
    made = examples.done(people)
    fine(at_once(signing(people, made, Role.OFFICER), signing(people, made, Role.VENDOR)))
    assert SignOff.objects.filter(withdrawn_at=None).count() == 2
    assert set(made.sections.values_list("state", flat=True)) == {"signed"}
    assert entries("assessments.signed_off") == 2


def test_two_people_sign_off_for_one_organisation(people: People, at_once):
    made = examples.done(people)
    first, second = fine(at_once(signing(people, made, Role.OFFICER), signing(people, made, Role.OFFICER)))
    assert first.pk == second.pk
    assert (SignOff.objects.count(), entries("assessments.signed_off")) == (1, 1)


def voting(scene, item, who: str, ballot: str) -> Callable:
    return lambda: committees.cast_vote(actor=scene.actor(who), now=MEETS, item=item, ballot=ballot)


def test_two_members_vote(people: People, at_once):
    scene = make_scene(people)
    item = scene.proposed()
    fine(at_once(voting(scene, item, "bo", "yes"), voting(scene, item, "elsa", "no"), voting(scene, item, "ali", "no")))
    assert sorted(Vote.objects.values_list("ballot", flat=True)) == ["no", "no", "yes"]


def test_one_member_votes_in_two_windows(people: People, at_once):
    """One seat, one vote: the later of the two stands."""
    scene = make_scene(people)
    item = scene.proposed()
    fine(at_once(voting(scene, item, "bo", "yes"), voting(scene, item, "bo", "no")))
    assert Vote.objects.get().ballot in ("yes", "no")


def test_a_vote_that_comes_while_the_vote_is_closed(people: People, at_once):
    """Either it is counted, or it is refused; never stored uncounted."""
    scene = make_scene(people)
    item = scene.proposed()
    committees.cast_vote(actor=scene.actor("elsa"), now=MEETS, item=item, ballot="yes")
    closed, _voted = at_once(
        lambda: committees.close_voting(actor=scene.secretary, now=MEETS, item=item), voting(scene, item, "bo", "no")
    )
    assert not isinstance(closed, Exception)
    item.refresh_from_db()
    assert sum(item.result["tally"].values()) >= Vote.objects.count()
    assert item.result["tally"]["no"] == Vote.objects.filter(ballot="no").count()


def test_a_form_that_is_sent_twice_at_once(people: People, at_once):
    """A double click without script: two requests under way at once, one matter, both led to it."""
    clients = [sign_in(Client(), people.actor(Role.OFFICER)) for _ in range(2)]
    form = {"kind": "plan", "title": "Ny skolväg", FIELD: "k" * 32}
    first, second = fine(at_once(*(lambda client=client: client.post("/matters/new/", form) for client in clients)))
    assert (first.status_code, second.status_code) == (302, 302)
    assert first["Location"] == second["Location"] == "/matters/ny-skolvag/facts/"
    assert (Matter.objects.count(), entries("matters.matter_created"), Sent.objects.count()) == (1, 1, 1)


@pytest.mark.parametrize(
    ("path", "who", "form", "model"),
    [
        ("/committees/new/", Role.COMMITTEE_SECRETARY,
         {"name": "Rådet", "slug": "radet", "rule": "simple", "quorum_share": "1/2", "quorum_base": "eligible", "answer_days": "14"}, Committee),
        ("/matters/new/", Role.OFFICER, {"kind": "plan", "title": "Ny skolväg"}, Matter),
    ],
)  # fmt: skip
def test_two_forms_that_want_the_same_address(people: People, at_once, path, who, form, model):
    """Not a double submit: two windows, two tokens, one short name. One is told and keeps the text; neither sees a fault page."""
    clients = [sign_in(Client(raise_request_exception=False), people.actor(who)) for _ in range(2)]
    posts = [lambda client=client, n=n: client.post(path, form | {FIELD: str(n) * 32}) for n, client in enumerate(clients)]
    gave = fine(at_once(*posts))
    assert sorted(answer.status_code for answer in gave) == [302, 422]
    assert model.objects.count() == 1
    told = next(n for n, answer in enumerate(gave) if answer.status_code == 422)
    assert "at the same moment" in gave[told].content.decode()
    again = posts[told]()  # nothing was remembered of it: sent again, it acts, or says that the name is taken
    assert again.status_code == (302 if model is Matter else 422)
