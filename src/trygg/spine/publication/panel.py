"""What the public register puts on the case page."""

from trygg.spine.matters import panels


def register() -> None:
    """Called once, when the application starts."""
    from trygg.spine.publication.views import deed_of, panel_of

    panels.register("publication.entry", order=80, template="publication/panel.html", context=panel_of, aside=True, asks=("publication.draft_entry",))
    panels.register_deed(deed_of)
