"""Tiles of 256 hashes in the layout of C2SP tlog-tiles: where a growing tree is kept.

Tile (level, position) holds the hashes MTH(D[(position*256 + i) * 256**level : (position*256 + i + 1) * 256**level]) for i from
0 up to 255, 32 bytes each. A tile that is not full yet is partial; only full tiles are hashed into the level above.
"""

from collections.abc import Callable, Sequence
from functools import lru_cache
from hashlib import sha256

from trygg.engines.translog.merkle import EMPTY_ROOT, HASH_SIZE, node_hash, root_of, split_point

WIDTH = 256
HEIGHT = 8
FULL = WIDTH * HASH_SIZE

TileKey = tuple[int, int]  # level, position
Read = Callable[[int, int], bytes]  # (level, position) -> the tile's bytes, b"" where there is none


class TileMissing(LookupError):
    """The tree needs a tile that is not stored, or stored too short."""


def tile_path(level: int, position: int, width: int = WIDTH) -> str:
    """The C2SP path of a tile, as in `tile/0/x001/x234/067` or `tile/0/000.p/112`."""
    groups = [f"{position % 1000:03d}"]
    while position >= 1000:
        position //= 1000
        groups.append(f"x{position % 1000:03d}")
    return f"tile/{level}/" + "/".join(reversed(groups)) + ("" if width == WIDTH else f".p/{width}")


def tiles_of(size: int) -> dict[TileKey, int]:
    """All tiles of a tree of `size` entries, with the number of hashes in each."""
    found: dict[TileKey, int] = {}
    level, count = 0, size
    while count:
        full, rest = divmod(count, WIDTH)
        found.update({(level, position): WIDTH for position in range(full)})
        if rest:
            found[level, full] = rest
        level, count = level + 1, full
    return found


def append(read: Read, size: int, hashes: Sequence[bytes]) -> dict[TileKey, bytes]:
    """The tiles that are new or longer after `hashes` (of leaves) are appended to a tree of `size` entries.

    Reads only the partial tiles on the right edge that the appended hashes reach. TileMissing if such a tile is not as long
    as `size` says.
    """
    changed: dict[TileKey, bytes] = {}
    level, count, rising = 0, size, list(hashes)
    while rising:
        position, width = divmod(count, WIDTH)
        data = b""
        if width:
            data = read(level, position)
            if len(data) != width * HASH_SIZE:
                path = tile_path(level, position, width)
                raise TileMissing(f"tile {path} holds {len(data)} bytes, not {width * HASH_SIZE}")
        data += b"".join(rising)
        rising = []
        for start in range(0, len(data), FULL):
            tile = data[start : start + FULL]
            changed[level, position] = tile
            if len(tile) == FULL:
                rising.append(root_of(split(tile)))
            position += 1
        level, count = level + 1, count // WIDTH
    return changed


def split(tile: bytes) -> list[bytes]:
    """The hashes of a tile."""
    return [tile[i : i + HASH_SIZE] for i in range(0, len(tile), HASH_SIZE)]


class Frontier:
    """The root of a growing tree in O(log n) memory; `on_tile(level, position, data)` is told each tile as it becomes full.

    What it keeps is the right edge of the tree: one partial tile per level.
    """

    __slots__ = ("_edge", "_on_tile", "size")

    def __init__(self, on_tile: Callable[[int, int, bytes], None] | None = None) -> None:
        self.size = 0
        self._edge: list[list[bytes]] = [[]]
        self._on_tile = on_tile

    def add(self, hashed_leaf: bytes) -> None:
        """Append one leaf hash."""
        self.size += 1
        leaves = self._edge[0]
        leaves.append(hashed_leaf)
        if len(leaves) == WIDTH:
            self._rise()

    def root(self) -> bytes:
        """Merkle tree hash of everything added so far."""
        subtrees: list[bytes] = []  # roots of the complete subtrees on the right edge, largest first
        for hashes in reversed(self._edge):
            start = 0
            for power in (128, 64, 32, 16, 8, 4, 2, 1):
                if len(hashes) & power:
                    subtrees.append(root_of(hashes[start : start + power]))
                    start += power
        if not subtrees:
            return EMPTY_ROOT
        node = subtrees.pop()
        while subtrees:
            node = node_hash(subtrees.pop(), node)
        return node

    def partial(self) -> dict[TileKey, bytes]:
        """The tiles on the right edge that are not full."""
        return {
            (level, (self.size >> HEIGHT * level) // WIDTH): b"".join(hashes)
            for level, hashes in enumerate(self._edge)
            if hashes
        }

    def _rise(self) -> None:
        level, covered = 0, self.size
        while len(self._edge[level]) == WIDTH:
            covered //= WIDTH
            if self._on_tile is not None:
                self._on_tile(level, covered - 1, b"".join(self._edge[level]))
            if level + 1 == len(self._edge):
                self._edge.append([])
            self._edge[level + 1].append(root_of(self._edge[level]))
            self._edge[level] = []
            level += 1


class TileReader:
    """Hashes of any range of a tree of `size` entries, from its tiles; each tile is read once.

    `range_hash` fits `merkle.inclusion_proof` and `merkle.consistency_proof`.
    """

    def __init__(self, read: Read, size: int):
        self._read = read
        self.size = size
        self._tiles: dict[TileKey, bytes] = {}

    def root(self) -> bytes:
        return self.range_hash(0, self.size)

    def range_hash(self, start: int, end: int) -> bytes:
        """Merkle tree hash of the entries start..end-1, where the range is one that a proof in this tree uses."""
        length = end - start
        if length == 0:
            return EMPTY_ROOT
        if length & (length - 1) == 0 and start % length == 0:
            return self._complete(length.bit_length() - 1, start // length)
        middle = start + split_point(length)
        return node_hash(self.range_hash(start, middle), self.range_hash(middle, end))

    def _complete(self, height: int, number: int) -> bytes:
        """Root of the `number`-th complete subtree of 2**height entries. It lies within one tile."""
        level, rise = divmod(height, HEIGHT)
        position, offset = divmod(number << rise, WIDTH)
        heights = _heights(self._tile(level, position))
        start = (offset >> rise) * HASH_SIZE
        node = heights[rise][start : start + HASH_SIZE]
        if len(node) != HASH_SIZE:
            raise TileMissing(f"tile {tile_path(level, position)} is too short for {self.size} entries")
        return node

    def _tile(self, level: int, position: int) -> bytes:
        key = (level, position)
        if key not in self._tiles:
            self._tiles[key] = self._read(level, position)
        return self._tiles[key]


@lru_cache(maxsize=64)
def _heights(tile: bytes) -> tuple[bytes, ...]:
    """The complete subtrees within a tile, as concatenated roots by height. Kept by content: upper tiles serve every proof."""
    heights = [tile]
    for _ in range(HEIGHT):
        below = heights[-1]
        pairs = range(0, len(below) - HASH_SIZE, 2 * HASH_SIZE)
        # Children lie side by side, so a parent is the hash of 64 bytes as they stand.
        heights.append(b"".join([sha256(b"\x01" + below[i : i + 2 * HASH_SIZE]).digest() for i in pairs]))
    return tuple(heights)


def tiles_for_proof(index: int, size: int) -> set[TileKey]:
    """The tiles that an inclusion proof for `index` in a tree of `size` entries may read: one per level, and the right edge."""
    wanted: set[TileKey] = set()
    level, position, count = 0, index // WIDTH, size
    while count:
        if position * WIDTH < count:
            wanted.add((level, position))
        if count % WIDTH:
            wanted.add((level, count // WIDTH))
        level, position, count = level + 1, position // WIDTH, count // WIDTH
    return wanted
