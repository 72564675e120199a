"""The content of a version: everything that its page says, as data, in both languages where they are known."""

import hashlib
from collections.abc import Mapping
from datetime import datetime

import rfc8785
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from trygg.kernel.people.models import Membership
from trygg.spine.assurance import wording
from trygg.spine.assurance.models import Case, Claim, Evidence, Status
from trygg.spine.assurance.selectors import claim_title, fact_questions, ref_words, requirement_of, rule_lines
from trygg.spine.frameworks.selectors import current_facts
from trygg.spine.matters.models import Fact, FactState, Matter
from trygg.spine.publication import reusable, sections
from trygg.spine.publication.texts import FIELDS, LANGUAGES, Text, both, native_of, said, typed

SCHEMA = 1
OPEN_STATES = (Status.CONTESTED, Status.MISSING, Status.STALE, Status.SUPPORTED)
RULES_SHOWN = ("prohibited", "precondition_missing", "duty", "duty_met")
# The child block: fields of the matter, and the facts that say the same when the field is empty.
CHILDREN = {
    "where": ("children_where", ""),
    "told": ("children_told", "how_children_are_told"),
    "say_no": ("children_say_no", ""),
    "object": ("children_object", "how_to_object"),
    "human": ("children_human", "how_to_reach_a_human"),
    "correct": ("children_correct", "how_to_correct"),
}


def build(matter: Matter, texts: Mapping[str, Mapping[str, str]], now: datetime, *, shared: bool = False) -> dict:
    """The content of a version of the matter's entry as of `now`. Holds roles, never names; the caller checks that (checks.py).
    `shared`: with what others may start from, as far as there is any."""
    facts = {fact.name: fact for fact in matter.facts.all()}
    children = children_of(matter, facts)
    shown, gaps = sections.built(matter, now)
    pieces = reusable.built(matter) if shared else []
    owner, native = matter.owner, native_of(matter.jurisdiction)
    return {
        "schema": SCHEMA,
        "key": matter.key,
        "made_on": timezone.localdate(now).isoformat(),
        "title": said(matter.title),
        "headline": typed(texts, "headline"),
        "summary": typed(texts, "summary", said(matter.summary), native),
        "kind": matter.kind,
        "stage": matter.stage,
        "jurisdiction": matter.jurisdiction,
        "diary_number": matter.diary_number,
        "owner": {"name": owner.name, "slug": owner.slug, "host": (owner.parent or owner).name, "contact": owner.contact_email},
        "decides": decides_of(matter, facts),
        "roles": roles_of(matter),
        "system": _system(matter),
        "children": children,
        "can_say_no": _fact_value(facts, "can_say_no"),
        "audience": audience(facts),
        "answers": {
            "say_no": typed(texts, "say_no", children["say_no"], native),
            "data": typed(texts, "data"),
            "human": typed(texts, "human", children["human"], native),
        },
        "child": {field.name.removeprefix("child_"): typed(texts, field.name) for field in FIELDS if field.child},
        "case": case_content(matter),
        "sections": shown,
        "gaps": gaps,
        **({"reusable": pieces} if pieces else {}),
    }  # fmt: skip


def children_of(matter: Matter, facts: Mapping[str, Fact]) -> dict[str, Text]:
    """The child block, in the officer's words."""
    return {key: said(getattr(matter, field) or _fact_text(facts, fact)) for key, (field, fact) in CHILDREN.items()}


def decides_of(matter: Matter, facts: Mapping[str, Fact]) -> dict:
    return {
        "body": matter.deciding_body,
        "organisation": matter.deciding_organisation.name if matter.deciding_organisation else "",
        "about_the_child": said(_fact_text(facts, "who_decides")),
    }


def roles_of(matter: Matter) -> dict[str, Text]:
    return {"accountable": _role(matter.accountable), "overseer": _role(matter.overseer)}


def content_hash(content: Mapping) -> str:
    """SHA-256 of the content in RFC 8785 form: anyone can work it out again from the JSON of the page."""
    return hashlib.sha256(rfc8785.dumps(content)).hexdigest()


def _fact_value(facts: Mapping[str, Fact], name: str):
    fact = facts.get(name)
    return fact.value if fact is not None and fact.state == FactState.VALUE else None


def _fact_text(facts: Mapping[str, Fact], name: str) -> str:
    value = _fact_value(facts, name)
    return value if isinstance(value, str) else ""


def _role(membership: Membership | None) -> Text:
    """The role, by title; never the name."""
    if membership is None:
        return {}
    return said(membership.title) or both(membership.get_role_display)


def _system(matter: Matter) -> dict | None:
    system = matter.system
    if system is None:
        return None
    return {
        "name": system.name,
        "vendor": system.vendor_name or (system.vendor.name if system.vendor else ""),
        "version": matter.system_version,
        "parts": sorted(component.part.name for component in system.components.select_related("part")),
    }


def audience(facts: Mapping[str, Fact]) -> dict[str, list[dict]]:
    """Which ages and settings are known, with their words from the packs."""
    declared = {fact.id: fact for fact in current_facts() if fact.id in ("age_bands", "setting")}
    return {"ages": _choices(facts, declared, "age_bands"), "settings": _choices(facts, declared, "setting")}


def _choices(facts: Mapping[str, Fact], declared: Mapping, name: str) -> list[dict]:
    value = _fact_value(facts, name)
    given = value if isinstance(value, list) else [value] if value else []
    choices = declared[name].choices if name in declared else ()
    return [
        {
            "value": choice.id,
            "label": {language: choice.label.get(language, choice.id) for language in LANGUAGES},
            "order": order,
        }
        for order, choice in enumerate(choices)
        if choice.id in given
    ]


# The case ---------------------------------------------------------------------------------------


def case_content(matter: Matter) -> dict:
    """What stands, is missing, stale and contested, each with its reasons; what the law says. Empty counts without a case."""
    case = Case.objects.filter(matter=matter).first()
    if case is None:
        return {
            "depth": "",
            "prohibited": False,
            "counts": {},
            "claims": [],
            "not_required": [],
            "rules": [],
            "frameworks": [],
            "unknown": 0,
        }
    claims = list(case.claims.select_related("pack", "owner").defer("pack__content"))
    titles = {
        str(pk): title for pk, title in Evidence.objects.filter(case=case, withdrawn_at=None).values_list("pk", "title")
    }
    worded: dict[str, list[dict]] = {}
    rules: dict[str, list[dict]] = {}
    for language in LANGUAGES:
        with override(language):
            facts = fact_questions(public=True)
            worded[language] = [_claim_words(claim, titles, facts) for claim in claims]
            rules[language] = _rules(case, facts)
    rows = [
        _claim_row(claim, {language: worded[language][n] for language in LANGUAGES}) for n, claim in enumerate(claims)
    ]
    asked = [(claim, row) for claim, row in zip(claims, rows, strict=True) if claim.status != Status.NOT_REQUIRED]
    asked.sort(key=lambda pair: (OPEN_STATES.index(pair[0].status), pair[0].order, pair[0].pk))
    return {
        "depth": case.depth,
        "prohibited": case.prohibited,
        "counts": {state.value: case.counts.get(state.value, 0) for state in OPEN_STATES},
        "claims": [row for _claim, row in asked],
        "not_required": [
            {"text": row["text"]["expert"], "reasons": [reason["text"] for reason in row["reasons"]]}
            for claim, row in zip(claims, rows, strict=True) if claim.status == Status.NOT_REQUIRED
        ],
        "rules": [_across(rules, n, ("title", "statement", "result_words")) for n in range(len(rules[LANGUAGES[0]]))],
        "frameworks": _frameworks(claims),
        "unknown": len(case.screening.get("needed", [])),
    }  # fmt: skip


def _claim_words(claim: Claim, titles: Mapping[str, str], facts: Mapping[str, str]) -> dict:
    _framework, requirement = requirement_of(claim)
    refs = [ref_words(ref) for ref in requirement.refs] if requirement else [_("Condition of a decision")]
    return {
        "expert": claim_title(claim, requirement, reading="expert"),
        "plain": claim_title(claim, requirement, reading="plain"),
        "child": claim_title(claim, requirement, reading="child") if requirement else "",
        "refs": " · ".join(dict.fromkeys(refs)),
        "reasons": [wording.reason_text(reason, titles, facts) for reason in claim.reasons],
    }


def _claim_row(claim: Claim, worded: Mapping[str, Mapping]) -> dict:
    first = next(iter(worded.values()))
    _framework, requirement = requirement_of(claim)
    return {
        "id": claim.requirement_id,
        "framework": claim.pack.pack_id if claim.pack else "",
        "status": claim.status,
        "text": {reading: {language: words[reading] for language, words in worded.items()} for reading in ("expert", "plain", "child")},
        "refs": {language: words["refs"] for language, words in worded.items()},
        "reasons": [
            {"status": wording.reason_state(claim.reasons[n]), "text": {language: words["reasons"][n] for language, words in worded.items()}}
            for n in range(len(first["reasons"]))
        ],
        "verified": str(requirement.verified) if requirement else "yes",
        "owner": _role(claim.owner),
        "due_on": claim.due_on.isoformat() if claim.due_on else "",
    }  # fmt: skip


def _rules(case: Case, facts: Mapping[str, str]) -> list[dict]:
    lines = rule_lines(case, facts)
    return [
        {
            "title": line.title, "statement": line.statement, "result": line.result, "result_words": line.result_words,
            "source": line.source, "refs": line.refs, "verified": line.verified, "from": line.from_ or "",
        }
        for result in RULES_SHOWN for line in lines[result]
    ]  # fmt: skip


def _across(rows: Mapping[str, list[dict]], n: int, worded: tuple[str, ...]) -> dict:
    """Row `n` of every language as one: worded fields become Texts, the others are the same in all."""
    merged = dict(rows[LANGUAGES[0]][n])
    for name in worded:
        merged[name] = {language: rows[language][n][name] for language in LANGUAGES}
    return merged


def _frameworks(claims: list[Claim]) -> list[dict]:
    found = {}
    for claim in claims:
        framework, _requirement = requirement_of(claim)
        if framework is not None and claim.status != Status.NOT_REQUIRED:
            found[framework.id] = {
                "id": framework.id, "version": framework.version,
                "title": {language: framework.title.get(language, framework.id) for language in LANGUAGES},
            }  # fmt: skip
    return list(found.values())
