from datetime import UTC, date, datetime

import pytest
from django.core.paginator import Paginator
from django.utils import translation

from trygg.kernel.ui import parts, views, words

pytestmark = pytest.mark.django_db  # once the rooms are there, the menu of a page counts what waits

COURSES = [
    parts.Course(
        "CRC",
        "",
        [
            parts.Stone("contested", "Heard", "#1"),
            parts.Stone("supported", "Best interests", "#2"),
            parts.Stone("missing", "Play", "#3"),
        ],
    )
]


def test_a_stone_says_in_words_what_it_is(render):
    html = render("{% stone 'stale' 'Same version' '/c/1' %}", "sv")
    assert '<span class="govuk-visually-hidden">Inaktuell: Same version</span>' in html
    assert 'href="/c/1"' in html


def test_stones_stand_in_the_order_of_the_picture(render):
    html = render("{% courses c %}", c=COURSES)
    assert html.index("t-stone--supported") < html.index("t-stone--missing") < html.index("t-stone--contested")
    assert "1 of 3" in html


def test_the_picture_counts_holes_too(render):
    html = render("{% case_picture c %}", "sv", c=COURSES)
    assert '<li class="is-missing"><b>1</b>' in html
    assert '<li class="is-stale"><b>0</b>' in html
    assert "Så står det till" in html


def test_a_title_is_escaped(render):
    assert "<script>" not in render(
        "{% stone 'missing' t '/c' %}{% claim_list c %}", t="<script>", c=[parts.Claim("<script>", "missing")]
    )


def test_contested_claims_come_first(render):
    claims = [parts.Claim("A", "supported"), parts.Claim("B", "contested"), parts.Claim("C", "stale")]
    html = render("{% claim_list c %}", c=claims)
    assert html.index(">B<") < html.index(">C<") < html.index(">A<")


def test_components_take_dicts_too(render):
    html = render(
        "{% claim_row c %}{% courses k %}",
        c={"title": "T", "status": "stale", "reasons": [{"status": "stale", "text": "old"}]},
        k=[{"name": "N", "stones": [{"status": "stale", "title": "x"}]}],
    )
    assert "old" in html
    assert "t-stone--stale" in html


def test_a_late_task_says_how_late(render):
    task = parts.Task("Answer", "/t", due=date(2026, 11, 20))
    html = render("{% task_list t %}", t=[task], today=date(2026, 11, 22))
    assert "t-task--late" in html
    assert "2 days late" in html
    assert "was due 20\u00a0November" in html


@pytest.mark.parametrize(
    ("due", "first"), [(date(2026, 11, 22), "Today"), (date(2026, 11, 23), "Tomorrow"), (date(2026, 11, 24), "Tuesday")]
)
def test_a_deadline_begins_with_the_weekday(due, first):
    with translation.override("en"):
        assert words.due_words(due, date(2026, 11, 22))[0] == first


def test_what_lies_ahead_is_dotted_and_newest_comes_first(render):
    events = [parts.Event(date(2026, 11, 3), "Version"), parts.Event(datetime(2026, 12, 9, 9, tzinfo=UTC), "Board")]
    html = render("{% timeline e %}", e=events, today=date(2026, 11, 22))
    assert html.index("Board") < html.index("Version")
    assert html.count("is-ahead") == 1


def test_sealed_answers_are_counted_and_never_named(render):
    html = render("{% sealed 7 3 %}")
    assert "7 of 10 have answered" in html
    assert html.count("t-vote--sealed") == 7


def test_pages_keep_the_query_and_name_the_present_one(render):
    html = render("{% pagination p %}", p=Paginator(range(100), 10).get_page(3))
    assert 'aria-current="page"' in html
    assert "?page=4" in html


def test_an_unknown_status_is_an_error_and_not_a_fifth_state(render):
    with pytest.raises(KeyError):
        render("{% state_chip 'unknown' %}")


@pytest.mark.parametrize(
    ("language", "expected"),
    [
        (
            "en",
            "Thursday 3\u00a0December|3\u00a0December\u00a02026|1,204,286|61\u00a0%|0.5|Thursday 3\u00a0December, 13:00",
        ),
        (
            "sv",
            "torsdag 3\u00a0december|3\u00a0december\u00a02026|1\u00a0204\u00a0286|61\u00a0%|0,5|torsdag 3\u00a0december kl.\u00a013:00",
        ),
    ],
)
def test_dates_and_numbers_as_people_write_them(render, language, expected):
    source = "{{ d|day }}|{{ d|fullday }}|{{ n|number }}|{{ s|percent }}|{{ h|number }}|{{ m|moment }}"
    moment = datetime(2026, 12, 3, 12, 0, tzinfo=UTC)
    assert render(source, language, d=date(2026, 12, 3), n=1204286, s=0.61, h=0.5, m=moment) == expected


@pytest.mark.parametrize("language", ["en", "sv"])
def test_the_component_page_draws_everything(ask, settings, language):
    settings.DEBUG = True
    with translation.override(language):
        html = views.components(ask("/components/")).content.decode()
    assert f'<html lang="{language}" dir="ltr"' in html
    assert html.count("<h1") == 1
    assert "Lindvika kommun" in html
    assert "None" not in html


def test_the_component_page_is_for_developers_only(ask, settings):
    from django.http import Http404

    settings.DEBUG = False
    with pytest.raises(Http404):
        views.components(ask("/components/"))


def test_a_page_is_drawn_from_right_to_left(ask):
    with translation.override("ar"):
        assert 'dir="rtl"' in views.not_found(ask("/x/")).content.decode()


def test_the_language_is_kept_and_never_leads_elsewhere(ask):
    answer = views.language(ask("/language/", language="sv", next="https://elsewhere.example/"))
    assert answer.url == "/"
    assert answer.cookies["django_language"].value == "sv"


def test_a_text_outlives_a_form_that_was_too_old(ask):
    text = "A long answer that took an hour.\nWith a second line."
    answer = views.csrf_failure(ask("/a/1/", answer=text, section="3", csrfmiddlewaretoken="old", password="secret"))
    html = answer.content.decode()
    assert answer.status_code == 403
    assert "A long answer that took an hour." in html
    assert '<input type="hidden" name="section" value="3">' in html
    assert "secret" not in html


@pytest.mark.parametrize(
    ("view", "status"),
    [
        (views.bad_request, 400),
        (views.forbidden, 403),
        (views.not_found, 404),
        (views.server_error, 500),
        (views.signed_out, 401),
    ],
)
@pytest.mark.parametrize("language", ["en", "sv"])
def test_an_error_page_says_what_to_do(ask, view, status, language):
    with translation.override(language):
        answer = view(ask("/x/"))
    assert answer.status_code == status
    assert answer.content.decode().count("<h1") == 1


@pytest.mark.parametrize(
    ("path", "name", "language", "question"),
    [
        ("/matters/new/", "summary", "en", ""),
        ("/committees/items/7/dissent/", "text", "sv", ""),
        ("/publication/x/draft/", "child_summary_sv", "sv", ""),
        ("/nowhere/", "answer", "en", "answer"),
    ],
)
@pytest.mark.django_db
def test_a_kept_text_stands_under_its_question(ask, path, name, language, question):
    text = "Several words that somebody wrote."
    with translation.override(language):
        html = views.signed_out(ask(path, **{name: text})).content.decode()
    assert text in html and f'name="{name}"' in html
    label = html.partition('for="kept_1">')[2].partition("</label>")[0]
    assert label == question if question else label not in ("", name)
