"""Tell the writer on the next page: the text was kept, and something in it should be taken out."""

from django.contrib import messages
from django.http import HttpRequest

from trygg.kernel.safeguard.text import warnings_in


def warn(request: HttpRequest, *texts: object) -> None:
    """Warn once for each kind of thing found in `texts`; what is not text is passed over."""
    found = {warning.code: warning.text for text in texts if isinstance(text, str) for warning in warnings_in(text)}
    for text in found.values():
        messages.warning(request, text)
