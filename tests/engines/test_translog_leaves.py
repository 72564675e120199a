"""Leaves: one canonical form, and values that have none are refused."""

import datetime
import decimal
import enum
import json
import uuid

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trygg.engines.translog import leaves

JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53) + 1, 2**53 - 1) | st.text() | st.floats(-1e15, 1e15),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=12,
)


def leaf(**public):
    return leaves.make_leaf(
        index=3,
        action="room.thing_done",
        actor_kind="system",
        actor_id="nightly",
        organisation_id=None,
        at=datetime.datetime(2026, 9, 1, 10, 30, tzinfo=datetime.timezone(datetime.timedelta(hours=2))),
        subject_type="",
        subject_id="",
        public=public,
        commitments={},
    )


def test_a_leaf_is_the_same_bytes_whatever_the_order_of_its_fields():
    assert (
        leaf(b=1, a="ö")
        == leaf(a="ö", b=1)
        == (
            b'{"action":"room.thing_done","actor":{"id":"nightly","kind":"system"},"at":"2026-09-01T08:30:00.000000Z","details":{},'
            b'"index":3,"organisation":null,"public":{"a":"\xc3\xb6","b":1},"subject":{"id":"","type":""},"v":1}'
        )
    )


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (56, "56"),
        (4.5, "4.5"),
        (1e30, "1e+30"),
        (0.000001, "0.000001"),
        (1e-27, "1e-27"),
        ('\u20ac$\u000f\nA\'B"\\\\"/', '"\u20ac$\\u000f\\nA\'B\\"\\\\\\\\\\"/"'),
        (
            {"\u20ac": 1, "\r": 2, "1": 3, "\U0001f600": 4, "\ufb33": 5},
            '{"\\r":2,"1":3,"\u20ac":1,"\U0001f600":4,"\ufb33":5}',
        ),
    ],
)
def test_the_canonical_form_is_that_of_rfc_8785(value, text):
    assert leaves.canonical(value).decode() == text


@given(JSON)
def test_the_canonical_form_says_the_same_and_is_its_own(value):
    once = leaves.canonical(value)
    assert leaves.canonical(json.loads(once)) == once


class Stage(enum.Enum):
    IDEA = "idea"


def test_dates_numbers_and_enumerations_become_text():
    assert leaves.plain(
        {
            "day": datetime.date(2026, 9, 1),
            "share": decimal.Decimal("0.10"),
            "id": uuid.UUID(int=1),
            "stage": Stage.IDEA,
            "set": {2, 1},
            "pair": (1, None),
        }
    ) == {
        "day": "2026-09-01",
        "share": "0.10",
        "id": "00000000-0000-0000-0000-000000000001",
        "stage": "idea",
        "set": [1, 2],
        "pair": [1, None],
    }


@pytest.mark.parametrize("value", [object(), b"bytes", {"a": object()}])
def test_what_has_no_json_form_is_refused(value):
    with pytest.raises(leaves.NotJson):
        leaves.plain(value)


@pytest.mark.parametrize("value", [float("nan"), float("inf"), 2**53, "\ud800", {"\ud800": 1}])
def test_what_has_no_canonical_form_is_refused(value):
    with pytest.raises(leaves.NotJson):
        leaves.canonical(value)


def test_a_time_without_a_zone_is_refused():
    with pytest.raises(ValueError, match="time zone"):
        leaves.time_text(datetime.datetime(2026, 9, 1))


@pytest.mark.parametrize("content", [b"", b"[]", b"\xff", b"[" * 100_000, b"1", b" {}", b"{} ", b"{}{}"])
def test_what_is_no_leaf_is_refused(content):
    with pytest.raises(leaves.NotALeaf):
        leaves.read_leaf(content)
