"""Ledger actions of files."""

from trygg.kernel.ledger import register_action

register_action("files.file_stored", en="Stored a file", sv="Lagrade en fil")
register_action("files.file_removed", en="Removed a file", sv="Tog bort en fil")
register_action("files.file_quarantined", en="Put a file in quarantine", sv="Satte en fil i karantän")
