"""The help box: last in main on every page that children or the public meet."""

from django import template

from trygg.kernel.safeguard.helplines import helplines

register = template.Library()


@register.inclusion_tag("safeguard/help_box.html", takes_context=True)
def safeguarding_box(context) -> dict:
    """A trusted adult first, then the numbers of `jurisdiction` in the context (the host's own by default)."""
    return {"lines": helplines(context.get("jurisdiction") or "SE")}
