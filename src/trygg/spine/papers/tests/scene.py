"""A matter with a case, and what a paper needs to be tried with too much in it."""

import io

from django.core.files.uploadedfile import SimpleUploadedFile
from docx import Document
from pypdf import PdfReader

from tests.world import NOW, People
from trygg.kernel.files.uploads import CheckedUpload, read_upload
from trygg.spine.matters.models import Matter
from trygg.spine.publication.tests.scene import matter_of, packs

LONG = "This sentence stands for what somebody writes who has much to say about a matter and never stops. " * 30


def matter_with_case(people: People) -> Matter:
    """The reading tutor of the made-up world, with the frameworks that Trygg ships."""
    packs()
    return Matter.objects.get(pk=matter_of(people).pk)


def pages_of(pdf: bytes) -> list[str]:
    """The text of each page, with single blanks."""
    return [" ".join(page.extract_text().split()) for page in PdfReader(io.BytesIO(pdf)).pages]


def text_of(pdf: bytes) -> str:
    return " ".join(pages_of(pdf))


def docx(*paragraphs: str) -> bytes:
    """A Word file with these paragraphs."""
    document = Document()
    for paragraph in paragraphs:
        document.add_paragraph(paragraph)
    buffer = io.BytesIO()
    document.save(buffer)
    return buffer.getvalue()


def uploaded(content: bytes, name: str = "our-template.docx") -> CheckedUpload:
    return read_upload(SimpleUploadedFile(name, content))


def everyone_but(people: People, *names: str) -> tuple:
    return tuple(actor for who, actor in people.actors(NOW).items() if who not in names)
