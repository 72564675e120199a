"""Time and memory of papers, the decision package and the list as a workbook, each in a process of its own. Not part of the test suite.

    python tests/benchmarks/bench_papers.py [--matters 10000]

Aims: a paper of two pages under 1 s, a full report under 3 s, a package under 10 s; the workbook of 10,000 matters in seconds, and in
memory that does not grow with the rows; a package with 200 MB of evidence in as much memory as one without.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile

SETUP = """
import io, json, os, sys, time
from datetime import timedelta
from pathlib import Path
import django
django.setup()
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.utils import timezone
from trygg.kernel.access import Actor
from trygg.kernel.ledger import keys
from trygg.spine.matters.models import Matter

actor, now, took = Actor.system("bench"), timezone.now(), {}

def timed(name, act):
    start = time.perf_counter()
    found = act()
    took[name] = round(time.perf_counter() - start, 2)
    return found

def peak():
    # Not ru_maxrss: that begins with the peak of the process that started this one.
    line = next(line for line in open("/proc/self/status") if line.startswith("VmHWM"))
    return round(int(line.split()[1]) * 1024 / 1e6)
"""

MAKE = SETUP + """
from trygg.kernel.people.services import add_organisation
from trygg.packs.catalogue import read_builtin
from trygg.spine.frameworks.services import publish_packs
from trygg.spine.matters.services import FactAnswer, create_matter
call_command("migrate", verbosity=0)
keys.make_key()
place = add_organisation(actor=actor, now=now, name="Lindvika", slug="lindvika", kind="municipality", jurisdiction="SE")
publish_packs(actor=actor, now=now, packs=read_builtin())
facts = {"touches_children": FactAnswer("value", True), "age_bands": FactAnswer("value", ["6-8", "9-12"]), "setting": FactAnswer("value", "school"),
         "children_count": FactAnswer("value", 640), "personal_data": FactAnswer("value", True), "generative": FactAnswer("value", True)}
first = create_matter(actor=actor, now=now, owner=place, kind="deployment", title="Reading tutor", summary="words " * 60, facts=facts,
                      new_system={"name": "Ordstigen", "vendor_name": "Laslyft", "version": "3.2"})
from trygg.spine.assurance.models import Case
from trygg.spine.matters.models import Fact
template = Case.objects.get(matter=first)
count = int(sys.argv[1])
made = Matter.objects.bulk_create([
    Matter(key=f"m-{n}", title=f"Matter number {n}", summary="words " * 40, kind="deployment", stage="idea", owner=place, system=first.system,
           jurisdiction="SE", created_at=now, updated_at=now + timedelta(seconds=n)) for n in range(count)], batch_size=500)
Case.objects.bulk_create([Case(matter=m, depth="full", counts=template.counts, screening=template.screening) for m in made], batch_size=200)
standing = list(Fact.objects.filter(matter=first))
Fact.objects.bulk_create([Fact(matter=m, name=f.name, state=f.state, value=f.value, said_by="Bench", said_at=now) for m in made for f in standing],
                         batch_size=1000)
print(json.dumps({"key": first.key}))
"""

PAPERS = SETUP + """
from trygg.spine.papers.assembling import paper_of
from trygg.spine.papers.word import word_of
matter = Matter.objects.get(key=sys.argv[1])
timed("first paper, with packs read", lambda: paper_of(matter, actor, "report", "sv", now))
for paper in ("report", "full"):
    made = timed(f"{paper}, PDF", lambda: paper_of(matter, actor, paper, "sv", now))
    timed(f"{paper}, Word", lambda: word_of(made.data, "sv"))
print(json.dumps({"seconds": took, "MB": peak()}))
"""

PACKAGE = SETUP + """
from trygg.kernel.files.uploads import read_upload
from trygg.spine.assurance.models import Claim
from trygg.spine.assurance.services import add_document
from trygg.spine.papers.package import write_package
matter = Matter.objects.get(key=sys.argv[1])
for number in range(int(sys.argv[2])):
    chunk = bytes(48 + (number * 7 + n) % 70 for n in range(997)) + b"\\n"
    settings.TRYGG_MAX_UPLOAD = 1 << 30
    path = Path(settings.TRYGG_HOME) / f"evidence{number}.txt"
    with path.open("wb") as file:
        for _n in range(20_000):
            file.write(chunk)
    with path.open("rb") as file:
        from django.core.files import File
        upload = SimpleUploadedFile(path.name, b"")
        upload.file, upload.size = file, path.stat().st_size
        upload = read_upload(upload)
    path.unlink()
    claim = Claim.objects.filter(case__matter=matter, origin="requirement").first()
    add_document(actor=actor, now=now, claim=claim, document="dpia", title=f"Evidence {number}", note="", upload=upload)
with open(Path(settings.TRYGG_HOME) / "package.zip", "wb") as file:
    manifest = timed("package", lambda: write_package(file, matter, actor, now))
print(json.dumps({"seconds": took, "MB": peak(), "evidence MB": round(sum(f["size"] for f in manifest["files"] if "evidence" in f["path"]) / 1e6)}))
"""

WORKBOOK = SETUP + """
from django.db import connection
if connection.vendor == "sqlite":
    # Pages of the database that are only mapped would count as memory, up to 134 MB.
    connection.cursor().execute("PRAGMA mmap_size=0")
from trygg.spine.matters.selectors import matters_seen, search_matters
from trygg.spine.papers.workbook import write_workbook
rows = search_matters(matters_seen(actor), sys.argv[1])
with open(Path(settings.TRYGG_HOME) / "matters.xlsx", "wb") as file:
    count = timed("workbook", lambda: write_workbook(file, rows, actor, now, []))
print(json.dumps({"rows": count, "seconds": took, "MB": peak()}))
"""


def run(home: str, program: str, *arguments: str) -> dict:
    """What a program, in a process of its own with this home, says of itself."""
    environment = {**os.environ, "TRYGG_HOME": home, "DJANGO_SETTINGS_MODULE": "trygg.config.settings"}
    environment.pop("DATABASE_URL", None)
    done = subprocess.run([sys.executable, "-c", program, *arguments], env=environment, capture_output=True, text=True, check=False)
    if done.returncode:
        raise SystemExit(done.stderr)
    return json.loads(done.stdout)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--matters", type=int, default=10_000)
    count = parser.parse_args().matters
    with tempfile.TemporaryDirectory() as home:
        key = run(home, MAKE, str(count))["key"]
        print("papers:", run(home, PAPERS, key))
        for words in ("number 1234", ""):
            print(f"workbook of matters with «{words}»:", run(home, WORKBOOK, words))
        print("package without evidence:", run(home, PACKAGE, key, "0"))
        print("package with evidence:", run(home, PACKAGE, key, "10"))


if __name__ == "__main__":
    main()
