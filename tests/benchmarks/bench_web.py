"""Pages over 10,000 matters: median, p95 and queries; the public list against a bare Django list view, in the same run.

    make bench          (or: python tests/benchmarks/bench_web.py [--matters 10000] [--requests 60])

Prints figures; holds nothing to a limit. Everything happens in a home of its own that is removed afterwards.
"""

import argparse
import os
import resource
import shutil
import statistics
import sys
import tempfile
import time
from datetime import datetime, timedelta

HOME = tempfile.mkdtemp(prefix="trygg-bench-")
os.environ |= {"TRYGG_HOME": HOME, "DJANGO_SETTINGS_MODULE": "trygg.config.settings", "TRYGG_ALLOWED_HOSTS": "testserver"}

import django  # noqa: E402

django.setup()

from django.core.management import call_command  # noqa: E402
from django.db import connection, transaction  # noqa: E402
from django.http import HttpResponse  # noqa: E402
from django.template import engines  # noqa: E402
from django.test import Client  # noqa: E402
from django.urls import path  # noqa: E402
from django.utils import timezone  # noqa: E402

from trygg.config import urls  # noqa: E402
from trygg.kernel.access import Actor, page  # noqa: E402
from trygg.kernel.people import services as people  # noqa: E402
from trygg.kernel.people.selectors import actor_from_membership  # noqa: E402
from trygg.packs.catalogue import builtin  # noqa: E402
from trygg.spine.assurance.models import Case, Claim, Evidence  # noqa: E402
from trygg.spine.frameworks.services import publish_packs  # noqa: E402
from trygg.spine.matters import services as matters  # noqa: E402
from trygg.spine.matters.models import Matter, System  # noqa: E402
from trygg.spine.matters.services import FactAnswer  # noqa: E402
from trygg.spine.publication import services as publication  # noqa: E402
from trygg.spine.publication.models import PublishedEntry  # noqa: E402

WORDS = tuple("läsning frånvaro skolval lekplats resor matsal bibliotek fritid hälsa språk plan chatt stöd larm bild musik".split())  # noqa: SIM905 (easier to read)


def fill(count: int, now: datetime):
    """One organisation with `count` matters: one through the services, the others as its copies with all their claims."""
    system = Actor.system("bench")
    publish_packs(actor=system, now=now, packs=builtin().packs)
    organisation = people.add_organisation(actor=system, now=now, name="Mätkommun", slug="mat", kind="municipality", jurisdiction="SE")
    member = people.add_member(
        actor=system, now=now, organisation=organisation, email="o@mat.example", name="Officer", role="officer", password="correct horse battery"
    )
    second = people.add_member(
        actor=system, now=now, organisation=organisation, email="p@mat.example", name="Other", role="officer", password="correct horse battery"
    )
    actor = actor_from_membership(member, now=now)
    facts = {name: FactAnswer("value", value) for name, value in {"touches_children": True, "personal_data": True, "setting": "school"}.items()}
    first = matters.create_matter(
        actor=actor, now=now, owner=organisation, kind="deployment", title="Läshandledare", new_system={"name": "Ordstigen"}, facts=facts
    )
    from trygg.spine.publication.models import EntryVersion, RegisterEntry

    texts = {"sv": {"headline": "Hjälper barn att läsa", "summary": "Läraren bestämmer.", "say_no": "Ja.", "data": "Inget.", "human": "Läraren."}}
    version = publication.draft_entry(actor=actor, now=now, matter=first, texts=texts)
    version = publication.ask_for_approval(actor=actor, now=now, version=version)
    other = actor_from_membership(second, now=now)
    version = publication.approve_entry(actor=other, now=now, version=version, content_hash=version.content_hash)
    version = publication.publish_entry(actor=actor, now=now, version=version)
    case, claims = first.case, list(first.case.claims.all())
    entry, row = RegisterEntry.objects.get(matter=first), PublishedEntry.objects.get(entry__matter=first)
    with transaction.atomic():
        systems, copies = [], []
        for n in range(1, count):
            name = f"{WORDS[n % 16]} {WORDS[(n // 16) % 16]} {n}"
            systems.append(System(name=name, owner=organisation, created_at=now, updated_at=now))
        System.objects.bulk_create(systems, batch_size=1000)
        for n, made in enumerate(systems, start=1):
            at = now - timedelta(minutes=n)
            copies.append(
                Matter(
                    key=f"m{n}", title=f"Ärende om {made.name}", kind="deployment", stage="trial", owner=organisation, system=made,
                    jurisdiction="SE", created_at=at, updated_at=at, accountable=member, diary_number=f"M {n}",
                )
            )  # fmt: skip
        Matter.objects.bulk_create(copies, batch_size=1000)
        cases = [Case(matter=copy, depth=case.depth, screening=case.screening, counts=case.counts, recomputed_at=now) for copy in copies]
        Case.objects.bulk_create(cases, batch_size=500)
        for start in range(0, len(cases), 500):
            batch = [
                Claim(
                    case=made, pack_id=claim.pack_id, requirement_id=claim.requirement_id, order=claim.order, status=claim.status,
                    reasons=claim.reasons, changed_at=now,
                )
                for made in cases[start : start + 500]
                for claim in claims
            ]  # fmt: skip
            Claim.objects.bulk_create(batch, batch_size=2000)
        entries = [RegisterEntry(matter=copy, slug=f"m{n}") for n, copy in enumerate(copies, start=1)]
        for made in entries:
            for name in [f.name for f in RegisterEntry._meta.fields if f.name not in ("id", "matter", "slug", "current")]:
                setattr(made, name, getattr(entry, name))
        RegisterEntry.objects.bulk_create(entries, batch_size=1000)
        versions = []
        for made in entries:
            copy = EntryVersion(entry=made)
            for field in EntryVersion._meta.fields:
                if field.name not in ("id", "entry"):
                    setattr(copy, field.attname, getattr(version, field.attname))
            versions.append(copy)
        EntryVersion.objects.bulk_create(versions, batch_size=500)
        for made, shown in zip(entries, versions, strict=True):
            made.current = shown
        RegisterEntry.objects.bulk_update(entries, ["current"], batch_size=500)
        rows = []
        for made, matter in zip(entries, copies, strict=True):
            copy = PublishedEntry()
            for field in PublishedEntry._meta.fields:
                setattr(copy, field.attname, getattr(row, field.attname))
            copy.pk, copy.entry_id = None, made.pk
            search = f"{row.search} {matter.title.lower()}"
            given = {"slug": made.slug, "title": {"und": matter.title}, "search": search, "version_id": made.current_id, "matter_id": matter.pk}
            for name, value in given.items():
                if name in {f.attname for f in PublishedEntry._meta.fields}:
                    setattr(copy, name, value)
            rows.append(copy)
        PublishedEntry.objects.bulk_create(rows, batch_size=1000)
    return actor, member, first


def measure(name: str, call, requests: int) -> float:
    """Time a call many times; prints median, p95 and queries, returns the median in seconds."""
    call()
    queries = []
    with connection.execute_wrapper(lambda execute, *rest: (queries.append(rest[0]), execute(*rest))[1]):
        call()
    times = []
    for _n in range(requests):
        begun = time.perf_counter()
        call()
        times.append(time.perf_counter() - begun)
    times.sort()
    median, p95 = statistics.median(times), times[int(len(times) * 0.95) - 1]
    print(f"{name:44} median {median * 1000:7.1f} ms   p95 {p95 * 1000:7.1f} ms   {len(queries):3} queries")
    return median


@page(public=True)
def bare_list(request) -> HttpResponse:
    """What Django itself costs: 25 rows of the same table behind the same middleware, in a page without anything of ours."""
    rows = PublishedEntry.objects.order_by("-pk")[:25]
    template = engines["django"].from_string(
        "<!doctype html><title>list</title><ul>{% for row in rows %}<li><a href='/{{ row.slug }}/'>{{ row.title }}</a></li>{% endfor %}</ul>{{ count }}"
    )
    return HttpResponse(template.render({"rows": rows, "count": PublishedEntry.objects.count()}))


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--matters", type=int, default=10_000)
    parser.add_argument("--requests", type=int, default=60)
    options = parser.parse_args()
    call_command("migrate", verbosity=0)
    now = timezone.now()
    begun = time.perf_counter()
    actor, member, first = fill(options.matters, now)
    print(f"{options.matters} matters with {Claim.objects.count()} claims, filled in {time.perf_counter() - begun:.0f} s")
    urls.urlpatterns.insert(0, path("bare/", bare_list))
    client, public = Client(), Client()
    client.force_login(member.person, backend="django.contrib.auth.backends.ModelBackend")

    def get(who: Client, path: str):
        response = who.get(path)
        if response.status_code != 200:
            sys.exit(f"{path} answered {response.status_code}")

    measure("matters, list", lambda: get(client, "/matters/"), options.requests)
    measure("matters, last page", lambda: get(client, "/matters/?page=400"), options.requests)
    measure("matters, search of two words", lambda: get(client, "/matters/?q=frånvaro+plan"), options.requests)
    measure("case page", lambda: get(client, "/matters/m77/"), options.requests)
    ours = measure("public register, list", lambda: get(public, "/register/"), options.requests)
    measure("public register, search", lambda: get(public, "/register/?q=frånvaro"), options.requests)
    measure("public page of a matter", lambda: get(public, "/register/m77/"), options.requests)
    bare = measure("a bare Django list view of 25 rows", lambda: get(public, "/bare/"), options.requests)
    print(f"public list: {1 / ours:.0f} requests/s, bare view: {1 / bare:.0f} requests/s, ratio {bare / ours:.2f}")

    def answer(n: int) -> int:
        queries = []
        with connection.execute_wrapper(lambda execute, *rest: (queries.append(rest[0]), execute(*rest))[1]):
            matters.answer_facts(actor=actor, now=now, matter=first, answers={"generative": FactAnswer("value", bool(n % 2))})
        return len(queries)

    counts = [answer(n) for n in range(4)]
    Evidence.objects.bulk_create(
        Evidence(case=first.case, kind="document", key=f"k{n}", title="x", valid_from=now.date(), added_by="x", added_at=now) for n in range(2000)
    )
    counts.append(answer(4))
    print(f"recompute after one answer: {counts[:4]} statements, with 2,000 pieces of evidence {counts[4]}")
    print(f"memory at the end: {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MB")


if __name__ == "__main__":
    try:
        main()
    finally:
        connection.close()
        shutil.rmtree(HOME, ignore_errors=True)
