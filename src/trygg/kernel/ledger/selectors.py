"""Reads of the record: its size and root, proofs, entries with their details."""

from collections.abc import Callable, Iterator
from typing import Any

from django.db import connection
from django.db.models import QuerySet

from trygg.engines.translog import merkle
from trygg.engines.translog.audit import Detail as DetailThere
from trygg.engines.translog.export import ExportedEntry
from trygg.engines.translog.tiles import WIDTH, TileReader, tiles_for_proof
from trygg.kernel.access import restrict
from trygg.kernel.ledger.models import Checkpoint, Detail, Entry, Tile

CHUNK = 4096


def entries_for(actor: Any) -> QuerySet[Entry]:
    """The entries that `actor` may see, oldest first."""
    return restrict(actor, "ledger.view").order_by("index")


def tree_size() -> int:
    """Number of entries in the tree, by its tiles."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT position, length(data) FROM {Tile._meta.db_table} WHERE level = 0 ORDER BY position DESC LIMIT 1"  # noqa: S608 (a constant of ours)
        )
        edge = cursor.fetchone()
    return 0 if edge is None else edge[0] * WIDTH + edge[1] // merkle.HASH_SIZE


def tree(size: int | None = None) -> TileReader:
    """The tree of the first `size` entries (all of them by default)."""
    return TileReader(_read_tile, tree_size() if size is None else size)


def inclusion_proof(index: int, size: int | None = None) -> list[bytes]:
    """The hashes that prove entry `index` to be in the tree of `size` entries. ProofError for an index outside it."""
    size = tree_size() if size is None else size
    reader = TileReader(_tiles_at_once(tiles_for_proof(index, size)), size)
    return merkle.inclusion_proof(reader.range_hash, index, size)


def consistency_proof(old_size: int, new_size: int | None = None) -> list[bytes]:
    """The hashes that prove the tree of `new_size` entries to begin with that of `old_size`: what a witness asks for."""
    reader = tree(new_size)
    return merkle.consistency_proof(reader.range_hash, old_size, reader.size)


def latest_checkpoint() -> Checkpoint | None:
    return Checkpoint.objects.order_by("-size").first()


def stored_entries(end: int) -> Iterator[ExportedEntry]:
    """Every entry before `end` as it stands, with its details, read in chunks outside any long transaction."""
    for columns, details in chunks(end):
        for row in columns:
            yield ExportedEntry(row[0], bytes(row[1]), bytes(row[2]), details.get(row[0], ()))


def chunks(end: int) -> Iterator[tuple[list[tuple], dict[int, list[DetailThere]]]]:
    """Rows (index, leaf, leaf_hash, action, actor_kind, actor_id, organisation_id, at, subject_type, subject_id) and details.

    Read by key ranges: a gap of any length costs one query, and no cursor stays open while others write.
    """
    start = -(2**63)
    while True:
        rows = list(
            Entry.objects.filter(index__gte=start, index__lt=end)
            .order_by("index")
            .values_list(
                "index",
                "leaf",
                "leaf_hash",
                "action",
                "actor_kind",
                "actor_id",
                "organisation_id",
                "at",
                "subject_type",
                "subject_id",
            )[:CHUNK]
        )
        if not rows:
            return
        details: dict[int, list[DetailThere]] = {}
        found = Detail.objects.filter(entry_id__gte=rows[0][0], entry_id__lte=rows[-1][0]).order_by("entry_id", "name")
        for entry_id, name, salt, value in found.values_list("entry_id", "name", "salt", "value"):
            details.setdefault(entry_id, []).append(DetailThere(name, bytes(salt), value))
        yield rows, details
        start = rows[-1][0] + 1


def _read_tile(level: int, position: int) -> bytes:
    data = Tile.objects.filter(level=level, position=position).values_list("data", flat=True).first()
    return b"" if data is None else bytes(data)


def _tiles_at_once(keys: set[tuple[int, int]]) -> Callable[[int, int], bytes]:
    """A reader of the named tiles, fetched by one query."""
    if not keys:
        return _read_tile
    pairs = sorted(keys)
    places = " OR ".join(["(level = %s AND position = %s)"] * len(pairs))
    with connection.cursor() as cursor:
        # By hand: a dozen OR-ed pairs take the ORM longer to write than the database to find.
        cursor.execute(
            f"SELECT level, position, data FROM {Tile._meta.db_table} WHERE {places}",  # noqa: S608 (numbers only, as parameters)
            [number for pair in pairs for number in pair],
        )
        found = {(level, position): bytes(data) for level, position, data in cursor.fetchall()}
    return lambda level, position: found[level, position] if (level, position) in found else _read_tile(level, position)
