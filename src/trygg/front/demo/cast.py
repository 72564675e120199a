"""Organisations and people of the demo. All of them are invented."""

from dataclasses import dataclass
from datetime import datetime

from trygg.kernel.access import Actor, Role
from trygg.kernel.people import services
from trygg.kernel.people.models import Membership, Organisation
from trygg.kernel.people.selectors import actor_from_membership

PASSWORD = "trygg-demo-lindvika"  # noqa: S105  (printed by `trygg demo`; the demo holds nothing real)


@dataclass(frozen=True)
class Body:
    slug: str
    name: str
    kind: str
    jurisdiction: str = "SE"
    parent: str = ""


BODIES = (
    Body("lindvika", "Lindvika kommun", "municipality"),
    Body("lindvika-utbildning", "Lindvika kommun, utbildningsnämnden", "board", parent="lindvika"),
    Body("lindvika-social", "Lindvika kommun, socialnämnden", "board", parent="lindvika"),
    Body("sandhamra", "Sandhamra kommun", "municipality"),
    Body("sandhamra-barn", "Sandhamra kommun, barn- och ungdomsnämnden", "board", parent="sandhamra"),
    Body("norrberga", "Norrberga kommun", "municipality"),
    Body("norrberga-plan", "Norrberga kommun, samhällsbyggnadsnämnden", "board", parent="norrberga"),
    Body("eastmere", "Eastmere Council", "municipality", "UK"),
    Body("polisen-lindvika", "Polisen i Lindvika (påhittad)", "police"),
    Body("region-vasterskog", "Region Västerskog, barnhälsan", "health"),
    Body("barnens-bord", "Föreningen Barnens bord", "ngo"),
    Body("hogskolan-lindvika", "Högskolan i Lindvika", "university"),
    Body("ordverket", "Ordverket AB", "vendor"),
    Body("signalita", "Signalita AB", "vendor"),
)


@dataclass(frozen=True)
class Part:
    """One person's role. `key` is how the story calls her."""

    key: str
    name: str
    body: str
    role: Role
    title: str = ""
    group: str = ""
    youth: bool = False

    @property
    def email(self) -> str:
        return f"{self.key}@{self.body}.example"


PARTS = (
    Part("leila", "Leila Nordin", "lindvika-utbildning", Role.OFFICER, "utvecklingsledare"),
    Part("amina", "Amina Holm", "lindvika-utbildning", Role.CONTRIBUTOR, "verksamhetschef, grundskolan"),
    Part("jonas", "Jonas Berglund", "lindvika-utbildning", Role.CONTRIBUTOR, "rektor, Tallåsskolan"),
    Part("lotta", "Lotta Frisk", "lindvika-utbildning", Role.OFFICER, "kommunikatör"),
    Part("petra", "Petra Vallin", "lindvika", Role.ADMINISTRATOR, "systemförvaltare"),
    Part("oskar", "Oskar Lindh", "lindvika", Role.AUDITOR, "revisor"),
    Part("sara", "Sara Ekdal", "lindvika-social", Role.OFFICER, "barnrättsstrateg"),
    Part("mikael", "Mikael Strand", "lindvika-social", Role.SAFEGUARDING_LEAD, "samordnare för barnskydd"),
    Part("hanna", "Hanna Ljung", "lindvika-utbildning", Role.COMMITTEE_SECRETARY, "sekreterare i etiska rådet"),
    Part("erik", "Erik Sand", "sandhamra-barn", Role.OFFICER, "kvalitetsutvecklare"),
    Part("maja", "Maja Brink", "sandhamra-barn", Role.CONTRIBUTOR, "skolchef"),
    Part("nils", "Nils Hedman", "norrberga-plan", Role.OFFICER, "planarkitekt"),
    Part("priya", "Priya Shah", "eastmere", Role.OFFICER, "digital inclusion officer"),
    Part("tom", "Tom Ellis", "eastmere", Role.OFFICER, "designated safeguarding lead"),
    Part("karin", "Karin Modig", "polisen-lindvika", Role.CONTRIBUTOR, "utredare, barnförhör"),
    Part("david", "David Rask", "region-vasterskog", Role.CONTRIBUTOR, "skolöverläkare"),
    Part("anna", "Anna Falk", "hogskolan-lindvika", Role.ANALYST, "forskare i lärande"),
    Part("vera", "Vera Lund", "ordverket", Role.VENDOR, "produktansvarig"),
    Part("simon", "Simon Rydell", "signalita", Role.VENDOR, "dataansvarig"),
    # The ethics committee: eleven seats, seven groups.
    Part("ungdom1", "Elsa (ungdomsrådet)", "barnens-bord", Role.COMMITTEE_MEMBER, "ungdomsrådet", "children", youth=True),
    Part("ungdom2", "Ali (ungdomsrådet)", "barnens-bord", Role.COMMITTEE_MEMBER, "ungdomsrådet", "children", youth=True),
    Part("rut", "Rut Andersson", "barnens-bord", Role.COMMITTEE_MEMBER, "förälder", "parents"),
    Part("bo", "Bo Karlsson", "barnens-bord", Role.COMMITTEE_MEMBER, "förälder", "parents"),
    Part("ines", "Ines Malm", "region-vasterskog", Role.COMMITTEE_MEMBER, "skolsköterska", "safeguarding"),
    Part("peter", "Peter Dahl", "polisen-lindvika", Role.COMMITTEE_MEMBER, "barnutredare", "safeguarding"),
    Part("linn", "Linn Åberg", "hogskolan-lindvika", Role.COMMITTEE_MEMBER, "ingenjör", "developers"),
    Part("gustav", "Gustav Ek", "norrberga", Role.COMMITTEE_MEMBER, "kommunalråd", "policymakers"),
    Part("mona", "Mona Ström", "sandhamra", Role.COMMITTEE_MEMBER, "ledamot", "policymakers"),
    Part("fredrik", "Fredrik Ås", "hogskolan-lindvika", Role.COMMITTEE_MEMBER, "forskare i etik", "researchers"),
    Part("tova", "Tova Nyberg", "barnens-bord", Role.COMMITTEE_MEMBER, "verksamhetsledare", "civil_society"),
)


@dataclass
class Cast:
    """The organisations by slug and the memberships by key, once they are made."""

    bodies: dict[str, Organisation]
    memberships: dict[str, Membership]

    def actor(self, key: str, now: datetime) -> Actor:
        """The actor of one part at a stated time."""
        return actor_from_membership(self.memberships[key], now=now)


def make(system: Actor, now: datetime) -> Cast:
    """Make all organisations, the partnership and all people."""
    bodies: dict[str, Organisation] = {}
    for body in BODIES:
        bodies[body.slug] = services.add_organisation(
            actor=system, now=now, name=body.name, slug=body.slug, kind=body.kind, jurisdiction=body.jurisdiction,
            parent=bodies.get(body.parent), contact_email=f"kontakt@{body.slug}.example",
        )  # fmt: skip
    partners = [bodies[body.slug] for body in BODIES if body.kind != "vendor"]
    services.make_partnership(actor=system, now=now, name="Barnrättspartnerskapet i Västerskog", slug="vasterskog", organisations=partners)
    memberships = {
        part.key: services.add_member(
            actor=system, now=now, organisation=bodies[part.body], email=part.email, name=part.name, role=part.role.value,
            password=PASSWORD, stakeholder_group=part.group, title=part.title, youth=part.youth,
        )
        for part in PARTS
    }  # fmt: skip
    return Cast(bodies, memberships)


def accounts() -> list[tuple[str, str]]:
    """(who, address) of the accounts that `trygg demo` prints."""
    shown = ("leila", "sara", "vera", "hanna", "ungdom1", "mikael", "oskar", "priya", "petra")
    by_key = {part.key: part for part in PARTS}
    names = {body.slug: body.name for body in BODIES}
    return [(f"{by_key[key].role.value.replace('_', ' ')}, {names[by_key[key].body]}", by_key[key].email) for key in shown]
