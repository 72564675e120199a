"""Access rules: registered by action name, asked for lists and for single objects alike. Deny by default."""

from collections.abc import Callable
from dataclasses import dataclass

from django.core.exceptions import PermissionDenied
from django.db.models import Exists, Model, OuterRef, Q, QuerySet

from trygg.kernel.access.actor import Actor

NOTHING = Q(pk__in=())  # matches no row


class Denied(PermissionDenied):
    """The actor may not do this to that. The message names the action, never the content."""

    def __init__(self, action: str):
        super().__init__(action)
        self.action = action


@dataclass(frozen=True)
class Rule:
    action: str
    model: type[Model]
    rows: Callable[[Actor], Q]


RULES: dict[str, Rule] = {}


def rule(action: str, model: type[Model]) -> Callable[[Callable[[Actor], Q]], Callable[[Actor], Q]]:
    """Register the decorated `(actor) -> Q` as the rule for `action` on rows of `model`.

    A rule that grants the system or the public something says so itself: `if actor.is_system: return Q()`.
    """

    def register(rows: Callable[[Actor], Q]) -> Callable[[Actor], Q]:
        if action in RULES:
            raise ValueError(f"two rules for {action}")
        RULES[action] = Rule(action, model, rows)
        return rows

    return register


def restrict(actor: Actor, action: str, rows: QuerySet | None = None) -> QuerySet:
    """The rows (of the rule's model, or of `rows`) on which `actor` may do `action`. An action without a rule raises KeyError."""
    found = RULES[action]
    queryset = found.model._default_manager.all() if rows is None else rows
    if queryset.model is not found.model:
        raise TypeError(f"{action} is about {found.model.__name__}, not {queryset.model.__name__}")
    condition = found.rows(actor)
    if condition is NOTHING:
        return queryset.none()
    if not condition:
        return queryset
    matching = found.model._default_manager.filter(condition)
    if len(matching.query.alias_map) == 1:  # nothing joined
        return queryset.filter(condition)
    # The condition may join many rows to one: ask whether there is any, so that no row comes twice. Asked row by row: what is
    # about one row stays as quick when there are ten thousand others.
    return queryset.filter(Exists(matching.filter(pk=OuterRef("pk"))))


def reached(actor: Actor, action: str, path: str) -> Q:
    """For a rule on another model: rows from which `path` (a foreign key) leads to one on which `actor` may do `action`."""
    return Q(Exists(restrict(actor, action).filter(pk=OuterRef(path))))


def may(actor: Actor, action: str, thing: Model) -> bool:
    """True when `thing` is among the rows on which `actor` may do `action`."""
    return restrict(actor, action).filter(pk=thing.pk).exists()


def allowed(actor: Actor, thing: Model, *actions: str) -> frozenset[str]:
    """Those of `actions` that `actor` may do to `thing`: what `may` says of each, in one query."""
    asked = [Exists(restrict(actor, action, type(thing)._default_manager.filter(pk=thing.pk))) for action in actions]
    said = type(thing)._default_manager.filter(pk=thing.pk).values_list(*asked).first() or (False,) * len(actions)
    return frozenset(action for action, yes in zip(actions, said, strict=True) if yes)


def require(actor: Actor, action: str, thing: Model) -> None:
    """Raise Denied unless `may(actor, action, thing)`."""
    if not may(actor, action, thing):
        raise Denied(action)
