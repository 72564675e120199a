"""Speed and memory of opinion groups, side by side with a dense scikit-learn pipeline in the same run. Not part of the test suite.

    python tests/benchmarks/bench_opinions.py [--participants 100000] [--statements 500] [--votes 5000000]

Bars at 100,000 x 500 with 5M votes: cold <= 5 s and <= 500 MB, >= 3 x faster than dense; warm <= 2 s; fold-in <= 100 us;
at 5,000 participants >= 5 x red-dwarf, where it is installed (`pip install red-dwarf`, its import is `reddwarf`).
"""

import argparse
import multiprocessing
import resource
import statistics
import sys
import time
from collections.abc import Callable
from importlib.metadata import PackageNotFoundError, version
from typing import Any

import numpy as np

SEED = 20261123


def votes(participants: int, statements: int, count: int) -> tuple[Any, Any, Any]:
    """A raw log: three camps, every participant has voted on some statements, a tenth of the votes were changed later."""
    random = np.random.default_rng(SEED)
    camp = random.integers(3, size=participants, dtype=np.int8)
    lean = random.standard_normal(size=(3, statements), dtype=np.float32)
    rows = random.integers(participants, size=count, dtype=np.int32)
    columns = random.integers(statements, size=count, dtype=np.int32)
    score = random.standard_normal(size=count, dtype=np.float32)
    score += lean[camp[rows], columns]
    return rows, columns, (score > 0.3).astype(np.int8) - (score < -0.3).astype(np.int8)


def ours(participants: int, statements: int, count: int, report: Any) -> None:
    from trygg.engines.deliberation import opinions

    opinions.analyse(
        opinions.from_rows([(one, two, 1 - 2 * (one * two % 2)) for one in range(40) for two in range(9)])
    )  # imports
    log = votes(participants, statements, count)
    idle = peak()
    opinions.analyse(opinions.collect(*log, range(participants), range(statements)))
    most = peak()
    cold, found = median(lambda: opinions.analyse(opinions.collect(*log, range(participants), range(statements))), 3)
    warm, again = median(
        lambda: opinions.analyse(opinions.collect(*log, range(participants), range(statements)), previous=found), 3
    )
    cells = slice(found.votes.start[7], found.votes.start[8])
    mine = found.votes.statements[cells], found.votes.values[cells]
    begin = time.perf_counter()
    for _ in range(2000):
        again.fold_in(*mine)
    fold = (time.perf_counter() - begin) / 2000
    report.put({"cold": cold, "warm": warm, "fold": fold, "k": found.k, "idle": idle, "peak": most})


def dense(participants: int, statements: int, count: int, report: Any) -> None:
    """What one writes with scikit-learn: a filled table, mean imputation, PCA, k-means for each k by silhouette of a sample."""
    from sklearn.cluster import KMeans
    from sklearn.decomposition import PCA
    from sklearn.impute import SimpleImputer
    from sklearn.metrics import silhouette_score

    log = votes(participants, statements, count)
    idle = peak()
    begin = time.perf_counter()
    table = np.full((participants, statements), np.nan)
    table[log[0], log[1]] = log[2]
    points = PCA(2, random_state=0).fit_transform(SimpleImputer(keep_empty_features=True).fit_transform(table))
    best = max(
        (
            silhouette_score(
                points, KMeans(k, n_init=10, random_state=0).fit_predict(points), sample_size=5000, random_state=0
            ),
            k,
        )
        for k in range(2, 6)
    )
    report.put({"cold": time.perf_counter() - begin, "k": best[1], "idle": idle, "peak": peak()})


def red_dwarf(participants: int, statements: int, count: int, report: Any) -> None:
    from reddwarf.implementations.polis import run_pipeline

    rows, columns, values = votes(participants, statements, count)
    last = {
        (row, column): value
        for row, column, value in zip(rows.tolist(), columns.tolist(), values.tolist(), strict=True)
    }
    log = [{"participant_id": row, "statement_id": column, "vote": value} for (row, column), value in last.items()]
    idle = peak()
    begin = time.perf_counter()
    run_pipeline(votes=log, random_state=0)
    report.put({"cold": time.perf_counter() - begin, "idle": idle, "peak": peak()})


def median(act: Callable[[], Any], times: int) -> tuple[float, Any]:
    taken = []
    for _ in range(times):
        begin = time.perf_counter()
        made = act()
        taken.append(time.perf_counter() - begin)
    return statistics.median(taken), made


def peak() -> float:
    """MB of this process at most so far."""
    used = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return used / (1024 * 1024 if sys.platform == "darwin" else 1024)


def alone(what: Callable[..., None], *arguments: int) -> dict[str, float]:
    """What it measured in a process of its own, so that no peak is another's."""
    context = multiprocessing.get_context("spawn")
    report = context.Queue()
    process = context.Process(target=what, args=(*arguments, report))
    process.start()
    result = report.get(timeout=3600)
    process.join()
    return result


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--participants", type=int, default=100_000)
    parser.add_argument("--statements", type=int, default=500)
    parser.add_argument("--votes", type=int, default=5_000_000)
    given = parser.parse_args()
    size = given.participants, given.statements, given.votes
    print(", ".join(f"{name} {version(name)}" for name in ("numpy", "scipy", "scikit-learn")))
    mine, theirs = alone(ours, *size), alone(dense, *size)
    print(
        f"{size[0]:,} participants x {size[1]:,} statements, {size[2]:,} rows of votes (memory: one cold run, the rows among it)"
    )
    print(
        f"  cold      {mine['cold']:7.2f} s   k = {mine['k']}   peak {mine['peak']:6.0f} MB ({mine['idle']:.0f} before)"
    )
    print(f"  warm      {mine['warm']:7.2f} s")
    print(f"  fold-in   {mine['fold'] * 1e6:7.0f} us")
    print(
        f"  dense     {theirs['cold']:7.2f} s   k = {theirs['k']}   peak {theirs['peak']:6.0f} MB ({theirs['idle']:.0f} before)"
    )
    print(f"  dense / cold: {theirs['cold'] / mine['cold']:.1f} x")
    small = 5_000, 200, 250_000
    mine = alone(ours, *small)
    print(f"{small[0]:,} participants x {small[1]:,} statements, {small[2]:,} rows: cold {mine['cold']:.2f} s")
    try:
        print(f"  red-dwarf {version('red-dwarf')}: ", end="")
    except PackageNotFoundError:
        print("  red-dwarf is not installed: not measured")
        return
    other = alone(red_dwarf, *small)
    print(f"{other['cold']:.2f} s, {other['cold'] / mine['cold']:.1f} x")


if __name__ == "__main__":
    main()
