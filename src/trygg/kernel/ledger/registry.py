"""Public services: the only way in which state changes. Each is registered, opens its own unit of work, calls no other."""

import inspect
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import wraps
from typing import Any, TypeVar

from trygg.kernel.ledger.uow import NestedUnitOfWork, unit_of_work_open

Function = TypeVar("Function", bound=Callable[..., Any])


@dataclass(frozen=True, slots=True)
class Service:
    """A public service: its name as 'room.verb_noun' and the function that callers use."""

    name: str
    function: Callable[..., Any]


@dataclass(frozen=True, slots=True)
class Example:
    """One call that succeeds, and the actors who must be refused it; `records` are the actions that it leaves in the ledger."""

    call: dict[str, Any]
    denied: tuple[Any, ...] = ()
    records: tuple[str, ...] = field(default=())


SERVICES: dict[str, Service] = {}
EXAMPLES: dict[str, Callable[..., Any]] = {}


def service(name: str) -> Callable[[Function], Function]:
    """Register the decorated function as a public service.

    It takes keyword-only parameters, `actor` and `now` among them (TypeError otherwise), and must not be called while a unit
    of work is open (NestedUnitOfWork): compose private functions that take the open unit of work instead.
    """

    def register(function: Function) -> Function:
        _check_signature(name, function)
        if name in SERVICES:
            raise ValueError(f"two services are called {name}")

        @wraps(function)
        def call(**arguments: Any) -> Any:
            if unit_of_work_open():
                raise NestedUnitOfWork(
                    f"service {name} was called inside an open unit of work: call the private function instead"
                )
            return function(**arguments)

        SERVICES[name] = Service(name, call)
        return call  # type: ignore[return-value]

    return register


def example(service_name: str) -> Callable[[Function], Function]:
    """Register the decorated function, which sets the scene and returns an Example, for the tests that run every service."""

    def register(factory: Function) -> Function:
        if service_name in EXAMPLES:
            raise ValueError(f"two examples for {service_name}")
        EXAMPLES[service_name] = factory
        return factory

    return register


def _check_signature(name: str, function: Callable[..., Any]) -> None:
    parameters = inspect.signature(function).parameters
    wrong = [p.name for p in parameters.values() if p.kind is not inspect.Parameter.KEYWORD_ONLY]
    if wrong:
        raise TypeError(f"service {name}: {', '.join(wrong)} must be keyword-only, declared one by one")
    missing = {"actor", "now"} - parameters.keys()
    if missing:
        raise TypeError(f"service {name} must take {' and '.join(sorted(missing))}")
