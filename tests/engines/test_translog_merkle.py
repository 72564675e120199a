"""The Merkle tree against the vectors of RFC 6962's authors and against a naive implementation of the RFC's own recursion."""

import random
from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trygg.engines.translog import merkle, tiles

# Leaves, roots and proofs of the certificate-transparency project's merkletree tests.
LEAVES = [
    bytes.fromhex(text)
    for text in (
        "",
        "00",
        "10",
        "2021",
        "3031",
        "40414243",
        "5051525354555657",
        "606162636465666768696a6b6c6d6e6f",
    )
]
ROOTS = [
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]
A = "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7"
B = "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e"
C = "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4"
D = "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b"
E = "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0"
F = "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a"
HASHES = [merkle.leaf_hash(f"leaf {i}".encode()) for i in range(64)]


def naive_root(hashes):
    """MTH of RFC 6962 section 2.1, word for word."""
    if not hashes:
        return sha256(b"").digest()
    if len(hashes) == 1:
        return hashes[0]
    k = 1
    while k * 2 < len(hashes):
        k *= 2
    return sha256(b"\x01" + naive_root(hashes[:k]) + naive_root(hashes[k:])).digest()


def naive_path(m, hashes):
    """PATH of section 2.1.1."""
    if len(hashes) == 1:
        return []
    k = 1
    while k * 2 < len(hashes):
        k *= 2
    if m < k:
        return [*naive_path(m, hashes[:k]), naive_root(hashes[k:])]
    return [*naive_path(m - k, hashes[k:]), naive_root(hashes[:k])]


def naive_proof(m, hashes, whole=True):
    """PROOF and SUBPROOF of section 2.1.2."""
    n = len(hashes)
    if m == n:
        return [] if whole else [naive_root(hashes)]
    k = 1
    while k * 2 < n:
        k *= 2
    if m <= k:
        return [*naive_proof(m, hashes[:k], whole), naive_root(hashes[k:])]
    return [*naive_proof(m - k, hashes[k:], False), naive_root(hashes[:k])]


def range_hash(hashes):
    return lambda start, end: naive_root(hashes[start:end])


@pytest.mark.parametrize("size", range(9))
def test_roots_are_those_of_the_rfc_vectors(size):
    assert merkle.root_of([merkle.leaf_hash(leaf) for leaf in LEAVES[:size]]).hex() == ROOTS[size]


@pytest.mark.parametrize(
    ("index", "size", "path"),
    [(0, 1, []), (0, 8, [A, B, C]), (5, 8, [D, E, ROOTS[4]]), (2, 3, [ROOTS[2]]), (1, 5, [ROOTS[1], B, D])],
)
def test_inclusion_proofs_are_those_of_the_rfc_vectors(index, size, path):
    hashes = [merkle.leaf_hash(leaf) for leaf in LEAVES[:size]]
    assert [step.hex() for step in merkle.inclusion_proof(range_hash(hashes), index, size)] == path


@pytest.mark.parametrize(
    ("old", "new", "path"), [(1, 1, []), (1, 8, [A, B, C]), (6, 8, [F, E, ROOTS[4]]), (2, 5, [B, D])]
)
def test_consistency_proofs_are_those_of_the_rfc_vectors(old, new, path):
    hashes = [merkle.leaf_hash(leaf) for leaf in LEAVES[:new]]
    assert [step.hex() for step in merkle.consistency_proof(range_hash(hashes), old, new)] == path


@pytest.mark.parametrize("size", range(1, 65))
def test_every_inclusion_proof_up_to_64_is_the_rfc_one_and_proves_only_its_leaf(size):
    hashes = HASHES[:size]
    root = naive_root(hashes)
    for index in range(size):
        proof = merkle.inclusion_proof(range_hash(hashes), index, size)
        assert proof == naive_path(index, hashes)
        assert merkle.verify_inclusion(hashes[index], index, size, proof, root)
        for other in range(size):
            if other != index:
                assert not merkle.verify_inclusion(hashes[index], other, size, proof, root)
                assert not merkle.verify_inclusion(hashes[other], index, size, proof, root)


@pytest.mark.parametrize("new", range(65))
def test_every_consistency_proof_up_to_64_is_the_rfc_one_and_proves_only_its_roots(new):
    new_root = naive_root(HASHES[:new])
    for old in range(new + 1):
        old_root = naive_root(HASHES[:old])
        proof = merkle.consistency_proof(range_hash(HASHES[:new]), old, new)
        if old:
            assert proof == naive_proof(old, HASHES[:new])
        assert merkle.verify_consistency(old, new, proof, old_root, new_root)
        wrong = naive_root([*HASHES[: old - 1], bytes(32)]) if old else bytes(32)
        assert not merkle.verify_consistency(old, new, proof, wrong, new_root)
        if old:
            assert not merkle.verify_consistency(old, new, proof, old_root, wrong)
        assert not merkle.verify_consistency(old, new, [*proof, bytes(32)], old_root, new_root)
        if proof:
            assert not merkle.verify_consistency(old, new, proof[:-1], old_root, new_root)


def test_a_proof_outside_the_tree_is_refused():
    for index, size in ((0, 0), (3, 3), (-1, 3)):
        with pytest.raises(merkle.ProofError):
            merkle.inclusion_proof(range_hash(HASHES), index, size)
    for old, new in ((4, 3), (-1, 3)):
        with pytest.raises(merkle.ProofError):
            merkle.consistency_proof(range_hash(HASHES), old, new)


@given(st.lists(st.binary(min_size=32, max_size=32), max_size=40), st.data())
def test_a_changed_proof_proves_nothing(hashes, data):
    if len(hashes) < 2:
        return
    index = data.draw(st.integers(0, len(hashes) - 1))
    proof = merkle.inclusion_proof(range_hash(hashes), index, len(hashes))
    step = data.draw(st.integers(0, len(proof) - 1))
    byte = data.draw(st.integers(0, 31))
    broken = bytearray(proof[step])
    broken[byte] ^= 1
    proof[step] = bytes(broken)
    assert not merkle.verify_inclusion(hashes[index], index, len(hashes), proof, naive_root(hashes))


def grown(hashes, batches):
    """Tiles of a tree that grew in batches of the given sizes."""
    stored = {}
    size = 0
    while size < len(hashes):
        step = min(batches[size % len(batches)], len(hashes) - size)
        def read(level, position):
            return stored.get((level, position), b"")
        stored.update(tiles.append(read, size, hashes[size : size + step]))
        size += step
    return stored


@pytest.mark.parametrize("size", [0, 1, 2, 255, 256, 257, 511, 512, 513, 1000, 65535, 65536, 65537, 66000])
def test_tiles_hold_the_tree_whatever_the_batches(size):
    hashes = [sha256(i.to_bytes(4, "big")).digest() for i in range(size)]
    stored = grown(hashes, [1, 300, 7, 256, 90000] if size < 2000 else [90000, 1, 513, 255])
    assert {key: len(data) // 32 for key, data in stored.items()} == tiles.tiles_of(size)
    reader = tiles.TileReader(lambda level, position: stored.get((level, position), b""), size)
    assert reader.root() == merkle.root_of(hashes)
    full = {}
    frontier = tiles.Frontier(lambda level, position, data: full.__setitem__((level, position), data))
    for hashed in hashes:
        frontier.add(hashed)
    assert frontier.root() == merkle.root_of(hashes)
    assert full | frontier.partial() == stored


def test_proofs_come_from_tiles_and_read_only_the_tiles_said():
    size = 70_000
    hashes = [sha256(i.to_bytes(4, "big")).digest() for i in range(size)]
    stored = grown(hashes, [size])
    root = merkle.root_of(hashes)
    picker = random.Random(1)
    for index in [0, 255, 256, 65_535, 65_536, size - 1, *(picker.randrange(size) for _ in range(40))]:
        said = tiles.tiles_for_proof(index, size)
        reader = tiles.TileReader(
            lambda level, position, said=said: stored[level, position] if (level, position) in said else b"", size
        )
        proof = merkle.inclusion_proof(reader.range_hash, index, size)
        assert merkle.verify_inclusion(hashes[index], index, size, proof, root)
    for old in [1, 256, 257, 65_536, 69_999, *(picker.randrange(size) for _ in range(20))]:
        reader = tiles.TileReader(lambda level, position: stored.get((level, position), b""), size)
        proof = merkle.consistency_proof(reader.range_hash, old, size)
        assert merkle.verify_consistency(old, size, proof, merkle.root_of(hashes[:old]), root)
        assert reader.range_hash(0, old) == merkle.root_of(hashes[:old])


@given(st.lists(st.integers(1, 300), min_size=1, max_size=8))
def test_the_frontier_has_the_root_at_every_size(steps):
    frontier = tiles.Frontier()
    hashes = []
    for step in steps:
        for _ in range(step):
            hashes.append(len(hashes).to_bytes(32, "big"))
            frontier.add(hashes[-1])
        assert frontier.root() == merkle.root_of(hashes)


def test_appending_to_a_tile_that_was_cut_is_refused():
    stored = grown(HASHES, [64])
    with pytest.raises(tiles.TileMissing):
        tiles.append(lambda level, position: stored[level, position][:-32], 64, [bytes(32)])


def test_tile_paths_are_those_of_the_specification():
    assert tiles.tile_path(0, 1234067) == "tile/0/x001/x234/067"
    assert tiles.tile_path(0, 273, 112) == "tile/0/273.p/112"
    assert tiles.tiles_of(70_000) | {} == {
        **{(0, position): 256 for position in range(273)},
        (0, 273): 112,
        (1, 0): 256,
        (1, 1): 17,
        (2, 0): 1,
    }
    assert tiles.tiles_of(256) == {(0, 0): 256, (1, 0): 1}
