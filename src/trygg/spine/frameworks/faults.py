"""What is wrong with a file, and what differs between versions, in the reader's language."""

from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from trygg.packs.loader import Problem
from trygg.spine.frameworks.comparison import Comparison

# The reasons that come with the codes are written for authors of packs, in English; these words say the same in general.
SORTS = {
    "missing": gettext_lazy("Something is missing"),
    "missing_translation": gettext_lazy("A text is missing in one of the languages"),
    "empty": gettext_lazy("Something is empty"),
    "unknown_word": gettext_lazy("A word that has no meaning there"),
    "no_meaning": gettext_lazy("Something that has no meaning there"),
    "wrong_type": gettext_lazy("A value of the wrong sort"),
    "wrong_form": gettext_lazy("A value that is written wrongly"),
    "not_allowed": gettext_lazy("A value that is not allowed there"),
    "not_a_date": gettext_lazy("No day as YYYY-MM-DD"),
    "duplicate": gettext_lazy("Something stands twice"),
    "duplicate_key": gettext_lazy("Something stands twice"),
    "unknown_item": gettext_lazy("A question that does not exist"),
    "unknown_value": gettext_lazy("A choice that does not exist"),
    "unknown_scale": gettext_lazy("A scale that does not exist"),
    "unknown_source": gettext_lazy("A source that does not exist"),
    "unknown_name": gettext_lazy("A name that does not exist"),
    "unknown_pack": gettext_lazy("A pack that does not exist"),
    "unknown_kind": gettext_lazy("A kind of pack that does not exist"),
    "wrong_comparison": gettext_lazy("A comparison that does not fit the question"),
    "circle": gettext_lazy("Questions that decide about each other in a circle"),
    "band_gap": gettext_lazy("Levels with a gap between them, or on top of each other"),
    "wrong_order": gettext_lazy("Something in the wrong order"),
    "test_failed": gettext_lazy("A test of the pack itself fails"),
    "scores": gettext_lazy("A test of the pack itself fails"),
    "not_yaml": gettext_lazy("The file can't be read"),
    "not_utf8": gettext_lazy("The file can't be read"),
    "not_a_pack": gettext_lazy("The file holds no questions"),
    "not_json": gettext_lazy("The file can't be read"),
    "alias": gettext_lazy("Something that is not allowed in a pack"),
    "tag": gettext_lazy("Something that is not allowed in a pack"),
    "too_deep": gettext_lazy("Nested too deeply"),
    "condition": gettext_lazy("A condition that can't be read"),
    "depends_on_left_out": gettext_lazy("A condition on a question that is left out"),
    "duplicate_choice": gettext_lazy("Something stands twice"),
    "duplicate_name": gettext_lazy("Something stands twice"),
    "name_too_long": gettext_lazy("A name that is too long"),
    "no_name": gettext_lazy("A question without a name"),
    "no_questions": gettext_lazy("The file holds no questions"),
    "not_a_survey": gettext_lazy("The file holds no questions"),
    "unknown_question": gettext_lazy("A question that does not exist"),
    "unknown_type": gettext_lazy("A type of question that is not known"),
    "unknown_section": gettext_lazy("A section that does not exist"),
    "unknown_entry": gettext_lazy("An entry that the section does not have"),
    "repeated_elsewhere": gettext_lazy(
        "A condition on a question that is asked once for each entry of another section"
    ),
    "not_a_share": gettext_lazy("A share that does not lie between 0 and 1"),
    "unused_scale": gettext_lazy("A scale that no choice gives points on"),
    "unverified_stop": gettext_lazy("A stop on a statement that is not verified, without saying that it only warns"),
    "unknown_placeholder": gettext_lazy("A word in braces that nothing fills"),
    "own_design": gettext_lazy("Something thought out here that is called verified"),
    "ignorance_decides": gettext_lazy("A condition that not knowing would decide"),
    "same_version": gettext_lazy("A version that is carried to itself"),
    "too_many": gettext_lazy("Too much of something"),
}
ANY_OTHER = gettext_lazy("A fault in the file")
OURS = {
    "too_large",
    "not_readable",
    "not_uploaded",
    "shipped",
    "too_long",
    "there_already",
    "published_already",
    "not_newer",
}

DIFFERENT = {
    "type": gettext_lazy("it takes another sort of answer"),
    "required": gettext_lazy("whether it must be answered"),
    "evidence": gettext_lazy("whether it needs evidence"),
    "visible_when": gettext_lazy("when it is asked"),
    "depth": gettext_lazy("how thorough a case must be for it to be asked"),
    "phases": gettext_lazy("in which phase it is asked"),
    "matrix": gettext_lazy("the rights, groups or levels that it asks about"),
    "weight": gettext_lazy("whether it is a must"),
    "when": gettext_lazy("which answers bring it"),
    "support": gettext_lazy("its references or source"),
}
PARTS = {
    "text": pgettext_lazy("part of a question", "Question"),
    "help": pgettext_lazy("part of a question", "Why we ask"),
    "plain": pgettext_lazy("part of a question", "In plain words"),
    "choice": pgettext_lazy("part of a question", "Choice"),
    "question_question": gettext_lazy("Tender question"),
    "question_evidence": gettext_lazy("Proof that is asked for"),
    "clause_title": gettext_lazy("Heading of a clause"),
    "clause_text": gettext_lazy("Contract clause"),
}


@dataclass(frozen=True)
class Fault:
    """One thing that is wrong. `reason`: in `language`; `sort`: in the reader's, "" when the reason is in it already."""

    path: str
    reason: str
    language: str
    sort: str


def fault(problem: Problem, language: str) -> Fault:
    path = problem.path or _("the whole file")
    if problem.code in OURS:
        return Fault(path, problem.reason, language, "")
    sort = SORTS["condition"] if problem.code.startswith("condition_") else SORTS.get(problem.code, ANY_OTHER)
    return Fault(path, problem.reason, "en", str(sort) if language != "en" else "")


def different(names: tuple[str, ...]) -> str:
    """What differs in a question besides its words."""
    return ", ".join(str(DIFFERENT[name]) for name in names if name in DIFFERENT)


def worded(found: Comparison) -> dict:
    """A comparison as templates take it."""
    return {
        "any": bool(found),
        "added": found.added,
        "removed": found.removed,
        "renamed": found.renamed,
        "reworded": [
            {
                "item": each.item,
                "texts": [(PARTS[name], before, after) for name, before, after in each.texts if before != after],
                "title": each.texts[0][1],
                "own": each.texts[0][1] != each.texts[0][2],  # the question's own words stand among what differs
                "other": different(each.other),
            }
            for each in found.reworded
        ],
        "repointed": [
            {
                "question": each.question,
                "choice": each.choice,
                "before": "; ".join(f"{scale} {points}" for scale, points in each.before.items()) or "0",
                "after": "; ".join(f"{scale} {points}" for scale, points in each.after.items()) or "0",
            }
            for each in found.repointed
        ],
        "scales": ", ".join(found.scales),
        "purchase": [
            {
                "texts": [(PARTS[name], before, after) for name, before, after in each.texts],
                "other": different(each.other),
            }
            for each in found.purchase
        ],
    }
