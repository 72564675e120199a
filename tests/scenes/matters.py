"""Packs, a matter with answers, evidence, an objection, shares and a file; a register file being imported."""

from datetime import date, timedelta

from django.core.files.uploadedfile import SimpleUploadedFile

from tests.world import NOW, SYSTEM, World
from trygg.kernel.access import Role
from trygg.kernel.files.models import StoredFile
from trygg.kernel.files.uploads import read_upload
from trygg.packs.catalogue import builtin
from trygg.spine.assurance import services as assurance
from trygg.spine.assurance.documents import BACKGROUND, Place
from trygg.spine.assurance.models import Claim
from trygg.spine.frameworks.services import publish_packs
from trygg.spine.matters import services
from trygg.spine.matters.imports import jobs, keeping, reading
from trygg.spine.matters.imports import services as imports
from trygg.spine.matters.many.services import open_matters
from trygg.spine.matters.models import Matter
from trygg.spine.matters.services import FactAnswer

LATER = NOW + timedelta(days=300)
REGISTER = "name;purpose;vendor\nOrdstigen;Övar läsning;Läslyft AB\nPlatsvis;Fördelar skolplatser;Signalita\n"


def add(world: World) -> None:
    people = world.people
    officer = people.actor(Role.OFFICER)
    publish_packs(actor=SYSTEM, now=NOW, packs=builtin().packs)
    facts = {
        "touches_children": FactAnswer("value", True),
        "age_bands": FactAnswer("value", ["6-8", "9-12"]),
        "setting": FactAnswer("value", "school"),
    }
    matter = services.create_matter(
        actor=officer, now=NOW, owner=people.board, kind="deployment", title="Ordstigen: läshandledare i årskurs 1–6",
        summary="Lyssnar när eleven läser högt.", diary_number="BUN 2026/0417", facts=facts,
        new_system={"name": "Ordstigen", "vendor": people.vendor, "version": "3.2", "summary": "Läshandledare"},
    )  # fmt: skip
    services.edit_matter(
        actor=officer, now=NOW, matter=matter,
        changes={
            "accountable": people.memberships["officer"], "overseer": people.memberships["safeguarding_lead"],
            "deciding_body": "Barn- och utbildningsnämnden", "deciding_organisation": people.board,
            "children_where": "Tallåsskolan", "children_told": "Läraren berättar i klassen.",
        },
    )  # fmt: skip
    share = services.share_matter(
        actor=officer, now=NOW, matter=matter, organisation=people.agency, level="read", purpose="Samråd", legal_basis="Inga uppgifter om barn",
        ends_at=LATER,
    )  # fmt: skip
    claims = Claim.objects.filter(case__matter=matter).order_by("order")
    claim, other = claims[0], claims[1]
    document = assurance.add_document(
        actor=officer, now=NOW, claim=claim, document="dpia", title="Konsekvensbedömning",
        upload=read_upload(SimpleUploadedFile("dpia.txt", b"Bedomning")),
    )  # fmt: skip
    objection = assurance.contest_claim(
        actor=people.actor("partner"), now=NOW, claim=other, title="Barnen fick inte frågorna på teckenspråk", note="En vårdnadshavare skrev."
    )
    assurance.assign_claim(actor=officer, now=NOW, claim=claim, owner=people.memberships["contributor"], due_on=LATER.date())
    world.arguments |= {
        "matter_key": matter.key, "system_id": matter.system_id, "share_id": share.pk, "claim_id": claim.pk, "piece_id": objection.pk,
        "case:withdraw piece_id": document.pk, "file_id": StoredFile.objects.get().pk, "api-1 key": matter.key,
        "standard": "nl-1.0", "form": "json",
    }  # fmt: skip
    paused = services.create_matter(actor=officer, now=NOW, owner=people.board, kind="plan", title="Ny skolväg vid Tallås")
    services.edit_matter(actor=officer, now=NOW, matter=paused, changes={"accountable": people.memberships["officer"]})
    paused = Matter.objects.get(pk=paused.pk)
    services.pause_matter(actor=officer, now=NOW, matter=paused, reason="Barnen har inte hörts.")
    world.arguments["matters:resume matter_key"] = paused.key
    _import(world)
    system = services.add_system(actor=officer, now=NOW, owner=people.board, name="Platsvis", vendor_name="Signalita")
    services.add_system(actor=officer, now=NOW, owner=people.board, name="Ordrätt", vendor_name="Läslyft AB", summary="Rättar stavning.")
    opening = open_matters(
        actor=officer, now=NOW, owner=people.board, systems=[system], kind="exposure", accountable=people.memberships["officer"]
    )
    world.arguments["opening_id"] = opening.pk
    _old_documents(world, matter)


def _old_documents(world: World, matter: Matter) -> None:
    """Two documents that were written before: one attached to a claim, one to none."""
    act = {"actor": world.people.actor(Role.OFFICER), "now": NOW}
    uploads = [read_upload(SimpleUploadedFile(name, name.encode())) for name in ("bka-2023.txt", "dpia-2022.txt")]
    attached, waiting = assurance.add_case_documents(**act, matter=matter, uploads=uploads)
    claim = Claim.objects.filter(case__matter=matter).order_by("order").first()
    assurance.attach_document(
        **act, document=attached, title="Barnkonsekvensanalys 2023", dated_on=date(2023, 5, 2), places=[Place(claim, BACKGROUND, [[12, 14]])]
    )
    world.arguments |= {"document_id": waiting.pk, "case:detach document_id": attached.pk}


def _import(world: World) -> None:
    officer = world.people.actor(Role.OFFICER)
    kept = keeping.keep("register.csv", [REGISTER.encode()])
    found = reading.look_at(kept)
    mapping = {"id": "own", "title": {"en": "Own", "sv": "Egen"}, "fields": {"name": {"from": "name"}}}
    run = imports.begin_import(
        actor=officer, now=NOW, organisation=world.people.board, kept=kept, detected=found.detected, mapping=found.mapping or mapping
    )
    run = jobs.read(run)
    world.arguments |= {"run_id": run.pk, "matters:import_row number": run.rows.first().number if run.rows.exists() else 2}
