"""What a change touches."""

import pytest

from trygg.engines.assurance import Change, ChangeKind, load_framework, load_rules, touched

T = {"en": "x", "sv": "x"}


def requirement(name, *needs, **words):
    texts = dict.fromkeys(("claim", "plain", "child", "next"), T)
    rest = {"group": "g", "about": "harm", "depth": "light", "answered_by": "officer", "source": "S", "verified": "yes"}
    return {"id": name, "needs": list(needs), **texts, **rest, **words}


FRAME = load_framework(
    {
        "id": "frame",
        "version": "1.0.0",
        "title": T,
        "applies_when": {"fact": "children", "is": True},
        "depth": [{"level": "full", "when": {"fact": "grave", "is": True}}],
        "groups": [],
        "requirements": [
            requirement(
                "heard",
                {
                    "id": "n1",
                    "kind": "answers",
                    "instrument": "screening",
                    "items": ["who"],
                    "when": {"item": "how", "is": "x"},
                },
            ),
            requirement("protocol", {"id": "n2", "kind": "document", "document": "dpia"}),
            requirement("camera", {"id": "n3", "kind": "decision"}, applies_when={"fact": "camera", "is": True}),
        ],
    }
)
RULES = load_rules(
    {
        "id": "law",
        "version": "1.0.0",
        "title": T,
        "facts": [{"id": "grave", "type": "boolean", "question": T, "help": T}],
        "rules": [
            {
                "id": rule_id,
                "title": T,
                "when": {"fact": fact, "is": True},
                "outcome": "duty",
                "statement": T,
                "next": T,
                "source": "S",
                "verified": "yes",
                **words,
            }
            for rule_id, fact, words in (("R1", "deepens", {"depth": "full"}), ("R2", "plain", {}))
        ],
    }
)
ALL = ["heard", "protocol", "camera"]


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (Change(ChangeKind.FACT, "children"), ALL),
        (Change(ChangeKind.FACT, "grave"), ALL),
        (Change(ChangeKind.FACT, "camera"), ["camera"]),
        (Change(ChangeKind.FACT, "deepens"), ALL),
        (Change(ChangeKind.FACT, "plain"), []),
        (Change(ChangeKind.ITEM, "who", "screening"), ["heard"]),
        (Change(ChangeKind.ITEM, "how"), ["heard"]),
        (Change(ChangeKind.ITEM, "who", "another"), []),
        (Change(ChangeKind.ITEM, "before", "screening"), ["heard"]),
        (Change(ChangeKind.ITEM, "unused", "screening"), []),
        (Change(ChangeKind.DOCUMENT, "dpia"), ["protocol"]),
        (Change(ChangeKind.DOCUMENT, "who"), []),
        (Change(ChangeKind.EVIDENCE, "decision"), ["camera"]),
        (Change(ChangeKind.PACK, "frame"), ALL),
        (Change(ChangeKind.PACK, "screening"), ["heard"]),
        (Change(ChangeKind.PACK, "law"), ALL),
        (Change(ChangeKind.PACK, "unrelated"), []),
        (Change(ChangeKind.SYSTEM_VERSION, "2.0"), ALL),
    ],
)
def test_a_change_touches_what_depends_on_it_and_nothing_else(change, expected):
    follow_ups = {"screening": {"before": frozenset({"between"}), "between": frozenset({"who"})}}
    assert [each.requirement for each in touched(change, [FRAME], [RULES], follow_ups)] == expected


def test_every_way_is_named():
    (first, *_) = touched(Change(ChangeKind.PACK, "law"), [FRAME], [RULES])
    assert first.via == ("rule:R1", "depth")
