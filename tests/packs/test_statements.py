"""No text that is shipped stands without a source and a flag; the report says so of each, in three forms."""

import copy
import csv
import io

import openpyxl
import pytest
from small_packs import FRAMEWORK, INSTRUMENT, RULES
from test_broken_packs import both, drop, put
from test_glossary_packs import GLOSSARY
from test_mapping_packs import MAPPING

from trygg.packs.catalogue import read_builtin
from trygg.packs.loader import Kind, pack_from_data
from trygg.packs.report import COLUMNS, NoReport, as_csv, as_html, as_workbook, chosen, read_earlier, totals
from trygg.packs.statements import BY_KIND, BY_PACK, WORDING, is_wording, lacks, statements

PACKS = read_builtin()
SMALL = {"rules": RULES, "framework": FRAMEWORK, "instrument": INSTRUMENT, "mapping": MAPPING, "glossary": GLOSSARY}
# One statement of each kind.
WHERE = {
    "rules": "rules/0",
    "framework": "requirements/0",
    "instrument": "sections/0/items/0",
    "mapping": "map/1",
    "glossary": "terms/0",
}


@pytest.mark.parametrize("pack", PACKS, ids=lambda pack: f"{pack.kind}/{pack.id}")
def test_no_statement_of_a_shipped_pack_lacks_source_or_flag(pack):
    assert lacks(pack) == []
    found = statements([pack])
    assert any(each.owner for each in found) and any(is_wording(each) for each in found)


def test_every_kind_is_looked_at():
    assert set(WORDING) == set(BY_KIND) == set(Kind) == set(SMALL) == {pack.kind for pack in PACKS}
    assert set(BY_PACK) <= {pack.id for pack in PACKS}


def broken(kind, change):
    data = copy.deepcopy(SMALL[kind])
    change(data)
    return lacks(pack_from_data(data, "p.yaml"))


@pytest.mark.parametrize("kind", SMALL)
def test_it_is_seen_when_a_source_or_a_flag_is_missing(kind):
    where = WHERE[kind]
    place = ".".join(f"[{step}]" if step.isdigit() else step for step in where.split("/")).replace(".[", "[")
    assert broken(kind, lambda data: None) == []
    faults = [
        (drop(f"{where}/source"), "its source ''"),
        (put(f"{where}/source", "GONE"), "its source 'GONE'"),
        (drop(f"{where}/verified"), "no flag"),
        (put(f"{where}/verified", "perhaps"), "no flag"),
        (drop("sources/ACT/checked"), "no title, day or flag"),
        (drop("sources/ACT/verified"), "no title, day or flag"),
        (drop("sources/ACT"), "does not stand under"),
        (both(drop(f"{where}/source"), drop(f"{where}/verified")), "belongs to nothing"),
        (put("remarks", {"en": "Said somewhere else", "sv": "Sagt någon annanstans"}), "belongs to nothing"),
    ]
    for change, said in faults:
        found = broken(kind, change)
        assert [each for each in found if said in each.reason and each.path.startswith((place, "remarks"))], said


def test_a_text_in_a_section_that_is_no_title_is_no_wording():
    found = broken("instrument", put("sections/0/advice", {"en": "Do this.", "sv": "Gör så."}))
    assert [each.path for each in found] == ["sections[0].advice"]
    assert broken("instrument", put("sections/0/intro", {"en": "About it.", "sv": "Om det."})) == []


# ---- what the report says


@pytest.fixture(scope="module")
def found():
    return statements(pack_from_data(each) for each in SMALL.values())


def test_totals_count_statements_once_each(found):
    total = totals(found)
    # rules 2 (yes, partly), requirement 1 (partly), questions 2 (yes, no), one line with words (no), terms 2 (partly, yes)
    assert total.statements == 8 and dict(total.flags) == {"yes": 3, "partly": 3, "no": 2}
    assert total.packs == 5 and total.texts == len(found) and total.one_language == 0
    assert total.wording == sum(is_wording(each) for each in found) > 10


def test_children_are_measured_by_their_own_limit():
    data = copy.deepcopy(FRAMEWORK)
    hard = "Municipal authorities systematically evaluate algorithmic recommendations before implementing organisational procedures."
    data["requirements"][0]["child"] = {"en": hard, "sv": "Du får säga vad du tycker. Någon lyssnar på dig då."}
    data["requirements"][0]["claim"] = {
        "en": "Somebody has gone through it before it is used here.",
        "sv": "Någon har gått igenom det.",
    }
    by_part = {each.part: each for each in statements([pack_from_data(data)]) if each.owner}
    assert by_part["child"].hard == ("en",) and by_part["child"].reader == "child"
    assert "Children" in by_part["child"].reviewer and by_part["claim"].hard == ()


def test_the_sheet_can_be_compared_with_a_later_one(found):
    text = as_csv(found).decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(text)))
    assert tuple(rows[0]) == COLUMNS and len(rows) == len(found)
    earlier = read_earlier(text)
    packs = [pack_from_data(each) for each in SMALL.values()]
    assert chosen(packs, "changed", earlier) == []
    changed = copy.deepcopy(RULES)
    changed["rules"][0]["statement"]["sv"] = "Andra ord"
    changed["rules"][1]["verified"] = "yes"
    again = chosen([pack_from_data(changed)], "changed", earlier)
    assert {each.path for each in again} == {
        "rules[0].statement",
        "rules[1].title",
        "rules[1].statement",
        "rules[1].next",
    }
    with pytest.raises(NoReport):
        read_earlier("a,b\n1,2\n")


def test_only_what_is_unverified(found):
    packs = [pack_from_data(each) for each in SMALL.values()]
    some = chosen(packs, "unverified")
    assert {each.verified for each in some} == {"partly", "no"} and all(each.owner for each in some)
    doubtful = copy.deepcopy(RULES)
    doubtful["sources"]["ACT"]["verified"] = "no"
    assert any(each.verified == "yes" for each in chosen([pack_from_data(doubtful)], "unverified"))


def test_a_cell_is_never_a_formula():
    data = copy.deepcopy(RULES)
    data["rules"][0]["statement"] = {"en": "=1+1", "sv": "@SUM(A1)"}
    texts = statements([pack_from_data(data)])
    assert "'=1+1" in as_csv(texts).decode("utf-8-sig") and ",=1+1" not in as_csv(texts).decode("utf-8-sig")
    sheet = openpyxl.load_workbook(io.BytesIO(as_workbook(texts)))["Texts"]
    cells = {cell.value: cell.data_type for row in sheet.iter_rows(min_row=2) for cell in row if cell.value is not None}
    assert cells["=1+1"] == "s"
    assert [cell.value for cell in sheet[1]][-5:] == ["new english", "new swedish", "remark", "read by", "read on"]


def test_the_page_is_one_file_without_script_and_everything_is_escaped():
    data = copy.deepcopy(RULES)
    data["rules"][0]["statement"]["en"] = "<script>alert(1)</script> & more"
    html = as_html(statements([pack_from_data(data)]), "2026-11-23")
    assert "<script" not in html and "&lt;script&gt;" in html and "src=" not in html and "@import" not in html
    assert html.count("<h1") == 1 and html.count("<caption>") == 2 and "lang='sv'" in html
    assert "2 statements in 1 packs, 1 of them verified" in html
