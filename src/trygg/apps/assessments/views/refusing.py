"""What is not taken: answers to another version of the questions. The text is given back."""

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from trygg.apps.assessments.forms import field_name
from trygg.engines.instruments import REPEATED, Instrument
from trygg.kernel.ui.views import error, kept_text


def of_another_version(request: HttpRequest, instrument: Instrument) -> HttpResponse | None:
    """The page that gives the text back, when the form holds questions that this version does not have. An entry of a repeated
    section that is gone meanwhile is no other version."""
    mark = field_name("m", "")
    sent = [name.removeprefix(mark) for name in request.POST if name.startswith(mark)]
    bases = {item.base_id for item in instrument.items.values()}
    strange = [name for name in sent if name.partition(REPEATED)[0] not in bases]
    if not strange:
        return None
    return error(
        request,
        409,
        _("These answers belong to another version of the questions"),
        _("Nothing of them was stored here, and your text is not lost: copy it from here."),
        _("Open the assessment from the matter to see which version it is on now."),
        kept=kept_text(request),
    )
