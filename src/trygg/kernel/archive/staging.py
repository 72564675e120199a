"""Ids of rows, outside the database and outside memory: a SQLite file of its own, gone afterwards."""

import json
import sqlite3
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

CACHED = 50_000


class Ids:
    """Which row has which id, and what is named only."""

    def __init__(self, folder: Path | None = None):
        self._folder = tempfile.TemporaryDirectory(dir=folder, prefix=".archive-ids-")
        self._base = sqlite3.connect(Path(self._folder.name) / "ids.sqlite3", isolation_level=None, check_same_thread=False)
        self._base.executescript(
            "PRAGMA journal_mode=OFF; PRAGMA synchronous=OFF;"
            "CREATE TABLE row (label TEXT, key TEXT, id TEXT, PRIMARY KEY (label, id)) WITHOUT ROWID;"
            "CREATE UNIQUE INDEX row_key ON row (label, key);"
            "CREATE TABLE named (number INTEGER PRIMARY KEY, label TEXT, id TEXT, content TEXT, UNIQUE (label, id));"
            "BEGIN"
        )
        self._cache: dict[tuple[str, str], str] = {}

    def __enter__(self) -> "Ids":
        return self

    def __exit__(self, *error: object) -> None:
        self._base.close()
        self._folder.cleanup()

    def add(self, label: str, key: Any, wanted: str) -> str:
        """Give the row with this key the id, with a number behind it where another has it; returns the id."""
        number, row_id = 1, wanted
        while self.has(label, row_id):
            number += 1
            row_id = f"{wanted}~{number}"
        self._base.execute("INSERT INTO row VALUES (?, ?, ?)", (label, str(key), row_id))
        return row_id

    def take(self, label: str, row_id: str) -> bool:
        """Note that there is a row with this id; False when there was one already."""
        try:
            self._base.execute("INSERT INTO row VALUES (?, ?, ?)", (label, "#" + row_id, row_id))
        except sqlite3.IntegrityError:
            return False
        return True

    def name(self, label: str, row_id: str, content: dict[str, Any]) -> None:
        """Keep how a row of another organisation is named."""
        self._base.execute("INSERT INTO named (label, id, content) VALUES (?, ?, ?)", (label, row_id, json.dumps(content)))

    def named(self) -> Iterator[tuple[str, str, dict[str, Any]]]:
        """What is named only: label, id, content, each after what it links to."""
        for label, row_id, content in self._base.execute("SELECT label, id, content FROM named ORDER BY number"):
            yield label, row_id, json.loads(content)

    def is_named(self, label: str, row_id: str) -> bool:
        return self._base.execute("SELECT 1 FROM named WHERE label = ? AND id = ?", (label, row_id)).fetchone() is not None

    def has(self, label: str, row_id: str) -> bool:
        return self._base.execute("SELECT 1 FROM row WHERE label = ? AND id = ?", (label, row_id)).fetchone() is not None

    def id_of(self, label: str, key: Any) -> str | None:
        """The id of the row with this key, None when it has none (yet)."""
        asked = (label, str(key))
        if asked not in self._cache:
            found = self._base.execute("SELECT id FROM row WHERE label = ? AND key = ?", asked).fetchone()
            if found is None:
                return None
            if len(self._cache) >= CACHED:
                self._cache.clear()
            self._cache[asked] = found[0]
        return self._cache[asked]

    def count(self, label: str) -> int:
        """How many rows of a table travel: those that are only named do not count."""
        rows = self._base.execute("SELECT count(*) FROM row WHERE label = ?", (label,)).fetchone()[0]
        return rows - self._base.execute("SELECT count(*) FROM named WHERE label = ?", (label,)).fetchone()[0]
