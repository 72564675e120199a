"""What the tests of dossiers and of reuse share: a small dossier, a second instrument, mappings, and a second municipality."""

import copy

from trygg.apps.assessments.content import Given, load_whole
from trygg.apps.assessments.dossier import services
from trygg.apps.assessments.dossier.models import Dossier, DossierVersion, Taking
from trygg.apps.assessments.dossier.offers import Offers, offers_for
from trygg.apps.assessments.dossier.selectors import draft_mark
from trygg.apps.assessments.merging import Content
from trygg.apps.assessments.models import Assessment
from trygg.apps.assessments.services import start_assessment
from trygg.apps.assessments.tests.scene import FRAMEWORK, HEAD, NOW, choices, item, publish, words
from trygg.kernel.access import Actor
from trygg.kernel.people.models import Organisation
from trygg.spine.frameworks.models import PackVersion
from trygg.spine.matters.models import Matter, System
from trygg.spine.matters.services import create_matter

QUESTIONS = {
    **HEAD,
    "kind": "instrument",
    "id": "vendor-dossier",
    "title": words("Vendor's dossier"),
    "sections": [
        {
            "id": "about",
            "title": words("About"),
            "items": [
                item("does", "text"),
                item("checked", "choice", choices=choices("by_others", "by_us", "no"), evidence="optional"),
                item("groups", "choices", choices=choices("small", "large"), required=False),
                item("card", "file", required=False),
                item("limits", "text", depth="full"),
            ],
        },
        {
            "id": "inside",
            "title": words("Inside"),
            "repeat": {"of": words("Service"), "min": 1, "max": 3},
            "items": [item("service", "text", required=False)],
        },
    ],
}
SECOND = {
    **HEAD,
    "kind": "instrument",
    "id": "impact",
    "title": words("Impact"),
    "sections": [
        {
            "id": "use",
            "title": words("Use"),
            "items": [
                item("purpose", "text", evidence="optional"),
                item("proved", "choice", choices=choices("fully", "partly", "no"), evidence="optional"),
                item("heard", "choices", choices=choices("children", "parents")),
                item("risk", "text", required=False),
                item("card", "file", required=False, asked_of=["vendor"]),
            ],
        }
    ],
}


def mapping(one: str, other: str, *lines: dict, version: str = "1.0.0", ends: tuple[str, str] = ("1.0.0", "1.0.0")) -> dict:
    rows = [{"relation": "equal", "source": "CRC", "verified": "partly", **line} for line in lines]
    return {
        **HEAD, "kind": "mapping", "id": f"{one}-to-{other}", "title": words(f"{one} to {other}"), "version": version,
        "from": {"pack": one, "version": ends[0]}, "to": {"pack": other, "version": ends[1]}, "map": rows, "tests": [],
    }  # fmt: skip


FROM_VENDOR = mapping(
    "vendor-dossier", "impact",
    {"from": "does", "to": "purpose", "relation": "superset"},
    {"from": "checked", "to": "proved", "choices": {"by_others": "fully", "by_us": "partly"}},
    {"from": "limits", "to": "risk", "relation": "intersects", "note": words("A limit is not yet a risk to children.")},
)  # fmt: skip
FROM_SMALL = mapping(
    "small", "impact",
    {"from": "who", "to": "heard", "choices": {"nobody": None}},
    {"from": "how", "to": "risk", "relation": "subset", "note": words("How is not yet what may go wrong.")},
)  # fmt: skip


def packs() -> None:
    """The dossier's questions, the second instrument, both mappings, and a framework that rests on the second one."""
    if PackVersion.objects.filter(pack_id="impact").exists():
        return
    PackVersion.objects.filter(pack_id="vendor-dossier").update(current=False)
    for data in (QUESTIONS, SECOND, FROM_VENDOR, FROM_SMALL):
        stored = copy.deepcopy(data)
        if data is QUESTIONS and PackVersion.objects.filter(pack_id="vendor-dossier").exists():
            stored["version"] = "0.9.9"
        publish(stored)
    publish(framework())


def framework() -> dict:
    """One claim that rests on `proved`, one that rests on `heard`."""
    data = copy.deepcopy(FRAMEWORK)
    data |= {"id": "impact-framework", "title": words("Impact framework")}
    first = data["requirements"][0]
    need = {"id": "n", "kind": "answers", "instrument": "impact", "max_age": 365}
    data["requirements"] = [
        {**first, "id": "proved", "needs": [{**need, "items": ["proved"], "when": {"item": "proved", "in": ["fully", "partly"]}}]},
        {**first, "id": "heard", "needs": [{**need, "items": ["heard"], "when": {"item": "heard", "includes": "children"}}]},
    ]
    return data


def dossier(vendor: Organisation, seller: Actor, title: str = "Wordpath") -> Dossier:
    packs()
    return services.begin_dossier(actor=seller, now=NOW, vendor=vendor, title=title)


def given(of: Dossier, **values) -> list[Given]:
    """Answers as a page that was just loaded sends them; a (value, note) pair sets a note."""
    stored = {answer.item_id: answer for answer in of.answers.all()}
    found = []
    for name, value in values.items():
        content = Content(*value) if isinstance(value, tuple) else Content(value)
        found.append(Given(name, content, draft_mark(stored.get(name))))
    return found


def write(of: Dossier, seller: Actor, now=NOW, **values) -> None:
    services.save_dossier(actor=seller, now=now, dossier=of, answers=given(of, **values))


def published(of: Dossier, seller: Actor, now=NOW, about: str = "4.0", **values) -> DossierVersion:
    """The next version, with these answers on top of what the draft says."""
    base = {} if of.versions.exists() else {"does": ("Listens to reading", "In three languages"), "checked": "by_others"}
    write(of, seller, now, **base | values)
    more = {name: value for name, value in values.items() if name in ("changes", "in_use")}
    return services.publish_dossier(actor=seller, now=now, dossier=of, system_version=about, **more)


def second(world, matter: Matter | None = None, officer: Actor | None = None) -> Assessment:
    """The second instrument begun."""
    packs()
    pack = PackVersion.objects.get(pack_id="impact", current=True)
    return start_assessment(actor=officer or world.officer, now=NOW, matter=matter or world.matter, pack=pack)


def offered(actor: Actor, assessment: Assessment) -> Offers:
    return offers_for(actor, load_whole(assessment), list(assessment.sections.all()))


def take(actor: Actor, assessment: Assessment, *items: str, now=NOW) -> Taking:
    """Take over what is offered first to these questions; to all of them when none is named."""
    offers = offered(actor, assessment)
    keys = [each[0].key for name, each in offers.by_item.items() if not items or name in items]
    return services.take_over(actor=actor, now=now, assessment=assessment, keys=keys, seen=offers.fingerprint)


def another_matter(officer: Actor, owner: Organisation, vendor: Organisation, name: str = "Wordpath", **more) -> Matter:
    """A matter of another municipality, about its own record of the same product."""
    system = System.objects.create(name=name, owner=owner, vendor=vendor, version="4.0", created_at=NOW, updated_at=NOW)
    return create_matter(actor=officer, now=NOW, owner=owner, kind="deployment", title=f"{name} with us", system=system, **more)
