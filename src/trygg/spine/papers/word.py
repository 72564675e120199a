"""Papers as Word: the standard template, and what a template of one's own may ask for."""

import io
from collections.abc import Iterable, Mapping
from typing import Any

from django.utils import translation
from django.utils.translation import gettext as _
from docx import Document
from docx.shared import Pt, RGBColor

from trygg.kernel.ui import documents, word_fields
from trygg.kernel.ui.word_blocks import page_number_field
from trygg.kernel.ui.word_fields import CONTENT, TEXT, Fault, Wrong
from trygg.spine.papers.assembling import MISSING
from trygg.spine.papers.sections import in_order

SECTION = {"name": TEXT, "number": TEXT, "heading": TEXT, "content": CONTENT}
EMPTY = {"name": "", "number": 0, "heading": "", "content": documents.Blocks()}


def fields() -> dict[str, Any]:
    """Everything that a template may name. Each section stands in `sections`, and under its own name in `part`."""
    return {
        "kind": TEXT, "title": TEXT, "summary": TEXT, "organisation": TEXT, "body": TEXT, "reference": TEXT, "date": TEXT,
        "prepared_by": TEXT, "checkpoint": TEXT, "foot": TEXT, "shortened": TEXT, "language": TEXT,
        "proposal": {"heading": TEXT, "text": TEXT, "note": TEXT},
        "facts": [{"label": TEXT, "value": TEXT}],
        "sections": [SECTION],
        "part": dict.fromkeys(part_names(), SECTION),
    }  # fmt: skip


def part_names() -> list[str]:
    """The sections' names as fields, in their order."""
    return [section.field for section in in_order()] + [MISSING.replace(".", "_")]


def word_of(data: Mapping[str, Any], language: str, template: bytes | None = None) -> bytes:
    """A paper's data as a Word file: in a template of one's own, which has been checked, or in the standard one."""
    by_name = {section["name"].replace(".", "_"): section for section in data["sections"]}
    given = {**data, "part": {name: by_name.get(name, EMPTY) for name in part_names()}}
    if template is None:
        return documents.word(standard, given, language, title=data["title"])
    return documents.fill_word(template, given, language, title=data["title"])


def standard(language: str) -> Document:
    """The standard template: what one takes as a beginning for one's own, too."""
    document = documents.blank_word(language)
    section = document.sections[0]
    for part, text in ((section.header, "{{ organisation }}{% if body %} · {{ body }}{% endif %}\t\t{{ reference }}"), (section.footer, "{{ foot }}\t\t")):
        paragraph = part.paragraphs[0]
        run = paragraph.add_run(text)
        run.font.size, run.font.color.rgb = Pt(9.5), RGBColor(0x46, 0x52, 0x5E)
    section.footer.paragraphs[0]._p.append(page_number_field())
    line = document.add_paragraph
    line("{{ kind }}", style="Quiet")
    document.add_heading("{{ title }}", level=1)
    line("{{ summary }}")
    line("{% for fact in facts %}{{ fact.label }}: {{ fact.value }}{% if not loop.last %} · {% endif %}{% endfor %}", style="Quiet")
    document.add_heading("{{ proposal.heading }}", level=2)
    box = document.add_table(rows=1, cols=1, style="Table Grid").rows[0].cells[0]
    box.paragraphs[0].add_run("{{ proposal.text }}").bold = True
    box.add_paragraph("{{ proposal.note }}", style="Quiet")
    line("{%p for section in sections %}")
    document.add_heading("{{ section.heading }}", level=2)
    line("{{p section.content }}")
    line("{%p endfor %}")
    line("{{ shortened }}", style="Quiet")
    return document


def standard_file(language: str) -> bytes:
    """The standard template as a file to download."""
    buffer = io.BytesIO()
    standard(language).save(buffer)
    return buffer.getvalue()


def field_rows(fields: Iterable[tuple[str, str]]) -> list[list[str]]:
    """(how it is written, what it gives) of each field, for the page that lists them."""
    kinds = {
        TEXT: lambda name: (f"{{{{ {name} }}}}", _("text")),
        CONTENT: lambda name: (f"{{{{p {name} }}}}", _("paragraphs, tables and pictures; alone in a paragraph")),
        "list": lambda name: (f"{{%p for {name.rpartition('.')[2].removesuffix('s')} in {name} %}} … {{%p endfor %}}", _("a list to go through")),
    }  # fmt: skip
    return [list(kinds[kind](name)) for name, kind in fields if kind in kinds]


def faults_in(template: bytes) -> list[Fault]:
    """Everything in an uploaded template that could not be filled."""
    return word_fields.faults_in(template, fields())


def fault_words(fault: Fault) -> str:
    """A fault in a sentence: what, where, and what to do."""
    name = {"name": fault.name}
    match fault.wrong:
        case Wrong.UNKNOWN if fault.nearest:
            return _("There is no field “%(name)s”. Did you mean “%(nearest)s”?") % {**name, "nearest": fault.nearest}
        case Wrong.UNKNOWN:
            return _("There is no field “%(name)s”. Take it out, or choose one from the list of fields.") % name
        case Wrong.NOT_HERE:
            return _("“%(name)s” is a list or a group of fields: write one of its fields, or go through it with for.") % name
        case Wrong.PLACE:
            return _("“%(name)s” holds paragraphs and tables: write it as {{p %(name)s }}, alone in a paragraph.") % name
        case Wrong.REFUSED:
            return _("“%(name)s” cannot be used here: a template has fields, for, if, and nothing else.") % name
        case Wrong.SYNTAX:
            return _("This cannot be read: “%(name)s”. Look for a bracket or an end that is missing.") % name
    return _("The file is no Word document (.docx) that can be opened. Save it in Word once more and upload it again.")


def sample(language: str) -> dict[str, Any]:
    """Invented content for looking at a template: a section for each there is."""
    with translation.override(language):
        texts = documents.Blocks([
            {"kind": "text", "text": _("This is how a text of the section looks. The content is invented.")},
            {"kind": "list", "items": [{"lead": _("Missing"), "text": _("an entry of a list")}, {"text": _("another entry")}], "numbered": False},
            {"kind": "table", "head": [_("Question"), _("Answer")], "rows": [[_("Who decides?"), _("The board")]], "columns": [1, 1], "caption": ""},
        ])  # fmt: skip
        shown = [{"name": name, "number": n, "heading": f"{n}. {name}", "content": texts} for n, name in enumerate(part_names(), 1)]
        return {
            "kind": _("Preview of the template"), "title": _("A reading tutor with AI"), "summary": _("It listens when the pupil reads aloud."),
            "organisation": _("The municipality"), "body": _("The board"), "reference": "2026/0417", "date": "2026-11-22",
            "prepared_by": _("The officer"), "checkpoint": "1204 · 4F2A 91C7", "foot": _("As it stood on the day of the paper"), "shortened": "",
            "facts": [{"label": _("Diary number"), "value": "2026/0417"}],
            "proposal": {"heading": _("What is asked of you"), "text": _("The board decides to try it for a term."), "note": ""},
            "sections": shown,
        }  # fmt: skip
