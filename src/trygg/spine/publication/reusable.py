"""What others may start from: rooms say here what of a matter can be begun with elsewhere (docs/contracts.md).

A piece is plain data, the same on this installation and in a file (`case.schema.json`): one set of questions with its answers and
notes. Never names of people, comments or files.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date

from trygg.kernel.access import Actor
from trygg.spine.matters.models import Matter


@dataclass(frozen=True)
class Source:
    """Whose case it is, and which version of it. `content_hash` is that of the case as a file (casefile.py)."""

    organisation: str
    title: str
    number: int
    published_on: date
    content_hash: str
    address: str = ""

    @property
    def note(self) -> str:
        """Beside each answer that comes from it, in any language: who, which version, when."""
        return f"{self.organisation}, version {self.number}, {self.published_on.isoformat()}"


@dataclass(frozen=True)
class Line:
    """An answer in a preview, in words. `why`: why it stays behind."""

    question: str
    words: str
    note: str = ""
    why: str = ""


@dataclass(frozen=True)
class Look:
    """A piece as its room would take it over. `refused`: why it cannot be; `begun`: where it already was."""

    title: str
    about: str
    comes: tuple[Line, ...] = ()
    stays: tuple[Line, ...] = ()
    refused: str = ""
    begun: str = ""


@dataclass(frozen=True)
class Reusable:
    """`build(matter)`: pieces; `look(actor, matter, piece)`: a preview that writes nothing; `begin(actor=, now=, matter=, piece=,
    source=)`: takes the piece over and answers with the path of what was begun."""

    name: str
    build: Callable[[Matter], list[dict]]
    look: Callable[[Actor, Matter, Mapping], Look]
    begin: Callable[..., str]


REGISTERED: dict[str, Reusable] = {}


def register(
    name: str,
    *,
    build: Callable[[Matter], list[dict]],
    look: Callable[[Actor, Matter, Mapping], Look],
    begin: Callable[..., str],
) -> None:
    """Let a room share something of a matter, and take it over elsewhere."""
    if name in REGISTERED:
        raise ValueError(f"two rooms share {name}")
    REGISTERED[name] = Reusable(name, build, look, begin)


def built(matter: Matter) -> list[dict]:
    """Everything of a matter that others may start from, a piece each."""
    return [{"of": room.name, **piece} for room in REGISTERED.values() for piece in room.build(matter)]


def room_of(piece: Mapping) -> Reusable | None:
    """The room that takes a piece over; None for a sort that this installation does not know."""
    return REGISTERED.get(piece["of"])
