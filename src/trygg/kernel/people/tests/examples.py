"""One example call of each public service of people."""

from tests.world import NOW, PASSWORD, SYSTEM, People
from trygg.kernel.access import ANONYMOUS, Role
from trygg.kernel.ledger import Example, example
from trygg.kernel.people import services
from trygg.kernel.people.models import Invitation
from trygg.kernel.people.tests.mail import code_in_mail

NOT_ADMINISTRATORS = (Role.OFFICER, Role.CONTRIBUTOR, Role.AUDITOR, "partner", "outsider")


def refused(people: People, *who: str) -> tuple:
    return tuple(people.actor(name) for name in who)


@example("people.add_organisation")
def add_organisation(people: People) -> Example:
    call = {"name": "Vuxennämnden", "slug": "lindvika-vux", "kind": "board", "jurisdiction": "SE", "parent": people.municipality}
    return Example(
        call={"actor": SYSTEM, "now": NOW, **call},
        denied=refused(people, *NOT_ADMINISTRATORS, Role.ADMINISTRATOR),  # the board's own administrator is none of the municipality
        records=("people.organisation_added",),
    )


@example("people.make_partnership")
def make_partnership(people: People) -> Example:
    return Example(
        call={"actor": SYSTEM, "now": NOW, "name": "Barnens bästa", "slug": "barnens-basta", "organisations": [people.board, people.agency]},
        denied=refused(people, Role.ADMINISTRATOR, Role.OFFICER, "outsider"),
        records=("people.partnership_made", "people.partnership_joined", "people.partnership_joined"),
    )


@example("people.add_member")
def add_member(people: People) -> Example:
    call = {"organisation": people.board, "email": "ny@lindvika.example", "name": "Nils Ny", "role": "officer", "password": PASSWORD}
    return Example(
        call={"actor": people.actor(Role.ADMINISTRATOR), "now": NOW, **call},
        denied=refused(people, *NOT_ADMINISTRATORS),
        records=("people.member_added",),
    )


@example("people.end_membership")
def end_membership(people: People) -> Example:
    return Example(
        call={"actor": people.actor(Role.ADMINISTRATOR), "now": NOW, "membership": people.memberships["analyst"]},
        denied=refused(people, *NOT_ADMINISTRATORS),
        records=("people.membership_ended",),
    )


@example("people.invite")
def invite(people: People) -> Example:
    call = {"organisation": people.board, "email": "ny@lindvika.example", "role": "officer"}
    return Example(
        call={"actor": people.actor(Role.ADMINISTRATOR), "now": NOW, **call},
        denied=refused(people, *NOT_ADMINISTRATORS),
        records=("people.invitation_sent",),
    )


def invited(people: People) -> str:
    return services.invite(
        actor=people.actor(Role.ADMINISTRATOR), now=NOW, organisation=people.board, email="ny@lindvika.example", role="officer"
    )


@example("people.withdraw_invitation")
def withdraw_invitation(people: People) -> Example:
    invited(people)
    return Example(
        call={"actor": people.actor(Role.ADMINISTRATOR), "now": NOW, "invitation": Invitation.objects.get()},
        denied=refused(people, *NOT_ADMINISTRATORS),
        records=("people.invitation_withdrawn",),
    )


@example("people.accept_invitation")
def accept_invitation(people: People) -> Example:
    """The token says who may: there is nobody to refuse it to who holds it. Tokens that open nothing: test_invitations."""
    return Example(
        call={"actor": people.actor(Role.OFFICER), "now": NOW, "token": invited(people), "name": "Nils Ny", "password": PASSWORD},
        records=("people.member_added", "people.invitation_accepted"),
    )


def linked(people: People) -> str:
    return services.make_purpose_link(
        actor=people.actor(Role.OFFICER), now=NOW, organisation=people.agency, email="gast@norra-vik.example", name="Gun Gäst",
        role="contributor", path="/home/",
    )  # fmt: skip


@example("people.make_purpose_link")
def make_purpose_link(people: People) -> Example:
    call = {"organisation": people.agency, "email": "gast@norra-vik.example", "name": "Gun Gäst", "role": "contributor", "path": "/home/"}
    return Example(
        call={"actor": people.actor(Role.OFFICER), "now": NOW, **call},
        denied=refused(people, Role.CONTRIBUTOR, Role.VENDOR, Role.AUDITOR, "outsider"),
        records=("people.member_added", "people.link_made"),
    )


@example("people.send_link_code")
def send_link_code(people: People) -> Example:
    return Example(
        call={"actor": people.actor(Role.OFFICER), "now": NOW, "token": linked(people)}, records=("people.link_code_sent",)
    )


@example("people.use_link_code")
def use_link_code(people: People) -> Example:
    token = linked(people)
    services.send_link_code(actor=people.actor(Role.OFFICER), now=NOW, token=token)
    return Example(
        call={"actor": people.actor(Role.OFFICER), "now": NOW, "token": token, "code": code_in_mail("gast@norra-vik.example")},
        records=("people.link_used",),
    )


@example("people.note_sign_in")
def note_sign_in(people: People) -> Example:
    return Example(
        call={"actor": people.actor(Role.OFFICER), "now": NOW}, denied=(ANONYMOUS,), records=("people.signed_in",)
    )
