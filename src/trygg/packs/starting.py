"""A new pack to begin with: YAML with comments, which passes the check as it is."""

from __future__ import annotations

import json
from collections.abc import Sequence

from trygg.engines.instruments import LANGUAGES

from .catalogue import builtin
from .loader import Kind

WORDS = {
    "title": ("A name for it", "Ett namn"),
    "summary": ("What it is for, in a sentence or two.", "Vad det är till för, i en mening eller två."),
    "risk": ("Risk", "Risk"),
    "low": ("Low", "Låg"),
    "high": ("High", "Hög"),
    "plan": ("Write a plan for what must get better.", "Skriv en plan för vad som måste bli bättre."),
    "section": ("The first page", "Den första sidan"),
    "heard": ("Have the children it is about been asked?", "Har de barn som det gäller blivit tillfrågade?"),
    "heard_help": ("Why the question is asked.", "Varför frågan ställs."),
    "yes": ("Yes", "Ja"),
    "no": ("No", "Nej"),
    "why": ("Why not?", "Varför inte?"),
    "fact": ("Are children affected?", "Påverkas barn?"),
    "fact_help": ("What counts, and why it is asked.", "Vad som räknas, och varför det efterfrågas."),
    "rule": ("A rule in a few words", "En regel i få ord"),
    "statement": ("What holds, in one or two sentences.", "Vad som gäller, i en eller två meningar."),
    "next": ("What to do next, as an instruction.", "Vad som ska göras härnäst, som en uppmaning."),
    "group": ("A group of requirements", "En grupp av krav"),
    "claim": ("What must hold, in the present tense.", "Vad som måste gälla, i presens."),
    "plain": ("The same in plain words.", "Samma sak på klarspråk."),
    "child": ("You may say what you think.", "Du får säga vad du tycker."),
    "note": ("What somebody must look at.", "Vad någon behöver titta på."),
    "document": ("The document that shows it", "Dokumentet som visar det"),
}

HEAD = """\
# A pack of Trygg. `trygg packs check {id}.yaml` lists everything that is wrong with it.
# {about}
kind: {kind}
id: {id}                # stable, for ever; lower case, digits and single hyphens
version: 0.1.0          # a published version never changes: a new text is a new version
date: {date}        # when the content was last gone through
licence: CC-BY-4.0
{languages}title: {title}
summary: {summary}
{requires}sources:                # every statement says where it comes from, and whether somebody verified that
  OWN: {{title: "Our own wording", checked: {date}, verified: no}}
"""

INSTRUMENT = """
# What answers give points on. `rule`: sum, max, mean or any. Leave `scales` away where nothing is scored.
scales:
  - id: risk
    title: {risk}
    rule: sum
    bands:              # rising; `upto` belongs to the band, the last has none
      - {{id: low, upto: 1, title: {low}}}
      - id: high
        title: {high}
        obligations:    # what a level asks of somebody
          - {{id: plan, text: {plan}, role: officer, due_days: 30}}

sections:
  - id: first
    title: {section}
    items:
      - id: heard       # stable, never reused, never made from its place
        type: choice    # choice, choices, scale, number, text, date, file, party, rights_matrix or sign
        depth: light    # the lowest depth at which it is asked: light, standard or full
        required: true
        text: {heard}
        help: {heard_help}
        choices:
          - {{id: yes_asked, label: {yes}, points: {{risk: 0}}}}
          - {{id: no_not_asked, label: {no}, points: {{risk: 2}}, flag: escalate}}   # a flag is never averaged away
        refs: [{{kind: crc, id: "12"}}]
        source: OWN
        verified: no
      - id: why_not
        type: text
        depth: light
        text: {why}
        visible_when: {{item: heard, is: no_not_asked}}   # a hidden answer never counts
        source: OWN
        verified: no

# The pack's own tests: they run whenever it is checked.
tests:
  - name: not asked
    answers: {{heard: no_not_asked}}
    expect: {{visible: [why_not], scores: {{risk: 2}}, levels: {{risk: 2}}, flags: [escalate]}}
  - name: asked
    answers: {{heard: yes_asked}}
    expect: {{hidden: [why_not], scores: {{risk: 0}}, bands: {{risk: low}}, flags: []}}
"""

RULES = """
# Facts are declared once in the whole catalogue: take one that is there (then name its pack under `requires`) or make one.
facts:
  - id: {fact_id}
    type: boolean       # boolean, choice, choices, number, date or text
    question: {fact}
    help: {fact_help}

rules:
  - id: R1
    title: {rule}
    when: {{fact: {fact_id}, is: true}}
    outcome: duty       # prohibited, precondition, duty or advice
    from: {date}    # legal from that day; absent: always
    statement: {statement}
    next: {next}
    source: OWN
    refs: ["art. 1"]
    verified: no        # what is not verified may warn; it never blocks

# The pack's own tests: they run whenever it is checked.
tests:
  - {{name: it holds, on: {date}, facts: {{{fact_id}: true}}, expect: {{R1: duty}}}}
  - {{name: it does not, on: {date}, facts: {{{fact_id}: false}}, expect: {{R1: does_not_apply}}}}
  - {{name: nobody has said, on: {date}, facts: {{}}, expect: {{R1: cannot_tell}}}}
"""

FRAMEWORK = """
applies_when: {{always: true}}      # or a condition over facts of the packs under `requires`
groups:
  - {{id: first, title: {group}}}
requirements:
  - id: children-heard
    group: first
    claim: {claim}
    plain: {plain}
    child: {child}      # at most 15 words a sentence
    about: harm         # harm or benefit
    refs: [{{kind: crc, id: "12"}}]
    depth: light        # the lowest depth at which it is asked
    answered_by: officer
    needs:              # all of them
      - {{id: shown, kind: document, document: report, max_age: 365, label: {document}}}
      - {{id: decided, kind: decision, max_age: 730}}
    source: OWN
    verified: no
    next: {next}

# The pack's own tests: they run whenever it is checked.
tests:
  - name: both are there
    on: {date}
    facts: {{}}
    documents: {{report: {date}}}
    decision: {date}
    expect: {{applies: true, depth: light, claims: {{children-heard: supported}}}}
  - {{name: nothing is there, on: {date}, facts: {{}}, expect: {{claims: {{children-heard: missing}}}}}}
"""

MAPPING = """
# The packs that it lies between, and the versions whose questions were read.
from: {{pack: {first}, version: {first_version}}}
to: {{pack: {second}, version: {second_version}}}
map:
  - from: heard_not_possible_why
    to: not_possible_why
    relation: intersects    # equal, subset (`from` is narrower), superset or intersects
    # choices: {{yes: in_place, no: null}}   # where both have choices and their ids differ; null: not carried
    note: {note}            # why, or what somebody must look at: for subset and intersects
    source: OWN
    verified: no

# The mapping's own tests: they run whenever it is checked. `offers`: these and no others.
tests:
  - name: the words are a beginning
    answers: {{heard_not_possible_why: They are too young}}
    expect: {{offers: {{not_possible_why: They are too young}}}}
  - name: back
    direction: reverse
    expect: {{corresponds: {{not_possible_why: [heard_not_possible_why]}}}}
"""

GLOSSARY = """
terms:
  - id: {fact_id}
    term: {note}
    definition: {statement}
    plain: {plain}
    used_by:                # to whom the same word means something else; leave it away when to nobody
      - {{who: {group}, means: {statement}}}
    aliases:                # other words and other forms (plural, the definite form), by language
{aliases}
    marked: true            # false: explained on the page of words, not in running text
    source: OWN
    verified: no

# The glossary's own tests: they run whenever it is checked. `expect`: the terms found in the text, in order.
tests:
  - {{name: the word is found, language: en, text: "There is an example-word here.", expect: [{fact_id}]}}
"""

MAPPED = ("child-rights-screening", "child-rights-impact-assessment")
"""Two packs of Trygg's own between which a new mapping begins."""

ABOUT = {
    Kind.INSTRUMENT: "Questions, as data. The whole format: docs/instruments.md.",
    Kind.RULES: "Rules over facts. The whole format: docs/packs.md, kind: rules.",
    Kind.FRAMEWORK: "Requirements and what shows that they are met. The whole format: docs/packs.md, kind: framework.",
    Kind.GLOSSARY: "Words, and to whom they mean something else. The whole format: docs/packs.md, kind: glossary.",
    Kind.MAPPING: "Which question of one pack asks what another asks. The whole format: docs/packs.md, kind: mapping.",
}


def new_pack(kind: Kind, pack_id: str, day: str, languages: Sequence[str] = LANGUAGES) -> str:
    """The text of a new pack. `day`: YYYY-MM-DD, the day on which it is made.

    In languages other than English and Swedish the words are the English ones with the language before them. Raises
    ValueError when the kind cannot be written in these languages: rules and frameworks stand in English and Swedish.
    """
    if kind is not Kind.INSTRUMENT and not set(LANGUAGES) <= set(languages):
        raise ValueError(f"a pack of the kind '{kind}' is written in {' and '.join(LANGUAGES)}")
    words = {name: _text(both, languages) for name, both in WORDS.items()}
    named = (
        "" if tuple(languages) == LANGUAGES or kind is not Kind.INSTRUMENT else f"languages: [{', '.join(languages)}]\n"
    )
    body = {
        Kind.INSTRUMENT: INSTRUMENT,
        Kind.RULES: RULES,
        Kind.FRAMEWORK: FRAMEWORK,
        Kind.MAPPING: MAPPING,
        Kind.GLOSSARY: GLOSSARY,
    }[kind]
    if kind is Kind.MAPPING:
        words |= _between(*MAPPED)
    values = {"id": pack_id, "kind": kind.value, "date": day, "about": ABOUT[kind], "languages": named}
    values["aliases"] = "\n".join(f"      {each}: [example-word]" for each in languages)
    values["requires"] = f"requires: [{', '.join(MAPPED)}]\n" if kind is Kind.MAPPING else ""
    return (HEAD + body).format(fact_id=f"{pack_id.replace('-', '_')[:50]}_fact", **values, **words)


def _between(first: str, second: str) -> dict[str, str]:
    one, other = (builtin().get(Kind.INSTRUMENT, each) for each in (first, second))
    return {"first": one.id, "first_version": one.version, "second": other.id, "second_version": other.version}


def _text(both: tuple[str, str], languages: Sequence[str]) -> str:
    known = dict(zip(LANGUAGES, both, strict=True))
    parts = (f"{each}: {json.dumps(known.get(each, f'[{each}] {both[0]}'), ensure_ascii=False)}" for each in languages)
    return "{" + ", ".join(parts) + "}"
