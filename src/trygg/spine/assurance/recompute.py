"""Recompute: facts + packs + evidence + the day -> screening and the status of every claim. The only writer of a status."""

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.utils import timezone

from trygg.engines import assurance as engine
from trygg.engines.conditions import as_data
from trygg.engines.depth import Depth
from trygg.spine.assurance.changes import EvidenceChanged
from trygg.spine.assurance.fitting import known_from_matter
from trygg.spine.assurance.models import Case, CaseFramework, Claim, Evidence, Status
from trygg.spine.assurance.tasks import escalate
from trygg.spine.frameworks.models import PackVersion
from trygg.spine.frameworks.selectors import current, current_facts, engine_pack
from trygg.spine.matters.changes import FactsChanged, MatterChanged, SystemVersionChanged
from trygg.spine.matters.models import Matter
from trygg.spine.matters.selectors import facts_of

CONDITION_NEED = engine.Need(id="met", kind="condition_met")


def listen(work, changes: Iterable[object]) -> None:
    """Told by the unit of work before it commits: works out the touched cases anew."""
    touched: set[int] = set()
    systems: set[int] = set()
    for change in changes:
        if isinstance(change, MatterChanged | FactsChanged | EvidenceChanged):
            touched.add(change.matter_id)
        elif isinstance(change, SystemVersionChanged):
            systems.add(change.system_id)
    if systems:
        touched |= set(Matter.objects.filter(system_id__in=systems).values_list("pk", flat=True))
    if touched:
        recompute(work, touched)


@dataclass(frozen=True)
class Packs:
    """The current packs, parsed: rules, frameworks with their versions, and the types of facts."""

    rules: list[engine.RulesPack]
    frameworks: list[tuple[PackVersion, engine.Framework]]
    declarations: dict[str, engine.FactDeclaration]
    digest: str
    titles: dict[str, dict[str, str]]  # of instruments, for reasons that name them

    @classmethod
    def load(cls) -> "Packs":
        versions = current()
        rules = [engine_pack(version) for version in versions if version.kind == "rules"]
        frameworks = [(version, engine_pack(version)) for version in versions if version.kind == "framework"]
        declarations = {fact.id: fact for fact in current_facts(versions)}
        titles = {version.pack_id: dict(version.title) for version in versions if version.kind == "instrument"}
        return cls(rules, frameworks, declarations, _digest(sorted(version.content_hash for version in versions)), titles)


def recompute(work, matter_ids: Iterable[int]) -> int:
    """Work out the cases of these matters at the unit of work's time; returns how many claims changed their status.

    A fixed number of queries for any number of matters, claims and pieces of evidence.
    """
    today = timezone.localdate(work.now)
    rows = Matter.objects.filter(pk__in=set(matter_ids)).select_related("case", "accountable", "owner").order_by("pk")
    # Two who change one case at once come one after the other, so that the later sees what the earlier wrote. Not FOR UPDATE: that
    # would wait for everyone who has only referred to the matter.
    matters = list(rows.select_for_update(of=("self",), no_key=True))
    packs = Packs.load()
    types = {name: str(fact.type) for name, fact in packs.declarations.items()}
    facts = facts_of([matter.pk for matter in matters], types)
    cases = _cases(matters)
    standing = _by_case(Claim.objects.filter(case__in=cases.values()).select_related("pack"))
    evidence = _by_case(Evidence.objects.filter(case__in=cases.values(), withdrawn_at=None))
    lines = _by_case(CaseFramework.objects.filter(case__in=cases.values()))
    writes = _Writes()
    for matter in matters:
        case = cases[matter.pk]
        given = {**facts[matter.pk], **known_from_matter(matter, packs.declarations)}
        seen = engine.facts_for_kind(given, packs.declarations, engine.MatterKind(matter.kind))
        screening = engine.screen([*packs.rules, *(framework for _, framework in packs.frameworks)], seen, today)
        pieces = evidence.get(case.pk, [])
        moment = engine.Moment(today, matter.system_version)
        changed = _claims(work, case, packs, screening, seen, pieces, moment, standing.get(case.pk, []), writes)
        _frameworks(case, packs, screening, lines.get(case.pk, []), writes)
        _close_case(work, case, packs, screening, seen, writes)
        if changed:
            work.record(
                "assurance.status_changed", matter, organisation=matter.owner_id, count=len(changed),
                changes=[list(change) for change in changed[:200]],
            )  # fmt: skip
        writes.changed += len(changed)
    writes.save()
    escalate(work, matters, cases, today=today)
    return writes.changed


class _Writes:
    """What is to be written, gathered over all cases, so that the number of queries stays fixed."""

    def __init__(self) -> None:
        self.new_claims: list[Claim] = []
        self.old_claims: list[Claim] = []
        self.new_lines: list[CaseFramework] = []
        self.old_lines: list[CaseFramework] = []
        self.cases: list[Case] = []
        self.changed = 0

    def save(self) -> None:
        Claim.objects.bulk_create(self.new_claims)
        if self.old_claims:
            Claim.objects.bulk_update(
                self.old_claims, ["pack", "status", "reasons", "next_change_at", "changed_at", "order"], batch_size=500
            )
        CaseFramework.objects.bulk_create(self.new_lines)
        if self.old_lines:
            CaseFramework.objects.bulk_update(self.old_lines, ["pack", "applies", "depth", "because"], batch_size=500)
        if self.cases:
            Case.objects.bulk_update(
                self.cases,
                ["depth", "screening", "screening_hash", "prohibited", "counts", "recomputed_at", "next_change_at"],
                batch_size=200,
            )


def _cases(matters: list[Matter]) -> dict[int, Case]:
    have = {matter.pk: matter.case for matter in matters if hasattr(matter, "case")}
    missing = [Case(matter=matter) for matter in matters if matter.pk not in have]
    for case in Case.objects.bulk_create(missing):
        have[case.matter_id] = case
    return have


def _by_case(rows) -> dict[int, list]:
    found: dict[int, list] = {}
    for row in rows:
        found.setdefault(row.case_id, []).append(row)
    return found


def as_engine_evidence(piece: Evidence) -> engine.Evidence:
    """A stored piece of evidence as the engine takes it."""
    return engine.Evidence(
        kind=piece.kind, source=str(piece.pk), valid_from=piece.valid_from, key=piece.key, stance=engine.Stance(piece.stance),
        valid_until=piece.valid_until, params=piece.params, hash=piece.content_hash, system_version=piece.system_version,
    )  # fmt: skip


def _bearing(pieces: list[Evidence], claim_id: int | None) -> list[engine.Evidence]:
    """Evidence that may bear on a claim: what is bound to none, and what is bound to it. Settled objections no longer count."""
    return [
        as_engine_evidence(piece)
        for piece in pieces
        if piece.settled_at is None
        and (piece.claim_id == claim_id if piece.claim_id is not None else piece.stance == Evidence.Stance.SUPPORTS)
    ]


def _claims(work, case, packs: Packs, screening, facts, pieces, moment, standing: list[Claim], writes: _Writes) -> list[tuple]:
    by_requirement = {(claim.pack.pack_id, claim.requirement_id): claim for claim in standing if claim.pack_id}
    changed, order, counts = [], 0, dict.fromkeys(Status.values, 0)
    next_change = screening.next_change
    for version, framework in packs.frameworks:
        line = screening.framework(framework.id)
        for requirement in framework.requirements:
            order += 1
            old = by_requirement.pop((framework.id, requirement.id), None)
            judged = engine.requirement_status(
                requirement, _bearing(pieces, old.pk if old else None), moment, screening.depth, facts, line
            )
            if old is None and judged.status is engine.Status.NOT_REQUIRED and line.applies is False:
                continue  # a framework that does not apply leaves no claims behind
            changed += _write_claim(work, case, old, version, requirement.id, judged, order, writes, packs.titles)
            counts[judged.status.value] += 1
            next_change = _sooner(next_change, judged.next_change)
    for claim in by_requirement.values():  # requirements that the current packs no longer have
        gone = engine.ClaimStatus(engine.Status.NOT_REQUIRED, (engine.Reason(engine.Code.NO_LONGER_ASKED),))
        changed += _write_claim(work, case, claim, claim.pack, claim.requirement_id, gone, 10_000 + claim.order, writes)
    for claim in (claim for claim in standing if claim.origin == Claim.Origin.CONDITION):
        judged = engine.needs_status([CONDITION_NEED], _bearing(pieces, claim.pk), moment)
        changed += _write_claim(work, case, claim, None, claim.requirement_id, judged, claim.order, writes)
        counts[judged.status.value] += 1
        next_change = _sooner(next_change, judged.next_change)
    case.counts, case.next_change_at = counts, next_change
    return changed


def _write_claim(work, case, old: Claim | None, version, requirement_id, judged, order, writes: _Writes, titles=None) -> list[tuple]:
    status, reasons = judged.status.value, _named(as_data(judged.reasons), titles or {})
    if old is None:
        writes.new_claims.append(
            Claim(
                case=case, pack=version, requirement_id=requirement_id, order=order, status=status, reasons=reasons,
                next_change_at=judged.next_change, changed_at=work.now,
            )
        )  # fmt: skip
        return [(requirement_id, "", status)]
    before = old.status
    same = (old.status, old.reasons, old.next_change_at, old.pack_id, old.order) == (
        status, reasons, judged.next_change, version.pk if version else None, order,
    )  # fmt: skip
    if not same:
        old.pack, old.status, old.reasons, old.next_change_at, old.order = version, status, reasons, judged.next_change, order
        if before != status:
            old.changed_at = work.now
        writes.old_claims.append(old)
    return [(requirement_id, before, status)] if before != status else []


def _named(reasons: list[dict], titles: dict[str, dict[str, str]]) -> list[dict]:
    """Reasons that name sets of questions hold their titles, so that they are read the same wherever they are shown."""
    for reason in reasons:
        for each in reason["params"].get("alternatives", ()):
            each["label"] = each["label"] or titles.get(each["key"])
    return reasons


def _sooner(first: date | None, second: date | None) -> date | None:
    return min((day for day in (first, second) if day is not None), default=None)


def _frameworks(case, packs: Packs, screening, standing: list[CaseFramework], writes: _Writes) -> None:
    by_pack = {line.pack_id: line for line in standing}
    for version, framework in packs.frameworks:
        line = screening.framework(framework.id)
        because = as_data({"applies": line.because, "needs": line.needs, "depth": line.depth_because})
        row = by_pack.get(version.pk)
        if row is None:
            writes.new_lines.append(CaseFramework(case=case, pack=version, applies=line.applies, depth=line.depth.value, because=because))
        elif (row.applies, row.depth, row.because) != (line.applies, line.depth.value, because):
            row.applies, row.depth, row.because = line.applies, line.depth.value, because
            writes.old_lines.append(row)


def _close_case(work, case, packs: Packs, screening, facts, writes: _Writes) -> None:
    case.depth = Depth(screening.depth).value
    case.prohibited = bool(screening.prohibitions)
    case.screening = {
        "on": screening.on.isoformat(),
        "depth": case.depth,
        "outcomes": as_data(screening.outcomes),
        "needed": [{"fact": need.fact, "wanted_by": list(need.wanted_by)} for need in screening.needs],
        "next_change": screening.next_change.isoformat() if screening.next_change else None,
    }
    case.screening_hash = _digest({"facts": as_data(facts), "packs": packs.digest, "on": case.screening["on"]})
    case.recomputed_at = work.now
    writes.cases.append(case)


def _digest(data: object) -> str:
    return hashlib.sha256(json.dumps(data, sort_keys=True, default=str).encode()).hexdigest()
