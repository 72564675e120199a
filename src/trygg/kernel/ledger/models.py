"""The record: entries as they were hashed, details that may be erased, the Merkle tree's tiles, signed checkpoints. And the forms
that were sent, so that none acts twice.

No foreign key leads from an entry to another app: the record outlives what it is about.
"""

from functools import cached_property
from typing import Any

from django.db import models

from trygg.engines.translog.leaves import read_leaf


class Entry(models.Model):
    """One act. The columns repeat what the leaf says, so that one can search; the leaf is what counts."""

    index = models.BigIntegerField(primary_key=True)
    action = models.CharField(max_length=100)
    actor_kind = models.CharField(max_length=20)
    actor_id = models.CharField(max_length=200)
    organisation_id = models.BigIntegerField(null=True)
    at = models.DateTimeField()
    subject_type = models.CharField(max_length=100, blank=True)
    subject_id = models.CharField(max_length=200, blank=True)
    leaf = models.BinaryField()
    leaf_hash = models.BinaryField(max_length=32)

    class Meta:
        ordering = ["index"]
        indexes = [
            models.Index(fields=["subject_type", "subject_id", "index"], name="ledger_entry_subject"),
            models.Index(fields=["organisation_id", "index"], name="ledger_entry_organisation"),
        ]

    def __str__(self) -> str:
        return f"{self.index} {self.action}"

    @cached_property
    def public(self) -> dict[str, Any]:
        """What the act says in the open, from the leaf."""
        return read_leaf(bytes(self.leaf)).get("public", {})


class Detail(models.Model):
    """The value behind a commitment in a leaf. Erased: salt and value are empty, and `erased_by` is the entry that says so."""

    entry = models.ForeignKey(Entry, on_delete=models.PROTECT, related_name="details")
    name = models.CharField(max_length=100)
    salt = models.BinaryField(max_length=32)
    value = models.TextField(blank=True)
    erased_by = models.ForeignKey(Entry, null=True, on_delete=models.PROTECT, related_name="erasures")

    class Meta:
        ordering = ["entry", "name"]
        constraints = [models.UniqueConstraint(fields=["entry", "name"], name="ledger_detail_once")]

    def __str__(self) -> str:
        return f"{self.entry_id} {self.name}"


class Tile(models.Model):
    """Up to 256 hashes of the tree, in the layout of C2SP tlog-tiles."""

    level = models.SmallIntegerField()
    position = models.BigIntegerField()
    data = models.BinaryField()

    class Meta:
        ordering = ["level", "position"]
        constraints = [models.UniqueConstraint(fields=["level", "position"], name="ledger_tile_once")]

    def __str__(self) -> str:
        return f"{self.level}/{self.position}"


class Checkpoint(models.Model):
    """Size and root of the tree at one time, signed; `note` is the C2SP text that is given to witnesses."""

    size = models.BigIntegerField(unique=True)
    root = models.BinaryField(max_length=32)
    note = models.TextField()
    at = models.DateTimeField()

    class Meta:
        ordering = ["size"]

    def __str__(self) -> str:
        return f"{self.size} at {self.at:%Y-%m-%d %H:%M}"


class Sent(models.Model):
    """A form that acted, remembered in the transaction of its act (`once`): what it made, and where its reply led."""

    key = models.CharField(max_length=64, primary_key=True)  # SHA-256 over token, person, page and what was sent
    at = models.DateTimeField(db_index=True)
    subject_type = models.CharField(max_length=100, blank=True)
    subject_id = models.CharField(max_length=200, blank=True)
    place = models.CharField(max_length=500, blank=True)

    def __str__(self) -> str:
        return f"{self.key[:8]} {self.place}"
