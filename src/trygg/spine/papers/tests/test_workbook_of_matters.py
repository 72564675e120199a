"""The list of matters as a workbook: the filtered list, one row a matter, dates as dates, text that is never a formula."""

import io
from datetime import date, datetime

import openpyxl
import pytest
from django.urls import reverse

from tests.world import NOW
from trygg.spine.matters.models import FactState
from trygg.spine.matters.selectors import matters_seen, search_matters
from trygg.spine.matters.services import FactAnswer, answer_facts, create_matter
from trygg.spine.papers import workbook
from trygg.spine.papers.tests.scene import matter_with_case
from trygg.spine.publication.tests.scene import matter_of

pytestmark = pytest.mark.full

EVIL = ("=1+1", "+46", "-2", "@SUM(A1)", "\t=1+1", '=HYPERLINK("http://x.example","y")', '=cmd|" /C calc"!A0')


def plan(people, title: str):
    return create_matter(actor=people.actor("officer"), now=NOW, owner=people.board, kind="plan", title=title)


def of(client, **query) -> openpyxl.Workbook:
    answer = client.get(reverse("papers:workbook"), query)
    assert answer.status_code == 200
    return openpyxl.load_workbook(io.BytesIO(b"".join(answer.streaming_content)))


def rows(book: openpyxl.Workbook) -> list[dict]:
    head, *more = list(book.worksheets[0].iter_rows(values_only=True))
    return [dict(zip(head, row, strict=True)) for row in more]


@pytest.fixture
def officer(people, signed_in, clock):
    return signed_in(people.actor("officer"))


def test_a_row_for_each_matter_with_its_claims_and_facts(people, officer):
    matter = matter_with_case(people)
    answer_facts(
        actor=people.actor("officer"), now=NOW, matter=matter, answers={"children_count": FactAnswer(FactState.VALUE, 640)}
    )
    [row] = rows(of(officer))
    matter.case.refresh_from_db()
    assert row["Title"] == "Ordstigen"
    assert row["Belongs to"] == people.board.name
    assert row["Missing"] == matter.case.counts["missing"] > 0
    assert row["Accountable person"].startswith("Leila Nordin")
    known = [value for heading, value in row.items() if "how many children" in heading.lower()]
    assert known == [640]
    assert any(value == "6–8 years, 9–12 years" for value in row.values())


def test_dates_are_dates_and_the_head_stays(people, officer):
    matter_of(people)
    book = of(officer)
    sheet = book.worksheets[0]
    head = [cell.value for cell in sheet[1]]
    opened = sheet.cell(2, head.index("Opened") + 1)
    assert isinstance(opened.value, datetime)
    assert opened.value.date() == date(2026, 11, 22)
    assert opened.number_format == "yyyy-mm-dd"
    assert sheet.freeze_panes == "B2"


@pytest.mark.parametrize("text", EVIL)
def test_no_text_is_a_formula(people, officer, text):
    plan(people, text)
    sheet = of(officer).worksheets[0]
    cell = sheet["A2"]
    assert (cell.value.strip(), cell.data_type) == (text.strip(), "s")
    assert cell.quotePrefix
    assert not any(each.data_type == "f" or each.hyperlink for row in sheet.iter_rows() for each in row)


def test_it_holds_what_the_filter_shows_and_says_which_filter(people, officer):
    matter_of(people)
    plan(people, "A new way to school")
    book = of(officer, q="school", kind="plan", stage="draft")
    assert [row["Title"] for row in rows(book)] == ["A new way to school"]
    about = dict(book.worksheets[1].iter_rows(values_only=True))
    assert about["Search in matters"] == "school"
    assert (about["Kind"], about["Stage"]) == ("A plan or decision", "Draft")
    assert about["Matters"] == 1
    assert about["Made for"].startswith("Leila Nordin")


def test_the_list_leads_to_it_with_its_filter(people, officer):
    plan(people, "A new way to school")
    html = officer.get(reverse("matters:list"), {"q": "new way", "stage": "draft"}).content.decode()
    assert f"{reverse('papers:workbook')}?q=new%20way&amp;kind=&amp;stage=draft" in html


@pytest.mark.parametrize(("who", "sees"), [("auditor", 1), ("outsider", 0), ("vendor", 0), ("partner", 0)])
def test_everyone_gets_only_what_they_may_see(people, signed_in, clock, who, sees):
    matter_of(people)
    assert len(rows(of(signed_in(people.actor(who))))) == sees


def test_nobody_else_gets_it(people, client):
    assert client.get(reverse("papers:workbook")).status_code == 302


def test_many_matters_cost_no_more_queries_than_their_chunks(people, django_assert_max_num_queries, monkeypatch):
    monkeypatch.setattr(workbook, "CHUNK", 10)
    for number in range(25):
        plan(people, f"Plan {number}")
    actor = people.actor("officer")
    found = search_matters(matters_seen(actor), "Plan")
    with django_assert_max_num_queries(14):
        assert workbook.write_workbook(io.BytesIO(), found, actor, NOW, []) == 25
