"""Who acts, and what they may do. One rule is one function `(actor) -> Q`; lists and single objects share it."""

from trygg.kernel.access.actor import ANONYMOUS, Actor, Role
from trygg.kernel.access.pages import page, third_party
from trygg.kernel.access.rules import NOTHING, Denied, allowed, may, reached, require, restrict, rule

__all__ = ["ANONYMOUS", "NOTHING", "Actor", "Denied", "Role", "allowed", "may", "page", "reached", "require", "restrict", "rule", "third_party"]
