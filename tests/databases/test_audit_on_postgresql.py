"""A bias audit where the rows are: PostgreSQL groups, and gives the cube that a file of the same rows gives."""

import os
from urllib.parse import urlsplit, urlunsplit

import pytest

from tests.engines.fairness_tables import made, parquet
from trygg.engines import fairness

EVERYTHING = fairness.Spec(
    attributes=("sex", "age", "origin"), decision="flagged", outcome="harm", favourable="0", score="score", value="grade",
    true_value="true_grade", rank="place", top_k=400, within="school", period="day", id="child",
)  # fmt: skip


@pytest.fixture(scope="module")
def columns():
    return made(missing=0.07, repeats=2)


@pytest.fixture(scope="module")
def expected(columns, tmp_path_factory):
    with fairness.open_table(parquet(tmp_path_factory.mktemp("cube") / "t.parquet", columns)) as rows:
        return fairness.build_cube(rows, EVERYTHING)


@pytest.fixture
def address():
    """A database of this test's own: the one that DATABASE_URL names need not exist, Django's tests make theirs."""
    import psycopg

    server = os.environ.get("DATABASE_URL", "")
    if not server.startswith("postgres"):
        pytest.skip("DATABASE_URL names no PostgreSQL")
    parts, name = urlsplit(server), f"trygg_audit_{os.getpid()}"
    with psycopg.connect(urlunsplit(parts._replace(path="/postgres")), autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
        try:
            yield urlunsplit(parts._replace(path=f"/{name}"))
        finally:
            connection.execute(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.mark.postgres
def test_postgresql_gives_the_identical_cube_through_ibis(address, columns, expected):
    import psycopg

    name = "decisions"
    plain = "text"
    kinds = {"harm": "smallint", "flagged": "smallint", "score": "double precision", "grade": "double precision"}
    kinds |= {"true_grade": "double precision", "place": "integer", "child": "bigint"}
    with psycopg.connect(address, autocommit=True) as connection:
        connection.execute(f"CREATE TABLE {name} ({', '.join(f'{c} {kinds.get(c, plain)}' for c in columns)})")
        try:
            with connection.cursor() as cursor, cursor.copy(f"COPY {name} FROM STDIN") as copy:
                for row in zip(*columns.values(), strict=True):
                    copy.write_row(row)
            with fairness.open_remote(address, name) as rows:
                found = fairness.build_cube(rows, EVERYTHING)
            assert found.hash == expected.hash
            assert found.units.children == expected.units.children and sorted(found.units.many) == sorted(
                expected.units.many
            )
            with (
                fairness.open_remote(address, name) as rows,
                pytest.raises(fairness.TableError, match="did you mean 'origin'"),
            ):
                fairness.build_cube(rows, fairness.Spec(attributes=("orgin",), decision="flagged", favourable="0"))
            with pytest.raises(fairness.TableError, match="no table"):
                fairness.open_remote(address, "nowhere")
        finally:
            connection.execute(f"DROP TABLE {name}")
