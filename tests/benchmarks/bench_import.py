"""Time and memory of importing a register file, in a process and a database of its own. Not part of the test suite.

    python tests/benchmarks/bench_import.py [FILE ...]

Bar: the 3,611 rows of the US federal inventory in at most 200 MB of memory (peak, resident), as CSV and as XLSX. Without FILE these
two are taken from ../shared/data/register; where that is absent, a made-up table of as many rows.
"""

import argparse
import csv
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
DATA = ROOT.parent / "shared" / "data" / "register"
FILES = ("us-federal-2025-individual.csv", "us-federal-2025-individual.xlsx")
BAR = 200
ROWS = 3611

PROGRAM = """
import json, sys, time
from pathlib import Path
import django
django.setup()
from django.core.management import call_command
from django.utils import timezone
from trygg.kernel.access import Actor
from trygg.kernel.people.services import add_organisation
from trygg.spine.matters.imports import jobs, keeping, reading, services

call_command("migrate", verbosity=0)
actor, took = Actor.system("bench"), {}
place = add_organisation(actor=actor, now=timezone.now(), name="Lindvika", slug="lindvika", kind="municipality", jurisdiction="SE")

def timed(name, act):
    start = time.perf_counter()
    found = act()
    took[name] = round(time.perf_counter() - start, 2)
    return found

def begin():
    kept = keeping.keep_copy(Path(sys.argv[1]))
    found = reading.look_at(kept)
    return services.begin_import(
        actor=actor, now=timezone.now(), organisation=place, kept=kept, detected=found.detected, mapping=found.mapping)

run = timed("look", begin)
run = timed("read", lambda: jobs.read(run))
run = timed("apply", lambda: services.apply_import(actor=actor, now=timezone.now(), run=run))
run = timed("undo", lambda: services.undo_import(actor=actor, now=timezone.now(), run=run))
# Not ru_maxrss: that begins with the peak of the process that started this one.
peak = next(line for line in open("/proc/self/status") if line.startswith("VmHWM"))
print(json.dumps({"rows": run.rows_read, **run.report["counts"], "seconds": took, "MB": round(int(peak.split()[1]) * 1024 / 1e6)}))
"""


def measure(path: Path) -> dict:
    """What the import of a file took: rows, outcomes, seconds by step, peak of resident memory in MB."""
    with tempfile.TemporaryDirectory() as home:
        environment = {**os.environ, "TRYGG_HOME": home, "DJANGO_SETTINGS_MODULE": "trygg.config.settings"}
        environment.pop("DATABASE_URL", None)
        done = subprocess.run([sys.executable, "-c", PROGRAM, str(path)], env=environment, capture_output=True, text=True, check=False)
    if done.returncode:
        raise SystemExit(done.stderr)
    return json.loads(done.stdout)


def made_up(folder: Path) -> Path:
    """A table of as many rows as the US inventory has, where that is not at hand."""
    path = folder / "made-up.csv"
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow(["id", "name", "organisation", "description", *(f"note {n}" for n in range(20))])
        for number in range(ROWS):
            writer.writerow([number, f"System {number}", "Lindvika", "words " * 60, *("more words " * 2 for _ in range(20))])
    return path


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("files", nargs="*", type=Path)
    given = parser.parse_args().files
    with tempfile.TemporaryDirectory() as folder:
        files = given or [DATA / name for name in FILES if (DATA / name).exists()] or [made_up(Path(folder))]
        for path in files:
            found = measure(path)
            seconds = ", ".join(f"{name} {took} s" for name, took in found["seconds"].items())
            verdict = "within" if found["MB"] <= BAR else "OVER"
            print(f"{path.name}: {found['rows']} rows, {found['create']} new, {found['ambiguous']} ambiguous; {seconds}; "
                  f"{found['MB']} MB, {verdict} the bar of {BAR} MB")


if __name__ == "__main__":
    main()
