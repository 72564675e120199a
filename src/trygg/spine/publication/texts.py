"""What the officer writes for the public, field by field; and Texts: words in the languages that are known."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from django.conf import settings
from django.utils.translation import get_language, override
from django.utils.translation import gettext_lazy as _

Text = dict[str, str]  # {"sv": ..., "en": ...}, or {"und": ...}: somebody's own words, in a language that nobody stated
UNSTATED = "und"
LANGUAGES = tuple(code for code, _name in settings.LANGUAGES)


@dataclass(frozen=True)
class Field:
    """One text that is typed for the public page. `child`: it is measured against what a twelve-year-old reads."""

    name: str
    label: str
    help: str
    limit: int
    rows: int = 3
    child: bool = False


FIELDS = (
    Field(
        "headline", _("What it does, as a heading"), _("Example: Word Path helps children practise reading."), 120, 1
    ),
    Field(
        "summary",
        _("What it does, in two or three sentences"),
        _("What happens, and who decides in the end. No abbreviations."),
        900,
        4,
    ),
    Field(
        "say_no",
        _("May my child say no?"),
        _("Begin with Yes or No. Then say how, and what the child does instead."),
        900,
    ),
    Field(
        "data",
        _("What happens with what it learns about my child?"),
        _("What is kept, how long, and who else gets it."),
        900,
    ),
    Field(
        "human",
        _("How do I get hold of a human?"),
        _("A role and a public number or address, never a person's name."),
        900,
    ),
    Field(
        "child_headline",
        _("What it is, as a heading"),
        _("Example: Word Path is a program that hears when you read."),
        120,
        1,
        True,
    ),
    Field(
        "child_summary",
        _("What does it do?"),
        _("Say what the child does, and what the program does then."),
        500,
        3,
        True,
    ),
    Field(
        "child_decides",
        _("Who decides?"),
        _("Example: Your teacher decides. Did it go wrong? Tell your teacher."),
        400,
        2,
        True,
    ),
    Field(
        "child_say_no",
        _("Do I have to?"),
        _("Example: No. You may say no. Then you read with a grown-up instead."),
        400,
        2,
        True,
    ),
    Field(
        "child_data",
        _("Is anything about me kept?"),
        _("Example: Your voice is taken away after one day."),
        400,
        2,
        True,
    ),
)
BY_NAME = {field.name: field for field in FIELDS}


def label_of_input(name: str) -> str:
    """What the input of a text asks (`summary_sv`); "" for any other."""
    field, _underscore, language = name.rpartition("_")
    return f"{BY_NAME[field].label} ({dict(settings.LANGUAGES)[language]})" if field in BY_NAME and language in LANGUAGES else ""


def both(words: Callable[[], str]) -> Text:
    """The Text that `words()` makes in each language of the installation."""
    found = {}
    for language in LANGUAGES:
        with override(language):
            found[language] = str(words())
    return found


def said(text: str | None) -> Text:
    """Somebody's own words, in a language that nobody stated; {} when there are none."""
    return {UNSTATED: text.strip()} if text and text.strip() else {}


def typed(texts: Mapping[str, Mapping[str, str]], name: str, otherwise: Text | None = None, native: str = "") -> Text:
    """The Text of a field as it was typed. `otherwise` (own words, most likely in the language `native`) stays beside it for
    its readers, unless that language was typed too."""
    found = {
        language: words.strip() for language in LANGUAGES if (words := texts.get(language, {}).get(name, "")).strip()
    }
    return found if native in found or len(found) == len(LANGUAGES) else {**(otherwise or {}), **found}


def native_of(jurisdiction: str) -> str:
    """The language that people of a jurisdiction most likely write in."""
    return "sv" if jurisdiction == "SE" else "en"


def tongue(language: str | None = None) -> str:
    return (language or get_language() or "en").split("-")[0]


def pick(text: Mapping[str, str] | None, language: str | None = None) -> tuple[str, str]:
    """(words, language of the words): in the reader's language where there are such; "" for a language nobody stated."""
    if not text:
        return "", ""
    wanted = tongue(language)
    for code in (wanted, UNSTATED, *LANGUAGES, *text):
        if text.get(code):
            return text[code], "" if code == UNSTATED else code
    return "", ""


def words_of(text: Mapping[str, str] | None, language: str | None = None) -> str:
    return pick(text, language)[0]
