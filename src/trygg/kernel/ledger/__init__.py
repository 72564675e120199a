"""The record: every act, in the same transaction as the act. `record()` of a unit of work is the only writer."""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from trygg.kernel.ledger.actions import register_action
    from trygg.kernel.ledger.registry import Example, example, service
    from trygg.kernel.ledger.uow import UnitOfWork, on_change, recorded_later, unit_of_work

# Lazy: Django imports this package before models can be imported.
_HOMES = {
    "register_action": "actions",
    "service": "registry",
    "example": "registry",
    "Example": "registry",
    "unit_of_work": "uow",
    "on_change": "uow",
    "recorded_later": "uow",
    "UnitOfWork": "uow",
}
__all__ = ["Example", "UnitOfWork", "example", "on_change", "recorded_later", "register_action", "service", "unit_of_work"]


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(name)
    return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
