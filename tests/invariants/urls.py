"""All URLs of the product, with the names of their arguments."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from django.urls import URLPattern, URLResolver, get_resolver


@dataclass(frozen=True)
class Address:
    """One URL: its name with namespaces (its route when it has none), its arguments, its view."""

    name: str
    route: str
    arguments: tuple[str, ...]
    view: Callable

    def __str__(self) -> str:
        return self.name

    def path(self, kwargs: dict) -> str:
        """The path with these arguments in their places."""
        from django.urls import reverse

        return reverse(self.name, kwargs=kwargs)


def addresses(
    resolver: URLResolver | None = None, prefix: str = "", spaces: tuple[str, ...] = (), arguments: tuple[str, ...] = ()
) -> Iterator[Address]:
    """Every pattern of the URL configuration."""
    for entry in (resolver or get_resolver()).url_patterns:
        route = prefix + str(entry.pattern)
        named = (*arguments, *(entry.pattern.converters or entry.pattern.regex.groupindex))
        if isinstance(entry, URLResolver):
            yield from addresses(entry, route, (*spaces, entry.namespace) if entry.namespace else spaces, named)
        elif isinstance(entry, URLPattern):
            name = ":".join((*spaces, entry.name)) if entry.name else route
            yield Address(name, route, named, entry.callback)
