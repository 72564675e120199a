"""Two pages hold what fits: texts are cut at a word by rule, and the paper says where the whole text stands."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

CUT = " […]"
NONE = 0  # no pictures: one that is too small to read says nothing


@dataclass(frozen=True)
class Room:
    """How much there is room for: characters of a text, entries of a list, rows of a table; None: all of it. `pictures`: mm in width;
    `courses`: the picture of the case; `sections`: how many of them at most."""

    text: int | None = None
    entry: int | None = None
    entries: int | None = 6
    rows: int | None = 12
    pictures: int = 150
    courses: bool = True
    sections: int | None = None
    tight: bool = False


# Tried in turn, until the pages hold it. The last holds whatever there is: nine sections of a few lines each.
ROOMS = (
    Room(),
    Room(text=900, entry=300, entries=5, tight=True),
    Room(text=600, entry=200, entries=4, tight=True),
    Room(text=600, entry=200, entries=4, pictures=130, tight=True),
    Room(text=400, entry=150, entries=3, pictures=120, tight=True),
    Room(text=320, entry=120, entries=2, pictures=115, tight=True),
    Room(text=320, entry=120, entries=3, rows=8, pictures=NONE, tight=True),
    Room(text=200, entry=90, entries=2, rows=4, pictures=NONE, tight=True),
    Room(text=140, entry=70, entries=1, rows=2, pictures=NONE, courses=False, tight=True),
    Room(text=100, entry=60, entries=1, rows=1, pictures=NONE, courses=False, sections=9, tight=True),
)


class Cutter:
    """Shortens by a room, and remembers that it did."""

    def __init__(self, room: Room) -> None:
        self.room = room
        self.cut = False

    def text(self, words: str, limit: int | None = None) -> str:
        limit = self.room.text if limit is None else limit
        words = words.strip()
        if limit is None or len(words) <= limit:
            return words
        self.cut = True
        kept = words[: limit - len(CUT)]
        return kept.rsplit(" ", 1)[0].rstrip(" .,;:") + CUT

    def entry(self, words: str) -> str:
        return self.text(words, self.room.entry) if self.room.entry is not None else words.strip()

    def block(self, block: Mapping[str, Any]) -> dict[str, Any] | None:
        """The block as far as there is room; None when there is none."""
        return _SHORTER[block["kind"]](self, dict(block))

    def _text(self, block: dict[str, Any]) -> dict[str, Any]:
        return block | {"text": self.text(block["text"])}

    def _heading(self, block: dict[str, Any]) -> dict[str, Any]:
        return block | {"text": self.entry(block["text"])}

    def _list(self, block: dict[str, Any]) -> dict[str, Any]:
        most = self.room.entries
        shown = [{name: self.entry(words) for name, words in item.items()} for item in block["items"][:most]]
        if left := len(block["items"]) - len(shown):
            self.cut = True
            shown.append({"text": ngettext("and one more", "and %(n)d more", left) % {"n": left}})
        return block | {"items": shown}

    def _quote(self, block: dict[str, Any]) -> dict[str, Any]:
        return block | {"text": self.text(block["text"]), "by": self.entry(block.get("by", ""))}

    def _table(self, block: dict[str, Any]) -> dict[str, Any]:
        rows = [[self.entry(cell) for cell in row] for row in block["rows"][: self.room.rows]]
        if left := len(block["rows"]) - len(rows):
            self.cut = True
            more = ngettext("and one more", "and %(n)d more", left) % {"n": left}
            rows.append([more, *[""] * (len(block["head"]) - 1)])
        return block | {"head": [self.entry(cell) for cell in block["head"]], "rows": rows, "caption": self.entry(block.get("caption", ""))}

    def _courses(self, block: dict[str, Any]) -> dict[str, Any] | None:
        most = self.room.rows
        if not self.room.courses:
            self.cut = True
            return None
        rows = block["courses"][:most]
        if len(rows) < len(block["courses"]):
            self.cut = True
        return block | {"courses": [row | {"name": self.entry(row["name"]), "stones": row["stones"][:60]} for row in rows]}

    def _picture(self, block: dict[str, Any]) -> dict[str, Any] | None:
        if not self.room.pictures:
            self.cut = True
            return None
        return block | {"width": min(block.get("width", self.room.pictures), self.room.pictures)}


_SHORTER: dict[str, Callable[[Cutter, dict[str, Any]], dict[str, Any] | None]] = {
    "text": Cutter._text,
    "heading": Cutter._heading,
    "list": Cutter._list,
    "quote": Cutter._quote,
    "table": Cutter._table,
    "courses": Cutter._courses,
    "picture": Cutter._picture,
}


def shortened(blocks: list[dict[str, Any]], room: Room, number: int) -> tuple[list[dict[str, Any]], bool]:
    """(blocks as far as there is room, whether anything was cut). Quotes count as entries: at most so many of them. What was cut ends
    with a line that says where the whole stands: section `number` of the full report."""
    cutter = Cutter(room)
    quotes, found = 0, []
    for block in blocks:
        if block["kind"] == "quote":
            quotes += 1
            if room.entries is not None and quotes > room.entries:
                cutter.cut = True
                continue
        short = cutter.block(block)
        if short is not None:
            found.append(short)
    most = room.entries * 3 if room.tight and room.entries is not None else None
    if most is not None and len(found) > most:
        found, cutter.cut = found[:most], True
    if cutter.cut and number:
        line = _("See the full report, section %(number)d.") % {"number": number}
        found.append({"kind": "text", "text": line, "quiet": True})
    return found, cutter.cut
