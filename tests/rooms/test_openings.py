"""Matters for many systems as one act: chosen, looked at, opened, taken back as long as nothing was added to them."""

import re

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from tests.world import NOW, People
from trygg.kernel.access import Denied
from trygg.kernel.ledger.models import Entry
from trygg.kernel.work.models import Notification
from trygg.spine.assurance import services as assurance
from trygg.spine.assurance.models import Case, Claim
from trygg.spine.frameworks.services import publish_packs
from trygg.spine.matters import services
from trygg.spine.matters.many import services as many
from trygg.spine.matters.models import ImportRun, Matter, Opening, System
from trygg.spine.matters.services import FactAnswer
from trygg.spine.matters.tests import scene

pytestmark = [pytest.mark.django_db, pytest.mark.full]
NEW = "/matters/openings/new/"


@pytest.fixture
def systems(people: People) -> list[System]:
    scene.applied(people)
    return list(System.objects.order_by("pk"))


@pytest.fixture
def officer(people, signed_in, clock):
    return signed_in(people.actor("officer"))


def opened(people: People, systems, **more) -> Opening:
    call = {"owner": people.board, "systems": systems, "kind": "deployment", "accountable": people.memberships["contributor"]}
    return many.open_matters(actor=people.actor("officer"), now=NOW, **call | more)


def undone(people: People, opening: Opening) -> Opening:
    return many.undo_opening(actor=people.actor("officer"), now=NOW, opening=opening)


def test_one_matter_a_system_each_with_its_case_and_its_entry(people, systems):
    System.objects.filter(pk=systems[0].pk).update(record=systems[0].record | {"status": "in_use"})
    made = opened(people, systems)
    matters = list(Matter.objects.order_by("system_id"))
    assert [(m.title, m.system_id, m.accountable, m.opening) for m in matters] == [
        (system.name, system.pk, people.memberships["contributor"], made) for system in systems
    ]
    assert [m.stage for m in matters] == ["in_use", "idea", "idea"]
    assert Case.objects.count() == 3
    assert [m.facts.get().value for m in matters] == ["SE"] * 3
    for matter in matters:
        entry = Entry.objects.get(action="matters.matter_created", subject_id=str(matter.pk))
        assert entry.public["opening"] == made.pk
    assert Entry.objects.get(action="matters.matters_opened").public["count"] == 3
    told = Notification.objects.get(person=people.person("contributor"))
    assert (told.path, told.params) == (f"/matters/openings/{made.pk}/", {"count": 3})


def test_two_systems_of_one_name_get_two_addresses(people, systems):
    System.objects.update(name="Tutor")
    opened(people, systems)
    assert set(Matter.objects.values_list("key", flat=True)) == {"tutor", "tutor-2", "tutor-3"}


def test_who_has_a_matter_is_left_out(people, systems):
    opened(people, systems[:1])
    made = opened(people, systems)
    assert (made.count, made.left_out, Matter.objects.count()) == (2, 1, 3)
    with pytest.raises(ValidationError, match="no matter yet"):
        opened(people, systems)
    assert Matter.objects.count() == 3


def test_all_or_none(people, systems, monkeypatch):
    monkeypatch.setattr(many, "MOST", 2)
    with pytest.raises(ValidationError, match="At most 2 matters"):
        opened(people, systems)
    with pytest.raises(ValidationError, match="children meet them"):
        opened(people, systems[:1], kind="plan")
    with pytest.raises(Denied):
        opened(people, [], accountable=people.memberships["outsider"])
    foreign = System.objects.create(name="Theirs", owner=people.stranger, created_at=NOW, updated_at=NOW)
    with pytest.raises(Denied):
        opened(people, [systems[0], foreign])
    assert (Matter.objects.count(), Opening.objects.count()) == (0, 0)


def test_it_is_taken_back_as_one_act(people, systems):
    made = undone(people, opened(people, systems))
    assert made.report == {"deleted": 3, "kept": []}
    assert (Matter.objects.count(), Case.objects.count(), System.objects.count()) == (0, 0, 3)
    entries = Entry.objects.filter(action="matters.opening_undone")
    assert undone(people, made).report["deleted"] == 3
    assert entries.count() == 1  # taken back twice is taken back once
    assert opened(people, systems).count == 3  # and may be opened again


def add_fact(people, matter):
    answer = {"touches_children": FactAnswer("value", True)}
    services.answer_facts(actor=people.actor("officer"), now=NOW, matter=matter, answers=answer)


def edit(people, matter):
    later = NOW.replace(hour=13)
    services.edit_matter(actor=people.actor("officer", later), now=later, matter=matter, changes={"summary": "Reads"})


def contest(people, matter):
    claim = Claim.objects.filter(case__matter=matter).first()
    assurance.contest_claim(actor=people.actor("officer"), now=NOW, claim=claim, title="It does not hold", note="")


def give(people, matter):
    claim = Claim.objects.filter(case__matter=matter).first()
    assurance.assign_claim(actor=people.actor("officer"), now=NOW, claim=claim, owner=people.memberships["officer"], due_on=None)


def assess(people, matter):
    from trygg.apps.assessments.services import start_assessment
    from trygg.apps.assessments.tests.examples import pack

    start_assessment(actor=people.actor("officer"), now=NOW, matter=matter, pack=pack())


def share(people, matter):
    services.share_matter(
        actor=people.actor("officer"), now=NOW, matter=matter, organisation=people.agency, level="read", purpose="Samråd", legal_basis="Ingen",
        ends_at=NOW.replace(year=2027),
    )  # fmt: skip


@pytest.mark.parametrize(
    ("add", "why"), [(add_fact, "added"), (edit, "edited"), (contest, "added"), (give, "added"), (assess, "added"), (share, "added")]
)
def test_what_something_was_added_to_stays_and_is_listed(people, systems, add, why):
    from trygg.packs.catalogue import builtin

    if add in (contest, give):
        publish_packs(actor=people.actor("officer").system("tests"), now=NOW, packs=builtin().packs)
    made = opened(people, systems)
    matter = Matter.objects.get(system=systems[1])
    add(people, matter)
    made = undone(people, made)
    assert made.report == {"deleted": 2, "kept": [{"matter": matter.key, "title": systems[1].name, "why": why}]}
    assert list(Matter.objects.all()) == [matter]


# Pages ----------------------------------------------------------------------------------------------------------------


def boxes(page: str) -> list[str]:
    return re.findall(r'name="system" type="checkbox" value="(\d+)"', page)


def test_the_walk_from_the_import_to_the_matters_and_back(people, systems, officer):
    run = ImportRun.objects.get().pk
    assert f"{NEW}?run={run}" in officer.get(reverse("matters:import_run", args=[run])).content.decode()
    page = officer.get(f"{NEW}?run={run}").content.decode()
    assert sorted(boxes(page)) == sorted(str(system.pk) for system in systems)
    assert page.count("checked") == 0
    assert officer.get(f"{NEW}?run={run}&all=1").content.decode().count(" checked") == 3  # all on the page, without script
    chosen = {"system": boxes(page)[:2]}
    preview = officer.post(NEW, chosen).content.decode()
    assert "2 matters will be opened" in preview
    assert Matter.objects.count() == 0
    given = chosen | {"confirm": "1", "kind": "deployment", "accountable": people.memberships["officer"].pk}
    answer = officer.post(NEW, given)
    made = Opening.objects.get()
    assert answer.url == f"/matters/openings/{made.pk}/"
    assert "2 matters were opened at once" in officer.get(answer.url).content.decode()
    assert len(boxes(officer.get(NEW).content.decode())) == 1  # who has one is offered no more
    assert officer.post(f"{answer.url}undo/").url == answer.url
    assert "2 matters were taken back." in officer.get(answer.url).content.decode()


def test_what_is_wrong_is_said_and_what_was_chosen_stays(people, systems, officer):
    nothing = officer.post(NEW, {})
    assert nothing.status_code == 422
    assert "Choose at least one system" in nothing.content.decode()
    keys = [str(system.pk) for system in systems]
    without = officer.post(NEW, {"system": keys, "confirm": "1"})
    assert without.status_code == 422
    page = without.content.decode()
    assert [key for key in keys if f'name="system" value="{key}"' in page] == keys
    assert officer.post(NEW, {"system": [*keys, "999999999999999999999", "x"]}).status_code == 200  # what is no key is passed over


def test_more_than_fit_at_once_is_said_plainly(people, systems, officer, monkeypatch):
    from trygg.spine.matters.many import views

    monkeypatch.setattr(many, "MOST", 2)
    monkeypatch.setattr(views, "PER_PAGE", 1)
    assert "Go on with the first 2" in officer.get(NEW).content.decode()
    assert officer.post(NEW, {"system": [str(system.pk) for system in systems]}).status_code == 422
    page = officer.post(NEW, {"scope": "found"}).content.decode()
    assert "2 matters will be opened" in page
    assert "At most 2 at once: one system is left for the next time." in page


def test_the_systems_of_others_are_not_offered(people, systems, signed_in, clock):
    page = signed_in(people.actor("outsider")).get(f"{NEW}?run={ImportRun.objects.get().pk}").content.decode()
    assert boxes(page) == []
