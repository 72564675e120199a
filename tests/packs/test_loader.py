"""Reading a file safely: what is refused, what text becomes, and the hash."""

import json
from importlib.resources import files

import pytest
from jsonschema import Draft202012Validator

from trygg.packs.loader import MAX_BYTES, PackUnreadable, pack_from_data, read_pack
from trygg.packs.schema import schema


def read(text):
    return read_pack(text.encode(), "upload.yaml")


BOMB = "a: &a [x, x]\nb: &b [*a, *a]\nc: &c [*b, *b]\n"


@pytest.mark.parametrize(
    ("raw", "code"),
    [
        (b"x" * (MAX_BYTES + 1), "too_large"),
        (b"kind: \xff", "not_utf8"),
        (b"kind: [", "not_yaml"),
        (b"kind: a\nkind: b", "duplicate_key"),
        (b"outer: {a: 1, a: 2}", "duplicate_key"),
        (b"a: 1\n---\nb: 2", "not_yaml"),
        (BOMB.encode(), "alias"),
        (b"a: *gone", "alias"),
        (b"<<: {a: 1}\n<<: {b: 2}", "duplicate_key"),
        (b"a: !!python/object/apply:os.system ['true']", "tag"),
        (b"a: !!binary aGVq", "tag"),
        (b"[" * 100 + b"]" * 100, "too_deep"),
        (b"? [a, b]\n: c", "key"),
        (b"- a\n- b", "not_a_pack"),
        (b"", "not_a_pack"),
        (b"a: \x00", "not_yaml"),
    ],
)
def test_what_is_unsafe_or_no_pack_is_refused(raw, code):
    with pytest.raises(PackUnreadable) as caught:
        read_pack(raw, "upload.yaml")
    assert caught.value.problem.code == code


def test_a_refusal_names_the_line():
    with pytest.raises(PackUnreadable) as caught:
        read("kind: rules\nid: law\nid: law\n")
    assert str(caught.value) == "upload.yaml: line 3: the key 'id' stands twice"


def test_a_file_that_is_not_there_is_refused(tmp_path):
    with pytest.raises(PackUnreadable) as caught:
        read_pack(tmp_path / "gone.yaml")
    assert caught.value.problem.code == "no_file"


def test_words_are_what_they_look_like():
    data = read(
        """
        on: 2026-11-22
        verified: yes
        inner: [{verified: true}, {verified: false}, {verified: partly}]
        answers: [yes, no, on, off, ~, null, true, false]
        numbers: [1, -2, 1.5, 0]
        texts: [010, 12:30, 1_000, 0x1f, .5, 1e3, 2026-11-22T10:00:00, .nan, "5"]
        """
    ).data
    assert data["on"] == "2026-11-22"
    assert (data["verified"], [each["verified"] for each in data["inner"]]) == ("yes", ["yes", "no", "partly"])
    assert data["answers"] == ["yes", "no", "on", "off", None, None, True, False]
    assert data["numbers"] == [1, -2, 1.5, 0]
    assert data["texts"] == ["010", "12:30", "1_000", "0x1f", ".5", "1e3", "2026-11-22T10:00:00", ".nan", "5"]


def test_the_head_is_read():
    pack = read("kind: rules\nid: law\nversion: 1.0.0\ndate: 2026-11-22\nrequires: [crc]\ntitle: {en: A, sv: B}\n")
    assert (pack.kind, pack.id, pack.version, pack.date) == ("rules", "law", "1.0.0", "2026-11-22")
    assert (pack.requires, pack.title) == (("crc",), {"en": "A", "sv": "B"})


def test_the_hash_is_of_the_content_and_not_of_how_it_is_written():
    one = read("kind: rules\nid: law\nverified: yes # a comment\n")
    other = read('{"verified": true, "id": "law", "kind": "rules"}')
    assert one.hash == other.hash == pack_from_data(json.loads(json.dumps(one.data))).hash
    assert one.hash != read("kind: rules\nid: law\nverified: no\n").hash
    assert len(one.hash) == 64


@pytest.mark.parametrize("data", [{"a": 2**60}, {"a": float("nan")}, {"a": {1: 2}}, {"a": object()}, ["a"], None])
def test_data_that_json_cannot_carry_are_refused(data):
    with pytest.raises(PackUnreadable):
        pack_from_data(data)


@pytest.mark.parametrize("name", ["common", "rules", "framework", "instrument"])
def test_every_schema_is_a_schema(name):
    Draft202012Validator.check_schema(schema(name))
    assert (files("trygg.packs") / "schemas" / f"{name}.json").is_file()
