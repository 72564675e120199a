"""A made-up world for the tests: two agencies, a vendor, an outsider, one system, one small instrument and its framework."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cached_property

from trygg.apps.assessments.content import Given, answer_mark
from trygg.apps.assessments.merging import Content
from trygg.apps.assessments.models import Answer, Assessment, SectionAssignment
from trygg.apps.assessments.services import assign_section, save_section, start_assessment
from trygg.kernel.access import Actor
from trygg.kernel.people.models import Membership, Organisation, Partnership, PartnershipMember, Person
from trygg.kernel.people.selectors import actor_from_membership
from trygg.packs.loader import pack_from_data
from trygg.spine.frameworks.models import PackVersion
from trygg.spine.matters.models import Matter, System
from trygg.spine.matters.services import create_matter

NOW = datetime(2026, 11, 23, 9, 42, tzinfo=UTC)
LATER = NOW + timedelta(minutes=10)


def words(text: str) -> dict[str, str]:
    return {"en": text, "sv": f"{text} (sv)"}


def item(item_id: str, kind: str, **more) -> dict:
    return {
        "id": item_id,
        "type": kind,
        "depth": "light",
        "required": True,
        "text": words(f"Question {item_id}?"),
        "source": "CRC",
        "verified": "partly",
        "evidence": "optional",
        "asked_of": ["officer"],
        **more,
    }


def choices(*ids: str) -> list[dict]:
    return [{"id": choice, "label": words(choice.replace("_", " "))} for choice in ids]


HEAD = {
    "version": "1.0.0",
    "date": "2026-11-01",
    "licence": "Apache-2.0",
    "summary": words("For tests"),
    "sources": {"CRC": {"title": "The Convention", "checked": "2026-11-01", "verified": "partly"}},
}
INSTRUMENT = {
    **HEAD,
    "kind": "instrument",
    "id": "small",
    "title": words("Small screening"),
    "sections": [
        {
            "id": "heard",
            "title": words("Heard"),
            "items": [
                item(
                    "who",
                    "choices",
                    choices=choices("children", "nobody"),
                    help=words("Article 12."),
                    plain=words("Who?"),
                ),
                item("how", "text", visible_when={"item": "who", "includes": "children"}),
                item("deep", "number", depth="full"),
            ],
        },
        {
            "id": "technique",
            "title": words("Technique"),
            "items": [
                item("tested", "choice", choices=choices("yes", "no"), asked_of=["vendor"]),
                item("when", "date", required=False),
            ],
        },
    ],
}
FRAMEWORK = {
    **HEAD,
    "kind": "framework",
    "id": "small-framework",
    "title": words("Small framework"),
    "applies_when": {"always": True},
    "depth": [],
    "groups": [{"id": "all", "title": words("All")}],
    "requirements": [
        {
            "id": "children-heard",
            "group": "all",
            "claim": words("Children were heard"),
            "plain": words("Children were heard"),
            "child": words("We asked you"),
            "about": "harm",
            "refs": [{"kind": "crc", "id": "12"}],
            "depth": "light",
            "answered_by": "officer",
            "needs": [
                {
                    "id": "answered",
                    "kind": "answers",
                    "instrument": "small",
                    "items": ["who"],
                    "when": {"item": "who", "includes": "children"},
                    "max_age": 365,
                }
            ],
            "source": "CRC",
            "verified": "partly",
            "next": words("Ask the children"),
        }
    ],
}


def publish(data: dict, *, current: bool = True) -> PackVersion:
    pack = pack_from_data(data)
    return PackVersion.objects.create(
        kind=pack.kind,
        pack_id=pack.id,
        version=pack.version,
        title=dict(pack.title),
        content=data,
        content_hash=pack.hash,
        current=current,
        published_at=NOW,
    )


@dataclass
class Scene:
    """Everyone and everything; made by `scene()`."""

    board: Organisation
    health: Organisation
    vendor: Organisation
    elsewhere: Organisation
    officer: Actor
    colleague: Actor
    reader: Actor  # contributor of the owner
    auditor: Actor
    nurse: Actor  # officer of another agency
    head: Actor  # contributor of the other agency
    seller: Actor
    outsider: Actor
    matter: Matter
    pack: PackVersion

    @cached_property
    def assessment(self) -> Assessment:
        return start_assessment(actor=self.officer, now=NOW, matter=self.matter, pack=self.pack)

    def section(self, section_id: str) -> SectionAssignment:
        return SectionAssignment.objects.get(assessment=self.assessment, section_id=section_id)

    @property
    def heard(self) -> SectionAssignment:
        return self.section("heard")

    @property
    def technique(self) -> SectionAssignment:
        return self.section("technique")

    def give(self, section: SectionAssignment, organisation: Organisation, person: Actor | None = None, **more):
        membership = Membership.objects.get(pk=person.membership_id) if person else None
        return assign_section(
            actor=self.officer, now=NOW, section=section, organisation=organisation, membership=membership, **more
        )

    def save(self, actor: Actor, section: SectionAssignment, now: datetime = NOW, **values):
        return save_section(actor=actor, now=now, section=section, answers=given(section, **values))

    def finish(self) -> None:
        """Both sections answered and done, the technique by the vendor."""
        self.give(self.technique, self.vendor)
        self.save(self.officer, self.heard, who=["nobody"])
        self.save(self.seller, self.technique, tested="yes")


def given(section: SectionAssignment, loaded: dict | None = None, **values) -> list[Given]:
    """Answers as a page that was just loaded sends them; `loaded` gives older marks; a (value, note) pair sets a note."""
    found = []
    for item_id, value in values.items():
        content = Content(*value) if isinstance(value, tuple) else Content(value)
        answer = Answer.objects.filter(section=section, item_id=item_id).first()
        found.append(Given(item_id, content, (loaded or {}).get(item_id) or answer_mark(answer)))
    return found


def scene() -> Scene:
    def organisation(name: str, kind: str) -> Organisation:
        return Organisation.objects.create(name=name, slug=name.lower(), kind=kind, jurisdiction="SE", created_at=NOW)

    def someone(name: str, where: Organisation, role: str) -> Actor:
        person = Person.objects.create_user(f"{name.lower()}@example.org", None, display_name=name, created_at=NOW)
        membership = Membership.objects.create(
            person=person, organisation=where, role=role, valid_from=NOW - timedelta(days=9)
        )
        return actor_from_membership(membership, person, now=NOW)

    board, health = organisation("Board", "board"), organisation("Health", "health")
    vendor, elsewhere = organisation("Vendor", "vendor"), organisation("Elsewhere", "board")
    partnership = Partnership.objects.create(name="Partners", slug="partners", created_at=NOW)
    for member in (board, health):
        PartnershipMember.objects.create(partnership=partnership, organisation=member, joined_at=NOW)
    officer = someone("Olle", board, "officer")
    system = System.objects.create(
        name="Wordpath", owner=board, vendor=vendor, version="4.0", created_at=NOW, updated_at=NOW
    )
    pack = publish(INSTRUMENT)
    publish(FRAMEWORK)
    matter = create_matter(
        actor=officer, now=NOW, owner=board, kind="deployment", title="Reading tutor in grade 2", system=system
    )
    return Scene(
        board=board,
        health=health,
        vendor=vendor,
        elsewhere=elsewhere,
        officer=officer,
        colleague=someone("Cia", board, "officer"),
        reader=someone("Rut", board, "contributor"),
        auditor=someone("Aud", board, "auditor"),
        nurse=someone("Nadia", health, "officer"),
        head=someone("Hanna", health, "contributor"),
        seller=someone("Sam", vendor, "vendor"),
        outsider=someone("Otto", elsewhere, "officer"),
        matter=matter,
        pack=pack,
    )
