"""Ledger actions of packs."""

from trygg.kernel.ledger import register_action

register_action("frameworks.pack_published", en="Published {pack} version {version}", sv="Publicerade {pack} version {version}")
register_action(
    "frameworks.pack_withdrawn", en="Withdrew {pack} version {version}: nothing new begins with it",
    sv="Drog tillbaka {pack} version {version}: inget nytt börjar med den",
)  # fmt: skip
register_action(
    "frameworks.pack_restored", en="Put {pack} version {version} in force again", sv="Satte {pack} version {version} i kraft igen"
)
