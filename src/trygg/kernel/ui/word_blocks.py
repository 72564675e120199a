"""Blocks of a paper as Word: headings, texts, lists, tables and pictures in the template's own styles.

The same blocks are drawn by `papers/base.typ` in the PDF. A block is a dict with `kind`: text, heading, list, table, quote, courses or
picture; its other keys stand in docs/contracts.md.
"""

import copy
import io
from collections.abc import Mapping, Sequence
from typing import Any

import typst
from docx.document import Document
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Mm
from docxtpl import DocxTemplate
from markupsafe import Markup

STATUSES = ("supported", "stale", "missing", "contested")
PICTURE_WIDTH = 165  # mm at most: what a margin of 20 mm leaves of an A4 page, and some air


class Body:
    """Blocks that a template places by `{{p section.content }}`. They are made when they are placed, in the document that they go into."""

    def __init__(self, template: DocxTemplate, blocks: Sequence[Mapping[str, Any]]):
        self._template, self._blocks = template, blocks

    def __bool__(self) -> bool:
        return bool(self._blocks)

    def __html__(self) -> str:
        document = self._template.get_docx()
        body = document.element.body
        before = len(body)
        writer = _Writer(document)
        for block in self._blocks:
            writer.put(block)
        made = [child for child in body if child.tag != qn("w:sectPr")][before - _properties(body) :]
        xml = "".join(self._template.xml_to_string(child) for child in made)
        for child in made:
            body.remove(child)
        return Markup(xml)  # noqa: S704  (made by python-docx, which escapes what people wrote)

    def __str__(self) -> str:
        return self.__html__()


def _properties(body: Any) -> int:
    """How many of the body's elements are page properties: they stand last, whatever is added."""
    return sum(child.tag == qn("w:sectPr") for child in body)


class _Writer:
    def __init__(self, document: Document):
        self.document = document
        self.styles = {style.name for style in document.styles}

    def put(self, block: Mapping[str, Any]) -> None:
        getattr(self, f"_{block['kind']}")(block)

    def _paragraph(self, text: str, style: str = "Normal") -> Any:
        return self.document.add_paragraph(text, style=style if style in self.styles else None)

    def _text(self, block: Mapping[str, Any]) -> None:
        for part in block["text"].split("\n\n"):
            self._paragraph(part, "Quiet" if block.get("quiet") else "Normal")

    def _heading(self, block: Mapping[str, Any]) -> None:
        self._paragraph(block["text"], "Heading 3")

    def _list(self, block: Mapping[str, Any]) -> None:
        style = "List Number" if block.get("numbered") else "List Bullet"
        number = self._restarted() if block.get("numbered") else None
        for item in block["items"]:
            paragraph = self._paragraph("", style)
            if item.get("lead"):
                end = " " if item["lead"].endswith(("?", ".")) else ": "
                paragraph.add_run(item["lead"] + end).bold = True
            paragraph.add_run(" ".join(part for part in (item["text"], item.get("note", "")) if part))
            if number is not None:
                reference = paragraph._p.get_or_add_pPr().get_or_add_numPr()
                reference.get_or_add_ilvl().val = 0
                reference.get_or_add_numId().val = number

    def _restarted(self) -> int | None:
        """A numbering of its own, so that each list begins with 1; None where the template has no numbered list."""
        if "List Number" not in self.styles:
            return None
        properties = self.document.styles["List Number"].element.pPr
        reference = properties.numPr if properties is not None else None
        if reference is None or reference.numId is None:
            return None
        numbering = self.document.part.numbering_part.element
        standing = next((num for num in numbering.num_lst if num.numId == reference.numId.val), None)
        if standing is None:
            return None
        made = numbering.add_num(standing.abstractNumId.val)
        made.add_lvlOverride(ilvl=0).add_startOverride(1)
        return made.numId

    def _quote(self, block: Mapping[str, Any]) -> None:
        self._paragraph(block["text"], "Intense Quote" if "Quote" not in self.styles else "Quote")
        if block.get("by"):
            self._paragraph(block["by"], "Quiet")

    def _table(self, block: Mapping[str, Any]) -> None:
        if block.get("caption"):
            self._paragraph(block["caption"], "Quiet")
        table = self.document.add_table(rows=1, cols=len(block["head"]))
        if "Table Grid" in self.styles:
            table.style = "Table Grid"
        weights = block.get("columns") or [1] * len(block["head"])
        table.autofit = False
        for cell, text in zip(table.rows[0].cells, block["head"], strict=True):
            cell.paragraphs[0].add_run(text).bold = True
        table.rows[0]._tr.get_or_add_trPr().append(OxmlElement("w:tblHeader"))
        # By hand from the first row: python-docx looks for each cell again, which takes minutes where there are hundreds of rows.
        pattern = copy.deepcopy(table.rows[0]._tr)
        pattern.trPr.remove(pattern.trPr.find(qn("w:tblHeader")))
        for row in block["rows"]:
            made = copy.deepcopy(pattern)
            for number, (cell, text) in enumerate(zip(made.tc_lst, row, strict=True)):
                first, *more = str(text).split("\n")
                cell.p_lst[0].r_lst[0].text = first
                if number:
                    cell.p_lst[0].r_lst[0].remove(cell.p_lst[0].r_lst[0].rPr)
                for line in more:
                    run = cell.add_p().add_r()
                    run.text = line
            table._tbl.append(made)
        share = PICTURE_WIDTH / sum(weights)
        for column, weight in zip(table._tbl.tblGrid.gridCol_lst, weights, strict=True):
            column.w = Mm(share * weight)
        for row in table._tbl.tr_lst:
            for cell, weight in zip(row.tc_lst, weights, strict=True):
                cell.width = Mm(share * weight)
        self._paragraph("", "Normal").paragraph_format.space_after = 0

    def _courses(self, block: Mapping[str, Any]) -> None:
        """The picture of the case, in numbers: Word has no stones."""
        words = {entry["status"]: entry["word"] for entry in block["key"]}
        shown = [status for status in STATUSES if status in words]
        rows = [[course["name"], *(str(course["stones"].count(status)) for status in shown)] for course in block["courses"]]
        columns = [4, *[1.4] * len(shown)]
        self._table({"head": [block["words"]["framework"], *(words[status] for status in shown)], "rows": rows, "columns": columns})

    def _picture(self, block: Mapping[str, Any]) -> None:
        run = self.document.add_paragraph().add_run()
        run.add_picture(io.BytesIO(png_of(block["svg"])), width=Mm(min(block.get("width", PICTURE_WIDTH), PICTURE_WIDTH)))
        for properties in run._r.iter(qn("wp:docPr")):
            properties.set("descr", block["alt"])


def png_of(svg: str, ppi: int = 200) -> bytes:
    """A drawing as a PNG, in the fonts of our papers."""
    from trygg.kernel.ui.documents import FONTS

    page = b'#set page(width: auto, height: auto, margin: 0pt)\n#image(bytes(sys.inputs.svg), format: "svg")'
    made = typst.compile(
        {"main.typ": page}, font_paths=[str(FONTS)], ignore_system_fonts=True, format="png", ppi=ppi, sys_inputs={"svg": svg}
    )
    return made if isinstance(made, bytes) else made[0]


def page_number_field() -> Any:
    """A field that Word fills with the number of the page."""
    return parse_xml(f'<w:fldSimple {nsdecls("w")} w:instr="PAGE"><w:r><w:t>1</w:t></w:r></w:fldSimple>')
