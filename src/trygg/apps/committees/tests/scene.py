"""A committee for the tests: seven members of five groups, a matter of the board, a meeting; and helpers to take an item on."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from tests.world import BEFORE, NOW, PASSWORD, SYSTEM, People, add
from trygg.apps.committees import services
from trygg.apps.committees.models import AdviceKind, Committee, Item, Seat
from trygg.kernel.access import Actor, Role
from trygg.kernel.people.models import Membership
from trygg.kernel.people.selectors import actor_from_membership
from trygg.kernel.people.services import add_member
from trygg.spine.matters.models import Matter
from trygg.spine.matters.services import create_matter, edit_matter
from trygg.spine.meetings import services as meeting_services
from trygg.spine.meetings.models import Meeting

CHARTER = {
    "quorum": {"share": "1/2", "more_than": True, "base": "eligible", "presence": [{"groups": ["children"], "at_least": 1}]},
    "rule": {"kind": "double", "groups_needed": 3},
}
MEETS = NOW + timedelta(days=7)
GROUPS = {
    "elsa": "children", "ali": "children", "amara": "parents", "bo": "parents", "ines": "safeguarding", "fredrik": "researchers",
    "tova": "civil_society",
}  # fmt: skip
PROPOSAL = "The trial goes on in two schools until March."
CONDITIONS = [
    services.ConditionText({"en": "The gap for children who learn Swedish is measured.", "sv": "Skillnaden för barn som lär sig svenska mäts."}),
    services.ConditionText({"sv": "Läraren ser varje rättning innan barnet ser den."}),
]
WAYS = [{"name": "All schools now", "pros": "More children get help", "cons": "Goes against the advice"}]


@dataclass
class Scene:
    people: People
    members: dict[str, Membership]
    committee: Committee
    matter: Matter
    meeting: Meeting
    seats: dict[str, Seat] = field(default_factory=dict)

    def actor(self, who: str, now: datetime = MEETS) -> Actor:
        """A member by name, or a role preset, `partner`, `outsider`."""
        if who in self.members:
            return actor_from_membership(self.members[who], now=now)
        return self.people.actor(who, now)

    @property
    def secretary(self) -> Actor:
        return self.actor("committee_secretary")

    @property
    def officer(self) -> Actor:
        return self.actor("officer")

    # An item, step by step. Each returns it as it then stands.

    def called(self) -> Item:
        return services.call_item(
            actor=self.secretary, now=NOW, meeting=self.meeting, matter=self.matter, title="May all schools use the reading tutor?"
        )

    def asked(self) -> Item:
        return services.ask_opinions(actor=self.secretary, now=NOW, item=self.called())

    def opinion(self, item: Item, who: str, opinion: str = "support", reason: str = "") -> None:
        services.give_opinion(actor=self.actor(who), now=MEETS, item=item, opinion=opinion, reason=reason)

    def open_meeting(self, *absent: str) -> None:
        present = [m.pk for name, m in self.members.items() if name in GROUPS and name not in absent]
        meeting_services.open_meeting(actor=self.secretary, now=MEETS, meeting=self.meeting)
        meeting_services.note_attendance(actor=self.secretary, now=MEETS, meeting=self.meeting, present=present)

    def discussed(self, **opinions: str) -> Item:
        """Opened, after these first opinions."""
        item = self.asked()
        for who, opinion in opinions.items():
            self.opinion(item, who, opinion)
        item.refresh_from_db()
        if item.state == Item.State.OPINIONS:
            item = services.open_opinions(actor=self.secretary, now=MEETS, item=item)
        return item

    def proposed(self, item: Item | None = None, *absent: str, kind: str = AdviceKind.WITH_CONDITIONS, conditions=CONDITIONS) -> Item:
        item = item or self.discussed(elsa="come_back", ali="advise_against", amara="support", ines="support")
        self.open_meeting(*absent)
        return services.open_voting(
            actor=self.secretary, now=MEETS, item=item, kind=kind, proposal=PROPOSAL, conditions=conditions
        )

    def vote(self, item: Item, **ballots: str) -> None:
        for who, ballot in ballots.items():
            services.cast_vote(actor=self.actor(who), now=MEETS, item=item, ballot=ballot)

    def counted(self, item: Item | None = None, **ballots: str) -> Item:
        item = item or self.proposed()
        self.vote(item, **(ballots or {"elsa": "no", "ali": "no", "amara": "yes", "bo": "yes", "ines": "yes", "fredrik": "yes", "tova": "yes"}))
        return services.close_voting(actor=self.secretary, now=MEETS, item=item)

    def advised(self, item: Item | None = None, **more) -> Item:
        item = item or self.counted()
        services.give_advice(actor=self.secretary, now=MEETS, item=item, reasons="The benefit is real, the gap is known.", **{"ways": WAYS} | more)
        item.refresh_from_db()
        return item


def young(people: People, name: str) -> Membership:
    return add_member(
        actor=SYSTEM, now=BEFORE, organisation=people.agency, email=f"{name.lower()}@norra-vik.example", name=f"{name} Ung",
        role=Role.COMMITTEE_MEMBER.value, password=PASSWORD, stakeholder_group="children", youth=True,
    )  # fmt: skip


def make_scene(people: People | None = None) -> Scene:
    """The whole scene: members, seats, a matter that the board owns and decides on, a meeting in a week."""
    people = people or People.make()
    members = {"elsa": young(people, "Elsa"), "ali": young(people, "Ali"), "amara": people.memberships["committee_member"]}
    for name, group in GROUPS.items():
        if name not in members:
            members[name] = add(people.agency, f"{name.title()} Ledamot", Role.COMMITTEE_MEMBER, group)
    members["viktor"] = people.memberships["vendor"]
    members["gustav"] = add(people.agency, "Gustav Politiker", Role.COMMITTEE_MEMBER, "policymakers")
    secretary = people.actor(Role.COMMITTEE_SECRETARY, NOW)
    committee = services.create_committee(
        actor=secretary, now=NOW, organisation=people.board, name="Etiska rådet", slug="etiska-radet", charter=CHARTER
    )
    seats = {
        name: services.fill_seat(actor=secretary, now=NOW, committee=committee, membership=members[name], stakeholder_group=group)
        for name, group in GROUPS.items()
    }
    officer = people.actor(Role.OFFICER, NOW)
    matter = create_matter(
        actor=officer, now=NOW, owner=people.board, kind="deployment", title="Reading tutor", summary="A reading tutor with AI.",
        new_system={"name": "Ordstigen", "vendor": people.vendor, "version": "3.2"}, diary_number="BUN 2026/0417",
    )  # fmt: skip
    matter = edit_matter(
        actor=officer, now=NOW, matter=matter,
        changes={"accountable": people.memberships["officer"], "overseer": people.memberships["contributor"],
                 "deciding_body": "Barn- och utbildningsnämnden", "deciding_organisation": people.board},
    )  # fmt: skip
    meeting = services.plan_meeting(actor=secretary, now=NOW, committee=committee, starts_at=MEETS, place="Rum Granen")
    return Scene(people, members, committee, matter, meeting, seats)
