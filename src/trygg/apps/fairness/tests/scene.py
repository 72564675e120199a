"""A matter and made-up rows: children with another mother tongue are wrongly flagged more often, girls and boys alike."""

from datetime import date
from functools import cache
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

from tests.world import NOW, People
from trygg.apps.fairness import keeping, services
from trygg.apps.fairness.models import Audit, RowFile
from trygg.apps.fairness.question import Question, question_of
from trygg.engines import fairness
from trygg.kernel.access import Role
from trygg.spine.matters.models import Matter
from trygg.spine.matters.services import add_system, create_matter

DATA_FROM = date(2026, 10, 31)
QUESTION = Question(
    attributes=("sex", "tongue"), decision="flagged", favourable="0", outcome="harm", id="child",
    primary=(("fpr", "tongue"), ("fpr", "sex")), material={"fpr": 0.05, "fnr": 0.1, "selection_rate": 0.05},
)  # fmt: skip
REASON = "A wrong flag starts an inquiry that a family remembers."
OUTCOME = "Two social workers read each file without seeing the flag."


@cache
def rows_csv(count: int = 6000, gap: float = 0.15, seed: int = 5) -> bytes:
    """Rows: child, sex, tongue, flagged, harm."""
    random = Random(seed)
    lines = ["child,sex,tongue,flagged,harm"]
    for child in range(count):
        tongue = "other" if random.random() < 0.3 else "swedish"
        harm = random.random() < 0.2
        rate = 0.7 if harm else 0.1 + (gap if tongue == "other" else 0)
        lines.append(f"{child},{random.choice(['girl', 'boy'])},{tongue},{int(random.random() < rate)},{int(harm)}")
    return ("\n".join(lines) + "\n").encode()


@cache
def documents(gap: float = 0.15) -> tuple[dict, dict]:
    """(exact, public) audit of the rows, as the command makes it."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "rows.csv"
        path.write_bytes(rows_csv(gap=gap))
        made = []
        for public in (False, True):
            with fairness.open_table(path) as table:
                made.append(fairness.audit_table(table, QUESTION.spec(), public=public))
    return made[0], made[1]


def matter_of(people: People, title: str = "Tidiga tecken") -> Matter:
    officer = people.actor(Role.OFFICER)
    system = add_system(actor=officer, now=NOW, owner=people.board, name=title, vendor=people.vendor)
    return create_matter(actor=officer, now=NOW, owner=people.board, kind="deployment", title=title, system=system)


def declared(
    people: People, matter: Matter | None = None, question: Question = QUESTION, previous: Audit | None = None
) -> Audit:
    return services.declare_audit(
        actor=people.actor(Role.ANALYST), now=NOW, matter=matter or matter_of(people), title="Are children flagged wrongly more often?",
        question=question, reason=REASON, outcome_source=OUTCOME, previous=previous,
    )  # fmt: skip


def done(people: People, matter: Matter | None = None, gap: float = 0.15, previous: Audit | None = None) -> Audit:
    """With counts that came from the agency."""
    audit = declared(people, matter, previous=previous)
    return services.receive_audit(
        actor=people.actor(Role.ANALYST), now=NOW, audit=audit, document=documents(gap)[1], data_from=DATA_FROM
    )


def with_rows(people: People, content: bytes | None = None, audit: Audit | None = None) -> Audit:
    """Rows are here and wait to be counted."""
    audit = audit or declared(people)
    sha256, size = keeping.keep("rows.csv", [rows_csv() if content is None else content])
    return services.receive_rows(
        actor=people.actor(Role.ANALYST), now=NOW, audit=audit, file_name="rows.csv", sha256=sha256, size=size, controller="Barnnämnden",
        basis=RowFile.Basis.TASK, dpia="BUN 2026/17", delete_on=date(2026, 11, 29), data_from=DATA_FROM,
    )  # fmt: skip


__all__ = [
    "DATA_FROM",
    "OUTCOME",
    "QUESTION",
    "REASON",
    "declared",
    "documents",
    "done",
    "matter_of",
    "question_of",
    "rows_csv",
    "with_rows",
]
