"""Three small packs without a fault, for tests to break one thing at a time."""

import copy

from trygg.packs.check import check_packs
from trygg.packs.loader import pack_from_data


def t(text="Words"):
    return {"en": text, "sv": text}


def head(kind, pack_id):
    return {
        "kind": kind,
        "id": pack_id,
        "version": "1.0.0",
        "date": "2026-11-22",
        "licence": "Apache-2.0",
        "title": t(),
        "summary": t(),
        "sources": {"ACT": {"title": "An act", "checked": "2026-11-22", "verified": "yes"}},
    }


RULES = {
    **head("rules", "law"),
    "facts": [
        {"id": "children", "type": "boolean", "question": t(), "help": t()},
        {
            "id": "ages",
            "type": "choices",
            "question": t(),
            "help": t(),
            "choices": [{"id": "0-5", "label": t()}, {"id": "6-8", "label": t()}],
        },
        {"id": "number", "type": "number", "question": t(), "help": t(), "applies": ["deployment"]},
    ],
    "rules": [
        {
            "id": "R1",
            "title": t(),
            "when": {"all": [{"fact": "children", "is": True}, {"fact": "ages", "includes": "0-5"}]},
            "outcome": "precondition",
            "met_when": {"fact": "number", "at_least": 3},
            "from": "2027-12-02",
            "until": "2030-01-01",
            "early": "advice",
            "statement": t(),
            "next": t(),
            "source": "ACT",
            "refs": ["art. 1"],
            "verified": "yes",
        },
        {
            "id": "R2",
            "title": t(),
            "when": {"fact": "children", "is": True},
            "outcome": "duty",
            "statement": t(),
            "next": t(),
            "source": "ACT",
            "verified": "partly",
        },
    ],
    "tests": [
        {
            "name": "early",
            "on": "2027-12-01",
            "facts": {"children": True, "ages": ["0-5"]},
            "expect": {"R1": "advice", "R2": "duty"},
        },
        {
            "name": "unknown",
            "on": "2027-12-02",
            "facts": {"children": {"state": "unknown"}},
            "expect": {"R1": "cannot_tell"},
        },
    ],
}

INSTRUMENT = {
    **head("instrument", "screening"),
    "scales": [
        {
            "id": "risk",
            "title": t(),
            "rule": "sum",
            "bands": [{"id": "low", "upto": 2, "title": t()}, {"id": "high", "title": t()}],
        }
    ],
    "sections": [
        {
            "id": "one",
            "title": t(),
            "items": [
                {
                    "id": "heard",
                    "type": "choice",
                    "depth": "light",
                    "required": True,
                    "text": t(),
                    "choices": [
                        {"id": "yes", "label": t(), "points": {"risk": 0}},
                        {"id": "no", "label": t(), "points": {"risk": 5}, "flag": "stop"},
                    ],
                    "source": "ACT",
                    "verified": "yes",
                },
                {
                    "id": "why_not",
                    "type": "text",
                    "depth": "light",
                    "text": t(),
                    "visible_when": {"item": "heard", "is": "no"},
                    "source": "ACT",
                    "verified": "no",
                },
            ],
        }
    ],
    "tests": [
        {
            "name": "not heard",
            "answers": {"heard": "no"},
            "expect": {"visible": ["why_not"], "scores": {"risk": 5}, "bands": {"risk": "high"}, "flags": ["stop"]},
        },
        {"name": "heard", "answers": {"heard": "yes"}, "expect": {"hidden": ["why_not"], "flags": []}},
    ],
}

FRAMEWORK = {
    **head("framework", "frame"),
    "requires": ["law", "screening"],
    "applies_when": {"fact": "children", "is": True},
    "depth": [
        {"level": "full", "when": {"fact": "ages", "includes": "0-5"}},
        {"level": "standard", "when": {"fact": "number", "over": 100}},
    ],
    "groups": [{"id": "g", "title": t()}],
    "requirements": [
        {
            "id": "children-heard",
            "group": "g",
            "claim": t(),
            "plain": t(),
            "child": t("You may say what you think. Somebody listens."),
            "about": "harm",
            "refs": [{"kind": "crc", "id": "12"}],
            "depth": "light",
            "answered_by": "officer",
            "needs": [
                {
                    "id": "answered",
                    "kind": "answers",
                    "instrument": "screening",
                    "items": ["heard"],
                    "when": {"item": "heard", "is": "yes"},
                    "max_age": 365,
                },
                {"id": "protocol", "kind": "document", "document": "protocol", "max_age": 365, "label": t()},
            ],
            "source": "ACT",
            "verified": "partly",
            "next": t(),
        }
    ],
    "tests": [
        {
            "name": "all there",
            "on": "2026-11-22",
            "facts": {"children": True, "ages": ["6-8"], "number": 3},
            "answers": {"screening": {"heard": "yes"}},
            "documents": {"protocol": "2026-01-01"},
            "expect": {"applies": True, "depth": "light", "claims": {"children-heard": "supported"}},
        },
        {
            "name": "contested",
            "on": "2026-11-22",
            "facts": {"children": True},
            "evidence": [{"kind": "concern", "from": "2026-11-01", "contests": True}],
            "expect": {"depth": "full", "claims": {"children-heard": "contested"}},
        },
    ],
}


def broken(kind, change):
    """What the check says when `change` was done to a copy of the pack of that kind, the other two beside it."""
    data = {"rules": RULES, "instrument": INSTRUMENT, "framework": FRAMEWORK}
    data = {name: copy.deepcopy(each) for name, each in data.items()}
    change(data[kind])
    packs = {name: pack_from_data(each, f"{name}.yaml") for name, each in data.items()}
    return check_packs([packs[kind]], [pack for name, pack in packs.items() if name != kind])
