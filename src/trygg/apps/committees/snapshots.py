"""A frozen snapshot in words: what the committee reads instead of the living case."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from trygg.engines.assurance import FactDeclaration, Framework, Requirement, RulesPack
from trygg.engines.instruments import REPEATED, Instrument
from trygg.kernel.ui import parts
from trygg.spine.assurance import wording
from trygg.spine.assurance.models import Depth, Snapshot
from trygg.spine.assurance.selectors import fact_questions
from trygg.spine.frameworks.answer_words import answer_words
from trygg.spine.frameworks.models import PackVersion
from trygg.spine.frameworks.selectors import engine_pack, words

NOT_REQUIRED = "not_required"
URGENT = ("contested", "missing", "stale", "supported")
CHILDREN = {
    "where": lambda: _("Where"), "told": lambda: _("How children are told"), "say_no": lambda: _("Saying no"),
    "object": lambda: _("How to object"), "human": lambda: _("How to reach a human"), "correct": lambda: _("How to correct what is wrong"),
}  # fmt: skip


@dataclass(frozen=True)
class SnapshotView:
    """The case as it stood. `claims` are required ones, contested first; `prohibitions` (title, what the rule says)."""

    title: str
    summary: str
    owner: str
    system: str
    deciding_body: str
    diary_number: str
    sentence: str
    counts: Mapping[str, int]
    courses: list[parts.Course]
    claims: list[parts.Claim]
    prohibitions: list[tuple[str, str]]
    preconditions: list[tuple[str, str]]
    children: list[parts.Row]
    facts: list[parts.Row]
    depth: str
    code: str

    @property
    def open_claims(self) -> list[parts.Claim]:
        return [claim for claim in self.claims if claim.status != "supported"]

    @property
    def held_claims(self) -> list[parts.Claim]:
        return [claim for claim in self.claims if claim.status == "supported"]


def code_of(content_hash: str) -> str:
    """The first eight signs of a hash, as people compare them: 4F2A 91C7."""
    return f"{content_hash[:4]} {content_hash[4:8]}".upper()


def snapshot_view(snapshot: Snapshot, *, reading: str = "expert") -> SnapshotView:
    """The snapshot in the reader's language. Reads packs, never the living case."""
    content = snapshot.content
    packs = _packs(content)
    facts = fact_questions()
    titles = {str(piece["id"]): piece["title"] for piece in content["evidence"]}
    matter = content["matter"]
    claims, heaps = [], {}
    for row in content["claims"]:
        if row["status"] == NOT_REQUIRED:
            continue
        framework, requirement = _requirement(row, packs)
        title = _title(row, requirement, reading)
        reasons = [parts.Reason(wording.reason_state(r), wording.reason_text(r, titles, facts)) for r in row["reasons"]]
        claims.append(parts.Claim(title=title, status=row["status"], reasons=reasons, id=f"claim-{row['id']}"))
        heaps.setdefault(_course(framework, requirement), []).append(parts.Stone(row["status"], title))
    outcomes = content["screening"].get("outcomes", [])
    return SnapshotView(
        title=matter["title"], summary=matter["summary"], owner=matter["owner"],
        system=" ".join(part for part in (matter["system"], matter["system_version"]) if part), deciding_body=matter["deciding_body"],
        diary_number=matter["diary_number"], sentence=wording.sentence(content["counts"]),
        counts={status: content["counts"].get(status, 0) for status in URGENT},
        courses=[parts.Course(name, stones=stones) for name, stones in heaps.items()],
        claims=sorted(claims, key=lambda claim: URGENT.index(claim.status)),
        prohibitions=_rules(outcomes, "prohibited", packs), preconditions=_rules(outcomes, "precondition_missing", packs),
        children=[parts.Row(label(), matter["children"][key]) for key, label in CHILDREN.items() if matter["children"].get(key)],
        facts=_facts(content, packs),
        depth=str(Depth(content["depth"]).label), code=code_of(snapshot.content_hash),
    )  # fmt: skip


def _packs(content: Mapping[str, Any]) -> dict[tuple[str, str], Framework | RulesPack]:
    """The packs of the snapshot, in the versions that it names."""
    named = {(pack["id"], pack["version"]) for pack in content["packs"]}
    named |= {(row["pack"], row["pack_version"]) for row in content["claims"] if row["pack"]}
    rows = PackVersion.objects.filter(pack_id__in={pack for pack, _version in named}).defer("content")
    return {(row.pack_id, row.version): engine_pack(row) for row in rows if (row.pack_id, row.version) in named}


def _requirement(row: Mapping[str, Any], packs: Mapping) -> tuple[Framework | None, Requirement | None]:
    framework = packs.get((row["pack"], row["pack_version"]))
    if framework is None:
        return None, None
    return framework, next((r for r in framework.requirements if r.id == row["requirement"]), None)


def _title(row: Mapping[str, Any], requirement: Requirement | None, reading: str) -> str:
    if requirement is None:
        return words(row["text"]) or row["requirement"]
    return words({"expert": requirement.claim, "plain": requirement.plain, "child": requirement.child}[reading])


def _course(framework: Framework | None, requirement: Requirement | None) -> str:
    if framework is None or requirement is None:
        return _("Conditions of decisions")
    group = next((group for group in framework.groups if group.id == requirement.group), None)
    return words(group.title) if group else words(framework.title)


def _rules(outcomes: list[Mapping[str, Any]], result: str, packs: Mapping) -> list[tuple[str, str]]:
    by_id = {pack_id: pack for (pack_id, _version), pack in packs.items()}
    found = []
    for outcome in outcomes:
        pack = by_id.get(outcome["pack"]) if outcome["result"] == result else None
        rule = next((rule for rule in pack.rules if rule.id == outcome["rule"]), None) if pack else None
        if rule is not None:
            found.append((words(rule.title), words(rule.statement)))
    return found


def _facts(content: Mapping[str, Any], packs: Mapping) -> list[parts.Row]:
    """What was known, in the order in which it is asked."""
    declared = {fact.id: fact for pack in packs.values() if isinstance(pack, RulesPack) for fact in pack.facts}
    known = [name for name in declared if name in content["facts"]] + sorted(set(content["facts"]) - set(declared))
    return [
        parts.Row(words(declared[name].question) if name in declared else name, _said(content["facts"][name], declared.get(name)))
        for name in known
    ]


def _said(fact: Mapping[str, Any], declared: FactDeclaration | None) -> str:
    """A fact's value in words, its choices by their labels."""
    if fact["state"] != "value":
        return wording.said({"state": fact["state"]})
    labels = {choice.id: words(choice.label) for choice in declared.choices} if declared else {}
    value = fact["value"]
    if isinstance(value, list):
        return ", ".join(labels.get(str(member), str(member)) for member in value)
    return labels.get(str(value)) or wording.said(value)


def fact_of(content: Mapping[str, Any], name: str) -> list[str]:
    """One fact of a snapshot in words, a word or more for each of its values; empty when it is not known."""
    fact = content["facts"].get(name)
    if fact is None or fact["state"] != "value":
        return []
    packs = _packs(content)
    declared = next((f for pack in packs.values() if isinstance(pack, RulesPack) for f in pack.facts if f.id == name), None)
    values = fact["value"] if isinstance(fact["value"], list) else [fact["value"]]
    return [_said({"state": "value", "value": value}, declared) for value in values]


def answer_of(content: Mapping[str, Any], item_id: str) -> str:
    """What the assessments in a snapshot answer to one question, in words; empty without an answer."""
    given = [piece["params"].get("answers", {}) for piece in content["evidence"] if piece["kind"] == "answers"]
    answers = [row[item_id] for row in given if item_id in row]
    if not answers:
        return ""
    answer = answers[-1]["value"] if isinstance(answers[-1], Mapping) and "value" in answers[-1] else answers[-1]
    instruments = [pack for pack in _packs(content).values() if isinstance(pack, Instrument)]
    base = item_id.partition(REPEATED)[0]  # an answer about one entry of a repeated section
    item = next((pack.items[base] for pack in instruments if base in pack.items), None)
    return (answer_words(item, answer) if item is not None else "") or wording.said(answer)
