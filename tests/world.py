"""A small made-up world, made through services: who there is, and one of each thing that a page can show."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from django.test import Client

from trygg.kernel.access import Actor, Role
from trygg.kernel.people import services
from trygg.kernel.people.models import Membership, Organisation, Partnership, Person
from trygg.kernel.people.selectors import actor_from_membership

NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
BEFORE = datetime(2026, 9, 1, 8, 0, tzinfo=UTC)
PASSWORD = "river lamp seldom orange"
SYSTEM = Actor.system("tests")

NAMES = {
    Role.ADMINISTRATOR: ("Astrid Holm", ""),
    Role.OFFICER: ("Leila Nordin", ""),
    Role.CONTRIBUTOR: ("Karin Ek", ""),
    Role.COMMITTEE_MEMBER: ("Amara Okafor", "parents"),
    Role.COMMITTEE_SECRETARY: ("Johan Berg", ""),
    Role.SAFEGUARDING_LEAD: ("Sara Lind", "safeguarding"),
    Role.DATA_STEWARD: ("Mikael Sund", ""),
    Role.ANALYST: ("Petra Falk", ""),
    Role.AUDITOR: ("Olof Strand", ""),
}


def add(organisation: Organisation, name: str, role: Role, group: str = "") -> Membership:
    """Someone with a role, since long ago."""
    email = f"{name.split()[0].lower()}@{organisation.slug}.example"
    return services.add_member(
        actor=SYSTEM, now=BEFORE, organisation=organisation, email=email, name=name, role=role.value, password=PASSWORD,
        stakeholder_group=group,
    )  # fmt: skip


@dataclass
class People:
    """Organisations, and memberships by who holds them: each role preset (by its value), `partner`, `outsider`."""

    municipality: Organisation
    board: Organisation
    agency: Organisation
    vendor: Organisation
    stranger: Organisation
    partnership: Partnership
    memberships: dict[str, Membership]

    @classmethod
    def make(cls) -> "People":
        def organisation(name: str, slug: str, kind: str, jurisdiction: str = "SE", parent: Organisation | None = None) -> Organisation:
            return services.add_organisation(
                actor=SYSTEM, now=BEFORE, name=name, slug=slug, kind=kind, jurisdiction=jurisdiction, parent=parent
            )

        municipality = organisation("Lindvika kommun", "lindvika", "municipality")
        board = organisation("Barn- och utbildningsnämnden i Lindvika", "lindvika-bun", "board", parent=municipality)
        agency = organisation("Polisområde Norra Vik", "norra-vik", "police")
        vendor = organisation("Läslyft AB", "laslyft", "vendor")
        stranger = organisation("Thornbury Borough Council", "thornbury", "municipality", "UK")
        partnership = services.make_partnership(
            actor=SYSTEM, now=BEFORE, name="Trygg i Lindvika", slug="trygg-i-lindvika", organisations=[board, agency]
        )
        memberships = {role.value: add(board, name, role, group) for role, (name, group) in NAMES.items()}
        memberships[Role.VENDOR.value] = add(vendor, "Viktor Lans", Role.VENDOR)
        memberships["partner"] = add(agency, "Ingrid Rask", Role.OFFICER)
        memberships["outsider"] = add(stranger, "Megan Price", Role.OFFICER)
        second_factor(memberships["administrator"].person)
        return cls(municipality, board, agency, vendor, stranger, partnership, memberships)

    def actor(self, who: str | Role, now: datetime = NOW) -> Actor:
        """The actor of a role preset, of `partner` or of `outsider`."""
        return actor_from_membership(self.memberships[str(who)], now=now)

    def actors(self, now: datetime = NOW) -> dict[str, Actor]:
        return {who: self.actor(who, now) for who in self.memberships}

    def person(self, who: str | Role) -> Person:
        return self.memberships[str(who)].person


def second_factor(person: Person) -> None:
    """What an administrator must have before anything else."""
    from allauth.mfa.models import Authenticator
    from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes

    RecoveryCodes.activate(person)
    Authenticator.objects.create(user=person, type=Authenticator.Type.TOTP, data={"secret": "JBSWY3DPEHPK3PXP"})


def sign_in(client: Client, actor: Actor) -> Client:
    """The test client as `actor`, in the role that the actor has."""
    from trygg.kernel.people.middleware import SESSION_KEY

    client.force_login(Person.objects.get(pk=actor.person_id), backend="django.contrib.auth.backends.ModelBackend")
    session = client.session
    session[SESSION_KEY] = actor.membership_id
    session.save()
    return client


@dataclass
class World:
    """People, and what the URLs of the rooms name: `arguments` by URL argument, or by 'view name argument' where that differs."""

    people: People
    now: datetime = NOW + timedelta(days=8)  # when it is looked at: the committee has met
    arguments: dict[str, Any] = field(default_factory=dict)
    queries: dict[str, str] = field(default_factory=dict)  # what a page needs behind the question mark, by view name

    def kwargs(self, view_name: str, names: list[str]) -> dict[str, Any]:
        """The arguments of a URL. KeyError names what the world does not have."""
        return {name: self._one(view_name, name) for name in names}

    def _one(self, view_name: str, name: str) -> Any:
        for key in (f"{view_name} {name}", f"{view_name.rpartition(':')[0]} {name}", name):
            if key in self.arguments:
                return self.arguments[key]
        raise KeyError(f"the world of the tests has no «{name}» for {view_name}: add it in tests/scenes")


Scene = Callable[[World], None]


def make_world() -> World:
    """The whole world: each module of tests/scenes puts its room's things into it, in their order."""
    from tests import scenes

    world = World(People.make())
    for scene in scenes.all_scenes():
        scene(world)
    return world
