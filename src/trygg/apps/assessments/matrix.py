"""Rights by groups of children: the answers as rows of cells, the worst of them in a sentence, and the table."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from trygg.apps.assessments.questions import Reading, said
from trygg.engines.instruments import Choice, Dimension, Item, Matrix, Row
from trygg.spine.frameworks.answer_words import answer_words, mark_parts

STEPS = 5  # marks: none, small, middle, large, worst
LONGEST_WORD = 18  # of a level's own words that stand in a cell
AREAS = (  # headings over the rights, by the Convention's articles
    (gettext_lazy("Treated fairly, with what is best for the child first"), (1, 2, 3, 4)),
    (gettext_lazy("Life, health and a good standard"), (6, 23, 24, 25, 26, 27, 39)),
    (gettext_lazy("Being heard and knowing"), (12, 13, 14, 15, 17, 42)),
    (gettext_lazy("Private life, identity and family"), (5, 7, 8, 9, 10, 11, 16, 18, 21)),
    (gettext_lazy("Protection from harm"), (19, 20, 22, 32, 33, 34, 35, 36, 37, 38, 40)),
    (gettext_lazy("Learning, play and culture"), (28, 29, 30, 31)),
)
OTHER = gettext_lazy("Other rights")
SHORT = (
    gettext_lazy("No harm seen"),
    gettext_lazy("Small"),
    gettext_lazy("Noticeable"),
    gettext_lazy("Serious"),
    gettext_lazy("Grave"),
)
SEVERITY, REVERSIBILITY = "severity", "reversibility"  # dimensions that the picture knows; others stand in the table
GAINS = "benefit_rights"  # the question that says which rights are strengthened


@dataclass(frozen=True)
class Cell:
    """What is said of a right of a group. `worst` is the level of the dimension that says how bad it is: that which gives most points,
    else the one that stands highest in its own order; None: not looked at. `lasting`: it can hardly be undone."""

    group: str
    levels: tuple[str, ...]  # a word for each dimension, empty when nothing is said
    worst: Choice | None
    worst_of: str
    step: int  # 0: nothing bad was seen ... STEPS - 1
    points: Fraction
    whole: bool  # every dimension has a level
    lasting: bool = False
    stands: bool = False  # at the highest level of its dimension

    @property
    def word(self) -> str:
        return said(self.worst.label) if self.worst else _("not looked at")

    @property
    def short(self) -> str:
        """The word in the picture: the level's own where it is short, else one for how bad it is."""
        if self.worst is None:
            return _("Not looked at")
        own = said(self.worst.label)
        return own if len(own) <= LONGEST_WORD else str(SHORT[self.step])

    @property
    def highest(self) -> bool:
        return self.worst is not None and self.stands

    @property
    def seen(self) -> bool:
        return self.worst is not None

    @property
    def spoken(self) -> str:
        """What the mark says, for those who cannot see it."""
        return f"{self.worst_of}: {self.word}" if self.worst else self.word


@dataclass(frozen=True)
class Line:
    right: str
    note: str  # articles
    cells: tuple[Cell, ...]
    area: str = ""
    gains: bool = False  # the assessment says that this right is strengthened, too

    @property
    def name(self) -> str:
        """The right without its articles."""
        return re.sub(r"\s*\([^()]*\d[^()]*\)\s*$", "", self.right)

    @property
    def seen(self) -> bool:
        return any(cell.seen for cell in self.cells)


@dataclass(frozen=True)
class MatrixPicture:
    title: str
    groups: tuple[str, ...]
    dimensions: tuple[str, ...]
    lines: tuple[Line, ...]

    @cached_property
    def _cells(self) -> list[tuple[Line, Cell]]:
        return [(line, cell) for line in self.lines for cell in line.cells]

    @cached_property
    def worst(self) -> list[tuple[Line, Cell]]:
        """The gravest places, all that are equally grave; none where nothing bad was seen."""
        bad = [(line, cell) for line, cell in self._cells if cell.seen and (cell.step > 0 or cell.highest)]
        most = max(((cell.step, cell.points) for _line, cell in bad), default=None)
        return [(line, cell) for line, cell in bad if (cell.step, cell.points) == most]

    @property
    def unseen(self) -> int:
        return sum(not cell.seen for _line, cell in self._cells)

    @cached_property
    def headline(self) -> str:
        """The worst place in words: which right, which children, how bad, whether it can be undone."""
        if self.unseen == len(self._cells):
            return _("Nobody has looked at this yet.")
        if not self.worst:
            return _("Where somebody has looked, no harm was seen.")
        line, cell = self.worst[0]
        text = _("The gravest is “%(right)s” for %(group)s: %(word)s.") % {
            "right": line.name,
            "group": _lowered(cell.group),
            "word": _lowered(cell.word),
        }
        for dimension, level in zip(self.dimensions, cell.levels, strict=True):
            if level and dimension != cell.worst_of:
                text += f" {dimension} {level}." if dimension.endswith("?") else f" {dimension}: {_lowered(level)}."
        others = len(self.worst) - 1
        if others:
            text += " " + ngettext("One more place is as grave.", "%(count)d more places are as grave.", others) % {"count": others}
        return text

    @cached_property
    def sentence(self) -> str:
        """What one is to know after ten seconds: the worst, and how much nobody has looked at."""
        return f"{self.headline} {self.unseen_words}".strip()

    @property
    def unseen_words(self) -> str:
        """How many places nobody has looked at; "" where there are none, or nothing else."""
        if not self.unseen or self.unseen == len(self._cells):
            return ""
        unseen = ngettext(
            "One place of %(all)d has not been looked at.", "%(count)d places of %(all)d have not been looked at.", self.unseen
        )
        return unseen % {"count": self.unseen, "all": len(self._cells)}

    @property
    def head(self) -> list[str]:
        return [_("Right"), _("Group"), *self.dimensions]

    @property
    def rows(self) -> list[list[str]]:
        """The same as a table: a row for each right and group."""
        return [
            [line.right, cell.group, *(level or _("not looked at") for level in cell.levels)]
            for line in self.lines
            for cell in line.cells
        ]

    @cached_property
    def gravest_first(self) -> list[tuple[Line, Cell]]:
        """Every place that somebody has looked at, the gravest first: the picture as a list."""
        seen = [(line, cell) for line, cell in self._cells if cell.seen]
        return sorted(seen, key=lambda pair: (-pair[1].step, -pair[1].points))

    @cached_property
    def shown(self) -> "MatrixPicture":
        """Only the rights and groups that somebody has looked at; all of them where nobody has."""
        if not any(cell.seen for _line, cell in self._cells):
            return self
        places = [place for place in range(len(self.groups)) if any(line.cells[place].seen for line in self.lines)]
        lines = tuple(
            Line(line.right, line.note, tuple(line.cells[place] for place in places), line.area, line.gains)
            for line in self.lines
            if line.seen
        )
        return MatrixPicture(self.title, tuple(self.groups[place] for place in places), self.dimensions, lines)

    @property
    def left_out(self) -> str:
        """Which rights and groups nobody has looked at at all, in words; "" where there are none, or nothing but such."""
        shown = self.shown
        rights = [line.name for line in self.lines if not line.seen] if shown is not self else []
        groups = [group for group in self.groups if group not in shown.groups]
        parts = []
        if rights:
            parts.append(_("Rights that nobody has looked at: %(names)s.") % {"names": "; ".join(rights)})
        if groups:
            parts.append(_("Groups that nobody has looked at: %(names)s.") % {"names": "; ".join(groups)})
        return " ".join(parts)

    @cached_property
    def areas(self) -> list[tuple[str, list[Line]]]:
        """The lines under their headings, in the order of the headings."""
        order = [str(words) for words, _articles in AREAS] + [str(OTHER)]
        found: dict[str, list[Line]] = {name: [] for name in order}
        for line in self.lines:
            found.setdefault(line.area or str(OTHER), []).append(line)
        return [(name, lines) for name, lines in found.items() if lines]


def _lowered(text: str) -> str:
    """Inside a sentence: with a small first letter, unless it is a name in capitals or begins with a figure."""
    return text[:1].lower() + text[1:] if text[1:2].islower() or text[1:2] == " " else text


def _scale(matrix: Matrix) -> str:
    """The scale that the levels give points on; blank where they give none."""
    levels = [level for dimension in matrix.dimensions for level in dimension.levels]
    return next((scale for level in levels for scale in level.points), "")


def _points(level: Choice, scale: str) -> Fraction:
    return level.points.get(scale, Fraction(0))


def _rank(dimension: Dimension, level: Choice) -> Fraction:
    """Where the level stands in the order of its dimension, from 0 to 1."""
    last = len(dimension.levels) - 1
    return Fraction(dimension.levels.index(level), last) if last else Fraction(1)


def _weight(matrix: Matrix, dimension: Dimension, level: Choice) -> Fraction:
    """How grave a level is, from 0 to 1: its share of what any level weighs, so that a trifle for everybody does not look like the ruin of
    one. Where levels give no points, by its place in its own order."""
    scale = _scale(matrix)
    if not scale:
        return _rank(dimension, level)
    most = max(_points(each, scale) for one in matrix.dimensions for each in one.levels)
    return max(_points(level, scale), Fraction(0)) / most if most > 0 else Fraction(0)


def _step(weight: Fraction) -> int:
    """0 for no weight at all, then in quarters."""
    return min(STEPS - 1, -(-weight.numerator * (STEPS - 1) // weight.denominator))


def _cell(matrix: Matrix, group: str, held: Mapping[str, str]) -> Cell:
    chosen = [
        (dimension, level)
        for dimension in matrix.dimensions
        for level in dimension.levels
        if held.get(dimension.id) == level.id
    ]
    words = {dimension.id: said(level.label) for dimension, level in chosen}
    scale = _scale(matrix)
    how_bad = [pair for pair in chosen if pair[0].id == SEVERITY]  # where it is said, it is what counts, however many it concerns
    worst = max(how_bad or chosen, key=lambda pair: _weight(matrix, *pair), default=None)
    lasting = any(dimension.id == REVERSIBILITY and _rank(dimension, level) >= Fraction(1, 2) for dimension, level in chosen)
    return Cell(
        group=group,
        levels=tuple(words.get(dimension.id, "") for dimension in matrix.dimensions),
        worst=worst[1] if worst else None,
        worst_of=said(worst[0].label) if worst else "",
        step=_step(_weight(matrix, *worst)) if worst else 0,
        points=sum((_points(level, scale) for _dimension, level in chosen), Fraction(0)),
        whole=len(chosen) == len(matrix.dimensions),
        lasting=lasting,
        stands=worst is not None and _weight(matrix, *worst) >= 1,
    )


def picture(item: Item, marks: object, gains: frozenset[int] = frozenset()) -> MatrixPicture | None:
    """The grid of an item's answer; None for another sort of item. `gains`: articles that the assessment says are strengthened."""
    matrix = item.matrix
    if matrix is None:
        return None
    held: dict[tuple[str, str], dict[str, str]] = {}
    for mark in marks if isinstance(marks, list | tuple) else ():
        right, group, dimension, level = mark_parts(str(mark))
        held.setdefault((right, group), {})[dimension] = level
    lines = tuple(
        Line(
            said(right.label),
            _refs(right.refs, said(right.label)),
            tuple(_cell(matrix, said(group.label), held.get((right.id, group.id), {})) for group in matrix.groups),
            _area(right),
            bool(gains & _articles(right)),
        )
        for right in matrix.rights
    )
    return MatrixPicture(
        title=said(item.text),
        groups=tuple(said(group.label) for group in matrix.groups),
        dimensions=tuple(said(dimension.label) for dimension in matrix.dimensions),
        lines=lines,
    )


def picture_of(reading: Reading) -> MatrixPicture | None:
    """The picture of all that an assessment answers about rights and groups: several questions of the same form are one picture. None
    where nobody has answered any of them."""
    found = [
        picture(item, reading.values[item.id], strengthened(reading))
        for section in reading.instrument.sections
        for item in reading.visible(section.id)
        if item.matrix is not None and isinstance(reading.values.get(item.id), list | tuple)
    ]
    whole = found[0] if found else None
    for each in found[1:]:
        if (each.groups, each.dimensions) == (whole.groups, whole.dimensions):
            whole = MatrixPicture(whole.title, whole.groups, whole.dimensions, (*whole.lines, *each.lines))
    return whole


def strengthened(reading: Reading) -> frozenset[int]:
    """The articles that the assessment says are strengthened, read from the words of the answer."""
    item = reading.instrument.items.get(GAINS)
    if item is None or GAINS not in reading.asked.answers:
        return frozenset()
    return frozenset(int(number) for number in re.findall(r"\d+", answer_words(item, reading.values.get(GAINS))))


def _articles(right: Row) -> frozenset[int]:
    return frozenset(int(ref["id"]) for ref in right.refs if ref.get("kind") == "crc" and str(ref["id"]).isdecimal())


def _area(right: Row) -> str:
    articles = _articles(right)
    return str(next((words for words, known in AREAS if articles & set(known)), OTHER))


def _refs(refs: Sequence, label: str) -> str:
    """The articles, unless the right names them itself."""
    named = set(re.findall(r"\d+", label))
    articles = [str(ref["id"]) for ref in refs if ref.get("kind") == "crc" and str(ref["id"]) not in named]
    return _("article %(numbers)s") % {"numbers": ", ".join(articles)} if articles else ""
