"""Ledger actions of tasks and notifications."""

from trygg.kernel.ledger import register_action

register_action("work.notifications_read", en="Read notifications", sv="Läste aviseringar")
