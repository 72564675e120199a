"""Which question corresponds to which: shown with the words in force, linked from both sets, for everybody who sees packs."""

import pytest

from tests.world import NOW, SYSTEM
from trygg.kernel.access import Role
from trygg.packs.catalogue import builtin
from trygg.spine.frameworks import correspondence
from trygg.spine.frameworks.models import PackVersion
from trygg.spine.frameworks.services import publish_packs

pytestmark = pytest.mark.django_db
ID = "gdpr-dpia-to-eu-ai-act-deployer"


@pytest.fixture
def versions(db):
    publish_packs(actor=SYSTEM, now=NOW, packs=builtin().packs)
    return {version.pack_id: version for version in PackVersion.objects.filter(current=True)}


def test_a_mapping_shows_both_questions_the_relation_and_how_answers_correspond(versions, people, signed_in):
    client = signed_in(people.actor(Role.OFFICER))
    text = client.get(f"/instruments/mappings/{versions[ID].pk}/").content.decode()
    for words in (
        "Which way do the data go", "In which of your processes", "They ask partly the same", "They ask the same", "not taken over",
        "How data travel is not how people work", "Yes, part by part", "It refers to it, part by part", "The line is checked only in part",
        "Nobody outside the project",
    ):  # fmt: skip
        assert words in text, words
    assert text.count("<h1") == 1
    swedish = client.get(f"/instruments/mappings/{versions[ID].pk}/", HTTP_ACCEPT_LANGUAGE="sv").content.decode()
    assert "Vilken väg tar uppgifterna" in swedish or "grundläggande rättigheter" in swedish
    assert "They ask" not in swedish and "not taken over" not in swedish


def test_both_sets_of_questions_lead_to_it_and_others_do_not(versions, people, signed_in):
    client = signed_in(people.actor(Role.OFFICER))
    link = f"/instruments/mappings/{versions[ID].pk}/"
    pages = {name: client.get(f"/instruments/{versions[name].pk}/").content.decode() for name in ("gdpr-dpia", "eu-ai-act-deployer")}
    assert all(link in text for text in pages.values())
    assert link not in client.get(f"/instruments/{versions['schools-england'].pk}/").content.decode()


def test_another_kind_of_pack_is_no_mapping(versions, people, signed_in):
    client = signed_in(people.actor(Role.OFFICER))
    assert client.get(f"/instruments/mappings/{versions['gdpr-dpia'].pk}/").status_code == 404
    assert client.get(f"/instruments/{versions[ID].pk}/").status_code == 404


def test_where_one_set_is_not_in_force_the_page_says_so(versions, people, signed_in):
    PackVersion.objects.filter(pack_id="gdpr-dpia").update(current=False)
    client = signed_in(people.actor(Role.OFFICER))
    text = client.get(f"/instruments/mappings/{versions[ID].pk}/").content.decode()
    assert "is not in force here" in text and "In which of your processes" not in text


def test_every_shipped_mapping_has_words_on_both_sides(versions):
    shipped = [version for version in versions.values() if version.kind == "mapping"]
    assert len(shipped) >= 17
    for version in shipped:
        source, target = correspondence.ends(SYSTEM, version)
        for pair in correspondence.pairs(version, source, target):
            assert " " in pair.source["en"] and " " in pair.target["sv"], version.pack_id
            assert pair.section and (pair.whole or pair.note)
