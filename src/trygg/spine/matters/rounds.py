"""Which facts are asked when. An alarm is asked in the first round, wherever what makes it relevant may hold."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from trygg.engines.assurance import FactDeclaration
from trygg.engines.conditions import NOT_APPLICABLE, UNANSWERED, evaluate, parse
from trygg.spine.frameworks.selectors import current_facts, words

# Known from the matter itself (assurance/recompute.py), so never asked.
FROM_MATTER = frozenset({"jurisdiction", "matter_kind"})
MOST = 12  # questions in a round

# About an alarm, not about the system. Each is asked as long as its condition may hold: not knowing is no reason to leave it out.
ALARMS = {
    "suspicion_child_harmed": parse({"fact": "touches_children", "is": True}),
    "concern_reported_by_human": parse({"fact": "suspicion_child_harmed", "is": True}),
    "abuse_material_found": parse(
        {"any": [{"fact": "touches_children", "is": True}, *({"fact": f"generat{end}", "is": True} for end in ("ive", "es_images_or_video"))]}
    ),
}
FOLLOW_UP = {"concern_reported_by_human": "suspicion_child_harmed"}  # asked once the other has an answer: "it" is that suspicion
_ANY_DAY = date(2000, 1, 1)  # the conditions above do not speak of days


def relevant_alarms(facts: Mapping[str, Any]) -> set[str]:
    """Alarms that matter, given what is known (engine values; a fact that is not there is unanswered)."""
    return {
        name for name, condition in ALARMS.items()
        if evaluate(condition, facts, _ANY_DAY).truth is not False
        and (name not in FOLLOW_UP or facts.get(FOLLOW_UP[name], UNANSWERED) not in (UNANSWERED, NOT_APPLICABLE))
    }  # fmt: skip


def open_alarms(facts: Mapping[str, Any]) -> set[str]:
    """Relevant alarms without an answer. "We do not know yet" is an answer, and stays among what is needed by itself."""
    return {name for name in relevant_alarms(facts) if facts.get(name, UNANSWERED) is UNANSWERED}


def hidden_alarms(facts: Mapping[str, Any]) -> set[str]:
    """Alarms that say nothing here: not relevant, and nobody has answered them."""
    return {name for name in ALARMS if facts.get(name, UNANSWERED) is UNANSWERED} - relevant_alarms(facts)


def first_round(declared: Iterable[FactDeclaration], needed: set[str], facts: Mapping[str, Any]) -> list[FactDeclaration]:
    """At most MOST questions: those that the screening still needs (before it needs anything, those without an answer), and every
    relevant alarm. A suspicion that somebody has raised stands first, other alarms last."""
    by_id = {fact.id: fact for fact in declared if fact.id not in FROM_MATTER}
    relevant = relevant_alarms(facts)
    alarms = [fact for name, fact in by_id.items() if name in relevant and (name in needed or facts.get(name, UNANSWERED) is UNANSWERED)]
    ordinary = [fact for name, fact in by_id.items() if name not in ALARMS]
    wanted = [fact for fact in ordinary if fact.id in needed] or [fact for fact in ordinary if fact.id not in facts]
    raised = [fact for fact in alarms if fact.id in FOLLOW_UP]
    rest = [fact for fact in alarms if fact.id not in FOLLOW_UP]
    return [*raised, *wanted[: MOST - len(alarms)], *rest] or list(by_id.values())[:MOST]


def words_of_input(name: str) -> str:
    """The question of a fact, for the page that keeps a text; "" when it is no fact's name."""
    return next((words(fact.question) for fact in current_facts() if fact.id == name), "")
