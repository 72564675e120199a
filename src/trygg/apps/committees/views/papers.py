"""The two pages for a councillor, to download."""

from django.http import HttpRequest, HttpResponse
from django.utils.text import slugify
from django.utils.translation import get_language

from trygg.apps.committees import papers
from trygg.apps.committees.models import Item
from trygg.kernel.access import page

WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


def _file(content: bytes, media_type: str, item: Item, ending: str) -> HttpResponse:
    name = slugify(item.title)[:60] or "paper"
    return HttpResponse(content, content_type=media_type, headers={"Content-Disposition": f'attachment; filename="{name}.{ending}"'})


def _language() -> str:
    return (get_language() or "en").split("-")[0]


@page("committees.view_item", by="item_id")
def paper_pdf(request: HttpRequest, item: Item) -> HttpResponse:
    return _file(papers.pdf(item, _language(), now=request.now), "application/pdf", item, "pdf")


@page("committees.view_item", by="item_id")
def paper_word(request: HttpRequest, item: Item) -> HttpResponse:
    return _file(papers.word_file(item, _language(), now=request.now), WORD, item, "docx")
