"""Time and memory of an organisation's archive: written, checked, taken in elsewhere, each in a process of its own. Not part of the tests.

    python tests/benchmarks/bench_archive.py [MATTERS]

1,000 matters by default, each with its facts, claims, pieces of evidence, a file of 20 kB and ten entries of the record. Bar: each step
in at most 100 MB of memory (peak, its own) more than the program itself takes, whatever the number of matters.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
BAR = 100

BEGIN = """
import hashlib, json, os, sys, time
from datetime import timedelta
from pathlib import Path
import django
django.setup()
from django.conf import settings
from django.core.management import call_command
from django.utils import timezone
from trygg.kernel.access import Actor
from trygg.kernel.ledger import keys
actor, now = Actor.system("bench"), timezone.now()
# Memory of its own: what SQLite maps of the database's file (up to 128 MB) is the page cache's, and goes when others need it.
import threading
most = 0
def look():
    global most
    most = max(most, int(next(line for line in open("/proc/self/status") if line.startswith("RssAnon")).split()[1]))
def watch():
    while True:
        look()
        time.sleep(0.02)
threading.Thread(target=watch, daemon=True).start()
def peak():
    look()
    return round(most * 1024 / 1e6)
from django.urls import get_resolver
get_resolver().url_patterns  # all pages are loaded, as in a worker
idle = peak()
def said(start, **more):
    print(json.dumps({"seconds": round(time.perf_counter() - start, 1), "MB": peak(), "more": peak() - idle, **more}))
"""

FILL = """
from django.db import transaction
from trygg.kernel.files.models import StoredFile
from trygg.kernel.ledger import unit_of_work
from trygg.kernel.ledger.checkpoints import make_checkpoint
from trygg.kernel.people import services as people
from trygg.kernel.people.selectors import actor_from_membership
from trygg.packs.catalogue import read_builtin
from trygg.spine.assurance.models import Case, CaseFramework, Claim, Evidence
from trygg.spine.frameworks.services import publish_packs
from trygg.spine.matters import services as matters
from trygg.spine.matters.models import Fact, Matter, System
from trygg.spine.matters.services import FactAnswer
count = int(sys.argv[1])
call_command("migrate", verbosity=0)
keys.make_key()
publish_packs(actor=actor, now=now, packs=read_builtin())
place = people.add_organisation(actor=actor, now=now, name="Matkommun", slug="mat", kind="municipality", jurisdiction="SE")
member = people.add_member(actor=actor, now=now, organisation=place, email="o@mat.example", name="Officer", role="officer",
                           password="correct horse battery")
facts = {"touches_children": FactAnswer("value", True), "personal_data": FactAnswer("value", True), "setting": FactAnswer("value", "school")}
first = matters.create_matter(actor=actor_from_membership(member, now=now), now=now, owner=place, kind="deployment", title="A reading tutor",
                              new_system={"name": "Ordstigen"}, facts=facts)
case = first.case
rows = {model: list(model.objects.filter(**{path: owner})) for model, path, owner in
        ((Claim, "case", case), (CaseFramework, "case", case), (Fact, "matter", first))}
for start in range(1, count, 250):
    with transaction.atomic():
        span = range(start, min(start + 250, count))
        systems = System.objects.bulk_create(System(name=f"System {n}", owner=place, created_at=now, updated_at=now) for n in span)
        made = Matter.objects.bulk_create(
            Matter(key=f"m{n}", title=f"Matter number {n}", kind="deployment", stage="trial", owner=place, system=system, jurisdiction="SE",
                   created_at=now, updated_at=now, accountable=member, diary_number=f"M {n}") for n, system in zip(span, systems))
        cases = Case.objects.bulk_create(Case(matter=m, depth=case.depth, screening=case.screening, counts=case.counts, recomputed_at=now)
                                         for m in made)
        def copies(model, column, owners):
            for owner in owners:
                for row in rows[model]:
                    copy = model(**{f.attname: getattr(row, f.attname) for f in model._meta.concrete_fields if not f.primary_key})
                    setattr(copy, column, owner.pk)
                    yield copy
        Claim.objects.bulk_create(copies(Claim, "case_id", cases), batch_size=1000)
        CaseFramework.objects.bulk_create(copies(CaseFramework, "case_id", cases), batch_size=1000)
        Fact.objects.bulk_create(copies(Fact, "matter_id", made), batch_size=1000)
        pieces = Evidence.objects.bulk_create(
            [Evidence(case=c, kind="document", key=f"k{k}", title=f"Document {k}", added_by="Officer", added_at=now, valid_from=now.date())
             for c in cases for k in range(5)], batch_size=1000)
        stored = []
        for n, piece in zip(span, pieces[::5]):
            content = (f"File {n}. " * 2000).encode()[:20_000]
            digest = hashlib.sha256(content).hexdigest()
            path = Path(settings.TRYGG_FILES) / digest[:2] / digest
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
            stored.append(StoredFile(subject_type="assurance.evidence", subject_id=str(piece.pk), organisation=place, name="a.txt",
                media_type="text/plain", size=len(content), sha256=digest, stored_as=f"{digest[:2]}/{digest}", uploaded_by="Officer", uploaded_at=now))
        StoredFile.objects.bulk_create(stored)
    with unit_of_work(actor=actor, now=now) as work:
        for matter in made:
            for k in range(10):
                work.record("matters.matter_edited", matter, organisation=place.pk, n=k, details={"title": matter.title})
make_checkpoint(now=now)
print(json.dumps({"claims": Claim.objects.count(), "facts": Fact.objects.count()}))
"""

EXPORT = """
from trygg.kernel.archive.leaving import write_archive
from trygg.kernel.people.models import Organisation
start = time.perf_counter()
left = write_archive(Organisation.objects.get(slug="mat"), Path(sys.argv[1]), now=now)
said(start, rows=sum(left.rows.values()), files=left.files, entries=left.entries, megabytes=round(left.size / 1e6, 1))
"""

CHECK = """
from trygg.kernel.archive.checking import check_archive
start = time.perf_counter()
check_archive(Path(sys.argv[1]))
said(start)
"""

IMPORT = """
from trygg.kernel.archive.opening import Archive
from trygg.kernel.archive.services.arriving import import_organisation, take_back_arrival
from trygg.packs.catalogue import read_builtin
from trygg.spine.frameworks.services import publish_packs
call_command("migrate", verbosity=0)
keys.make_key()
publish_packs(actor=actor, now=now, packs=read_builtin())
with open(sys.argv[1], "rb") as stream:
    digest = hashlib.file_digest(stream, "sha256").hexdigest()
start = time.perf_counter()
with Archive(Path(sys.argv[1])) as archive:
    arrival = import_organisation(actor=actor, now=now, archive=archive, sha256=digest)
came = time.perf_counter() - start
start = time.perf_counter()
take_back_arrival(actor=actor, now=now, arrival=arrival)
print(json.dumps({"seconds": round(came, 1), "MB": peak(), "more": peak() - idle, "taken_back": round(time.perf_counter() - start, 1)}))
"""


def run(program: str, home: Path, *arguments: object) -> dict:
    """Run a program in a home; what it printed last."""
    environment = {**os.environ, "TRYGG_HOME": str(home), "DJANGO_SETTINGS_MODULE": "trygg.config.settings"}
    environment.pop("DATABASE_URL", None)
    command = [sys.executable, "-c", BEGIN + program, *map(str, arguments)]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    if done.returncode:
        raise SystemExit(done.stderr)
    return json.loads(done.stdout.splitlines()[-1])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("matters", type=int, nargs="?", default=1000)
    count = parser.parse_args().matters
    with tempfile.TemporaryDirectory() as folder:
        there, here, path = Path(folder) / "there", Path(folder) / "here", Path(folder) / "a.zip"
        print("filled ", run(FILL, there, count))
        found = {"export": run(EXPORT, there, path), "check": run(CHECK, here, path), "import": run(IMPORT, here, path)}
    for name, figures in found.items():
        over = " (over the bar)" if figures["more"] > BAR else ""
        print(f"{name:7} {figures}{over}")
    if any(figures["more"] > BAR for figures in found.values()):
        raise SystemExit(1)


if __name__ == "__main__":
    main()
