"""Rights by groups of children: the picture of the answers, and its table."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from math import ceil

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from trygg.apps.assessments.questions import said
from trygg.engines.instruments import Choice, Dimension, Item, Matrix
from trygg.spine.frameworks.answer_words import mark_parts

STEPS = 4  # sizes of the mark: none, small, middle, worst


@dataclass(frozen=True)
class Cell:
    """What is said of a right of a group. `worst` is the level of the dimension that gives most points, else the one that stands highest
    in its own order; None: not looked at."""

    group: str
    levels: tuple[str, ...]  # a word for each dimension, empty when nothing is said
    worst: Choice | None
    worst_of: str
    step: int  # 0 lowest ... STEPS - 1 highest
    whole: bool  # every dimension has a level

    @property
    def word(self) -> str:
        return said(self.worst.label) if self.worst else _("not looked at")

    @property
    def highest(self) -> bool:
        return self.worst is not None and self.step == STEPS - 1

    @property
    def spoken(self) -> str:
        """What the mark says, for those who cannot see it."""
        return f"{self.worst_of}: {self.word}" if self.worst else self.word


@dataclass(frozen=True)
class Line:
    right: str
    note: str  # articles
    cells: tuple[Cell, ...]


@dataclass(frozen=True)
class MatrixPicture:
    title: str
    groups: tuple[str, ...]
    dimensions: tuple[str, ...]
    lines: tuple[Line, ...]

    @cached_property
    def sentence(self) -> str:
        """What one is to know after ten seconds."""
        cells = [(line, cell) for line in self.lines for cell in line.cells]
        unseen = sum(cell.worst is None for _line, cell in cells)
        worst = [(line, cell) for line, cell in cells if cell.highest]
        if len(worst) == 1:
            line, cell = worst[0]
            text = _("The gravest is “%(right)s” for %(group)s: %(word)s.") % {
                "right": line.right,
                "group": cell.group,
                "word": cell.word,
            }
        elif worst:
            rights = len({line.right for line, _cell in worst})
            text = ngettext(
                "%(count)d places stand at the highest level, all in one right.",
                "%(count)d places stand at the highest level, in %(rights)d rights.",
                rights,
            ) % {"count": len(worst), "rights": rights}
        elif unseen < len(cells):
            text = _("Nothing stands at the highest level.")
        else:
            return _("Nobody has looked at this yet.")
        if unseen:
            text += " " + ngettext(
                "One place has not been looked at.", "%(count)d places have not been looked at.", unseen
            ) % {"count": unseen}
        return text

    @property
    def wide(self) -> bool:
        """Too many groups for a word in each place: the mark and the table say it."""
        return len(self.groups) > 6

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


def _rank(dimension: Dimension, level: Choice) -> int:
    """Where the level stands in the order of its dimension, in steps; only the last is the highest."""
    last = len(dimension.levels) - 1
    place = dimension.levels.index(level)
    if last == 0 or place == last:
        return STEPS - 1
    return -(-place * (STEPS - 2) // (last - 1)) if last > 1 else 0


def _scale(matrix: Matrix) -> str:
    """The scale that the levels give points on; blank where they give none."""
    levels = [level for dimension in matrix.dimensions for level in dimension.levels]
    return next((scale for level in levels for scale in level.points), "")


def _points(level: Choice, scale: str) -> Fraction:
    return level.points.get(scale, Fraction(0))


def _step(matrix: Matrix, chosen: Sequence[tuple[Dimension, Choice]]) -> int:
    """How grave a place is: by the level that weighs most in it, in thirds of what any level weighs, so that a trifle for everybody
    does not look like the ruin of one. Where levels give no points, by the level that stands highest in its own order."""
    scale = _scale(matrix)
    if not scale:
        return max(_rank(*pair) for pair in chosen)
    most = max(_points(level, scale) for each in matrix.dimensions for level in each.levels)
    heaviest = max(_points(level, scale) for _dimension, level in chosen)
    return 0 if heaviest <= 0 or most <= 0 else min(STEPS - 1, ceil(heaviest * (STEPS - 1) / most))


def _cell(matrix: Matrix, group: str, held: dict[str, str]) -> Cell:
    chosen = [
        (dimension, level)
        for dimension in matrix.dimensions
        for level in dimension.levels
        if held.get(dimension.id) == level.id
    ]
    words = {dimension.id: said(level.label) for dimension, level in chosen}
    scale = _scale(matrix)
    worst = max(chosen, key=lambda pair: (_points(pair[1], scale) if scale else _rank(*pair)), default=None)
    return Cell(
        group=group,
        levels=tuple(words.get(dimension.id, "") for dimension in matrix.dimensions),
        worst=worst[1] if worst else None,
        worst_of=said(worst[0].label) if worst else "",
        step=_step(matrix, chosen) if chosen else 0,
        whole=len(chosen) == len(matrix.dimensions),
    )


def picture(item: Item, marks: Sequence[str] | None) -> MatrixPicture | None:
    """The grid of an item's answer; None for another sort of item."""
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
        )
        for right in matrix.rights
    )
    return MatrixPicture(
        title=said(item.text),
        groups=tuple(said(group.label) for group in matrix.groups),
        dimensions=tuple(said(dimension.label) for dimension in matrix.dimensions),
        lines=lines,
    )


def _refs(refs: Sequence, label: str) -> str:
    """The articles, unless the right names them itself."""
    named = set(re.findall(r"\d+", label))
    articles = [str(ref["id"]) for ref in refs if ref.get("kind") == "crc" and str(ref["id"]) not in named]
    return _("article %(numbers)s") % {"numbers": ", ".join(articles)} if articles else ""
