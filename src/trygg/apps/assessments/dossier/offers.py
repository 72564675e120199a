"""Answers that somebody has already, offered to the blanks of an assessment: from other assessments of the same matter, and from
the vendor's dossier. Nothing is written here: a page shows it, and `services/taking.py` takes over what was ticked."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from trygg.apps.assessments.content import Whole, load_wholes, values_in
from trygg.apps.assessments.dossier.models import DossierVersion
from trygg.apps.assessments.dossier.selectors import Contents, instrument_for, versions_about
from trygg.apps.assessments.models import Answer, Assessment, SectionAssignment
from trygg.apps.assessments.questions import Reading, content_hash, instrument_of, said
from trygg.apps.assessments.selectors import Overview
from trygg.engines.conditions import ValueType, as_data, value_from_data
from trygg.engines.instruments import (
    HiddenWhy,
    Instrument,
    Item,
    MappingLine,
    Relation,
    migration_map,
    reverse_mapping,
)
from trygg.engines.instruments import (
    Mapping as PackMapping,
)
from trygg.engines.instruments.carry import STAYED, Moved, Obstacle, Offer, across, carry, inverted
from trygg.engines.instruments.mapping import End
from trygg.kernel.access import Actor, restrict
from trygg.kernel.people.models import Organisation
from trygg.spine.frameworks.answer_words import answer_words
from trygg.spine.frameworks.comparison import compare
from trygg.spine.frameworks.models import PackVersion
from trygg.spine.frameworks.selectors import current, engine_pack
from trygg.spine.frameworks.selectors import pack as pack_of
from trygg.spine.frameworks.uploads import version_key


@dataclass(frozen=True)
class Source:
    """Where answers stand: a version of a dossier, or another assessment of the matter as far as the actor may read it."""

    key: str
    pack: PackVersion
    instrument: Instrument
    contents: Contents
    version: DossierVersion | None = None
    assessment: Assessment | None = None
    answers: Mapping[str, Answer] = field(default_factory=dict)  # of an assessment: who gave them, their files

    @property
    def title(self) -> str:
        if self.version is not None:
            return self.version.dossier.title
        return said(self.pack.title)

    @cached_property
    def values(self) -> dict[str, Any]:
        """As the engine takes them; what cannot be read is no answer."""
        found, _files = values_in(self.instrument, [self.contents])
        values = {}
        for name, raw in found.items():
            try:
                values[name] = value_from_data(raw)
            except ValueError:
                continue
        return values


@dataclass(frozen=True)
class Given:
    """One answer offered to one question. `key` names it in a form."""

    source: Source
    offer: Offer
    item: Item
    value: Any  # as it would stand there
    note: str
    files: tuple[str, ...]
    waits: bool = False  # other answers decide whether the question is asked

    @property
    def key(self) -> str:
        return f"{self.source.key}:{self.offer.source}>{self.item.id}"

    @property
    def look(self) -> bool:
        return self.offer.look

    @property
    def relation(self) -> Relation:
        return self.offer.line.relation

    @property
    def from_item(self) -> Item:
        return self.source.instrument.items[self.offer.source]

    @property
    def from_words(self) -> str:
        """The answer as it was given."""
        return answer_words(self.from_item, self.source.contents[self.offer.source]["value"])

    @property
    def words(self) -> str:
        """The answer as it would stand."""
        return answer_words(self.item, self.value)

    @property
    def relation_words(self) -> str:
        return relation_words(self.relation, partly=self.offer.partly)

    @property
    def remark(self) -> str:
        return said(self.offer.line.note)

    @property
    def by(self) -> str:
        """Who answered it there."""
        if self.source.version is not None:
            return self.source.version.published_by
        answer = self.source.answers.get(self.offer.source)
        return answer.answered_by if answer else ""


@dataclass(frozen=True)
class LeftOut:
    """A line of a mapping, or an answer, that gives nothing here, and why."""

    source: Source
    question: str
    why: str


@dataclass(frozen=True)
class Offers:
    """All that is offered, by question in the order of the questions."""

    given: tuple[Given, ...]
    left_out: tuple[LeftOut, ...] = ()

    @cached_property
    def by_key(self) -> dict[str, Given]:
        return {each.key: each for each in self.given}

    @cached_property
    def by_item(self) -> dict[str, list[Given]]:
        found: dict[str, list[Given]] = {}
        for each in self.given:
            found.setdefault(each.item.id, []).append(each)
        return found

    @cached_property
    def fingerprint(self) -> str:
        """Of everything that the preview shows: an answer that changed, or a new version of a dossier, gives another."""
        return content_hash([[each.key, each.value, each.note, list(each.files), each.look] for each in self.given])


def relation_words(relation: Relation, *, partly: bool = False) -> str:
    """How the two questions relate, in plain words."""
    match relation:
        case _ if partly:
            return _("Some of what was chosen there has no counterpart here. Look through it.")
        case Relation.EQUAL:
            return _("The same question.")
        case Relation.SUPERSET:
            return _("The other question asked for more. The answer covers this one.")
        case Relation.SUBSET:
            return _("This question asks for more than you answered there. Look through it and add what is missing.")
        case _:
            return _("The two questions overlap. Look through it.")


def obstacle_words(obstacle: Obstacle) -> str:
    """Why a line of a mapping gives nothing, in plain words."""
    match obstacle:
        case Obstacle.NO_SUCH_SOURCE:
            return _("The mapping names a question that is not in the version that was answered.")
        case Obstacle.NO_SUCH_TARGET:
            return _("The mapping names a question that is not in the version that you answer.")
        case Obstacle.SEVERAL_PLACES:
            return _("Here it is asked about several things, and it is not known which one the answer is about.")
        case Obstacle.NO_COUNTERPART:
            return _("The answer has no counterpart among the choices here. Answer it yourself.")
        case Obstacle.ANSWERED:
            return _("You have an answer there already. It stays as it is.")


# What is offered --------------------------------------------------------------------------------------------------------


def offers_for(actor: Actor, whole: Whole, sections: Iterable[SectionAssignment]) -> Offers:
    """What the actor has already for the blanks of these sections, from everything that the actor may read."""
    reading = whole.reading
    asked = _asked(reading, {section.section_id for section in sections})
    held = _held(whole)
    sources = [*versions_for(actor, whole.assessment), *assessments_for(actor, whole.assessment)]
    if not sources:
        return Offers(())
    maps = _Maps(whole.assessment)
    given: list[Given] = []
    left_out: list[LeftOut] = []
    for source in sources:
        for mapping in maps.between(source):
            for offer in carry(mapping, source.instrument, source.values, reading.instrument, held, get_language() or "en"):
                _sort(source, offer, reading.instrument, asked, given, left_out)
        given += _files(source, maps.direct(source), reading.instrument, asked, held)
    return Offers(tuple(_best_first(_visible(reading, given), reading.instrument)), tuple(_once(left_out)))


def questions_offered(actor: Actor, view: Overview) -> int:
    """For how many blanks of an assessment the actor has an answer already."""
    sections = [line.section for line in view.lines if line.answerable and line.answered < line.asked]
    if not sections or view.held is None:
        return 0
    return len(offers_for(actor, view.held, sections).by_item)


def version_offer(version: DossierVersion, assessment: Assessment, source_item: str, target_item: str) -> Given | None:
    """What a version gives to one question, whatever stands there: for a review, where people choose between the two."""
    source = _version_source(version)
    maps, target = _Maps(assessment), instrument_of(assessment)
    for mapping in maps.between(source):
        for offer in carry(mapping, source.instrument, source.values, target, (), get_language() or "en"):
            if (offer.source, offer.target) == (source_item, target_item) and offer.obstacle is None:
                return _given(source, offer, target)
    files = _files(source, maps.direct(source), target, {target_item}, ())
    return next((each for each in files if (each.offer.source, each.item.id) == (source_item, target_item)), None)


def versions_for(actor: Actor, assessment: Assessment) -> list[Source]:
    """The dossiers of the system and of what it contains, as far as the actor may read them."""
    found = [version for _system, version in versions_about(assessment.matter.system)]
    seen = set(restrict(actor, "assessments.view_dossier_version").filter(pk__in=[v.pk for v in found]).values_list("pk", flat=True))
    return [_version_source(version) for version in found if version.pk in seen]


def _version_source(version: DossierVersion) -> Source:
    return Source(f"v{version.pk}", version.pack, instrument_for(version), version.answers, version=version)


def assessments_for(actor: Actor, assessment: Assessment) -> list[Source]:
    """Other assessments of the matter, in their newest revision: the saved answers of the sections that the actor may read."""
    rows = Assessment.objects.filter(matter_id=assessment.matter_id).exclude(instrument_id=assessment.instrument_id)
    rows = rows.exclude(state=Assessment.State.SUPERSEDED).select_related("pack", "matter__case")
    newest: dict[str, Assessment] = {}
    for row in rows.order_by("revision"):
        newest[row.instrument_id] = row
    found = []
    for whole in load_wholes(list(newest.values()), restrict(actor, "assessments.view_section")) if newest else []:
        contents = {name: held for section in whole.sections for name, held in (section.saved_answers or {}).items()}
        if contents:
            answers = {answer.item_id: answer for section in whole.answers.values() for answer in section}
            one = whole.assessment
            found.append(Source(f"a{one.pk}", one.pack, instrument_of(one), contents, assessment=one, answers=answers))
    return sorted(found, key=lambda source: source.assessment.started_at, reverse=True)


def _asked(reading: Reading, sections: set[str]) -> set[str]:
    """Questions of these sections that are asked at this depth, or may be when other answers are there."""
    return {
        item.id
        for item in reading.instrument.items.values()
        if item.section in sections
        and item.depth <= reading.depth
        and (not reading.phase or not item.phases or reading.phase in item.phases)
    }


def _held(whole: Whole) -> set[str]:
    """Questions where something stands: an answer, a note or a file, confirmed or not."""
    found = set()
    for answers in whole.answers.values():
        for answer in answers:
            if answer.value is not None or answer.note or whole.files.get(answer.pk):
                found.add(answer.item_id)
    return found


def _sort(
    source: Source, offer: Offer, target: Instrument, asked: set[str], given: list[Given], left_out: list[LeftOut]
) -> None:
    if offer.obstacle is None:
        if offer.target in asked:
            given.append(_given(source, offer, target))
        return
    item = target.items.get(offer.target)
    missing = offer.obstacle in (Obstacle.NO_SUCH_SOURCE, Obstacle.NO_SUCH_TARGET)
    if missing or offer.target in asked or offer.obstacle is Obstacle.SEVERAL_PLACES:
        other = source.instrument.items.get(offer.source)
        question = said(item.text) if item else said(other.text) if other else f"{offer.source} → {offer.target}"
        left_out.append(LeftOut(source, question, obstacle_words(offer.obstacle)))


def _given(source: Source, offer: Offer, target: Instrument) -> Given:
    held, item = source.contents[offer.source], target.items[offer.target]
    files = tuple(held["files"]) if item.type is ValueType.FILE or item.evidence != "none" else ()
    note = held["note"] if item.type is not ValueType.SIGN else ""
    return Given(source, offer, item, as_data(offer.value), note, files)


def _files(
    source: Source, mapping: PackMapping | None, target: Instrument, asked: Iterable[str], held: Iterable[str]
) -> list[Given]:
    """Questions that are answered by files, where both ask for the same ones."""
    found = []
    for line in mapping.lines if mapping else ():
        item, other = target.items.get(line.target), source.instrument.items.get(line.source)
        content = source.contents.get(line.source)
        if item is None or other is None or not (item.type is other.type is ValueType.FILE):
            continue
        if content and content["files"] and item.id in asked and item.id not in held:
            offer = Offer(line.source, line.target, line)
            found.append(Given(source, offer, item, None, content["note"], tuple(content["files"])))
    return found


def _visible(reading: Reading, given: Sequence[Given]) -> list[Given]:
    """Without what would stand at a question that other answers rule out, also when everything offered were taken over. A question
    that waits for another answer may still be asked: the offer says so."""
    values = dict(reading.values)
    for each in given:
        values.setdefault(each.item.id, ", ".join(each.files) if each.item.type is ValueType.FILE else each.value)
    asked = replace(reading, values=values).asked
    shown = frozenset(asked.visible)
    waiting = {name for name, hidden in asked.hidden.items() if hidden.why is HiddenWhy.NOT_YET}
    return [
        each if each.item.id in shown else replace(each, waits=True)
        for each in given
        if each.item.id in shown or each.item.id in waiting
    ]


def _best_first(given: Iterable[Given], target: Instrument) -> list[Given]:
    """By question; of several for one question the closest first, each answer once."""
    order = {name: place for place, name in enumerate(target.items)}
    closest = list(Relation)
    ranked = sorted(
        given, key=lambda each: (order[each.item.id], each.look, each.offer.partly, closest.index(each.relation), each.source.version is None)
    )
    return list({each.key: each for each in reversed(ranked)}.values())[::-1]


def _once(left_out: Iterable[LeftOut]) -> list[LeftOut]:
    return list({(each.source.key, each.question, each.why): each for each in left_out}.values())


# Which mapping ----------------------------------------------------------------------------------------------------------


class _Maps:
    """Mappings that end at the questions of an assessment, moved to the versions that were answered."""

    def __init__(self, assessment: Assessment):
        self.assessment = assessment
        self.target = instrument_of(assessment)

    @cached_property
    def known(self) -> list[PackMapping]:
        return [engine_pack(version) for version in current("mapping", self.assessment.matter.owner)]

    def between(self, source: Source) -> list[PackMapping]:
        """The mappings from the source's questions to these: as they were written, then those that follow from the other direction,
        then questions that are word for word the same."""
        one, other = source.pack.pack_id, self.assessment.instrument_id
        forth = [each for each in self.known if (each.source.pack, each.target.pack) == (one, other)]
        back = [reverse_mapping(each) for each in self.known if (each.target.pack, each.source.pack) == (one, other)]
        done = {(line.source, line.target) for each in forth for line in each.lines}
        back = [replace(each, lines=tuple(line for line in each.lines if (line.source, line.target) not in done)) for each in back]
        found = [self._moved(each, source) for each in (*forth, *back)]
        done |= {(line.source, line.target) for each in back for line in each.lines}
        direct = self.direct(source)
        if direct is not None:
            lines = tuple(line for line in direct.lines if (line.source, line.target) not in done)
            found.append(replace(direct, lines=lines))
        return found

    def _moved(self, mapping: PackMapping, source: Source) -> PackMapping:
        return across(mapping, moved_since(mapping.source, source.pack), moved_since(mapping.target, self.assessment.pack))

    def direct(self, source: Source) -> PackMapping | None:
        """Questions that are the same without any mapping: another version of the same questions, or a question that asks the vendor
        and that the dossier asks under the same id in the same words."""
        end = End(source.pack.pack_id, source.pack.version)
        same = source.pack.pack_id == self.assessment.instrument_id
        items = source.instrument.items.values()
        if same:
            names = [item.base_id for item in items]
        else:
            named = {item.base_id: item for item in self.target.items.values()}
            names = [
                item.base_id
                for item in items
                if (other := named.get(item.base_id)) is not None
                and Organisation.Kind.VENDOR in other.asked_of
                and (other.type, other.text) == (item.type, item.text)
            ]
        lines = tuple(MappingLine(name, name, Relation.EQUAL, {}, None, "", "yes") for name in dict.fromkeys(names))
        if not lines:
            return None
        mapping = PackMapping("direct", "1.0.0", {}, end, end, lines)
        return across(mapping, target=moved_since(end, self.assessment.pack)) if same else mapping


def moved_since(written: End, pack: PackVersion) -> Moved:
    """What became of the questions of one side of a mapping between the version that it was written for and the one that is here.
    Where that version is not known here, every question counts as reworded: the lines only overlap."""
    if written.version == pack.version:
        return STAYED
    here = engine_pack(pack)
    stored = PackVersion.objects.filter(pack_id=pack.pack_id, version=written.version).first()
    if version_key(pack.version) > version_key(written.version):
        changes = migration_map(pack_of(pack).data, written.version)
    elif stored is not None:
        changes = inverted(migration_map(pack_of(stored).data, pack.version))
    else:
        changes = ()
    if stored is None:
        return Moved(changes, frozenset(here.items))
    reworded = frozenset(each.item for each in compare(engine_pack(stored), here, changes).reworded)
    return Moved(changes, reworded)
