"""The one route for a child in danger, and the warnings against writing about one child."""

from trygg.kernel.safeguard.fields import FIELDS, register_field
from trygg.kernel.safeguard.text import Warning, warnings_in
from trygg.kernel.safeguard.warn import warn

__all__ = ["FIELDS", "Warning", "register_field", "warn", "warnings_in"]
