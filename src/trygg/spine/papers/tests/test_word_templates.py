"""A Word template of one's own: what it may name, what is refused and how that is said, going back to the standard."""

import io
from pathlib import Path

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from docx import Document

from tests.world import NOW, add, second_factor
from trygg.kernel.access import Denied, Role
from trygg.kernel.people.selectors import actor_from_membership
from trygg.kernel.ui.word_fields import Fault, Wrong, listed
from trygg.spine.papers import services, word
from trygg.spine.papers.models import WordTemplate
from trygg.spine.papers.tests.scene import docx, matter_with_case, uploaded

pytestmark = pytest.mark.full

LOOP = ("{%p for section in sections %}", "{{ section.heading }}", "{{p section.content }}", "{%p endfor %}")


def faults(*paragraphs: str) -> list[Fault]:
    return word.faults_in(docx(*paragraphs))


def test_the_standard_template_passes_its_own_check():
    for language in ("en", "sv"):
        assert word.faults_in(word.standard_file(language)) == []


def test_fields_lists_conditions_and_plain_filters_are_let_through():
    assert faults(
        "{{ title|upper }}", "{% if summary %}{{ summary }}{% endif %}", *LOOP, "{{ proposal.text }}", "{{ part.assurance_state.heading }}",
        "{{p part.assurance_state.content }}", "{% for fact in facts %}{{ loop.index }}. {{ fact.label }}{% endfor %}",
        "{% if sections %}There is something.{% endif %}",
    ) == []  # fmt: skip


@pytest.mark.parametrize(
    ("text", "name", "nearest"),
    [
        ("{{ titel }}", "titel", "title"), ("{{ diarienummer }}", "diarienummer", ""), ("{{ proposal.txt }}", "proposal.txt", "proposal.text"),
        ("{{ part.assurance_stat.heading }}", "part.assurance_stat", "part.assurance_state"), ("{% if sumary %}x{% endif %}", "sumary", "summary"),
        ("{% for s in section %}{{ s.heading }}{% endfor %}", "section", "sections"),
        ("{% for s in sections %}{{ s.headng }}{% endfor %}", "s.headng", "s.heading"),
    ],
)  # fmt: skip
def test_an_unknown_field_is_named_with_the_nearest_that_there_is(text, name, nearest):
    assert faults(text) == [Fault(Wrong.UNKNOWN, name, nearest)]
    said = word.fault_words(faults(text)[0])
    assert f"“{name}”" in said
    assert not nearest or f"Did you mean “{nearest}”?" in said


def test_an_unknown_field_in_the_head_of_the_page_is_found():
    document = Document()
    document.sections[0].header.paragraphs[0].add_run("{{ organisaton }}")
    buffer = io.BytesIO()
    document.save(buffer)
    assert word.faults_in(buffer.getvalue()) == [Fault(Wrong.UNKNOWN, "organisaton", "organisation")]


def test_a_field_that_word_has_torn_apart_is_read_whole():
    document = Document()
    paragraph = document.add_paragraph()
    for piece in ("{{ ti", "tle", " }}"):
        paragraph.add_run(piece)
    buffer = io.BytesIO()
    document.save(buffer)
    assert word.faults_in(buffer.getvalue()) == []


@pytest.mark.parametrize(
    "text",
    [
        "{{ title.__class__.__mro__ }}", "{{ ''.__class__ }}", "{{ title.upper() }}", "{{ title|attr('x') }}", "{{ sections[0] }}",
        "{% for n in range(10**9) %}x{% endfor %}", "{% set x = 1 %}", "{% include 'x' %}", "{% macro m() %}{% endmacro %}", "{{ 2 ** 99 }}",
        "{% for a in sections %}{% for b in sections %}{% for c in sections %}{% for d in sections %}x{% endfor %}{% endfor %}{% endfor %}{% endfor %}",
        "{{ cycler }}", "{{ lipsum() }}", "{{ title ~ title }}",
    ],
)  # fmt: skip
def test_nothing_else_runs_in_a_template(text):
    assert faults(text) != []


def test_what_is_no_text_and_what_stands_in_the_wrong_place_is_said():
    assert faults("{{ sections }}") == [Fault(Wrong.NOT_HERE, "sections")]
    assert faults("{{ proposal }}") == [Fault(Wrong.NOT_HERE, "proposal")]
    assert faults("See {{ part.assurance_state.content }} here") == [Fault(Wrong.PLACE, "part.assurance_state.content")]


def test_a_tag_without_an_end_is_shown():
    [fault] = faults("{% if title %}without an end")
    assert fault.wrong is Wrong.SYNTAX
    assert "cannot be read" in word.fault_words(fault)


@pytest.mark.parametrize("content", [b"no zip at all", docx("x")[:400], b"PK\x03\x04" + b"\0" * 50])
def test_a_file_that_is_no_word_document_is_told(content):
    assert word.faults_in(content) == [Fault(Wrong.FILE)]


def test_every_field_is_documented():
    text = (Path(__file__).parents[5] / "docs" / "papers.md").read_text("utf-8")
    assert [name for name, kind in listed(word.fields()) if kind != "group" and not name.startswith("part.") and f"`{name}`" not in text] == []
    assert [name for name in word.part_names() if f"`{name}`" not in text] == []


# Keeping one ------------------------------------------------------------------------------------------


def keep(people, content: bytes, who: str = "administrator", **more):
    given = {"organisation": people.board, "paper": "report", "language": "en", **more}
    return services.keep_template(actor=people.actor(who), now=NOW, upload=uploaded(content), **given)


def word_of_page(client, matter, paper="report", language="en") -> list[str]:
    answer = client.get(reverse("papers:paper", args=[matter.key, paper, language, "docx"]))
    assert answer.status_code == 200
    return [paragraph.text for paragraph in Document(io.BytesIO(answer.content)).paragraphs]


def test_the_own_template_is_used_for_its_paper_and_language_until_it_is_taken_back(people, signed_in, clock):
    matter = matter_with_case(people)
    template = keep(people, docx("OUR OWN HEAD {{ title }}", *LOOP))
    client = signed_in(people.actor("officer"))
    own = word_of_page(client, matter)
    assert own[0] == f"OUR OWN HEAD {matter.title}"
    assert "How things stand" in own
    assert not word_of_page(client, matter, language="sv")[0].startswith("OUR OWN")
    assert not word_of_page(client, matter, paper="full")[0].startswith("OUR OWN")
    services.restore_template(actor=people.actor("administrator"), now=NOW, template=template)
    assert not word_of_page(client, matter)[0].startswith("OUR OWN")


def test_a_board_without_one_uses_that_of_its_municipality(people, signed_in, clock):
    matter = matter_with_case(people)
    chief = add(people.municipality, "Cecilia Frost", Role.ADMINISTRATOR)
    second_factor(chief.person)
    services.keep_template(
        actor=actor_from_membership(chief, now=NOW), now=NOW, organisation=people.municipality, paper="report", language="en",
        upload=uploaded(docx("THE MUNICIPALITY'S")),
    )  # fmt: skip
    assert word_of_page(signed_in(people.actor("officer")), matter)[0] == "THE MUNICIPALITY'S"


def test_a_new_one_takes_the_place_of_the_old(people):
    keep(people, docx("{{ title }}"))
    second = keep(people, docx("{{ summary }}"))
    assert list(WordTemplate.objects.filter(ended_at=None)) == [second]


def test_an_unknown_field_changes_nothing(people):
    standing = keep(people, docx("{{ title }}"))
    with pytest.raises(ValidationError, match="Did you mean “title”"):
        keep(people, docx("{{ titel }}"))
    assert list(WordTemplate.objects.filter(ended_at=None)) == [standing]


@pytest.mark.parametrize("who", ["officer", "auditor", "vendor", "partner", "outsider"])
def test_only_the_administrator_of_the_organisation_keeps_templates(people, who):
    with pytest.raises(Denied):
        keep(people, docx("{{ title }}"), who)


def test_the_page_says_every_fault_and_keeps_what_was_chosen(people, signed_in, clock):
    client = signed_in(people.actor("administrator"))
    sent = {
        "organisation": people.board.pk, "paper": "full", "language": "sv", "once": "a" * 32,
        "file": SimpleUploadedFile("mall.docx", docx("{{ titel }}", "{{ sumary }}")),
    }  # fmt: skip
    answer = client.post(reverse("papers:templates"), sent)
    html = answer.content.decode()
    assert answer.status_code == 422
    assert "“titel”" in html
    assert "“sumary”" in html
    assert 'value="full"' in html
    assert html.count("checked") >= 2
    answer = client.post(reverse("papers:templates"), sent | {"file": SimpleUploadedFile("mall.docx", b"%PDF-1.7")})
    assert answer.status_code == 422
    assert not WordTemplate.objects.exists()


def test_upload_preview_and_back_by_the_pages(people, signed_in, clock):
    client = signed_in(people.actor("administrator"))
    sent = {
        "organisation": people.board.pk, "paper": "report", "language": "sv", "once": "b" * 32,
        "file": SimpleUploadedFile("mall.docx", docx("VÅR MALL {{ title }}", *LOOP)),
    }  # fmt: skip
    assert client.post(reverse("papers:templates"), sent).status_code == 302
    template = WordTemplate.objects.get()
    preview = client.get(reverse("papers:preview", args=[template.pk]))
    texts = [paragraph.text for paragraph in Document(io.BytesIO(preview.content)).paragraphs]
    assert texts[0] == "VÅR MALL En läshandledare med AI"
    assert len(texts) > len(word.part_names())
    assert client.post(reverse("papers:restore", args=[template.pk])).status_code == 302
    template.refresh_from_db()
    assert template.ended_at == NOW
