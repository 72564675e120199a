"""Words explained where they stand: once a page, never in a heading's place, and the page of all of them."""

import re

import pytest
from django.template import Context, Template
from django.test import RequestFactory
from django.utils.safestring import mark_safe
from django.utils.translation import override

from trygg.kernel.ui import glossary


def shown(source, **context):
    return Template("{% load glossary %}" + source).render(Context(context))


def page_of(*texts):
    """What one request makes of these texts."""
    found = []

    def view(request):
        found.extend(shown("{{ text|terms }}", text=text) for text in texts)

    glossary.GlossaryMiddleware(view)(RequestFactory().get("/"))
    return found


def test_a_term_is_explained_where_it_stands_first_on_the_page_and_again_on_the_next():
    first, second = page_of("A risk is a risk.", "Another risk, and consent.")
    assert first.count('id="term-risk"') == 1 and first.endswith("is a risk.")
    assert "term-risk" not in second and 'id="term-consent"' in second
    assert 'id="term-risk"' in page_of("risk")[0]


def test_without_script_it_is_a_link_to_the_page_of_words():
    html = shown("{{ text|terms }}", text="Consent")
    assert html.startswith(
        '<dfn class="t-term"><a class="t-term__word" href="/glossary/#consent" aria-describedby="term-consent">Consent</a>'
    )
    assert 'role="tooltip" id="term-consent"' in html and "Means something else to:" in html and "Health care" in html


def test_text_is_escaped_and_html_is_left_alone():
    html = shown("{{ text|terms }}", text="<b>risk</b> & profiling")
    assert "&lt;b&gt;<dfn" in html and "</dfn>&lt;/b&gt; &amp; <dfn" in html and "<b>risk" not in html
    assert shown("{{ text|terms }}", text=mark_safe("<b>risk</b>")) == "<b>risk</b>"
    assert shown("{{ text|terms }}", text=None) == "" and shown("{{ text|terms }}", text="") == ""


def test_words_are_those_of_the_language_and_no_parts_of_words():
    with override("sv"):
        html = shown("{{ text|terms }}", text="Riskanalysen tar upp riskerna och AI-modellens risk-nivå.")
        assert re.findall(r'id="term-([^"]+)"', html) == ["risk"] and ">riskerna</a>" in html
        assert "term-" not in shown("{{ text|terms }}", text="Consent")
    assert "term-" not in shown("{{ text|terms }}", text="Samtycke")


def test_below_a_heading_stand_the_words_that_are_in_it():
    html = shown("{% words_in a b %}", a="Is profiling a risk?", b="Risk")
    assert "Words explained:" in html and re.findall(r'id="term-([^"]+)"', html) == ["profiling", "risk"]
    assert shown("{% words_in a %}", a="Nothing here").strip() == ""
    assert "Word explained:" in shown("{% words_in a %}", a="A risk")


@pytest.mark.django_db
def test_the_page_has_every_word_with_both_languages_and_an_anchor(client):
    text = client.get("/glossary/").content.decode()
    for term in glossary.terms():
        assert f'id="{term.id}"' in text, term.id
    assert 'lang="sv"' in text and "The same word means something else to" in text and "Barnets bästa" in text
    assert text.count("<h1") == 1 and "footer" in text and 'href="/glossary/"' in text


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("q", "ids"),
    [
        ("orosanmälan", {"orosanmalan", "concern"}),
        ("DATA PROTECTION officer", {"data-protection-officer"}),
        ("xyzzy", set()),
    ],
)
def test_a_search_finds_words_of_either_language(client, q, ids):
    text = client.get("/glossary/", {"q": q}).content.decode()
    found = set(re.findall(r'<article class="t-entry" id="([^"]+)"', text))
    assert ids <= found and len(found) < 12 and (ids or not found)
    if not found:
        assert "No word about" in text and "Try a shorter word" in text


@pytest.mark.django_db
def test_what_is_asked_for_is_escaped(client):
    text = client.get("/glossary/", {"q": '"><script>'}).content.decode()
    assert '"><script>' not in text


def test_swedish_letters_come_last():
    with override("sv"):
        names = [glossary.said(term.term, "sv") for term in glossary.search("", "sv")]
    first = [name[0].upper() for name in names]
    assert first.index("Å") > first.index("T") and (("Ä" not in first) or first.index("Ä") > first.index("Å"))
