"""Tables for the tests of the bias audit: made here, with what is planted in them."""

import csv
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet

ROOT = Path(__file__).resolve().parents[2]
STUDENT = ROOT.parent / "shared" / "data" / "fairness" / "student"


def made(rows=4000, seed=5, gap=0.0, missing=0.0, repeats=1):
    """Columns of a table of decisions: sex, age group, origin; outcome, decision, score, grade. `gap`: more missed among girls."""
    random = np.random.default_rng(seed)
    sex = random.choice(["F", "M"], rows)
    age = random.choice(["0-5", "6-12", "13-17"], rows, p=[0.2, 0.5, 0.3])
    origin = random.choice(["abroad", "here", "unclear"], rows, p=[0.25, 0.7, 0.05]).astype(object)
    if missing:
        origin[random.random(rows) < missing] = None
    harm = (random.random(rows) < 0.3).astype(np.int8)
    caught = np.where(harm == 1, 0.8 - gap * (sex == "F"), 0.1)
    flagged = (random.random(rows) < caught).astype(np.int8)
    score = np.clip(np.round(random.beta(2, 5, rows) + 0.25 * harm, 6), 0, 1)
    return {
        "sex": sex.tolist(), "age": age.tolist(), "origin": origin.tolist(), "harm": harm.tolist(), "flagged": flagged.tolist(),
        "score": score.tolist(), "grade": random.normal(10, 3, rows).round(1).tolist(), "true_grade": random.normal(10, 3, rows).round(1).tolist(),
        "place": (random.permutation(rows) + 1).tolist(), "school": random.choice(["a", "b", "c"], rows).tolist(),
        "child": (np.arange(rows) // repeats).tolist(), "day": random.choice(["2026-01-07", "2026-02-11", "2026-02-12"], rows).tolist(),
    }  # fmt: skip


def parquet(path, columns):
    pyarrow.parquet.write_table(pa.table(columns), path)
    return path


def text(path, columns, delimiter=","):
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream, delimiter=delimiter)
        writer.writerow(columns)
        writer.writerows(zip(*columns.values(), strict=True))
    return path


def of_counts(**groups):
    """Columns of one attribute `g` from counts (tp, fp, tn, fn) a group."""
    columns = {"g": [], "y": [], "d": []}
    for name, counts in groups.items():
        for (y, d), many in zip(((1, 1), (0, 1), (0, 0), (1, 0)), counts, strict=True):
            columns["g"] += [name] * many
            columns["y"] += [y] * many
            columns["d"] += [d] * many
    return columns


def student(name, path):
    """The pupils with a transparent flag: the first mark below ten; outcome: the year was failed."""
    with (STUDENT / f"student_{name}.csv").open(encoding="utf-8") as stream:
        rows = list(csv.DictReader(stream))
    columns = {
        column: [row[column] for row in rows]
        for column in ("school", "sex", "age", "address", "guardian", "Medu", "class")
    }
    columns["flag"] = [int(int(row["G1"]) < 10) for row in rows]
    columns["failed"] = [int(row["class"] == "Low") for row in rows]
    return text(path, columns)


def same_units(one, other):
    """Whether two cubes hold the same patterns of children, in the same order."""
    return one.children == other.children and all(
        getattr(one, part).tolist() == getattr(other, part).tolist() for part in ("many", "pattern", "cell", "rows")
    )
