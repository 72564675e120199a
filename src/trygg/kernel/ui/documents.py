"""Papers: tagged PDF by Typst, Word by docxtpl. What people wrote goes in as data, never into markup."""

import io
import json
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

import typst
from django.utils.functional import Promise
from docx import Document
from docx.enum.style import WD_STYLE_TYPE
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor
from docxtpl import DocxTemplate

from trygg.kernel.ui.word_blocks import Body
from trygg.kernel.ui.word_fields import environment

HERE = Path(__file__).resolve().parent
BASE = HERE / "papers" / "base.typ"
FONTS = HERE / "static" / "vendor" / "atkinson" / "paper"


def plain(value: object) -> object:
    """Lazy translations and dates as text, for JSON."""
    if isinstance(value, Promise):
        return str(value)
    if hasattr(value, "isoformat"):
        return value.isoformat()
    raise TypeError(f"{type(value).__name__} cannot go into a paper: make it text first")


ACCESSIBLE = ("ua-1",)
ARCHIVE = ("a-2a", "ua-1")  # for what is kept: PDF/A-2a, and still PDF/UA-1


class Blocks(list):
    """Blocks of a paper among the data of `word`: they become content, placed by `{{p ... }}`."""


def typst_pdf(
    template: Path, data: Mapping, language: str, made: datetime | None = None, standards: tuple[str, ...] = ACCESSIBLE
) -> bytes:
    """A tagged PDF (PDF/UA-1) of a Typst template that begins with `#import "/base.typ": *`; `data` is there as `data`.

    `made` is the moment that the file carries: the same data and moment give the same bytes. Raises typst.TypstError when the template
    is wrong, or when the result would not be accessible (a picture without alternative text, no title).
    """
    content = json.dumps({**data, "language": language}, ensure_ascii=False, default=plain)
    made = made or datetime(2026, 1, 1, tzinfo=UTC)
    # All in memory under one root: a template can import base.typ and read nothing else of the machine.
    files = {"main.typ": Path(template).read_bytes(), "base.typ": BASE.read_bytes()}
    return typst.compile(
        files,
        font_paths=[str(FONTS)],
        ignore_system_fonts=True,
        format="pdf",
        pdf_standards=list(standards),
        sys_inputs={"data": content},
        timestamp=int(made.timestamp()),
    )


# Word -------------------------------------------------------------------------------------------


def blank_word(language: str, font: str = "Atkinson Hyperlegible") -> Document:
    """An empty Word document in our look: real heading styles, A4, language set. Rooms add Jinja tags to it for `word`."""
    document = Document()
    section = document.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.left_margin = section.right_margin = Mm(20)
    section.top_margin, section.bottom_margin = Mm(24), Mm(20)
    sizes = {"Normal": 11, "Title": 21, "Heading 1": 21, "Heading 2": 13, "Heading 3": 11}
    for name, size in sizes.items():
        style = document.styles[name]
        style.font.name, style.font.size = font, Pt(size)
        fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
        for kind in ("w:ascii", "w:hAnsi", "w:cs", "w:eastAsia"):
            fonts.set(qn(kind), font)
        for kind in ("w:asciiTheme", "w:hAnsiTheme", "w:cstheme", "w:eastAsiaTheme"):
            fonts.attrib.pop(qn(kind), None)
        if name != "Normal":
            style.font.bold, style.font.color.rgb = True, RGBColor(0x17, 0x49, 0x5A)
    if "Quiet" not in [style.name for style in document.styles]:
        quiet = document.styles.add_style("Quiet", WD_STYLE_TYPE.PARAGRAPH)
        quiet.base_style = document.styles["Normal"]
        quiet.font.size, quiet.font.color.rgb = Pt(9.5), RGBColor(0x46, 0x52, 0x5E)
    properties = document.styles.element.find(qn("w:docDefaults")).find(qn("w:rPrDefault")).find(qn("w:rPr"))
    tag = properties.find(qn("w:lang"))
    if tag is not None:
        tag.set(qn("w:val"), {"sv": "sv-SE", "en": "en-GB"}.get(language, language))
    return document


@cache
def word_template(make: Callable[[str], Document], language: str) -> bytes:
    """The template that `make(language)` builds, kept for the life of the process."""
    buffer = io.BytesIO()
    make(language).save(buffer)
    return buffer.getvalue()


def word(make: Callable[[str], Document], data: Mapping, language: str, title: str = "") -> bytes:
    """A Word file: `make(language)` gives a document with Jinja tags ({{ title }}, {%p for ... %}), `data` fills them, escaped."""
    return fill_word(word_template(make, language), data, language, title)


def fill_word(content: bytes, data: Mapping, language: str, title: str = "") -> bytes:
    """The same from a template that is at hand as a file. One that others made must have passed `word_fields.faults_in`."""
    template = DocxTemplate(io.BytesIO(content))
    template.render({**_placed(data, template), "language": language}, jinja_env=environment(), autoescape=True)
    properties = template.docx.core_properties
    properties.title, properties.author, properties.language = title or str(data.get("title", "")), "Trygg", language
    buffer = io.BytesIO()
    template.save(buffer)
    return buffer.getvalue()


def _placed(value: object, template: DocxTemplate) -> object:
    """The data with its blocks as content of this template."""
    if isinstance(value, Blocks):
        return Body(template, value)
    if isinstance(value, Mapping):
        return {name: _placed(part, template) for name, part in value.items()}
    if isinstance(value, list | tuple):
        return [_placed(part, template) for part in value]
    return value
