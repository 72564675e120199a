"""What must not go out: names of people, personal identity numbers. And texts for children that are too hard."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from django.utils.translation import gettext as _

from trygg.engines.language import CHILD, faults_for, measure
from trygg.engines.language.readability import Fault, Readability
from trygg.kernel.people.models import Person
from trygg.kernel.safeguard import warnings_in
from trygg.spine.publication.texts import FIELDS, words_of

NOT_PROSE = {
    "key",
    "slug",
    "kind",
    "stage",
    "status",
    "id",
    "framework",
    "contact",
    "made_on",
    "due_on",
    "date",
    "from",
    "value",
    "verified",
    "of",
    "instrument",
    "item",
    "pack",
    "locked_on",
}


@dataclass(frozen=True)
class Problem:
    """`blocks`: it cannot be published. `where` is the place in the content, `text` a sentence for the officer."""

    text: str
    where: str = ""
    blocks: bool = True


def strings(content: object, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], str]]:
    """Every text in the content that people read, with its place."""
    if isinstance(content, str):
        if content and not (path and path[-1] in NOT_PROSE):
            yield path, content
    elif isinstance(content, Mapping):
        for key, value in content.items():
            yield from strings(value, (*path, str(key)))
    elif isinstance(content, list | tuple):
        for member in content:
            yield from strings(member, path)


def names_in(text: str) -> list[str]:
    """Names of people who have an account here and stand in `text`: full names, and any name of a young member."""
    found = []
    for name, youth in Person.objects.values_list("display_name", "youth").order_by("display_name"):
        name = name.strip()
        if (
            len(name) > 1
            and (youth or " " in name)
            and name in text
            and re.search(rf"(?<!\w){re.escape(name)}(?!\w)", text)
        ):
            found.append(name)
    return list(dict.fromkeys(found))


def problems_in(content: Mapping) -> list[Problem]:
    """Everything in the content that hinders, or should be looked at. One query, whatever the size."""
    found = []
    pieces = list(strings(content))
    for name in names_in("\n".join(text for _path, text in pieces)):
        where = next((path for path, text in pieces if name in text), ())
        found.append(
            Problem(
                _("It names %(name)s. Write the role instead: nobody is named in the register.") % {"name": name},
                place(where),
            )
        )
    for path, text in pieces:
        for warning in warnings_in(text):
            found.append(Problem(warning.text, place(path), blocks=warning.code == "identity_number"))
    if not words_of(content["summary"]):
        found.append(
            Problem(
                _("There is no text that says what it does. Write two or three sentences for parents."),
                place(("summary",)),
            )
        )
    if not words_of(content["child"]["summary"]):
        found.append(
            Problem(
                _("There is no text for children yet. The page says so."), place(("child", "summary")), blocks=False
            )
        )
    return found


def place(path: tuple[str, ...]) -> str:
    """Where in the content, in words."""
    match path:
        case ("case", *_rest):
            return _("the claims and their reasons")
        case ("sections", *_rest):
            return _("advice, decision and what other rooms say")
        case ("reusable", *_rest):
            return _("what others may start from")
        case ("children" | "title" | "system" | "roles" | "decides" | "owner", *_rest):
            return _("what stands on the case page")
    return _("the texts for the public")


@dataclass(frozen=True)
class Measured:
    """How hard a typed text for children is, in one language."""

    label: str
    language: str
    found: Readability
    faults: tuple[Fault, ...]

    @property
    def words(self) -> str:
        """The measure and the advice, in one or two sentences."""
        name = "LIX" if self.found.scale == "lix" else _("Flesch's reading ease")
        said = [_("%(measure)s %(value)d.") % {"measure": name, "value": round(self.found.value)}]
        if Fault.HARD in self.faults:
            limit = CHILD.lix if self.found.scale == "lix" else CHILD.flesch
            said.append(_("It is hard for a child; aim at %(limit)d. Shorter words help.") % {"limit": limit})
        if Fault.LONG_SENTENCE in self.faults:
            said.append(
                _("The longest sentence has %(n)d words; at most %(most)d is easy to follow.")
                % {"n": self.found.longest, "most": CHILD.longest}
            )
        if not self.faults:
            said.append(_("Easy enough for a child."))
        return " ".join(said)


def measured(texts: Mapping[str, Mapping[str, str]]) -> list[Measured]:
    """The typed texts for children, measured, in every language in which there are such."""
    found = []
    for language, typed in texts.items():
        for field in FIELDS:
            # A heading has too few words for a mean.
            wanted = field.child and field.rows > 1
            readability = measure(typed.get(field.name, ""), language) if wanted else None
            if readability is not None:
                found.append(Measured(str(field.label), language, readability, tuple(faults_for(CHILD, readability))))
    return found
