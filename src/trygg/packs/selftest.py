"""Runs the tests that a pack carries about itself."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from trygg.engines.assurance import (
    Evidence,
    Framework,
    Moment,
    RulesPack,
    Stance,
    evaluate_rule,
    framework_statuses,
    screen_framework,
)
from trygg.engines.conditions import UNANSWERED, as_data, value_from_data
from trygg.engines.depth import Depth
from trygg.engines.instruments import (
    Instrument,
    Mode,
    assess,
    exact,
    expand,
    reverse_mapping,
    visibility,
)
from trygg.engines.instruments import Mapping as PackMapping
from trygg.engines.instruments.carry import carry
from trygg.engines.language.glossary import Finder, Glossary

from .loader import Pack, Problem

Typed = RulesPack | Framework | Instrument | PackMapping | Glossary
Found = Iterator[tuple[str, str]]  # path below the test, reason


def test_problems(pack: Pack, typed: Typed, instruments: Mapping[str, Instrument]) -> list[Problem]:
    """Every expectation of the pack's own tests that does not hold. The pack is one that all other checks have passed.

    A framework is tested alone: rules raise no depth, and its answers count where its own depth asks them.
    """
    found = []
    for index, test in enumerate(pack.data.get("tests") or ()):
        if isinstance(typed, RulesPack):
            failures = _rules(typed, test)
        elif isinstance(typed, Framework):
            failures = _framework(typed, test, instruments)
        elif isinstance(typed, PackMapping):
            failures = _mapping(typed, test, instruments)
        elif isinstance(typed, Glossary):
            failures = _glossary(typed, test)
        else:
            failures = _instrument(typed, test)
        for path, reason in failures:
            where = f"tests[{index}].expect.{path}".rstrip(".")
            found.append(Problem(pack.file, where, "test_failed", f"{reason} (test '{test['name']}')"))
    return found


test_problems.__test__ = False  # type: ignore[attr-defined]  # not a test of pytest's


def facts_of_test(test: Mapping[str, Any]) -> dict[str, Any]:
    """The facts of a pack's test as engine values."""
    return {name: value_from_data(value) for name, value in (test.get("facts") or {}).items()}


def _rules(pack: RulesPack, test: Mapping[str, Any]) -> Found:
    facts = facts_of_test(test)
    for rule_id, expected in test["expect"].items():
        outcome = evaluate_rule(pack.rule(rule_id), facts, date.fromisoformat(test["on"]), pack.id)
        if outcome.result != expected:
            needs = f"; needs {', '.join(outcome.needs)}" if outcome.needs else ""
            yield rule_id, f"expected {expected}, got {outcome.result}{needs}"


def _framework(framework: Framework, test: Mapping[str, Any], instruments: Mapping[str, Instrument]) -> Found:
    on, facts, expect = date.fromisoformat(test["on"]), facts_of_test(test), test["expect"]
    line = screen_framework(framework, facts, on)
    applies = "cannot_tell" if line.applies is None else line.applies
    if "applies" in expect and applies != expect["applies"]:
        yield "applies", f"expected {_word(expect['applies'])}, got {_word(applies)}"
    if "depth" in expect and line.depth.value != expect["depth"]:
        why = ", ".join(need for reason in line.depth_because for need in reason.needs)
        yield "depth", f"expected {expect['depth']}, got {line.depth.value}" + (f" (not told: {why})" if why else "")
    evidence = list(_evidence(test, on, instruments, line.depth))
    by_claim = {
        requirement.id: [piece for claim, piece in evidence if claim in ("", requirement.id)]
        for requirement in framework.requirements
    }
    statuses = framework_statuses(framework, by_claim, Moment(on), line, facts)
    for claim, expected in (expect.get("claims") or {}).items():
        status = statuses[claim]
        if status.status != expected:
            reasons = "; ".join(f"{reason.code} {dict(reason.params)}" for reason in status.reasons)
            yield f"claims.{claim}", f"expected {expected}, got {status.status}: {reasons}"


def _evidence(
    test: Mapping[str, Any], on: date, instruments: Mapping[str, Instrument], depth: Depth
) -> Iterator[tuple[str, Evidence]]:
    """(claim or "", evidence) of a framework's test."""
    answered = date.fromisoformat(test.get("answered_on", test["on"]))
    for instrument_id, raw in (test.get("answers") or {}).items():
        given = {item: value_from_data(value) for item, value in raw.items()}
        counting = visibility(instruments[instrument_id], given, depth).answers
        params = {"answers": as_data(counting)}
        yield "", Evidence("answers", f"test:{instrument_id}", answered, key=instrument_id, params=params)
    for document, raw in (test.get("documents") or {}).items():
        span = raw if isinstance(raw, Mapping) else {"from": raw}
        start, until = _span(span)
        yield "", Evidence("document", f"test:{document}", start, key=document, valid_until=until)
    if "decision" in test:
        yield "", Evidence("decision", "test:decision", date.fromisoformat(test["decision"]))
    for index, raw in enumerate(test.get("evidence") or ()):
        start, until = _span(raw)
        yield (
            raw.get("claim", ""),
            Evidence(
                raw["kind"],
                f"test:evidence-{index}",
                start,
                key=raw.get("key", ""),
                valid_until=until,
                stance=Stance.CONTESTS if raw.get("contests") else Stance.SUPPORTS,
                params=raw.get("params") or {},
            ),
        )


def _span(raw: Mapping[str, Any]) -> tuple[date, date | None]:
    return date.fromisoformat(raw["from"]), date.fromisoformat(raw["until"]) if "until" in raw else None


def _instrument(instrument: Instrument, test: Mapping[str, Any]) -> Found:
    expect = test["expect"]
    entries = {section: [(entry, "") for entry in each] for section, each in (test.get("entries") or {}).items()}
    instrument = expand(instrument, entries)
    answers = {item: value_from_data(value) for item, value in test["answers"].items()}
    depth, mode = Depth(test.get("depth", Depth.FULL.value)), Mode(test.get("mode", Mode.COMPLETED.value))
    result = assess(instrument, answers, depth, test.get("phase", ""), mode)
    for item in expect.get("visible") or ():
        if item not in result.visibility.visible:
            hidden = result.visibility.hidden.get(item)
            yield (
                "visible",
                f"expected '{item}' to be asked; it is hidden: {hidden.why.value if hidden else 'no such entry'}",
            )
    for item in expect.get("hidden") or ():
        if item in result.visibility.visible:
            yield "hidden", f"expected '{item}' to be hidden; it is asked"
    for word, attribute in (("scores", "points"), ("current", "current"), ("maxima", "out_of")):
        for scale, expected in (expect.get(word) or {}).items():
            got = getattr(result.score(scale), attribute)
            if got != exact(expected):
                yield f"{word}.{scale}", f"expected {expected}, got {as_data(got)}"
    for scale, expected in (expect.get("levels") or {}).items():
        if result.score(scale).level != expected:
            yield f"levels.{scale}", f"expected {expected}, got {result.score(scale).level}"
    for scale, expected in (expect.get("bands") or {}).items():
        if result.score(scale).band != expected:
            yield f"bands.{scale}", f"expected {expected}, got {result.score(scale).band}"
    if "flags" in expect:
        yield from _flags(expect["flags"], [(raised.item, raised.flag.value) for raised in result.flags])


def _mapping(mapping: PackMapping, test: Mapping[str, Any], instruments: Mapping[str, Instrument]) -> Found:
    """Where several lines give something to the same question, the first offer counts, as `carry` orders them."""
    mapping = reverse_mapping(mapping) if test.get("direction") == "reverse" else mapping
    expect = test["expect"]
    for name, expected in (expect.get("corresponds") or {}).items():
        got = [line.target for line in mapping.from_item(name)]
        if sorted(got) != sorted(expected):
            yield f"corresponds.{name}", f"expected {', '.join(expected)}, got {', '.join(got) or 'nothing'}"
    if "offers" not in expect:
        return
    one, other = instruments[mapping.source.pack], instruments[mapping.target.pack]
    given = {name: value_from_data(value) for name, value in test["answers"].items()}
    there = [name for name, value in (test.get("existing") or {}).items() if value_from_data(value) is not UNANSWERED]
    offers: dict[str, Any] = {}
    for offer in carry(mapping, one, given, other, there, "en"):
        if offer.obstacle is None:
            offers.setdefault(offer.target, offer.value)
    wanted = {name: value_from_data(value) for name, value in expect["offers"].items()}
    for name in [*wanted, *(name for name in offers if name not in wanted)]:
        if wanted.get(name) != offers.get(name):
            expected = as_data(wanted[name]) if name in wanted else "nothing"
            got = as_data(offers[name]) if name in offers else "nothing"
            yield f"offers.{name}", f"expected {expected}, got {got}"


def _glossary(glossary: Glossary, test: Mapping[str, Any]) -> Found:
    found = [place.term.id for place in Finder(glossary.terms, test["language"]).places(test["text"])]
    if list(dict.fromkeys(found)) != test["expect"]:
        yield "", f"expected {', '.join(test['expect']) or 'nothing'}, got {', '.join(found) or 'nothing'}"


def _flags(expected: list[Any], raised: list[tuple[str, str]]) -> Found:
    """A word stands for one answer with that flag; an object says which. All of them, and no others."""
    named = [(row["item"], row["flag"]) for row in expected if isinstance(row, Mapping)]
    absent = [pair for pair in named if pair not in raised]
    rest = Counter(flag for item, flag in raised if (item, flag) not in named)
    words = Counter(row for row in expected if isinstance(row, str))
    if absent or rest != words:
        yield "flags", f"expected {expected}, got {[f'{item}: {flag}' for item, flag in raised]}"


def _word(truth: Any) -> str:
    return str(truth).lower() if isinstance(truth, bool) else str(truth)
