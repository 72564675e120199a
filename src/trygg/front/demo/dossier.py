"""Answers given once: what the vendor of the reading tutor says of it, what Lindvika took over, and a newer version that waits there."""

from collections.abc import Callable, Mapping
from datetime import datetime

from django.core.files.uploadedfile import SimpleUploadedFile

from trygg.apps.assessments import services as assessments
from trygg.apps.assessments.content import Given, load_whole
from trygg.apps.assessments.dossier import services as dossiers
from trygg.apps.assessments.dossier.models import Dossier
from trygg.apps.assessments.dossier.offers import offers_for
from trygg.apps.assessments.dossier.selectors import draft_mark
from trygg.apps.assessments.merging import Content
from trygg.kernel.access import Actor
from trygg.kernel.files.uploads import read_upload
from trygg.kernel.people.models import Organisation
from trygg.spine.frameworks.selectors import current
from trygg.spine.matters.models import Matter

ANSWERS = {
    "product_does": "Lyssnar när eleven läser högt, markerar ord som blev fel och föreslår nästa text.",
    "product_version": "Ordstigen 3.1 för webb och surfplatta.",
    "product_not": "Inte gjort för betyg, för att utreda läs- och skrivsvårigheter eller för barn som ännu inte läser.",
    "intended_use": "Högläsning i årskurs 1–6 med en lärare i rummet, högst 15 minuter om dagen.",
    "ages": ["6-8", "9-12"],
    "age_fit": "tried_children",
    "meets_how": ["child_uses", "seen_heard"],
    "ai_class": "high_risk",
    "model_kind": ["hears", "recommends"],
    "model_base": "Egen taligenkänning, version 3.1, tränad av Ordverket.",
    "uses_others": "all_own",
    "data_kinds": ["account", "school_results", "body"],
    "feelings": "no_feelings",
    "training_use": "never",
    "trained_on": "Inspelningar av 900 barn i årskurs 1–6 som själva och vars vårdnadshavare har sagt ja.",
    "retention": "set_each",
    "deletion": "everywhere",
    "export": "open",
    "data_where": "eu_only",
    "has_subs": "none_used",
    "security_tested": "independent",
    "access_control": ["strong_login", "roles", "encrypted"],
    "logging": "readable",
    "defaults": "most_protective",
    "age_known": "customer",
    "profiling": ["profile_learning"],
    "nudging": ["none_of_these"],
    "told_ai": "each_time",
    "evaluated": "made",
    "children_took_part": "changed",
    "limits": "Barn som håller på att lära sig svenska får oftare sina ord felhörda: 186 av 1 000 ord mot 120.",
    "ai_role": "no_decision",
    "override": "all_at_once",
    "incident_contact": "Ordverkets jour för kunder",
    "incident_time": "day",
    "complaint_child": "through_adult",
    "accessibility": "report",
    "languages": "Svenska. Arabiska och somaliska som modersmål är sämre.",
    "change_policy": "before_tested",
}  # fmt: skip
CHANGED = {
    "limits": "Barn som håller på att lära sig svenska får oftare sina ord felhörda: 152 av 1 000 ord mot 118, mätt efter omträningen.",
    "training_use": "asked",
    "security_tested": "own",
}
CHANGES = (
    "Vi har tränat om taligenkänningen. Skolor kan nu säga ja till att inspelningar används för att förbättra den. "
    "Det oberoende testet görs om till våren."
)
CARD = "Ordverket AB (påhittat bolag)\nModellkort för taligenkänningen i Ordstigen 3.1\n"


def answer_once(
    matter: Matter, vendor: Organisation, actor: Callable[[str, datetime], Actor], first: datetime, taken: datetime, second: datetime
) -> Dossier:
    """Vera publishes what the vendor says; Leila takes it over into the data protection assessment; Vera publishes a newer version."""
    vera = actor("vera", first)
    dossier = dossiers.begin_dossier(actor=vera, now=first, vendor=vendor, title=matter.system.name)
    _write(dossier, vera, first, ANSWERS)
    card = read_upload(SimpleUploadedFile("modellkort.txt", CARD.encode()))
    dossiers.attach_dossier_file(actor=vera, now=first, dossier=dossier, item_id="model_card", upload=card)
    dossiers.publish_dossier(actor=vera, now=first, dossier=dossier, system_version=matter.system.version)

    leila = actor("leila", taken)
    pack = next(version for version in current("instrument") if version.pack_id == "gdpr-dpia")
    assessment = assessments.start_assessment(actor=leila, now=taken, matter=matter, pack=pack, depth=matter.case.depth)
    offers = offers_for(leila, load_whole(assessment), list(assessment.sections.all()))
    keys = [given[0].key for given in offers.by_item.values() if given[0].source.version is not None]
    dossiers.take_over(actor=leila, now=taken, assessment=assessment, keys=keys, seen=offers.fingerprint)

    vera = actor("vera", second)
    _write(dossier, vera, second, CHANGED)
    dossiers.publish_dossier(actor=vera, now=second, dossier=dossier, system_version=matter.system.version, changes=CHANGES)
    return dossier


def _write(dossier: Dossier, vera: Actor, at: datetime, values: Mapping[str, object]) -> None:
    """As the pages send it: a marked answer is replaced on top of what stands there."""
    stored = {answer.item_id: answer for answer in dossier.answers.all()}
    given = [Given(name, Content(value), draft_mark(stored.get(name))) for name, value in values.items()]
    dossiers.save_dossier(actor=vera, now=at, dossier=dossier, answers=given)
