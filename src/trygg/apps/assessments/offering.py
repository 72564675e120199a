"""Which questions one may begin to answer for a matter: what claims lead to first, then what is made for it by purpose, then the rest
with the reason. Nothing is withheld: questions made for somewhere else can be begun, too."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import F
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from trygg.apps.assessments.models import Assessment
from trygg.apps.assessments.questions import said
from trygg.engines.depth import Depth
from trygg.kernel.access import Actor, restrict
from trygg.spine.assurance.fitting import misfit, rules_at_hand
from trygg.spine.assurance.selectors import fact_questions, instruments_asked_for
from trygg.spine.frameworks.models import PackVersion
from trygg.spine.frameworks.owned import usable_by
from trygg.spine.frameworks.selectors import engine_pack
from trygg.spine.matters.models import Matter

ASKED = gettext_lazy("Asked for by the claims of this matter")
ELSEWHERE = gettext_lazy("Made for somewhere else")
PURPOSES = {
    "cria": gettext_lazy("Children's rights"),
    "dpia": gettext_lazy("Personal data"),
    "fria": gettext_lazy("The AI Act and fundamental rights"),
    "aia": gettext_lazy("How the AI system works"),
    "ethics": gettext_lazy("Ethics"),
    "vendor": gettext_lazy("From the vendor"),
    "procurement": gettext_lazy("Buying"),
    "incident": gettext_lazy("When something has gone wrong"),
    "other": gettext_lazy("Working together, and codes of practice"),
}
LONGEST_HINT = 160


@dataclass(frozen=True)
class Offer:
    """Questions that may be begun. `needs`: how many needs of the matter's claims lead to them; `elsewhere`: why they are made for
    somewhere else, "" when they are not."""

    pack: PackVersion
    needs: int
    elsewhere: str

    @property
    def asked_for(self) -> bool:
        return self.needs > 0

    @property
    def group(self) -> str:
        """The heading that they stand under."""
        if self.elsewhere:
            return str(ELSEWHERE)
        return str(ASKED) if self.asked_for else str(PURPOSES.get(self.pack.purpose or "other", PURPOSES["other"]))

    def hint(self, depth: str) -> str:
        """What they are about, in a sentence that a narrow screen leaves out; how many there are at this depth; why they are made for
        somewhere else."""
        count = sum(item.depth <= Depth(depth) for item in engine_pack(self.pack).items.values())
        asked = ngettext("At most %(count)d question here.", "At most %(count)d questions here.", count) % {"count": count}
        about = format_html('<span class="t-offers__about">{}</span>', first_sentence(said(self.pack.summary)))
        return format_html_join(" ", "{}", ((each,) for each in (self.elsewhere, about, asked) if each))


def offers(actor: Actor, matter: Matter) -> list[Offer]:
    """Current instruments that nobody has begun to answer for the matter: those that claims lead to, most needs first; what else is made
    for it, by purpose and title; then what is made for somewhere else."""
    begun = Assessment.objects.filter(matter=matter).values("instrument_id")
    asked = instruments_asked_for(matter)
    rows = restrict(actor, "frameworks.view_pack").filter(usable_by(matter.owner), kind="instrument", current=True)
    rows = rows.exclude(pack_id__in=begun).defer("content").annotate(
        summary=F("content__summary"), purpose=F("content__purpose"), kinds=F("content__applies"), when=F("content__applies_when")
    )  # fmt: skip
    questions = None
    found = []
    for pack in rows:
        wrong = misfit(matter, pack.kinds, pack.when)
        if wrong is not None and questions is None:
            questions = fact_questions(rules=rules_at_hand(matter))
        found.append(Offer(pack, asked.get(pack.pack_id, 0), wrong.sentence(matter, questions) if wrong else ""))
    order = list(PURPOSES)

    def place(offer: Offer) -> tuple:
        purpose = offer.pack.purpose if offer.pack.purpose in PURPOSES else "other"
        return (bool(offer.elsewhere), -offer.needs if not offer.elsewhere else 0, order.index(purpose), said(offer.pack.title).casefold())

    return sorted(found, key=place)


def grouped(found: Sequence[Offer]) -> list[tuple[str, list[Offer]]]:
    """The offers under their headings, in order."""
    groups: dict[str, list[Offer]] = {}
    for offer in found:
        groups.setdefault(offer.group, []).append(offer)
    return list(groups.items())


def first_sentence(text: str) -> str:
    """The first sentence, cut at a word where it is very long."""
    first = re.split(r"(?<=[.!?])\s", text.strip(), maxsplit=1)[0]
    if len(first) <= LONGEST_HINT:
        return first
    return _("%(beginning)s …") % {"beginning": first[:LONGEST_HINT].rsplit(" ", 1)[0].rstrip(",;:")}
