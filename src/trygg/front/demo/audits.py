"""A bias audit of the absence score, from made-up rows: pupils with another mother tongue are wrongly flagged more often.

The rows exist only while they are counted, as with any agency. A second audit of the reading tutor is declared and waits.
"""

from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

from trygg.apps.fairness import services
from trygg.apps.fairness.question import Question
from trygg.engines import fairness
from trygg.kernel.access import Actor
from trygg.spine.matters.models import Matter

ABSENCE = Question(
    attributes=("kon", "modersmal", "bostad"), decision="larm", favourable="0", outcome="langvarig_franvaro", score="risktal", id="elev",
    primary=(("fpr", "modersmal"), ("fnr", "modersmal"), ("fpr", "kon")), material={"fpr": 0.05, "fnr": 0.1, "selection_rate": 0.05},
)  # fmt: skip
READING = Question(
    attributes=("modersmal", "dyslexi"), decision="for_svar_text", favourable="0", outcome="lararens_bedomning", id="elev",
    primary=(("fpr", "modersmal"), ("fnr", "dyslexi")), material={"fpr": 0.05, "fnr": 0.05, "selection_rate": 0.05},
)  # fmt: skip
PUPILS, SEED = 4200, 20261123


def rows() -> str:
    """One row a pupil: sex, mother tongue, housing, score, alarm, and whether long absence followed."""
    random = Random(SEED)  # noqa: S311  (made-up rows, the same ones each time)
    lines = ["elev,kon,modersmal,bostad,risktal,larm,langvarig_franvaro"]
    for pupil in range(PUPILS):
        tongue = "annat" if random.random() < 0.28 else "svenska"
        home = random.choices(["egen", "hyresratt", ""], [5, 4, 1])[0]
        absent = random.random() < (0.14 if home == "hyresratt" else 0.1)
        score = min(
            0.99,
            max(0.0, random.gauss(0.62 if absent else 0.3, 0.17) + (0.09 if tongue == "annat" and not absent else 0)),
        )
        lines.append(
            f"{pupil},{random.choice(['flicka', 'pojke'])},{tongue},{home},{score:.3f},{int(score >= 0.5)},{int(absent)}"
        )
    return "\n".join(lines) + "\n"


def audit(
    matters: dict[str, Matter],
    actor: Callable[[str, datetime], Actor],
    declared_at: datetime,
    at: datetime,
    data_from: date,
) -> None:
    """Declare, count and use the audit of the absence score; declare one of the reading tutor."""
    made = services.declare_audit(
        actor=actor("sara", declared_at), now=declared_at, matter=matters["absence"], title="Larmar risktalet felaktigt oftare för en del elever?",
        question=ABSENCE, reason="Ett felaktigt larm leder till ett möte som familjen minns. Nämnden har beslutat om fem procentenheter.",
        outcome_source="Skolans frånvarostatistik ett halvår efter larmet, kontrollerad av skolsköterskan.",
    )  # fmt: skip
    with TemporaryDirectory() as folder:
        path = Path(folder) / "elever.csv"
        path.write_text(rows(), "utf-8")
        with fairness.open_table(path) as table:
            document = fairness.audit_table(table, ABSENCE.spec(), public=True)
    made = services.receive_audit(actor=actor("sara", at), now=at, audit=made, document=document, data_from=data_from)
    services.use_audit(actor=actor("sara", at), now=at, audit=made)
    services.declare_audit(
        actor=actor("leila", at), now=at, matter=matters["reading"], title="Föreslår Ordstigen för svåra texter oftare för en del elever?",
        question=READING, reason="Den som ofta får fel text slutar läsa. Två lärare har sagt vad som märks i klassrummet.",
        outcome_source="Lärarens egen bedömning av samma text, innan hon såg förslaget.",
    )  # fmt: skip
