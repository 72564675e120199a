"""Reads of assessments: every queryset comes from `restrict`."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property

from django.db.models import Exists, OuterRef, Q, QuerySet

from trygg.apps.assessments.carrying import to_look_at
from trygg.apps.assessments.content import FILES, Whole, answer_mark, effective_depth, load_wholes
from trygg.apps.assessments.matrix import MatrixPicture, picture
from trygg.apps.assessments.models import (
    Answer,
    AnswerVersion,
    Assessment,
    Comment,
    DossierReview,
    SecondAnswer,
    SectionAssignment,
    SignOff,
    Taken,
)
from trygg.apps.assessments.questions import Reading, said
from trygg.apps.assessments.theirs import Compared, compared_with
from trygg.engines.conditions import ValueType
from trygg.engines.instruments import REPEATED, Instrument, Item, Section
from trygg.kernel.access import Actor, restrict
from trygg.kernel.files.models import StoredFile
from trygg.kernel.files.selectors import files_of
from trygg.kernel.people.models import Membership, Organisation
from trygg.kernel.people.selectors import people_in
from trygg.kernel.safeguard import warnings_in
from trygg.spine.frameworks.answer_words import answer_words
from trygg.spine.frameworks.models import PackVersion
from trygg.spine.frameworks.selectors import marked
from trygg.spine.frameworks.uploads import version_key
from trygg.spine.matters.models import Matter

State = SectionAssignment.State


def assessments_of(actor: Actor, matter: Matter) -> QuerySet[Assessment]:
    """The matter's assessments that the actor may see, newest first."""
    return restrict(actor, "assessments.view_assessment").filter(matter=matter).select_related("pack", "matter")


def newer_pack(actor: Actor, assessment: Assessment) -> PackVersion | None:
    """The current version of the questions, when the assessment stays on an older one."""
    rows = restrict(actor, "frameworks.view_pack").filter(
        kind="instrument", current=True, pack_id=assessment.instrument_id
    )
    newer = rows.exclude(pk=assessment.pack_id).first()
    return newer if newer is None or version_key(newer.version) > version_key(assessment.pack.version) else None


@dataclass(frozen=True)
class SectionLine:
    """A section in a list. `answerable`: this actor may answer it now."""

    section: SectionAssignment
    title: str
    asked: int
    answered: int
    answerable: bool

    @property
    def who(self) -> str:
        """Who answers: the person, else the organisation."""
        membership = self.section.membership
        return membership.person.shown_name if membership else self.section.organisation.name

    @property
    def empty(self) -> bool:
        """Whether nothing is asked here until other answers are there."""
        return not self.asked and self.section.state in (State.TODO, State.BEGUN)

    @property
    def icon(self) -> str:
        return {State.DONE: "tick", State.SIGNED: "lock", State.BEGUN: "part"}.get(self.section.state, "todo")


@dataclass(frozen=True)
class Overview:
    """What an actor sees of an assessment: all of it (`whole`), or the sections given to the actor."""

    assessment: Assessment
    whole: bool
    reading: Reading
    lines: list[SectionLine]
    organisation_id: int | None  # the actor's
    held: Whole | None = None  # what was read, for pages that show more of it

    @cached_property
    def signoffs(self) -> list[SignOff]:
        """Who has signed; of those who do not see all of it only the own organisation."""
        rows = SignOff.objects.filter(assessment=self.assessment).select_related("organisation")
        return list(rows if self.whole else rows.filter(organisation_id=self.organisation_id))

    @property
    def title(self) -> str:
        return said(self.assessment.pack.title)

    @property
    def title_about(self) -> str:
        """The title and what it is about, in one line."""
        return f"{self.title}: {self.about}" if self.about else self.title

    @property
    def about(self) -> str:
        """The matter's name for those who see the matter; the system's for others."""
        matter = self.assessment.matter
        if self.whole:
            return matter.title
        return matter.system.name if matter.system else ""

    @property
    def depth(self) -> str:
        return effective_depth(self.assessment)

    @property
    def done(self) -> int:
        return sum(line.section.state in (State.DONE, State.SIGNED) for line in self.lines)

    @property
    def all_signed(self) -> bool:
        return bool(self.lines) and all(line.section.state == State.SIGNED for line in self.lines)

    def next_line(self, after: SectionAssignment | None = None) -> SectionLine | None:
        """The next section for this actor that is not done: those after `after` first, then from the beginning."""
        ahead = [line for line in self.lines if line.answerable and line.section.state in (State.TODO, State.BEGUN)]
        if after is None:
            return ahead[0] if ahead else None
        later = [line for line in ahead if line.section.order > after.order]
        earlier = [line for line in ahead if line.section.order < after.order]
        return next(iter(later + earlier), None)

    def of_organisation(self, organisation_id: int | None) -> list[SectionLine]:
        return [line for line in self.lines if line.section.organisation_id == organisation_id]


def overview_of(actor: Actor, assessment: Assessment) -> Overview:
    """The assessment as far as the actor may see it."""
    return overviews_of(actor, [assessment])[0]


def overviews_of(actor: Actor, assessments: Sequence[Assessment]) -> list[Overview]:
    """Several assessments as far as the actor may see them, in at most four queries for all of them."""
    if not assessments:
        return []
    sections = SectionAssignment.objects.annotate(
        seen=Exists(restrict(actor, "assessments.view_section").filter(pk=OuterRef("pk"))),
        open_to=Exists(restrict(actor, "assessments.answer_section").filter(pk=OuterRef("pk"))),
    )
    wholes = load_wholes(assessments, sections)
    rows = Assessment.objects.filter(pk__in=[assessment.pk for assessment in assessments])
    sees_all = set(restrict(actor, "assessments.view_whole", rows).values_list("pk", flat=True))
    return [
        Overview(
            assessment=whole.assessment,
            whole=whole.assessment.pk in sees_all,
            reading=whole.reading,
            lines=_lines_of(whole),
            organisation_id=actor.organisation_id,
            held=whole,
        )
        for whole in wholes
    ]


def _lines_of(whole: Whole) -> list[SectionLine]:
    reading = whole.reading
    return [
        SectionLine(
            section=section,
            title=said(reading.section(section.section_id).title),
            asked=len(reading.visible(section.section_id)),
            answered=reading.answered(section.section_id),
            answerable=section.open_to,
        )
        for section in whole.asked
        if section.seen
    ]


def waiting_to_sign(overview: Overview) -> list[tuple[Organisation, bool]]:
    """(organisation, has signed) of all who answer a section."""
    found: dict[int, tuple[Organisation, bool]] = {}
    for line in overview.lines:
        organisation = line.section.organisation
        signed = line.section.state == State.SIGNED
        before = found.get(organisation.pk, (organisation, True))[1]
        found[organisation.pk] = (organisation, before and signed)
    return sorted(found.values(), key=lambda pair: pair[0].name)


# One section --------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Opening:
    """A heading inside a section, above the first question that stands under it. `entry`: of a repeated section, its id."""

    id: str
    level: int
    title: str
    intro: str
    entry: str = ""


@dataclass
class Card:
    """A question as its card shows it."""

    item: Item
    number: int
    answer: Answer | SecondAnswer | None
    loaded: str
    opens: list[Opening] = field(default_factory=list)
    parties: list[str] = field(default_factory=list)
    files: list[StoredFile] = field(default_factory=list)
    comments: list[Comment] = field(default_factory=list)
    versions: list[AnswerVersion] = field(default_factory=list)
    source: Mapping | None = None
    beside: Compared | None = None  # the answer of the case that one began with, and how one's own stands beside it
    taken: Taken | None = None  # where it was taken over from
    review: int | None = None  # the open review of what the vendor changed in it
    theirs: bool = False  # taken over from others, and nobody here has confirmed or changed it
    look: bool = False  # it came along from another version or phase, and nobody has looked at it since

    @property
    def id(self) -> str:
        return self.item.id

    @property
    def stands(self) -> bool:
        """Whether the answer still is what was taken over."""
        return self.taken is not None and self.answer is not None and self.answer.value == self.taken.value

    @property
    def unsettled(self) -> list[AnswerVersion]:
        return [version for version in self.versions if version.settled_at is None]

    @property
    def warnings(self) -> list[str]:
        """What looks like something about one person in what is written here."""
        if self.answer is None:
            return []
        return written_warnings(self.item, self.answer)

    @property
    def heading_level(self) -> int:
        """Of the question: under the headings that it stands in."""
        return min(2 + len(self.item.headings), 6)

    @property
    def picture(self) -> MatrixPicture | None:
        return picture(self.item, self.answer.value if self.answer else None)

    @property
    def confirmed(self) -> bool:
        """Whether somebody has confirmed it; who and when are the answer's."""
        return self.item.type is ValueType.SIGN and self.answer is not None and self.answer.value is True

    @property
    def open_comments(self) -> list[Comment]:
        return [comment for comment in self.comments if comment.resolved_at is None]

    @property
    def plain(self) -> str:
        return marked(self.item.plain)

    @property
    def help(self) -> str:
        return marked(self.item.help)

    @property
    def takes_files(self) -> bool:
        return self.item.type is ValueType.FILE or self.item.evidence != "none"

    @property
    def needs_evidence(self) -> bool:
        return self.item.evidence == "required" or (self.item.type is ValueType.FILE and self.item.required)

    @property
    def source_title(self) -> str:
        return (self.source or {}).get("title", "")


def cards_of(
    actor: Actor, section: SectionAssignment, reading: Reading, also: Collection[str] = (), held: Whole | None = None
) -> list[Card]:
    """The questions that are asked in a section now, with all that belongs to them; and those of `also`, which were asked when
    a page was loaded and may have been hidden by someone else since: what was typed there is still stored. `held`: what was
    read of the assessment, when the actor is known to see the section; who sees it sees its answers and their files."""
    if held is not None and section.pk in held.answers:
        answers = {answer.item_id: answer for answer in held.answers[section.pk]}
        files = {str(pk): stored for pk, stored in held.files.items()}
    else:
        answers = {
            answer.item_id: answer for answer in restrict(actor, "assessments.view_answer").filter(section=section)
        }
        files = files_of(actor, FILES, [str(answer.pk) for answer in answers.values()])
    comments: dict[str, list[Comment]] = {}
    for comment in section.comments.all():
        comments.setdefault(comment.item_id, []).append(comment)
    versions: dict[int, list[AnswerVersion]] = {}
    for version in AnswerVersion.objects.filter(answer__section=section):
        versions.setdefault(version.answer_id, []).append(version)
    sources = section.assessment.pack.content.get("sources") or {}
    before = sum(
        len(reading.visible(other.id)) for other in reading.instrument.sections[: _place(reading, section.section_id)]
    )
    cards = []
    asked = {item.id for item in reading.visible(section.section_id)} | set(also)
    shown = reading.section(section.section_id)
    items = [item for item in shown.items if item.id in asked]
    with_party = any(item.type is ValueType.PARTY for item in items)
    parties = parties_of(actor, section.assessment, reading.instrument) if with_party else []
    above: tuple[str, ...] = ()
    look = to_look_at(section)
    from_elsewhere = any(answer.origin != Answer.Origin.TYPED for answer in answers.values())
    taken, reviews = taken_in(section) if from_elsewhere else ({}, {})
    beside = compared_with(section.assessment, items, answers)
    for number, item in enumerate(items, start=before + 1):
        answer = answers.get(item.id)
        key = str(answer.pk) if answer else ""
        cards.append(
            Card(
                item=item,
                number=number,
                answer=answer,
                loaded=answer_mark(answer),
                opens=openings(shown, item, above),
                parties=parties if item.type is ValueType.PARTY else [],
                files=files.get(key, []),
                comments=comments.get(item.id, []),
                versions=versions.get(answer.pk, []) if answer else [],
                source=sources.get(item.source),
                beside=beside.get(item.id),
                taken=taken.get(answer.pk) if answer else None,
                review=reviews.get(taken[answer.pk].version.dossier_id)
                if answer and answer.pk in taken and taken[answer.pk].version
                else None,
                theirs=answer is not None and answer.unconfirmed,
                look=item.id in look,
            )
        )
        above = item.headings
    return cards


def taken_in(section: SectionAssignment) -> tuple[dict[int, Taken], dict[int, int]]:
    """Answers of a section that were taken over, by answer; and the open reviews of what a vendor changed in them, by dossier."""
    rows = Taken.objects.filter(answer__section=section, current=True)
    taken = {row.answer_id: row for row in rows.select_related("version__dossier", "outdated_by", "taking")}
    outdated = {row.version.dossier_id for row in taken.values() if row.outdated_by_id}
    if not outdated:
        return taken, {}
    open_ones = DossierReview.objects.filter(matter_id=section.assessment.matter_id, dossier__in=outdated, done_at=None)
    return taken, dict(open_ones.values_list("dossier_id", "pk"))


def openings(section: Section, item: Item, above: Sequence[str]) -> list[Opening]:
    """The headings that begin at this item: those that the item before it, under `above`, does not stand under."""
    known = {heading.id: heading for heading in section.headings}
    same = 0
    while same < min(len(above), len(item.headings)) and above[same] == item.headings[same]:
        same += 1
    found = []
    for level, heading_id in enumerate(item.headings[same:], start=2 + same):
        heading = known.get(heading_id)
        if heading is not None:
            first = heading_id == f"{section.id}{REPEATED}{item.entry}"
            entry = item.entry if first else ""
            found.append(Opening(heading_id, min(level, 5), said(heading.title), said(heading.intro), entry))
    return found


def parties_of(actor: Actor, assessment: Assessment, instrument: Instrument) -> list[str]:
    """Suggestions for who has a task: roles of the instrument, and the organisations of the matter as far as the actor knows them."""
    names = [said(role.title) for role in instrument.roles]
    matter = assessment.matter
    if restrict(actor, "assessments.view_whole").filter(pk=assessment.pk).exists():
        known = Q(pk=matter.owner_id) | Q(assessment_sections__assessment=assessment) | Q(pk=actor.organisation_id)
        if matter.system is not None and matter.system.vendor_id:
            known |= Q(pk=matter.system.vendor_id)
        rows = Organisation.objects.filter(known).distinct()
    else:
        rows = Organisation.objects.filter(pk=actor.organisation_id)
    return [*names, *rows.order_by("name").values_list("name", flat=True)]


def written_warnings(item: Item, answer: Answer | SecondAnswer) -> list[str]:
    """What looks like something about one person in an answer that is written by hand, and in its note."""
    value = answer.value if item.type in (ValueType.TEXT, ValueType.PARTY) else ""
    return list(dict.fromkeys(warning.text for text in (value, answer.note) for warning in warnings_in(text or "")))


def _place(reading: Reading, section_id: str) -> int:
    return next((i for i, section in enumerate(reading.instrument.sections) if section.id == section_id), 0)


def worded(item: Item, value: object) -> str:
    """An answer in words: the labels of what was chosen."""
    return answer_words(item, value)


# Who may be asked ---------------------------------------------------------------------------------


def organisations_to_ask(actor: Actor, assessment: Assessment) -> list[Organisation]:
    """The owner, those whom the actor may ask to take part, and of vendors only that of the system."""
    matter = assessment.matter
    mine = Q(pk=matter.owner_id) | Q(pk__in=restrict(actor, "people.invite_guest").values("pk"))
    rows = Organisation.objects.filter(mine)
    if matter.system and matter.system.vendor_id:
        rows = rows.filter(~Q(kind=Organisation.Kind.VENDOR) | Q(pk=matter.system.vendor_id))
    return list(rows.order_by("name"))


def people_to_ask(actor: Actor, organisations: list[Organisation], *, now: datetime) -> list[Membership]:
    """Who may be asked by name, in these organisations."""
    silent = ("auditor", "committee_member", "committee_secretary")
    return [
        m for organisation in organisations for m in people_in(actor, organisation, now=now) if m.role not in silent
    ]
