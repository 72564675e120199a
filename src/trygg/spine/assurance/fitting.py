"""Whether a set of questions is made for a matter: its kind and the facts that follow from it. Not knowing never rules out."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.db.models import F
from django.utils.translation import gettext as _

from trygg.engines.assurance import FactDeclaration, MatterKind, as_data, facts_for_kind
from trygg.engines.conditions import Compare, FactValue, Op, evaluate, parse, walk
from trygg.spine.assurance import wording
from trygg.spine.frameworks.models import PackVersion
from trygg.spine.frameworks.selectors import current, current_facts
from trygg.spine.matters.models import Matter
from trygg.spine.matters.selectors import facts_of


@dataclass(frozen=True)
class Misfit:
    """Why questions are made for somewhere else: for other `kinds` of matter, or for other `facts`: (name, values that they are made
    for, value here)."""

    kinds: tuple[str, ...] = ()
    facts: tuple[tuple[str, tuple, object], ...] = ()

    def sentence(self, matter: Matter, questions: Mapping[str, str]) -> str:
        """The reason in the reader's language. `questions`: the words of facts (`selectors.fact_questions`)."""
        if self.kinds:
            made, here = [str(Matter.Kind(kind).label) for kind in self.kinds], [str(matter.get_kind_display())]
        else:
            made = [wording.said_of(name, list(values), questions) for name, values, _here in self.facts]
            here = [wording.said_of(name, value, questions) for name, _values, value in self.facts]
        return _("Made for: %(made)s. Here: %(here)s.") % {"made": ", ".join(made), "here": ", ".join(here)}


def known_from_matter(matter: Matter, declarations: Mapping[str, FactDeclaration]) -> dict[str, FactValue]:
    """Facts that follow from the matter itself, as far as a pack asks for them."""
    derived = {"jurisdiction": matter.jurisdiction, "matter_kind": matter.kind}
    return {name: value for name, value in derived.items() if name in declarations}


def rules_at_hand(matter: Matter) -> list[PackVersion]:
    """The current rules packs, read once for a matter at hand."""
    if "rules_at_hand" not in matter.__dict__:
        matter.__dict__["rules_at_hand"] = current("rules")
    return matter.__dict__["rules_at_hand"]


def known_facts(matter: Matter) -> dict[str, FactValue]:
    """Everything that conditions may ask about a matter: what was answered, and what follows from its kind. Read once for a matter
    at hand."""
    if "known_facts" not in matter.__dict__:
        declarations = {fact.id: fact for fact in current_facts(rules_at_hand(matter))}
        types = {name: str(fact.type) for name, fact in declarations.items()}
        given = {**facts_of([matter.pk], types)[matter.pk], **known_from_matter(matter, declarations)}
        matter.__dict__["known_facts"] = facts_for_kind(given, declarations, MatterKind(matter.kind))
    return matter.__dict__["known_facts"]


def misfit(matter: Matter, kinds: Sequence[str] | None, applies_when: object) -> Misfit | None:
    """Why questions for these kinds of matter, and under this condition (as it stands in the pack), are not made for the matter; None
    when they are, or may be."""
    if kinds and matter.kind not in kinds:
        return Misfit(kinds=tuple(kinds))
    if applies_when is None:
        return None
    condition = parse(applies_when, "applies_when")
    verdict = evaluate(condition, known_facts(matter))
    if verdict.truth is not False:
        return None
    wanted: dict[str, tuple] = {}
    for _place, node, positive in walk(condition, ""):
        if isinstance(node, Compare) and positive and node.op is not Op.KNOWN:
            values = node.operand if isinstance(node.operand, tuple) else (node.operand,)
            wanted[node.name] = wanted.get(node.name, ()) + values
    grounds = [ground for ground in as_data(verdict.because) if ground.get("name") in wanted]
    return Misfit(facts=tuple((ground["name"], wanted[ground["name"]], ground["value"]) for ground in grounds))


def made_for(matter: Matter, instrument: str) -> bool:
    """Whether the current version of these questions of Trygg's is made for the matter, or may be; read once for a matter at hand."""
    found = matter.__dict__.get("made_for")
    if found is None:
        rows = PackVersion.objects.filter(kind="instrument", current=True, organisation=None).annotate(
            kinds=F("content__applies"), when=F("content__applies_when")
        )
        found = {name: misfit(matter, kinds, when) is None for name, kinds, when in rows.values_list("pack_id", "kinds", "when")}
        matter.__dict__["made_for"] = found
    return found.get(instrument, True)
