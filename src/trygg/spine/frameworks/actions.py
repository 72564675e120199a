"""Ledger actions of packs."""

from trygg.kernel.ledger import register_action

register_action("frameworks.pack_published", en="Published {pack} version {version}", sv="Publicerade {pack} version {version}")
