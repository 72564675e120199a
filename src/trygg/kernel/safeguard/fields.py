"""Every text field that children or the public can fill, with its safeguarding route. A test finds those that are missing."""

FIELDS: dict[str, str] = {}
ROUTES = ("help_box",)


def register_field(name: str, *, route: str) -> None:
    """Say by which route a child in danger is met at the field `name` ("public.SearchForm.q")."""
    if route not in ROUTES:
        raise ValueError(f"{name}: the route {route} is not known; one of {', '.join(ROUTES)}")
    FIELDS[name] = route
