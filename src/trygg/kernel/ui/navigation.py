"""The main navigation: rooms put their word into it when the application starts; the footer and help in the same way."""

from collections.abc import Callable
from dataclasses import dataclass

from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse

from trygg.kernel.access.actor import Actor

MOST = 5


@dataclass(frozen=True)
class Entry:
    order: int
    label: str
    url_name: str
    may: Callable[[Actor], bool]
    count: Callable[[Actor], int | None] | None
    section: str


@dataclass(frozen=True)
class Item:
    """One word of the navigation, as it is shown to one actor on one page."""

    label: str
    url: str
    current: str  # "" | "page" | "true": the value of aria-current
    count: int | None


ENTRIES: dict[str, Entry] = {}
FOOTER: dict[str, tuple[int, str]] = {}
HELP: list[str] = []


def everyone(actor: Actor) -> bool:
    return True


def register(
    order: int,
    label: str,
    url_name: str,
    may: Callable[[Actor], bool] = everyone,
    count: Callable[[Actor], int | None] | None = None,
    section: str = "",
) -> None:
    """Put a word into the navigation. `section` is the URL namespace whose pages belong to it (default: that of `url_name`)."""
    ENTRIES[url_name] = Entry(order, label, url_name, may, count, section or url_name.partition(":")[0])


def register_footer(order: int, label: str, url_name: str) -> None:
    """Put a link into the footer."""
    FOOTER[url_name] = (order, label)


def register_help(url_name: str) -> None:
    """Say where Help in the header leads."""
    HELP[:] = [url_name]


def url_or_none(name: str) -> str | None:
    """The address of a named page, None in an installation that does not have it."""
    try:
        return reverse(name)
    except NoReverseMatch:
        return None


def items(request: HttpRequest) -> list[Item]:
    """The words that the actor of `request` sees, at most five."""
    actor = getattr(request, "actor", None)
    match = request.resolver_match
    here = match.view_name if match else ""
    namespaces = set(match.namespaces) | {here} if match else set()
    shown = []
    for entry in sorted(ENTRIES.values(), key=lambda entry: entry.order):
        url = url_or_none(entry.url_name)
        if url is None or actor is None or not entry.may(actor):
            continue
        current = "page" if here == entry.url_name else "true" if entry.section in namespaces else ""
        shown.append(Item(entry.label, url, current, entry.count(actor) if entry.count else None))
    return shown[:MOST]


def footer_links() -> list[tuple[str, str]]:
    """(label, address) of the footer's links."""
    found = ((label, url_or_none(name)) for name, (_, label) in sorted(FOOTER.items(), key=lambda entry: entry[1][0]))
    return [(label, url) for label, url in found if url]


def help_url() -> str | None:
    return url_or_none(HELP[0]) if HELP else None
