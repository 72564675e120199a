"""Polis' exports: what is refused, the command, and two real conversations against Polis' own groups and statistics."""

import json
from pathlib import Path

import numpy as np
import pytest
from sklearn.metrics import adjusted_rand_score
from typer.testing import CliRunner

from trygg.engines.deliberation import opinions
from trygg.engines.deliberation.opinions import polis
from trygg.front.cli import app

DATA = Path(__file__).parents[3] / "shared" / "data" / "participation"
REAL = ("15-per-hour-seattle", "scoop-hivemind.biodiversity")
HEAD = "comment-id,voter-id,vote\n"


@pytest.fixture
def conversation(tmp_path):
    """Forty people in two camps on ten statements, of which the last was moderated out."""
    random = np.random.default_rng(3)
    lines = []
    for person in range(40):
        for statement in range(10):
            if random.random() < 0.9:
                vote = 1 if (person % 2 == 0) == (statement % 2 == 0) or statement == 4 else -1
                lines.append(f"{statement},p{person},{vote if random.random() < 0.92 else 0}")
    (tmp_path / "votes.csv").write_text(HEAD + "\n".join(lines) + "\n")
    moderated = "\n".join(f'{one},{-1 if one == 9 else 1},"Statement ""{one}"""' for one in range(10))
    (tmp_path / "comments.csv").write_text(
        "comment-id,moderated,comment-body\n" + moderated + "\n", encoding="utf-8-sig"
    )
    return tmp_path


def run(*arguments: object):
    return CliRunner().invoke(app, ["consultations", "analyse", *map(str, arguments)])


def test_the_command_says_groups_and_statements(conversation):
    done = run(conversation / "votes.csv", "--comments", conversation / "comments.csv", "--format", "json")
    assert done.exit_code == 0, done.output
    data = json.loads(done.stdout)
    assert data["k"] == 2
    assert {data["groups"][f"p{person}"] for person in range(0, 40, 2)} != {
        data["groups"][f"p{person}"] for person in range(1, 40, 2)
    }
    assert len(data["groups"]) == 40
    assert data["statements"][9]["counted"] is False
    assert data["statements"][4]["text"] == 'Statement "4"'
    assert set(data["statements"][0]["groups"]["0"]) >= {"agree", "disagree", "pass", "seen", "p_agree", "z_agree"}
    assert data["consensus"]["agree"][0]["statement"] == "4"
    again = run(conversation / "votes.csv", "--comments", conversation / "comments.csv", "--format", "json")
    assert again.stdout == done.stdout


def test_the_command_in_words(conversation):
    done = run(conversation / "votes.csv")
    assert done.exit_code == 0
    assert "40 participants, 10 statements" in done.stdout
    assert "What sets group 1 apart" in done.stdout
    (conversation / "few.csv").write_text(HEAD + "1,a,1\n1,b,-1\n")
    assert "Too few participants" in run(conversation / "few.csv").stdout


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("comment,voter-id,vote\n1,a,1\n", "has no column comment-id"),
        (HEAD + "1,a,2\n", "line 2: “2” is no vote"),
        (HEAD + "1,a,1\n1,a\n", "line 3: the row is cut off"),
        (HEAD + "1,a,1,4\n", "line 2: the row is cut off or has too many"),
        (HEAD + ",a,1\n", "line 2: comment-id or voter-id is empty"),
        (HEAD, "holds no votes"),
        ("", "it has no heading"),
        (HEAD + "77,a,1\n", "line 2: no statement has the id 77"),
        (HEAD + '1,"a,1\n', "line 2"),
    ],
)
def test_a_file_that_is_no_log_of_votes_is_refused_with_its_line(conversation, text, words):
    (conversation / "wrong.csv").write_text(text)
    done = run(conversation / "wrong.csv", "--comments", conversation / "comments.csv")
    assert done.exit_code == 2
    assert words in done.output


def test_other_files_that_cannot_be_read(conversation):
    (conversation / "latin.csv").write_bytes(HEAD.encode() + "1,å,1\n".encode("latin-1"))
    assert "not UTF-8" in run(conversation / "latin.csv").output
    assert "can't be read" in run(conversation / "missing.csv").output
    (conversation / "twice.csv").write_text("comment-id,moderated\n1,1\n1,1\n")
    assert (
        "line 3: comment-id 1 stands twice"
        in run(conversation / "votes.csv", "--comments", conversation / "twice.csv").output
    )
    (conversation / "odd.csv").write_text("comment-id,moderated\n1,yes\n")
    assert "moderated is “yes”" in run(conversation / "votes.csv", "--comments", conversation / "odd.csv").output


@pytest.fixture(scope="module", params=REAL)
def real(request):
    if not DATA.is_dir():
        pytest.skip("the shared data is not here")
    folder = DATA / request.param
    statements = polis.read_statements(folder / "comments.csv")
    expected = json.loads((DATA / "expected.json").read_text())[request.param]
    return statements, polis.read_votes(folder / "votes.csv", statements), expected


def test_last_votes_are_those_of_polis(real):
    _, votes, expected = real
    assert len(votes) == expected["votes"]
    assert votes.shape[0] == expected["participants"]


@pytest.mark.full
@pytest.mark.parametrize("seed", range(5))
def test_groups_from_votes_alone_are_those_that_polis_found_live(real, seed):
    """0.85 is what the issue asks; Polis grouped with history, so 1 can't be asked."""
    statements, votes, expected = real
    found = opinions.analyse(votes, statements.moderation, opinions.Options(seed=seed))
    assert found.k == expected["k_polis"]
    theirs = expected["polis_groups"]
    both = [one for one in theirs if one in found.group_of]
    assert len(both) >= 0.99 * len(theirs)
    assert adjusted_rand_score([theirs[one] for one in both], [found.group_of[one] for one in both]) >= 0.85


def test_statistics_given_the_groups_of_polis(real):
    statements, votes, expected = real
    labels = np.array([expected["polis_groups"].get(one, -1) for one in votes.participant_ids])
    table = opinions.sides(*opinions.count(votes, labels, expected["k_polis"]))
    gac, _, _ = opinions.group_informed_consensus(table)
    allowed = np.array([one not in statements.moderation.zeroed for one in votes.statement_ids])
    given = expected["given_polis_groups"]
    order = np.argsort(-np.where(allowed, gac, -1), kind="stable")[:10]
    assert [round(gac[column], 9) for column in order] == [
        one["gac"] for one in given["top10_group_informed_consensus"]
    ]
    for group, ones in given["representative"].items():
        mine = [
            {
                "statement": int(votes.statement_ids[one.statement]),
                "direction": "agree" if one.agrees else "disagree",
                "score": round(one.score, 6),
            }
            for one in opinions.telling(table, int(group), allowed)[:5]
        ]
        assert mine == [{name: one[name] for name in ("statement", "direction", "score")} for one in ones]
