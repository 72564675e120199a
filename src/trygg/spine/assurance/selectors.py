"""The case as people read it: counts, courses of stones, claims with worded reasons and next steps, screening lines."""

import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field

from django.db.models import Prefetch, prefetch_related_objects
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from trygg.engines.assurance import Framework, Need, Requirement, Rule
from trygg.engines.depth import Depth as EngineDepth
from trygg.kernel.access import Actor, may, restrict
from trygg.kernel.ui import parts
from trygg.spine.assurance import wording
from trygg.spine.assurance.fitting import made_for, rules_at_hand
from trygg.spine.assurance.models import Case, CaseDocument, CaseFramework, Claim, Evidence, Status
from trygg.spine.frameworks.models import PackVersion
from trygg.spine.frameworks.selectors import current, current_facts, engine_pack, words
from trygg.spine.matters.many.undoing import referring
from trygg.spine.matters.models import Matter
from trygg.spine.matters.rounds import ALARMS, hidden_alarms, open_alarms
from trygg.spine.matters.selectors import facts_of

ORDER = (Status.SUPPORTED, Status.STALE, Status.MISSING, Status.CONTESTED)  # the order of stones in a course
MOST_REFS = 2  # in a row of a list; the claim's own page has them all
URGENT = (Status.CONTESTED, Status.MISSING, Status.STALE, Status.SUPPORTED)

NextStep = Callable[[Matter, str], "tuple[str, str] | None"]
NEXT_STEPS: dict[str, NextStep] = {}
BEGUN: dict[str, Callable[[Matter, str], bool]] = {}


def register_next_step(kind: str, step: NextStep, begun: Callable[[Matter, str], bool] | None = None) -> None:
    """Say where evidence of a kind is made: `step(matter, instrument or document) -> (words, url)`, None when it is not possible.
    `begun(matter, instrument or document)`: whether somebody has begun to make it; of several ways one goes on with that."""
    if kind in NEXT_STEPS:
        raise ValueError(f"two next steps for {kind}")
    NEXT_STEPS[kind] = step
    if begun is not None:
        BEGUN[kind] = begun


def key_of(need: Need) -> str:
    """Which instrument, or which kind of document, a need names."""
    return need.params.get("instrument") or need.params.get("document") or ""


def ways(need: Need, matter: Matter, depth: str) -> list[Need]:
    """Where a need leads, best first: what is begun already, then what is meant for this depth, the deepest first. Questions that are
    made for somewhere else lead nowhere."""
    if not need.any_of:
        return [need]
    begun = [each for each in need.any_of if each.kind in BEGUN and BEGUN[each.kind](matter, key_of(each))]
    fitting = [each for each in need.any_of if each.depth <= EngineDepth(depth) and each not in begun]
    fitting = [each for each in fitting if each.kind != "answers" or made_for(matter, key_of(each))]
    return begun + sorted(fitting, key=lambda each: each.depth, reverse=True)


@dataclass(frozen=True)
class RuleLine:
    """What a rule says about the matter, in words."""

    title: str
    statement: str
    next: str
    result: str
    result_words: str
    source: str
    refs: str
    verified: str
    verified_words: str
    because: str
    needed: str
    note: str
    from_: str | None


@dataclass(frozen=True)
class CaseView:
    """Everything that the case page shows, in the reader's language. `claims` are parts.Claim, contested first."""

    sentence: str
    counts: Mapping[str, int]
    courses: list[parts.Course]
    claims: list[parts.Claim]
    not_required: list[parts.Claim]
    prohibitions: list[RuleLine]
    preconditions: list[RuleLine]
    duties: list[RuleLine]
    advice: list[RuleLine]
    cannot_tell: list[RuleLine]
    other_rules: list[RuleLine]
    needed: list[tuple[str, str]] = field(default_factory=list)  # (fact, question)
    depth: str = ""


def claim_title(claim: Claim, requirement: Requirement | None, language: str | None = None, reading: str = "expert") -> str:
    """The claim itself in one of its readings: expert, plain or child."""
    if requirement is None:
        return words(claim.text, language)
    text = {"expert": requirement.claim, "plain": requirement.plain, "child": requirement.child}[reading]
    return words(text, language)


def requirement_of(claim: Claim) -> tuple[Framework | None, Requirement | None]:
    """The framework and requirement that a claim stands for; (None, None) for a condition."""
    if claim.pack is None:
        return None, None
    framework = engine_pack(claim.pack)
    return framework, framework.requirement(claim.requirement_id)


def claims_of(case: Case) -> list[Claim]:
    """The claims in order, each with its pack and owner; read once for a case at hand."""
    rows = Claim.objects.select_related("pack", "owner__person").defer("pack__content")
    prefetch_related_objects([case], Prefetch("claims", rows))
    return list(case.claims.all())


def fact_questions(language: str | None = None, *, public: bool = False, rules: list[PackVersion] | None = None) -> wording.FactWords:
    """Fact name -> its question, with the words of the choices. `public`: for a page that anyone reads, without small counts. `rules`: the
    current rules packs, where they are at hand."""
    declared = current_facts(rules)
    choices = {fact.id: {choice.id: words(choice.label, language) for choice in fact.choices} for fact in declared if fact.choices}
    return wording.FactWords({fact.id: words(fact.question, language) for fact in declared}, choices, public=public)


def instruments_asked_for(matter: Matter) -> dict[str, int]:
    """Instrument -> how many needs of claims that apply to this matter lead to it. A plan is not asked about a system."""
    led: dict[str, int] = {}
    case = getattr(matter, "case", None)
    for claim in claims_of(case) if case else ():
        _framework, requirement = requirement_of(claim)
        if requirement is None or claim.status == Status.NOT_REQUIRED:
            continue
        for need in requirement.needs:
            lead = next(iter(ways(need, matter, case.depth)), None)
            if lead is not None and lead.kind == "answers":
                led[key_of(lead)] = led.get(key_of(lead), 0) + 1
    return led


def case_view(actor: Actor, matter: Matter, *, reading: str = "expert", may_act: bool | None = None) -> CaseView | None:
    """The case of a matter that the actor may see, None when it has none yet. `may_act`: what
    `matters.answer_facts` says, where the caller has asked already. `matter.case` is the case that was read."""
    case = restrict(actor, "assurance.view_case").filter(matter=matter).first()
    if case is None:
        return None
    case.matter = matter
    return view_of(case, matter, reading=reading, may_act=may(actor, "matters.answer_facts", matter) if may_act is None else may_act)


def view_of(case: Case, matter: Matter, *, reading: str = "expert", may_act: bool = True) -> CaseView:
    """The case in words. The caller has checked that it may be seen (or publishes it). Without `may_act` no next steps."""
    claims = claims_of(case)
    titles = dict(Evidence.objects.filter(case=case, withdrawn_at=None).values_list("pk", "title"))
    titles = {str(pk): title for pk, title in titles.items()}
    rules = rules_at_hand(matter)
    facts = fact_questions(rules=rules)
    shown = [_claim(claim, matter, titles, facts, reading, may_act) for claim in claims]
    required = [(claim, part) for claim, part in zip(claims, shown, strict=True) if claim.status != Status.NOT_REQUIRED]
    known = facts_of([matter.pk])[matter.pk]
    lines = rule_lines(case, facts, quiet=open_alarms(known) | hidden_alarms(known), rules=rules)
    return CaseView(
        sentence=wording.sentence(case.counts),
        counts={state: case.counts.get(state, 0) for state in ORDER},
        courses=_courses(required),
        claims=[part for _claim_row, part in sorted(required, key=lambda pair: (URGENT.index(pair[0].status), pair[0].order))],
        not_required=[part for claim, part in zip(claims, shown, strict=True) if claim.status == Status.NOT_REQUIRED],
        prohibitions=lines["prohibited"],
        preconditions=lines["precondition_missing"],
        duties=lines["duty"],
        advice=lines["advice"],
        cannot_tell=lines["cannot_tell"],
        other_rules=[*lines["precondition_met"], *lines["duty_met"], *lines["not_yet"], *lines["does_not_apply"], *lines["expired"]],
        needed=[(n["fact"], facts.get(n["fact"], n["fact"])) for n in case.screening.get("needed", []) if n["fact"] not in hidden_alarms(known)],
        depth=str(case.get_depth_display()),
    )


def _claim(claim: Claim, matter: Matter, titles: Mapping[str, str], facts: Mapping[str, str], reading: str, may_act: bool) -> parts.Claim:
    framework, requirement = requirement_of(claim)
    reasons = worded(claim.reasons, titles, facts)
    step = None if not may_act or claim.status in (Status.SUPPORTED, Status.NOT_REQUIRED) else _next(claim, requirement, matter)
    return parts.Claim(
        title=claim_title(claim, requirement, reading=reading),
        status=claim.status,
        refs=_refs(framework, requirement, claim),
        reasons=reasons,
        next=step,
        owner=f"{claim.owner.person.shown_name}" if claim.owner else "",
        due=claim.due_on,
        id=f"claim-{claim.pk}",
        url=reverse("case:claim", args=[claim.pk]),
    )


def worded(reasons: list[Mapping], titles: Mapping[str, str], facts: Mapping[str, str]) -> list[parts.Reason]:
    """The reasons in words, each sentence once."""
    said = (parts.Reason(wording.reason_state(r), wording.reason_text(r, titles, facts)) for r in reasons)
    return list(dict.fromkeys(said))


def _next(claim: Claim, requirement: Requirement | None, matter: Matter) -> parts.Link:
    """Where to go: to whoever makes the first kind of evidence that is not met; else to the claim's own page."""
    url = reverse("case:claim", args=[claim.pk])
    if claim.status == Status.CONTESTED:
        return parts.Link(_("Look into the objection"), url)
    if requirement is None:
        return parts.Link(_("Show that the condition is met"), url)
    unmet = {r["params"].get("need") for r in claim.reasons if r["code"] != "supported_by" and "need" in (r.get("params") or {})}
    for need in requirement.needs:
        if not unmet & {need.id, *(each.id for each in need.leaves)}:
            continue
        for way in ways(need, matter, claim.case.depth):
            step = NEXT_STEPS[way.kind](matter, key_of(way)) if way.kind in NEXT_STEPS else None
            if step is not None:
                return parts.Link(*step)
    return parts.Link(words(requirement.next), url)


def _refs(framework: Framework | None, requirement: Requirement | None, claim: Claim) -> str:
    if framework is None or requirement is None:
        return _("Condition of a decision")
    return " · ".join(list(dict.fromkeys(ref_words(ref) for ref in requirement.refs))[:MOST_REFS]) or words(framework.title)


def ref_words(ref: Mapping[str, str]) -> str:
    """A reference in words: the Convention's article, UNICEF's requirement, a paragraph of General comment 25."""
    match ref.get("kind"):
        case "crc":
            return _("CRC article %(id)s") % {"id": ref["id"]}
        case "unicef3":
            return _("UNICEF 3.0, requirement %(id)s") % {"id": ref["id"]}
        case "unicef2":
            return _("UNICEF 2.0, requirement %(id)s") % {"id": ref["id"]}
        case "gc12" | "gc14" | "gc25" as comment:
            return _("General comment %(number)s, paragraph %(id)s") % {"number": comment.removeprefix("gc"), "id": ref["id"]}
        case "gdpr":
            return _("GDPR article %(id)s") % {"id": _paragraphs(ref["id"])}
        case "aia" if ref["id"].startswith("III"):
            return _("AI Act, Annex %(id)s") % {"id": ref["id"]}
        case "aia":
            return _("AI Act article %(id)s") % {"id": _paragraphs(ref["id"])}
        case "aadc":
            return _("ICO Children's code, standard %(id)s") % {"id": ref["id"]}
        case "dfe":
            return _("DfE product safety standards, heading %(id)s") % {"id": ref["id"]}
    return f"{ref.get('kind', '')} {ref.get('id', '')}".strip()


def _paragraphs(article: str) -> str:
    """An article as it is cited in the reader's language: 28(3)(g) in English, 28.3 g in Swedish."""
    if (get_language() or "en").split("-")[0] != "sv":
        return article
    return re.sub(r"\((\w+)\)", lambda found: f".{found[1]}" if found[1].isdigit() else f" {found[1]}", article)


def _courses(required: list[tuple[Claim, parts.Claim]]) -> list[parts.Course]:
    """One course of stones for each group of each framework, and one for conditions."""
    heaps: dict[tuple[str, str], list[tuple[Claim, parts.Claim]]] = {}
    for claim, part in sorted(required, key=lambda pair: pair[0].order):
        framework, requirement = requirement_of(claim)
        if framework is None:
            name = (_("Conditions of decisions"), "")
        else:
            group = next((g for g in framework.groups if g.id == requirement.group), None)
            name = (words(group.title) if group else words(framework.title), "")
        heaps.setdefault(name, []).append((claim, part))
    return [
        parts.Course(
            name=name, note=note,
            stones=[
                parts.Stone(status=claim.status, title=part.title, url=f"#{part.id}")
                for claim, part in sorted(heap, key=lambda pair: ORDER.index(pair[0].status))
            ],
        )
        for (name, note), heap in heaps.items()
    ]  # fmt: skip


RESULTS = {
    "prohibited": lambda: _("Prohibited"),
    "precondition_missing": lambda: _("Must be in place first"),
    "precondition_met": lambda: _("In place"),
    "duty": lambda: _("Duty"),
    "duty_met": lambda: _("Done"),
    "advice": lambda: _("Advice"),
    "cannot_tell": lambda: _("Cannot be told yet"),
    "does_not_apply": lambda: _("Does not apply"),
    "not_yet": lambda: _("Not in force yet"),
    "expired": lambda: _("No longer in force"),
}
VERIFIED = {
    "yes": lambda: _("verified"),
    "partly": lambda: _("partly verified: it may warn, it never blocks"),
    "no": lambda: _("not verified: it may warn, it never blocks"),
}


def rule_lines(
    case: Case, facts: Mapping[str, str], quiet: Collection[str] = frozenset(ALARMS), rules: list[PackVersion] | None = None
) -> dict[str, list[RuleLine]]:
    """The screening's outcomes by result, each with the facts that led to it. A rule that cannot be told only because facts of
    `quiet` are missing is left out: alarms that nobody has been asked or answered."""
    found: dict[str, list[RuleLine]] = {result: [] for result in RESULTS}
    packs = {version.pack_id: engine_pack(version) for version in (current("rules") if rules is None else rules)}
    for outcome in case.screening.get("outcomes", []):
        pack = packs.get(outcome["pack"])
        rule = next((r for r in pack.rules if r.id == outcome["rule"]), None) if pack else None
        if rule is not None and not (outcome["result"] == "cannot_tell" and set(outcome["needs"]) <= set(quiet)):
            found[outcome["result"]].append(_line(outcome, rule, pack, facts))
    return found


def _line(outcome: Mapping, rule: Rule, pack, facts: Mapping[str, str]) -> RuleLine:
    grounds = [ground for ground in outcome["because"] if ground.get("subject") == "fact"]
    because = "; ".join(f"{facts.get(g['name'], g['name'])} {wording.said_of(g['name'], g['value'], facts)}" for g in grounds)
    source = pack.sources.get(rule.source)
    return RuleLine(
        title=words(rule.title), statement=words(rule.statement), next=words(rule.next), result=outcome["result"],
        result_words=RESULTS[outcome["result"]](), source=source.title if source else rule.source, refs=", ".join(rule.refs),
        verified=outcome["verified"], verified_words=VERIFIED[outcome["verified"]](), because=because,
        needed="; ".join(facts.get(name, name) for name in outcome["needs"]), note=words(rule.note) if rule.note else "",
        from_=outcome["from"],
    )  # fmt: skip


def wanted_documents(claim: Claim) -> list[tuple[str, str]]:
    """Kinds of documents that the claim's needs name; for a condition one kind: proof that it is met."""
    _framework, requirement = requirement_of(claim)
    if requirement is None:
        return [("condition", _("Proof that the condition is met"))]
    return [
        (need.params["document"], words(need.label) if need.label else need.params["document"])
        for need in requirement.evidence
        if need.kind == "document"
    ]


def evidence_for(actor: Actor, claim: Claim) -> list[Evidence]:
    """Evidence that bears on a claim, newest first: what is bound to it, and what its needs name."""
    _framework, requirement = requirement_of(claim)
    rows = restrict(actor, "assurance.view_evidence").filter(case=claim.case)
    wanted = {(need.kind, key_of(need)) for need in requirement.evidence} if requirement else set()
    return [
        piece
        for piece in rows.order_by("-added_at")
        if piece.claim_id == claim.pk or (piece.claim_id is None and ((piece.kind, piece.key) in wanted or (piece.kind, "") in wanted))
    ]


def documents_of(actor: Actor, matter: Matter) -> list[CaseDocument]:
    """Documents of the matter that were written before, the newest first; `counts` says for how many claims each counts."""
    rows = restrict(actor, "assurance.view_document").filter(case__matter=matter, removed_at=None)
    found = list(rows)
    ids = [str(document.pk) for document in found]
    open_ones = Evidence.objects.filter(source_type="assurance.document", source_id__in=ids, withdrawn_at=None)
    counted: dict[str, int] = {}
    for source in open_ones.values_list("source_id", flat=True):
        counted[source] = counted.get(source, 0) + 1
    for document in found:
        document.counts = counted.get(str(document.pk), 0)
    return found


def places_of(document: CaseDocument) -> dict[int, Evidence]:
    """By claim: where the document is attached now."""
    rows = Evidence.objects.filter(source_type="assurance.document", source_id=str(document.pk), withdrawn_at=None)
    return {piece.claim_id: piece for piece in rows}


def matters_worked_on(matter_ids: Collection[int]) -> set[int]:
    """Those of the matters in whose case people did something: a claim given to someone, a condition, evidence, anything of a room.
    What the recompute wrote by itself does not count."""
    cases = dict(Case.objects.filter(matter_id__in=list(matter_ids)).values_list("pk", "matter_id"))
    claims = Claim.objects.filter(case__in=list(cases))
    given = claims.exclude(owner=None, due_on=None, origin=Claim.Origin.REQUIREMENT)
    named = claims.filter(pk__in=referring(Claim, claims.values("pk")))
    found = referring(Case, list(cases), beside=(Claim, CaseFramework))
    found |= {case for rows in (given, named) for case in rows.values_list("case_id", flat=True)}
    return {cases[pk] for pk in found}
