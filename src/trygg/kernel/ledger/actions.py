"""The names of all acts that the ledger can hold, each with its wording. Every room registers its own in its `actions.py`."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.utils import translation

from trygg.kernel.ledger.models import Entry

NAME = re.compile(r"[a-z][a-z0-9_]*\.[a-z][a-z0-9_]*")


class UnknownAction(LookupError):
    """An action was recorded that no room registered."""


@dataclass(frozen=True, slots=True)
class Action:
    """`en` and `sv` may name fields of the entry's public part in braces: "Stage set to {stage}".

    `values`: field -> what its stored values are called, where they are codes: {"stage": dict(Stage.choices)}.
    """

    name: str
    en: str
    sv: str
    values: Mapping[str, Mapping[str, Any]] = field(default_factory=dict, compare=False)

    def wording(self, language: str) -> str:
        return self.sv if language.split("-")[0] == "sv" else self.en


ACTIONS: dict[str, Action] = {}


def register_action(name: str, en: str, sv: str, values: Mapping[str, Mapping[str, Any]] | None = None) -> Action:
    """Make `name` ('room.thing_done') an action that can be recorded. ValueError for a bad name, no wording, or two wordings."""
    if not NAME.fullmatch(name):
        raise ValueError(f"«{name}» is no action name: write it as room.thing_done")
    if not en or not sv:
        raise ValueError(f"{name} needs its wording in English and Swedish")
    action = Action(name, en, sv, values or {})
    if ACTIONS.setdefault(name, action) != action:
        raise ValueError(f"{name} is registered twice, with different wordings")
    return action


def action_named(name: str) -> Action:
    """The registered action. UnknownAction if there is none."""
    try:
        return ACTIONS[name]
    except KeyError:
        raise UnknownAction(
            f"«{name}» is not registered: add register_action({name!r}, en, sv) to the room's actions.py"
        ) from None


class _Said(dict[str, Any]):
    def __missing__(self, key: str) -> str:
        return "…"


def describe(entry: Entry, language: str) -> str:
    """The entry's act in words ('en' or 'sv'). An action that no longer exists is given by its name."""
    action = ACTIONS.get(entry.action)
    if action is None:
        return entry.action
    said = _Said(entry.public)
    with translation.override(language):
        for name, called in action.values.items():
            if said.get(name) in called:
                said[name] = str(called[said[name]]).lower()
    return action.wording(language).format_map(said)


register_action(
    "ledger.detail_erased",
    "Detail “{detail}” of entry {entry} was erased",
    "Uppgiften ”{detail}” i post {entry} raderades",
)
