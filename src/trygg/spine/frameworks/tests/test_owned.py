"""Questions of one organisation: who sees and uses them, what is refused, that others' ids do not show."""

import json

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile

from tests.world import NOW, SYSTEM, People
from trygg.kernel.access import Role, may, restrict
from trygg.kernel.ledger.models import Entry
from trygg.packs.catalogue import read_builtin
from trygg.packs.loader import MAX_BYTES, pack_from_data
from trygg.spine.frameworks import services, uploads
from trygg.spine.frameworks.models import PackVersion
from trygg.spine.frameworks.owned import as_written, own_id
from trygg.spine.frameworks.readers import Named
from trygg.spine.frameworks.selectors import current, engine_pack
from trygg.spine.frameworks.selectors import pack as pack_of
from trygg.spine.frameworks.tests.examples import own_pack, published

pytestmark = pytest.mark.django_db
NAMED = Named(NOW.date())


@pytest.fixture
def shipped(people) -> None:
    services.publish_packs(actor=SYSTEM, now=NOW, packs=read_builtin())


def upload(data, name="own.json", **more):
    raw = data if isinstance(data, bytes) else json.dumps(data).encode()
    return SimpleUploadedFile(name, raw, **more)


def codes(draft: uploads.Draft) -> set[str]:
    return {problem.code for problem in draft.problems}


def test_two_organisations_give_the_same_id_and_neither_learns_of_the_other(people: People):
    ours = published(people)
    people.memberships["administrator"].organisation = people.agency
    people.memberships["administrator"].save()
    theirs = services.publish_own_pack(
        actor=people.actor(Role.ADMINISTRATOR), now=NOW, organisation=people.agency, pack=own_pack()
    )
    assert ours.pack_id != theirs.pack_id and own_id(ours.pack_id) == own_id(theirs.pack_id) == "own-questions"
    assert PackVersion.objects.filter(current=True).count() == 2
    assert engine_pack(ours).items.keys() == engine_pack(theirs).items.keys()
    assert as_written(pack_of(ours)).hash == own_pack().hash


@pytest.mark.parametrize(("who", "sees"), [(Role.OFFICER, True), (Role.AUDITOR, True), ("partner", False), ("outsider", False), (Role.VENDOR, False)])
def test_only_the_own_organisation_sees_it(people: People, who, sees):
    assert may(people.actor(who), "frameworks.view_pack", published(people)) is sees


def test_what_a_municipality_publishes_its_boards_see_and_use(people: People):
    member = people.memberships["administrator"]
    member.organisation = people.municipality
    member.save()
    version = services.publish_own_pack(
        actor=people.actor(Role.ADMINISTRATOR), now=NOW, organisation=people.municipality, pack=own_pack()
    )
    assert may(people.actor(Role.OFFICER), "frameworks.view_pack", version)
    assert not may(people.actor("partner"), "frameworks.view_pack", version)
    assert [each.pk for each in current("instrument", people.board)] == [version.pk]
    assert current("instrument", people.agency) == [] and current("instrument") == []


def test_an_administrator_publishes_for_no_other_organisation(people: People):
    from trygg.kernel.access import Denied

    with pytest.raises(Denied):
        services.publish_own_pack(actor=people.actor(Role.ADMINISTRATOR), now=NOW, organisation=people.agency, pack=own_pack())


def test_what_comes_with_trygg_is_not_replaced(people: People, shipped):
    draft = uploads.read_upload(upload({**own_pack().data, "id": "child-rights-screening"}), people.board, NAMED)
    assert codes(draft) == {"shipped"} and "lindvika-bun-child-rights-screening" in draft.problems[0].reason
    with pytest.raises(ValidationError, match="comes with Trygg"):
        services.publish_own_pack(
            actor=people.actor(Role.ADMINISTRATOR), now=NOW, organisation=people.board,
            pack=pack_from_data({**own_pack().data, "id": "child-rights-screening"}),
        )  # fmt: skip


def test_a_version_never_changes_and_never_goes_back(people: People):
    published(people, "1.1.0")
    changed = {**own_pack("1.1.0").data, "licence": "MIT"}
    assert codes(uploads.read_upload(upload(changed), people.board, NAMED)) == {"published_already"}
    assert codes(uploads.read_upload(upload(own_pack("1.0.9").data), people.board, NAMED)) == {"not_newer"}
    assert codes(uploads.read_upload(upload(own_pack("1.1.0").data), people.board, NAMED)) == {"there_already"}
    assert codes(uploads.read_upload(upload(own_pack("1.10.0").data), people.board, NAMED)) == set()
    assert PackVersion.objects.count() == 1


def test_withdrawn_nothing_begins_with_it_and_it_can_come_back(people: People):
    administrator, version = people.actor(Role.ADMINISTRATOR), published(people)
    services.withdraw_pack(actor=administrator, now=NOW, version=version)
    assert current("instrument", people.board) == []
    assert restrict(people.actor(Role.OFFICER), "frameworks.view_pack").filter(pk=version.pk).exists()
    again = services.publish_own_pack(actor=administrator, now=NOW, organisation=people.board, pack=own_pack())
    assert again.pk == version.pk and again.current
    actions = list(Entry.objects.filter(action__startswith="frameworks").values_list("action", flat=True))
    assert actions == ["frameworks.pack_published", "frameworks.pack_withdrawn", "frameworks.pack_restored"]


def test_an_old_version_is_not_put_in_force_again(people: People):
    old = published(people)
    published(people, "1.1.0")
    with pytest.raises(ValidationError, match=r"1\.1\.0 is newer"):
        services.restore_pack(actor=people.actor(Role.ADMINISTRATOR), now=NOW, version=old)


def test_everything_wrong_is_said_at_once_and_nothing_is_stored(people: People):
    data = {**own_pack().data, "licence": "", "colour": "red"}
    data["sections"] = [{**data["sections"][0], "items": [{**data["sections"][0]["items"][0], "type": "colour"}]}]
    draft = uploads.read_upload(upload(data), people.board, NAMED)
    assert {problem.path for problem in draft.problems} >= {"licence", "colour", "sections[0].items[0].type"}
    assert not PackVersion.objects.exists() and uploads.sealed(draft, people.board)


@pytest.mark.parametrize(
    ("raw", "code"),
    [
        (b"", "not_a_pack"),
        (b"just words", "not_a_pack"),
        (b"\xff\xfe\x00", "not_utf8"),
        (b"{\"kind\": \"instrument\"", "not_yaml"),
        (b"kind: rules\nid: x\n", "not_uploaded"),
        (b"a: &x 1\nb: *x\n", "alias"),
        (b"PK\x03\x04nonsense", None),
        (b'{"kind": "instrument", "kind": "rules"}', "duplicate_key"),
        (b"[" * 5000, None),
        (b"x" * (MAX_BYTES + 1), "too_large"),
    ],
)
def test_what_is_no_such_file_is_refused_plainly(people: People, raw, code):
    draft = uploads.read_upload(upload(raw, "x.yaml"), people.board, NAMED)
    assert draft.pack is None or draft.problems
    assert draft.problems and (code is None or code in codes(draft))


def test_yaml_and_json_give_the_same_pack(people: People):
    import yaml

    as_yaml = yaml.safe_dump(dict(own_pack().data), allow_unicode=True).encode()
    one = uploads.read_upload(upload(as_yaml, "own.yaml"), people.board, NAMED)
    other = uploads.read_upload(upload(own_pack().data), people.board, NAMED)
    assert one.problems == other.problems == ()
    assert one.pack.hash == other.pack.hash == own_pack().hash


def test_a_draft_is_opened_only_where_it_was_sealed(people: People):
    draft = uploads.read_upload(upload(own_pack().data), people.board, NAMED)
    token = uploads.sealed(draft, people.board)
    assert uploads.opened(token, people.board).hash == draft.pack.hash
    assert uploads.opened(token, people.agency) is None
    assert uploads.opened(token[:-1] + ("A" if token[-1] != "A" else "B"), people.board) is None


SURVEY = {
    "title": {"default": "Reading aloud", "sv": "Högläsning"},
    "pages": [
        {
            "name": "heard",
            "title": {"default": "Heard", "sv": "Hörda"},
            "elements": [
                {
                    "type": "radiogroup",
                    "name": "asked",
                    "isRequired": True,
                    "title": {"default": "Were children asked?", "sv": "Frågades barnen?"},
                    "choices": [
                        {"value": "item1-0", "text": {"default": "Yes", "sv": "Ja"}},
                        {"value": "item2-3", "text": {"default": "No", "sv": "Nej"}},
                    ],
                }
            ],
        }
    ],
}


def test_a_surveyjs_file_becomes_questions_and_the_next_one_the_next_version(people: People):
    first = uploads.read_upload(upload(SURVEY, "reading.json"), people.board, NAMED)
    assert first.form == "surveyjs" and first.problems == () and first.pack.version == "1.0.0"
    services.publish_own_pack(
        actor=people.actor(Role.ADMINISTRATOR), now=NOW, organisation=people.board, pack=first.pack
    )
    changed = json.loads(json.dumps(SURVEY))
    changed["pages"][0]["elements"][0]["title"]["default"] = "Which children were asked?"
    second = uploads.read_upload(upload(changed, "reading.json"), people.board, NAMED)
    assert second.problems == () and second.pack.version == "1.1.0" and second.pack.id == first.pack.id


def test_everything_wrong_with_a_survey_is_said_at_once(people: People):
    twice = [{"type": "radiogroup", "name": "a", "choices": []}, {"type": "radiogroup", "name": "a", "choices": [1]}]
    broken = {"title": "x", "pages": [{"name": "p", "elements": twice}]}
    draft = uploads.read_upload(upload(broken, "x.json"), people.board, NAMED)
    assert draft.pack is None and draft.problems and not PackVersion.objects.exists()


def test_a_workbook_becomes_questions(people: People):
    from trygg.engines.instruments.workbook_packs import pack_to_workbook

    raw = pack_to_workbook(dict(own_pack().data))
    draft = uploads.read_upload(upload(raw, "own.xlsx"), people.board, NAMED)
    assert draft.form == "workbook" and draft.problems == () and draft.pack.hash == own_pack().hash
