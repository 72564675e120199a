"""Writes of people and organisations: set-up, partnerships, invitations, memberships, one-purpose links."""

import hashlib
import secrets
from datetime import datetime, timedelta

from django.contrib.auth.hashers import check_password, make_password
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from trygg.kernel.access import Actor, Denied, require
from trygg.kernel.ledger import service, unit_of_work
from trygg.kernel.people.mail import send_mail
from trygg.kernel.people.models import (
    Invitation,
    Membership,
    Organisation,
    Partnership,
    PartnershipMember,
    Person,
    PurposeLink,
)

INVITATION_DAYS = 14
LINK_DAYS = 30
CODE_HOURS = 24
CODE_TRIES = 5
CODE_PAUSE = timedelta(minutes=1)


def digest(token: str) -> str:
    """What is kept of a token: tokens have 256 bits of their own, so a plain hash is enough."""
    return hashlib.sha256(token.encode()).hexdigest()


@service("people.add_organisation")
def add_organisation(
    *, actor: Actor, now: datetime, name: str, slug: str, kind: str, jurisdiction: str, parent: Organisation | None = None,
    contact_email: str = "",
) -> Organisation:  # fmt: skip
    """Add an organisation. Only the host does (the system), and administrators beneath their own municipality."""
    with unit_of_work(actor=actor, now=now) as work:
        if not actor.is_system:
            if parent is None:
                raise Denied("people.manage_organisation")
            require(actor, "people.manage_organisation", parent)
        organisation = Organisation(
            name=name, slug=slug, kind=kind, jurisdiction=jurisdiction, parent=parent, contact_email=contact_email, created_at=now
        )
        organisation.full_clean()
        organisation.save()
        work.record("people.organisation_added", organisation, organisation=organisation.pk, kind=kind, slug=slug)
    return organisation


@service("people.make_partnership")
def make_partnership(*, actor: Actor, now: datetime, name: str, slug: str, organisations: list[Organisation]) -> Partnership:
    """Join organisations in a partnership. It shows nothing by itself: sharing stays an act."""
    with unit_of_work(actor=actor, now=now) as work:
        if not actor.is_system:
            raise Denied("people.manage_partnership")
        partnership = Partnership(name=name, slug=slug, created_at=now)
        partnership.full_clean()
        partnership.save()
        work.record("people.partnership_made", partnership, slug=slug)
        for organisation in organisations:
            PartnershipMember.objects.create(partnership=partnership, organisation=organisation, joined_at=now)
            work.record("people.partnership_joined", partnership, organisation=organisation.pk)
    return partnership


def _add_member(
    work, *, person: Person, organisation: Organisation, role: str, now: datetime, stakeholder_group: str = "", title: str = "",
    guest: bool = False,
) -> Membership:  # fmt: skip
    membership = Membership(
        person=person, organisation=organisation, role=role, stakeholder_group=stakeholder_group, title=title, guest=guest,
        valid_from=now,
    )  # fmt: skip
    membership.full_clean()
    membership.save()
    work.record("people.member_added", membership, organisation=organisation.pk, role=role)
    return membership


@service("people.add_member")
def add_member(
    *, actor: Actor, now: datetime, organisation: Organisation, email: str, name: str, role: str, password: str | None = None,
    stakeholder_group: str = "", title: str = "", youth: bool = False,
) -> Membership:  # fmt: skip
    """Give a person a role at once, without an invitation: `trygg setup`, the demo, and single sign-on set-ups."""
    with unit_of_work(actor=actor, now=now) as work:
        require(actor, "people.manage_organisation", organisation)
        person = Person.objects.filter(email=email.lower()).first()
        if person is None:
            if password is not None:
                validate_password(password)
            person = Person.objects.create_user(email, password, display_name=name, youth=youth, created_at=now)
        return _add_member(
            work, person=person, organisation=organisation, role=role, now=now, stakeholder_group=stakeholder_group, title=title
        )


@service("people.end_membership")
def end_membership(*, actor: Actor, now: datetime, membership: Membership) -> None:
    """End a role now. What the person did stays in the record."""
    with unit_of_work(actor=actor, now=now) as work:
        require(actor, "people.manage_membership", membership)
        if membership.valid_until is not None and membership.valid_until <= now:
            work.nothing_happened()
            return
        membership.valid_until = now
        membership.save(update_fields=["valid_until"])
        work.record("people.membership_ended", membership, organisation=membership.organisation_id, role=membership.role)


@service("people.invite")
def invite(
    *, actor: Actor, now: datetime, organisation: Organisation, email: str, role: str, stakeholder_group: str = "",
    language: str = "en",
) -> str:  # fmt: skip
    """Send an invitation, and return its token (only a hash is kept). An open one to the same address and role is withdrawn."""
    with unit_of_work(actor=actor, now=now) as work:
        require(actor, "people.manage_organisation", organisation)
        token = secrets.token_urlsafe(32)
        Invitation.objects.filter(
            organisation=organisation, email=email.lower(), role=role, accepted_at=None, withdrawn_at=None
        ).update(withdrawn_at=now)
        invitation = Invitation(
            email=email.lower(), organisation=organisation, role=role, stakeholder_group=stakeholder_group,
            token_hash=digest(token), invited_by_id=actor.person_id, created_at=now,
            expires_at=now + timedelta(days=INVITATION_DAYS),
        )  # fmt: skip
        invitation.full_clean(exclude=["token_hash", "invited_by"])  # nobody in person: `trygg setup`
        invitation.save()
        send_mail(
            work, to=invitation.email, code="invitation", path=f"/people/invitation/{token}/", now=now, language=language,
            params={"organisation": organisation.name, "until": invitation.expires_at.date().isoformat()},
        )  # fmt: skip
        work.record("people.invitation_sent", invitation, organisation=organisation.pk, role=role)
    return token


@service("people.withdraw_invitation")
def withdraw_invitation(*, actor: Actor, now: datetime, invitation: Invitation) -> None:
    with unit_of_work(actor=actor, now=now) as work:
        require(actor, "people.manage_invitation", invitation)
        invitation.refresh_from_db()
        if invitation.accepted_at or invitation.withdrawn_at:
            work.nothing_happened()
            return
        invitation.withdrawn_at = now
        invitation.save(update_fields=["withdrawn_at"])
        work.record("people.invitation_withdrawn", invitation, organisation=invitation.organisation_id)


def open_invitation(token: str, *, now: datetime) -> Invitation | None:
    """The invitation that a token opens, None when it is used, withdrawn, expired or unknown."""
    invitation = Invitation.objects.filter(token_hash=digest(token)).select_related("organisation").first()
    if invitation is None or invitation.accepted_at or invitation.withdrawn_at or invitation.expires_at <= now:
        return None
    return invitation


@service("people.accept_invitation")
def accept_invitation(*, actor: Actor, now: datetime, token: str, name: str, password: str) -> Person:
    """Take up an invitation. The token proves the address; someone who has an account proves it by the own password."""
    with unit_of_work(actor=actor, now=now) as work:
        Invitation.objects.select_for_update().filter(token_hash=digest(token)).first()  # the second of two at once waits, and is too late
        invitation = open_invitation(token, now=now)
        if invitation is None:
            raise Denied("people.accept_invitation")
        person = Person.objects.filter(email=invitation.email).first()
        if person is None:
            validate_password(password)
            person = Person.objects.create_user(invitation.email, password, display_name=name, created_at=now)
        elif not person.check_password(password):
            raise ValidationError({"password": _("There is an account with this address already. Give its password.")})
        invitation.accepted_at = now
        invitation.save(update_fields=["accepted_at"])
        open_already = Membership.objects.filter(
            person=person, organisation=invitation.organisation, role=invitation.role, valid_until=None
        )
        if not open_already.filter(guest=False).exists():
            open_already.update(valid_until=now)  # one that a link made: from here on the organisation vouches for the person
            _add_member(
                work, person=person, organisation=invitation.organisation, role=invitation.role, now=now,
                stakeholder_group=invitation.stakeholder_group,
            )  # fmt: skip
        work.record("people.invitation_accepted", invitation, organisation=invitation.organisation_id)
    return person


@service("people.make_purpose_link")
def make_purpose_link(
    *, actor: Actor, now: datetime, organisation: Organisation, email: str, name: str, role: str, path: str, language: str = "en"
) -> str:
    """A link for one purpose: a partner who answers one section signs in with it and a code, without a password.

    Returns the token. The person gets a membership of `role` (contributor or vendor) in `organisation`, and sees what is
    assigned to it, nothing else. Denied unless the actor may invite guests there.
    """
    if role not in ("contributor", "vendor"):
        raise ValidationError({"role": _("A one-purpose link is for contributors and vendors.")})
    with unit_of_work(actor=actor, now=now) as work:
        require(actor, "people.invite_guest", organisation)
        person = Person.objects.filter(email=email.lower()).first()
        if person is None:
            person = Person.objects.create_user(email, None, display_name=name, created_at=now)
        membership = Membership.objects.filter(person=person, organisation=organisation, role=role, valid_until=None).first()
        if membership is None:
            membership = _add_member(work, person=person, organisation=organisation, role=role, guest=True, now=now)
        token = secrets.token_urlsafe(32)
        link = PurposeLink.objects.create(
            membership=membership, path=path, token_hash=digest(token), created_at=now, expires_at=now + timedelta(days=LINK_DAYS)
        )
        send_mail(
            work, to=person.email, code="purpose_link", path=f"/people/link/{token}/", now=now, language=language,
            params={"organisation": actor.organisation_name},
        )  # fmt: skip
        work.record("people.link_made", link, organisation=organisation.pk, role=role)
    return token


def open_link(token: str, *, now: datetime) -> PurposeLink | None:
    """The link that a token opens, None when it is withdrawn, expired, unknown, or its membership has ended."""
    link = PurposeLink.objects.filter(token_hash=digest(token)).select_related("membership__person").first()
    if link is None or link.withdrawn_at or link.expires_at <= now or not link.membership.in_force(now):
        return None
    return link


def _locked_link(token: str, now: datetime) -> PurposeLink | None:
    """The link that a token opens, held until the commit, so that two tries at once count as two."""
    PurposeLink.objects.select_for_update().filter(token_hash=digest(token)).first()
    return open_link(token, now=now)


@service("people.send_link_code")
def send_link_code(*, actor: Actor, now: datetime, token: str, language: str = "en") -> None:
    """Send the holder of a link a code that works for 24 hours. ValidationError within a minute of the code before it: each new
    code gives five new tries."""
    with unit_of_work(actor=actor, now=now) as work:
        link = _locked_link(token, now)
        if link is None:
            raise Denied("people.send_link_code")
        if link.code_expires_at is not None and link.code_expires_at - timedelta(hours=CODE_HOURS) + CODE_PAUSE > now:
            raise ValidationError(_("A code was sent less than a minute ago. Look for the newest e-mail, or wait a minute."))
        code = f"{secrets.randbelow(10**8):08d}"
        link.code_hash, link.code_expires_at, link.code_attempts = make_password(code), now + timedelta(hours=CODE_HOURS), 0
        link.save(update_fields=["code_hash", "code_expires_at", "code_attempts"])
        send_mail(
            work, to=link.membership.person.email, code="purpose_code", path="", now=now, language=language,
            params={"code": f"{code[:4]} {code[4:]}"},
        )  # fmt: skip
        work.record("people.link_code_sent", link, organisation=link.membership.organisation_id)


@service("people.use_link_code")
def use_link_code(*, actor: Actor, now: datetime, token: str, code: str) -> PurposeLink | None:
    """The link when the code is right (it then works no more), None when it is wrong, used up or too old."""
    with unit_of_work(actor=actor, now=now) as work:
        link = _locked_link(token, now)
        if link is None or not link.code_hash or link.code_expires_at <= now or link.code_attempts >= CODE_TRIES:
            raise Denied("people.use_link_code")
        right = check_password(code.replace(" ", ""), link.code_hash)
        link.code_attempts += 1
        if right:
            link.code_hash = ""
        link.save(update_fields=["code_attempts", "code_hash"])
        work.record("people.link_used" if right else "people.link_refused", link, organisation=link.membership.organisation_id)
    return link if right else None


@service("people.note_sign_in")
def note_sign_in(*, actor: Actor, now: datetime) -> None:
    """Put a sign-in into the record."""
    with unit_of_work(actor=actor, now=now) as work:
        require(actor, "people.be", Person(pk=actor.person_id or 0))
        work.record("people.signed_in", ("people.person", actor.person_id))
