"""A PostgreSQL address as Django wants it."""

from urllib.parse import parse_qsl, unquote, urlsplit


def parse_postgresql(url: str) -> dict:
    """Django's DATABASES entry for `postgresql://user:password@host:port/name?option=value`. ValueError for another scheme."""
    parts = urlsplit(url)
    if parts.scheme not in ("postgresql", "postgres"):
        raise ValueError(f"DATABASE_URL: «{parts.scheme}» is not known; use sqlite:///FILE or postgresql://...")
    options = dict(parse_qsl(parts.query))
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.lstrip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": options.pop("host", None) or unquote(parts.hostname or ""),
        "PORT": str(parts.port or ""),
        "CONN_MAX_AGE": 60,
        "OPTIONS": options,
    }
