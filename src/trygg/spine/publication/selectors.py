"""Reads of the public register: what everyone sees, and what the owner has on its way."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _

from trygg.kernel.access import Actor, Role, restrict
from trygg.kernel.people.models import Membership, Organisation
from trygg.spine.assurance.models import Status
from trygg.spine.matters.models import Matter
from trygg.spine.publication import sections
from trygg.spine.publication.content import children_of, decides_of, roles_of
from trygg.spine.publication.index import folded
from trygg.spine.publication.models import Audience, EntryVersion, PublishedEntry, RegisterEntry
from trygg.spine.publication.texts import native_of, said, typed

MOST_WORDS = 8


@dataclass(frozen=True)
class Search:
    """What a reader asks of the list. `text`: every word must be there; `owner`: slug; `age`, `setting`: values of Audience."""

    text: str = ""
    kind: str = ""
    stage: str = ""
    owner: str = ""
    age: str = ""
    setting: str = ""

    @property
    def filtered(self) -> bool:
        return any((self.kind, self.stage, self.owner, self.age, self.setting))


def register_list(actor: Actor, search: Search | None = None) -> QuerySet[PublishedEntry]:
    """What is published now, newest first."""
    search = search or Search()
    rows = restrict(actor, "publication.read_register").order_by("-published_at", "-pk")
    for word in folded(search.text.replace("\0", " ")).split()[:MOST_WORDS]:
        rows = rows.filter(search__contains=word)
    exact = {"kind": search.kind, "stage": search.stage, "owner__slug": search.owner}
    rows = rows.filter(**{name: value for name, value in exact.items() if value})
    if search.age:
        rows = rows.filter(ages__contains=f"|{search.age}|")
    if search.setting:
        rows = rows.filter(setting__contains=f"|{search.setting}|")
    return rows


def owners_listed(actor: Actor) -> list[Organisation]:
    """Who has published something, with the municipality above."""
    listed = restrict(actor, "publication.read_register").filter(owner_id=OuterRef("pk")).order_by()
    rows = Organisation.objects.filter(Exists(listed)).select_related("parent").order_by("name")
    return list(rows.only("name", "slug", "jurisdiction", "parent__name", "parent__jurisdiction"))


def audiences() -> dict[str, list[Audience]]:
    """The ages and settings that can be chosen, by kind."""
    found: dict[str, list[Audience]] = {kind: [] for kind in Audience.Kind.values}
    for row in Audience.objects.order_by("kind", "order", "value"):
        found[row.kind].append(row)
    return found


def public_version(actor: Actor, slug: str, number: int | None = None) -> EntryVersion | None:
    """The version that stands at an address: the last published, or number `number`. None when the public has none there."""
    rows = restrict(actor, "publication.read_version").select_related("entry__matter__owner").filter(entry__slug=slug)
    if number is None:
        return rows.filter(
            entry__current_id__isnull=False, pk__in=RegisterEntry.objects.filter(slug=slug).values("current_id")
        ).first()
    return rows.filter(number=number).first()


def public_versions(actor: Actor, entry: RegisterEntry) -> list[EntryVersion]:
    """Every version that was ever published, newest first, without its content."""
    return list(
        restrict(actor, "publication.read_version").filter(entry=entry).defer("content", "texts").order_by("-number")
    )


# For the owner ----------------------------------------------------------------------------------


def entry_of(actor: Actor, matter: Matter) -> RegisterEntry | None:
    """The matter's entry, drafts or not, None when nothing was written yet."""
    return restrict(actor, "publication.view_entry").select_related("current").filter(matter=matter).first()


def versions_of(actor: Actor, entry: RegisterEntry) -> list[EntryVersion]:
    """All versions, newest first, without their content."""
    rows = restrict(actor, "publication.view_version").filter(entry=entry).defer("content", "texts")
    return list(rows.select_related("made_by", "approved_by").order_by("-number"))


def open_version(actor: Actor, matter: Matter) -> EntryVersion | None:
    """The draft or approved version that is on its way, None when there is none."""
    rows = restrict(actor, "publication.view_version").filter(entry__matter=matter, state__in=("draft", "approved"))
    return rows.select_related("entry__matter__owner", "made_by").first()


def standing_versions(actor: Actor, matter: Matter) -> tuple[EntryVersion | None, EntryVersion | None]:
    """(the entry's current version, the draft or approved one that is on its way), in one query."""
    rows = restrict(actor, "publication.view_version").filter(entry__matter=matter)
    rows = rows.filter(Q(state__in=("draft", "approved")) | Q(pk=F("entry__current_id"))).select_related("entry")
    found = list(rows)
    current = next((version for version in found if version.pk == version.entry.current_id), None)
    return current, next((version for version in found if version.is_open), None)


def latest_texts(actor: Actor, matter: Matter) -> Mapping[str, Mapping[str, str]]:
    """What was typed last for the matter's page: where a new version begins."""
    row = (
        restrict(actor, "publication.view_version")
        .filter(entry__matter=matter)
        .order_by("-number")
        .values_list("texts", flat=True)
        .first()
    )
    return row or {}


def latest_shared(actor: Actor, matter: Matter) -> bool:
    """Whether the last version that was written lets others start from it."""
    rows = restrict(actor, "publication.view_version").filter(entry__matter=matter).order_by("-number")
    return bool(rows.values_list("shared", flat=True).first())


def approvers_for(actor: Actor, version: EntryVersion, *, now: datetime) -> QuerySet[Membership]:
    """Who may approve the version: officers and administrators of the owner in force, but not the one who made it."""
    rows = restrict(actor, "people.view_membership").filter(
        organisation_id=version.entry.matter.owner_id,
        role__in=(Role.OFFICER.value, Role.ADMINISTRATOR.value),
        valid_from__lte=now,
    )
    rows = rows.exclude(person_id=version.made_by_id).exclude(valid_until__lte=now)
    return rows.select_related("person").order_by("person__display_name", "pk")


def differences(version: EntryVersion, matter: Matter, now: datetime, kept: dict | None = None) -> list[str]:
    """What the page of `version` no longer says as the case has it now, in words; empty when it does. `kept`: see sections.built."""
    old = version.content
    facts = {fact.name: fact for fact in matter.facts.all()}
    shown, _gaps = sections.built(matter, now, kept)
    case = getattr(matter, "case", None)
    claims = case.claims.all() if case else ()
    statuses = {claim.requirement_id: claim.status for claim in claims if claim.status != Status.NOT_REQUIRED}
    system = old["system"] or {}
    pairs = [
        (_("the title"), old["title"], said(matter.title)),
        (
            _("what it is for"),
            old["summary"],
            typed(version.texts, "summary", said(matter.summary), native_of(matter.jurisdiction)),
        ),
        (_("the stage"), old["stage"], matter.stage),
        (_("the version of the system"), system.get("version", ""), matter.system_version if matter.system_id else ""),
        (
            _("who decides and who answers for it"),
            (old["decides"], old["roles"]),
            (decides_of(matter, facts), roles_of(matter)),
        ),
        (_("how children meet it and are told"), old["children"], children_of(matter, facts)),
        (
            _("what stands and what is missing"),
            {claim["id"]: claim["status"] for claim in old["case"]["claims"]},
            statuses,
        ),
        (_("advice, decision and what other rooms say"), old["sections"], shown),
    ]
    return [words for words, then, now_ in pairs if then != now_]
