"""The questions that are not asked, each with the reason, told from the answers, the depth and the phase."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from trygg.apps.assessments.questions import Reading, said
from trygg.apps.assessments.score import question_words, why_hidden
from trygg.engines.depth import Depth
from trygg.engines.instruments import HiddenWhy
from trygg.spine.assurance.models import Depth as DepthWords


@dataclass(frozen=True)
class NotAsked:
    """`groups`: (section, [(question, why)]), in the order of the questions. `counts`: how many for each reason."""

    asked: int
    total: int
    depth: Depth
    counts: dict[HiddenWhy, int]
    groups: list[tuple[str, list[tuple[str, str]]]]

    @property
    def deeper(self) -> bool:
        """Whether a deeper assessment would ask more."""
        return bool(self.counts.get(HiddenWhy.DEPTH))

    @property
    def sentence(self) -> str:
        """How many are asked, how many are not, and why."""
        text = ngettext(
            "%(asked)d of %(total)d question is asked.", "%(asked)d of %(total)d questions are asked.", self.total
        ) % {"asked": self.asked, "total": self.total}
        if not self.counts:
            return text
        return text + " " + _("Not asked: %(reasons)s.") % {"reasons": "; ".join(self._reasons())}

    def _reasons(self) -> Iterable[str]:
        depth = str(DepthWords(self.depth.value).label).lower()
        words = {
            HiddenWhy.DEPTH: lambda n: ngettext(
                "%(n)d that belongs to a deeper assessment, as this is a %(depth)s",
                "%(n)d that belong to a deeper assessment, as this is a %(depth)s",
                n,
            ),
            HiddenWhy.NOT_MET: lambda n: ngettext(
                "%(n)d that another answer rules out", "%(n)d that other answers rule out", n
            ),
            HiddenWhy.NOT_YET: lambda n: ngettext(
                "%(n)d that waits for another answer", "%(n)d that wait for other answers", n
            ),
            HiddenWhy.PHASE: lambda n: ngettext("%(n)d of another phase", "%(n)d of other phases", n),
        }  # fmt: skip
        for why, worded in words.items():
            if self.counts.get(why):
                yield worded(self.counts[why]) % {"n": self.counts[why], "depth": depth}


def not_asked(reading: Reading) -> NotAsked:
    """What is not asked of an assessment as it is read now. Every question is asked, or stands here with a reason."""
    hidden = reading.asked.hidden
    groups = []
    for section in reading.instrument.sections:
        rows = [
            (question_words(reading.instrument, item), why_hidden(reading.instrument, hidden[item.id], item))
            for item in section.items
            if item.id in hidden
        ]
        if rows:
            groups.append((said(section.title), rows))
    counts = Counter(each.why for each in hidden.values())
    return NotAsked(len(reading.asked.visible), len(reading.instrument.items), reading.depth, dict(counts), groups)
