"""Speed of the record, printed as ratios and rates of this machine. Not part of the test suite.

    python tests/benchmarks/bench_ledger.py [--entries 1000000] [--settings MODULE]

Bars: append in bulk <= 6 x a plain insert; inclusion proof <= 1 ms at 1,000,000 entries; verify >= 50,000 entries a second.
"""

import argparse
import os
import statistics
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path
from random import Random

BATCH = 1000
NOW = datetime(2026, 9, 1, tzinfo=UTC)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--entries", type=int, default=1_000_000)
    parser.add_argument("--sample", type=int, default=50_000, help="entries for the append ratio")
    parser.add_argument("--settings", default="trygg.config.settings")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as home:
        os.environ.setdefault("TRYGG_HOME", home)
        os.environ["DJANGO_SETTINGS_MODULE"] = arguments.settings
        run(arguments.entries, arguments.sample)


def run(entries: int, sample: int) -> None:
    import django

    django.setup()
    from django.core.management import call_command
    from django.db import connection

    from trygg.kernel.access import Actor
    from trygg.kernel.ledger import keys, selectors
    from trygg.kernel.ledger.actions import register_action
    from trygg.kernel.ledger.checkpoints import make_checkpoint
    from trygg.kernel.ledger.uow import unit_of_work
    from trygg.kernel.ledger.verify import export, verify_database

    call_command("migrate", verbosity=0)
    keys.make_key()
    register_action("bench.thing_done", "Done", "Gjort")
    actor = Actor.system("bench")

    def append(count: int, details: bool = False) -> float:
        start = time.perf_counter()
        for first in range(0, count, BATCH):
            with unit_of_work(actor=actor, now=NOW) as uow:
                for number in range(first, min(first + BATCH, count)):
                    secret = {"title": f"Reading tutor {number}"} if details else None
                    uow.record(
                        "bench.thing_done", ("matters.matter", number), details=secret, kind="deployment", stage="idea"
                    )
        return time.perf_counter() - start

    plain = plain_inserts(sample)
    bulk, single = append(sample), plain_singles(200)
    print(f"plain insert      {sample / plain:10,.0f} a second (bulk_create, {BATCH} a transaction)")
    print(f"append in bulk    {sample / bulk:10,.0f} a second = {bulk / plain:.2f} x a plain insert (bar 6)")
    with_details = append(sample // 5, details=True)
    print(
        f"  with a detail   {sample / 5 / with_details:10,.0f} a second = {5 * with_details / plain:.2f} x a plain insert"
    )
    start = time.perf_counter()
    for _ in range(200):
        with unit_of_work(actor=actor, now=NOW) as uow:
            uow.record("bench.thing_done", ("matters.matter", 1), kind="deployment")
    alone = time.perf_counter() - start
    print(f"one act a commit  {200 / alone:10,.0f} a second = {alone / single:.2f} x a plain insert and commit")

    append(max(entries - selectors.tree_size(), 0))
    size = selectors.tree_size()
    picker, times = Random(1), []
    for _ in range(500):
        index = picker.randrange(size)
        start = time.perf_counter()
        selectors.inclusion_proof(index)
        times.append(time.perf_counter() - start)
    times.sort()
    print(
        f"inclusion proof   {statistics.median(times) * 1000:10.2f} ms median, {times[474] * 1000:.2f} ms p95 at {size:,} (bar 1)"
    )
    note = make_checkpoint(now=NOW).note
    start = time.perf_counter()
    findings = verify_database(note)
    taken = time.perf_counter() - start
    assert findings.ok and findings.entries == size, findings.statements()
    print(f"verify            {size / taken:10,.0f} entries a second (bar 50,000)")
    from trygg.engines.translog import verify_export

    path = Path(tempfile.mkdtemp()) / "export.jsonl"
    start = time.perf_counter()
    export(path, now=NOW)
    print(f"export            {size / (time.perf_counter() - start):10,.0f} entries a second")
    start = time.perf_counter()
    findings = verify_export(path, keys.public_key(), note)
    taken = time.perf_counter() - start
    assert findings.ok and findings.entries == size, findings.statements()
    print(f"verify a file     {size / taken:10,.0f} entries a second, {path.stat().st_size / 1e6:.0f} MB")
    path.unlink()
    connection.close()


def plain_inserts(count: int) -> float:
    """Seconds to put `count` rows of the same size into a table of its own, by the ORM, in the same batches."""
    from django.db import transaction

    plain = plain_model()
    start = time.perf_counter()
    for first in range(0, count, BATCH):
        with transaction.atomic(durable=True):
            plain.objects.bulk_create([plain_row(plain, number) for number in range(first, min(first + BATCH, count))])
    return time.perf_counter() - start


def plain_singles(count: int) -> float:
    from django.db import transaction

    plain = plain_model()
    start = time.perf_counter()
    for number in range(count):
        with transaction.atomic(durable=True):
            plain_row(plain, 10_000_000 + number).save(force_insert=True)
    return time.perf_counter() - start


def plain_row(plain, number):
    return plain(
        index=number,
        action="bench.thing_done",
        actor_kind="system",
        actor_id="bench",
        at=NOW,
        subject_type="matters.matter",
        subject_id=str(number),
        leaf='{"action":"bench.thing_done","kind":"deployment","stage":"idea","index":12345,"padding":"'
        + "x" * 140
        + '"}',
    )


def plain_model():
    """An ordinary audit table with the entry's columns and indexes: what one would have without the tree."""
    from django.apps import apps
    from django.db import connection, models

    if "plain" in apps.all_models["ledger"]:
        return apps.get_model("ledger", "plain")

    class Plain(models.Model):
        index = models.BigIntegerField(primary_key=True)
        action = models.CharField(max_length=100)
        actor_kind = models.CharField(max_length=20)
        actor_id = models.CharField(max_length=200)
        organisation_id = models.BigIntegerField(null=True)
        at = models.DateTimeField()
        subject_type = models.CharField(max_length=100)
        subject_id = models.CharField(max_length=200)
        leaf = models.TextField()

        class Meta:
            app_label = "ledger"
            indexes = [
                models.Index(fields=["subject_type", "subject_id", "index"], name="plain_subject"),
                models.Index(fields=["organisation_id", "index"], name="plain_organisation"),
            ]

    with connection.schema_editor() as editor:
        editor.create_model(Plain)
    return Plain


if __name__ == "__main__":
    main()
