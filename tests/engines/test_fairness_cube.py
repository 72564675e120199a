"""From a table to the cube: one reading on every backend, and what cannot be read is refused with column and value."""

import hashlib
import sqlite3
import threading
import time

import duckdb
import numpy as np
import pyarrow as pa
import pyarrow.ipc
import pytest

from tests.engines.fairness_tables import made, parquet, same_units, text
from trygg.engines import fairness
from trygg.engines.tabular import Query, Values, open_table

EVERYTHING = fairness.Spec(
    attributes=("sex", "age", "origin"), decision="flagged", outcome="harm", favourable="0", score="score", value="grade",
    true_value="true_grade", rank="place", top_k=400, within="school", period="day", id="child",
)  # fmt: skip


def cube_of(path, spec=EVERYTHING, table=""):
    with fairness.open_table(path, table) as rows:
        return fairness.build_cube(rows, spec)


def sqlite_file(path, columns):
    with sqlite3.connect(path) as file:
        file.execute(f"CREATE TABLE decisions ({', '.join(columns)})")
        file.executemany(
            f"INSERT INTO decisions VALUES ({', '.join('?' * len(columns))})", zip(*columns.values(), strict=True)
        )
    file.close()
    return path


def duckdb_file(path, columns):
    connection = duckdb.connect(str(path))
    connection.register("source", pa.table(columns))
    connection.execute("CREATE TABLE decisions AS SELECT * FROM source")
    connection.close()
    return path


def arrow_file(path, columns, stream=False):
    table = pa.table(columns)
    with (
        pa.OSFile(str(path), "wb") as sink,
        (pa.ipc.new_stream if stream else pa.ipc.new_file)(sink, table.schema) as writer,
    ):
        writer.write_table(table)
    return path


@pytest.fixture(scope="module")
def columns():
    return made(missing=0.07, repeats=2)


@pytest.fixture(scope="module")
def expected(columns, tmp_path_factory):
    return cube_of(parquet(tmp_path_factory.mktemp("cube") / "t.parquet", columns))


@pytest.mark.parametrize("kind", ["csv", "semicolons", "arrow", "stream", "duckdb", "sqlite"])
def test_every_kind_of_file_gives_the_identical_cube(kind, columns, expected, tmp_path):
    make = {
        "csv": lambda: text(tmp_path / "t.csv", columns),
        "semicolons": lambda: text(tmp_path / "t.csv", columns, ";"),
        "arrow": lambda: arrow_file(tmp_path / "t.arrow", columns),
        "stream": lambda: arrow_file(tmp_path / "t.arrows", columns, stream=True),
        "duckdb": lambda: duckdb_file(tmp_path / "t.duckdb", columns),
        "sqlite": lambda: sqlite_file(tmp_path / "t.sqlite", columns),
    }
    found = cube_of(make[kind]())
    assert found.hash == expected.hash
    assert same_units(found.units, expected.units)


def test_threads_and_the_order_of_rows_change_nothing(columns, expected, tmp_path):
    order = np.random.default_rng(2).permutation(len(columns["sex"]))
    mixed = {name: [values[place] for place in order] for name, values in columns.items()}
    for threads in (1, 4):
        with fairness.open_table(parquet(tmp_path / "mixed.parquet", mixed), threads=threads) as rows:
            assert fairness.build_cube(rows, EVERYTHING).hash == expected.hash


def test_ibis_on_duckdb_gives_the_identical_cube(columns, expected):
    """What PostgreSQL answers when there is one, by the same code, wherever the tests run."""
    ibis = pytest.importorskip("ibis")
    connection = ibis.duckdb.connect()
    _table(connection, "decisions", columns)
    with fairness.ibis_table(connection, "decisions") as rows:
        found = fairness.build_cube(rows, EVERYTHING)
    assert found.hash == expected.hash and same_units(found.units, expected.units)
    _table(connection, "broken", {**columns, "score": [float("nan"), *columns["score"][1:]]})
    with pytest.raises(fairness.TableError, match="'score' has the value 'nan'"):
        fairness.build_cube(fairness.ibis_table(connection, "broken"), EVERYTHING)
    connection.disconnect()


def _table(connection, name, columns):
    connection.con.register("source", pa.table(columns))
    connection.con.execute(f"CREATE TABLE {name} AS SELECT * FROM source")


@pytest.mark.slow
def test_spark_gives_the_identical_cube(columns, tmp_path):
    """In local mode, where pyspark and Java are: attributes, outcome, decision, score bins, periods and sums of grades."""
    ibis = pytest.importorskip("ibis")
    pytest.importorskip("pyspark", reason="pyspark is not installed")
    from pyspark.sql import SparkSession

    spec = fairness.Spec(
        attributes=("sex", "age", "origin"), decision="flagged", outcome="harm", favourable="0", score="score", value="grade",
        true_value="true_grade", within="school", period="day",
    )  # fmt: skip
    path = parquet(tmp_path / "t.parquet", columns)
    with fairness.open_table(path) as rows:
        expected = fairness.build_cube(rows, spec)
    builder = SparkSession.builder.master("local[1]").config("spark.ui.enabled", "false")
    session = builder.config("spark.sql.shuffle.partitions", "4").getOrCreate()
    try:
        session.read.parquet(str(path)).createOrReplaceTempView("decisions")
        found = fairness.build_cube(fairness.ibis_table(ibis.pyspark.connect(session), "decisions"), spec)
    finally:
        session.stop()
    assert found.rows == expected.rows
    assert found.hash == expected.hash


def test_sums_are_exact(tmp_path):
    grades = [0.1, 0.2, 0.3, 1e6 + 0.123456, -7.25]
    with open_table(parquet(tmp_path / "t.parquet", {"v": grades, "t": [0.0] * 5})) as rows:
        sums = rows.group(Query((), values=Values("v", "t"))).sums
    assert sums["value_sum"] == [sum(round(grade * 1e6) for grade in grades)]
    assert sums["value_square"] == [sum(round(grade * 1e6) ** 2 for grade in grades)]
    assert sums["value_n"] == [5] and sums["value_off"] == [2]


# Readings -------------------------------------------------------------------------------------------------------------


def small(**changed):
    columns = {
        "g": ["a", "b"] * 20,
        "d": [0, 1, 1, 0] * 10,
        "y": [0, 0, 1, 1] * 10,
        "s": [0.1, 0.9, 0.4, 0.6] * 10,
        "id": list(range(40)),
    }
    return columns | changed


SMALL = fairness.Spec(attributes=("g",), decision="d", outcome="y", favourable="0")


def test_whole_numbers_spaces_and_booleans_are_read_alike(tmp_path):
    wanted = cube_of(parquet(tmp_path / "a.parquet", small()), SMALL).hash
    assert cube_of(parquet(tmp_path / "b.parquet", small(d=[float(d) for d in small()["d"]])), SMALL).hash == wanted
    assert cube_of(text(tmp_path / "c.csv", small(g=[" a", "b  "] * 20)), SMALL).hash == wanted
    found = cube_of(
        parquet(tmp_path / "d.parquet", small(d=[bool(d) for d in small()["d"]])),
        fairness.Spec(("g",), "d", "False", outcome="y"),
    )
    assert found.favourable == "false" and found.count.tolist() == cube_of(tmp_path / "a.parquet", SMALL).count.tolist()


def test_the_event_is_what_convention_or_the_caller_says(tmp_path):
    path = text(tmp_path / "t.csv", small(d=["deny", "grant", "grant", "deny"] * 10))
    found = cube_of(path, fairness.Spec(("g",), "d", "grant"))
    assert found.decision_values == ("grant", "deny") and not found.event_is_favourable
    found = cube_of(path, fairness.Spec(("g",), "d", "grant", positive="grant"))
    assert found.decision_values == ("deny", "grant") and found.event_is_favourable
    with pytest.raises(fairness.AuditError, match="--outcome-positive"):
        cube_of(text(tmp_path / "u.csv", small(y=["good", "bad"] * 20)), SMALL)


def test_empty_cells_are_a_group_and_missing_decisions_are_counted_and_left_out(tmp_path):
    found = cube_of(text(tmp_path / "t.csv", small(g=["a", "", " ", "NA"] * 10, d=[0, 1, "", 1] * 10)), SMALL)
    assert found.values == (("NA", "a", None),) and found.rows == 30 and found.without_decision == 10
    codes = {warned.code for warned in found.warnings}
    assert codes >= {"like_missing", "without_decision", "no_id"}
    found = cube_of(tmp_path / "t.csv", fairness.Spec(("g",), "d", "0", outcome="y", missing=("NA",)))
    assert found.values == (("a", None),)


def test_the_input_is_hashed_and_ids_that_repeat_are_seen(tmp_path):
    path = parquet(tmp_path / "t.parquet", small(id=[n // 2 for n in range(40)]))
    with fairness.open_table(path) as rows:
        found = fairness.build_cube(rows, fairness.Spec(("g",), "d", "0", outcome="y", id="id"))
        assert rows.finish() == hashlib.sha256(path.read_bytes()).hexdigest()
    assert found.units.children == 20 and found.units.largest == 2
    assert cube_of(parquet(path, small()), fairness.Spec(("g",), "d", "0", id="id")).units is None


# Refusals -------------------------------------------------------------------------------------------------------------


def refusal(path, **changed):
    spec = {"attributes": ("g",), "decision": "d", "outcome": "y", "favourable": "0"} | changed
    with pytest.raises(fairness.TableError) as refused, fairness.open_table(path) as rows:
        fairness.audit_table(rows, fairness.Spec(**spec))
    return str(refused.value)


def dates(many=40):
    return [f"2026-03-{1 + n % 28:02}" for n in range(many)]


@pytest.mark.parametrize(
    ("columns", "spec", "said"),
    [
        ({}, {"attributes": ("G2",)}, "There is no column 'G2' (did you mean 'g'?)"),
        ({}, {"decision": "decison"}, "There is no column 'decison'"),
        ({"d": ["a", "b", "c", "d"] * 10}, {"favourable": "a"}, "'d' must hold two kinds of decision, but has 4: 'a', 'b', 'c', 'd'"),
        ({"y": [0, 1, 2, 3] * 10}, {}, "'y' must hold two kinds of outcome, but has 4: '0', '1', '2', '3'"),
        ({"g": [f"name {n}" for n in range(40)] * 300, **{c: small()[c] * 300 for c in ("d", "y", "s", "id")}}, {}, None),
        ({"g": dates()}, {}, "Column 'g' holds dates, such as '2026-03-01'"),
        ({"g": ["a", "=HYPERLINK(1)"] * 20}, {}, "'g' has the value '=HYPERLINK(1)', which looks like a spreadsheet formula"),
        ({"s": [0.1, 0.2, 0.3, "=A2+1"] * 10}, {"score": "s"}, "'s' must hold numbers, but has the value '=A2+1'"),
        ({"s": [0.1, 0.2, 0.3, "high"] * 10}, {"score": "s"}, "'s' must hold numbers, but has the value 'high'"),
        ({"s": [0.1, 0.2, 0.3, "0,4"] * 10}, {"score": "s"}, "Write the point of decimals as a point"),
        ({"s": [0.1, 0.2, 0.3, "nan"] * 10}, {"score": "s"}, "'s' has the value 'nan', which is no number"),
        ({"s": [0.1, 0.2, 0.3, "-inf"] * 10}, {"score": "s"}, "'s' has the value '-inf'"),
        ({"s": [0.1, 0.2, 0.3, 7] * 10}, {"score": "s"}, "'s' has the value '7'; a score is a probability and must lie between 0 and 1"),
        ({"s": [0.1, 0.2, 0.3, 1e12] * 10}, {"value": "s"}, "'s' has the value"),
        ({"d": [""] * 40}, {}, "'d' is empty in every row"),
        ({"d": ["x"] * 40}, {"favourable": "x"}, "'d' holds only the value 'x'"),
        ({}, {"favourable": ""}, "Say which value of 'd' is favourable"),
        ({}, {"favourable": "yes"}, "'yes' is no value of column 'd'"),
        ({}, {"references": {"g": "A B"}}, "column 'g' has no value 'A B'"),
        ({}, {"primary": (("fprr", "g"),)}, "'fprr' is no metric (did you mean 'fpr'?)"),
    ],
)  # fmt: skip
def test_what_cannot_be_audited_is_refused_with_column_and_value(columns, spec, said, tmp_path):
    if said is None:
        columns, said = (
            {**columns, "g": [f"name {n}" for n in range(12_000)]},
            "'g' has 12,000 different values, such as 'name 0'",
        )
    found = refusal(text(tmp_path / "t.csv", small(**columns)), **spec)
    assert said in found and found.endswith((".", "?"))


def test_numbers_out_of_range_are_refused_in_typed_columns_too(tmp_path):
    for bad, said in ((float("nan"), "'nan'"), (float("inf"), "'inf'"), (1.5, "'1.5'"), (-0.25, "'-0.25'")):
        assert said in refusal(parquet(tmp_path / "t.parquet", small(s=[0.1, 0.2, 0.3, bad] * 10)), score="s")


def test_typed_dates_lists_and_mixed_cells_are_refused(tmp_path):
    import datetime

    days = [datetime.date(2026, 3, 1 + n % 28) for n in range(40)]
    assert "'g' holds dates, such as '2026-03" in refusal(parquet(tmp_path / "a.parquet", small(g=days)))
    assert "'g' holds lists" in refusal(parquet(tmp_path / "b.parquet", small(g=[["a"]] * 40)))
    mixed = refusal(sqlite_file(tmp_path / "c.sqlite", small(g=[1] * 39 + ["one"])))
    assert "Column 'g' holds text beside numbers, such as 'one'" in mixed


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("a.csv", b"", "a.csv has no rows"),
        ("b.csv", b"g,d,y\n", "b.csv has no rows"),
        ("c.csv", b"g,d,y\na,0,1\nb,1\n", "line 3: 2 values where the header has 3 columns"),
        ("d.csv", b'g,d,y\na,0,1\n"b,1', "the quotes do not add up"),
        ("e.csv", "g,d,y\nå,0,1\n".encode("latin-1"), "not UTF-8"),
        ("f.csv", b"g,d,d\na,0,1\n", "the column 'd' stands twice"),
        ("g.csv", b"g,,d\na,0,1\n", "column 2 has no name"),
        ("h.parquet", b"PAR1 and then nothing", "h.parquet is damaged or cut off"),
        ("i.parquet", b"not at all", "i.parquet is damaged"),
        ("j.arrow", b"ARROW1 and no end", "j.arrow is damaged"),
        ("k.xlsx", b"PK\x03\x04 rest", "save the sheet as CSV"),
        ("l.sqlite", b"SQLite format 3\0 and no more", "l.sqlite is damaged"),
        ("m.csv", b"g,d\0,y\n", "it is not text"),
    ],
)
def test_files_that_are_no_whole_tables_are_refused(name, content, said, tmp_path):
    (tmp_path / name).write_bytes(content)
    assert said in refusal(tmp_path / name)


def test_truncated_files_are_refused(tmp_path, columns):
    for path in (
        parquet(tmp_path / "t.parquet", columns),
        arrow_file(tmp_path / "t.arrow", columns),
        duckdb_file(tmp_path / "t.duckdb", columns),
    ):
        path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
        with pytest.raises(fairness.TableError, match="damaged"):
            cube_of(path)


def test_a_table_must_be_chosen_where_there_are_several(tmp_path):
    path = sqlite_file(tmp_path / "t.sqlite", small())
    with sqlite3.connect(path) as file:
        file.execute("CREATE TABLE other (x)")
    file.close()
    assert "decisions, other" in refusal(path)
    assert cube_of(path, SMALL, "decisions").rows == 40
    with pytest.raises(fairness.TableError, match="no table 'third'"):
        cube_of(path, SMALL, "third")


def test_a_file_that_changes_while_it_is_read_gives_nothing(tmp_path, columns):
    path = parquet(tmp_path / "t.parquet", columns)
    with fairness.open_table(path) as rows:
        fairness.build_cube(rows, EVERYTHING)
        with path.open("ab") as stream:
            stream.write(b"more")
        with pytest.raises(fairness.TableError, match="changed while it was being read"):
            rows.finish()
    path = sqlite_file(tmp_path / "t.sqlite", small())
    with pytest.raises(fairness.TableError, match="changed"), fairness.open_table(path) as rows:

        def write():
            with sqlite3.connect(path) as file:
                file.execute("INSERT INTO decisions SELECT * FROM decisions")
            file.close()

        writer = threading.Thread(target=write)
        found = fairness.build_cube(rows, SMALL)
        writer.start()
        time.sleep(0.05)
        rows._file.execute("COMMIT")  # our reading lets the writer finish
        writer.join(10)
        assert found.rows == 40
        rows.finish()


def test_hostile_names_of_columns_and_tables_stay_names(tmp_path):
    hostile = 'g"; DROP TABLE x; --'
    columns = {hostile: ["a'b", 'c"d'] * 20, "d, e": [0, 1, 1, 0] * 10}
    spec = fairness.Spec(attributes=(hostile,), decision="d, e", favourable="0")
    assert cube_of(parquet(tmp_path / "it's.parquet", columns), spec).values == (("a'b", 'c"d'),)
    assert cube_of(text(tmp_path / "it's.csv", columns), spec).rows == 40


def test_nan_in_grades_is_refused_though_the_statistics_of_parquet_leave_it_out(tmp_path):
    for bad in (float("nan"), float("-inf")):
        assert "'s' has the value" in refusal(
            parquet(tmp_path / "t.parquet", small(s=[0.1, 0.2, 0.3, bad] * 10)), value="s"
        )
        assert "'s' has the value" in refusal(
            parquet(tmp_path / "t.parquet", small(s=[1.0, 2.0, 3.0, bad] * 10)), rank="s", top_k=2
        )


def test_rows_without_an_id_are_children_of_their_own(tmp_path):
    ids = [None if n >= 30 else n // 2 for n in range(40)]
    found = cube_of(
        parquet(tmp_path / "t.parquet", small(id=ids)), fairness.Spec(("g",), "d", "0", outcome="y", id="id")
    )
    assert found.units.children == 15 + 10 and (found.units.many[found.units.pattern] * found.units.rows).sum() == 40
    said = {warned.code: warned.params for warned in found.warnings}
    assert said["without_id"]["rows"] == 10 and (said["repeated"]["children"], said["repeated"]["rows"]) == (15, 30)
