"""Packs of one organisation: their ids, and who may use them.

Ids of packs are unique in an installation. That of an organisation's pack is stored with the organisation in front
(`org12--own-questions`), so that two organisations can give the same id and neither learns of the other. No file can hold such an id:
the schema allows no double hyphen.
"""

from dataclasses import replace

from django.db.models import Q

from trygg.kernel.people.models import Organisation
from trygg.packs.loader import Pack, pack_from_data

BETWEEN = "--"
LONGEST_ID = 60  # of an organisation's pack, as its file says it


def stored_id(pack_id: str, organisation_id: int) -> str:
    """The id under which an organisation's pack is stored."""
    return f"org{organisation_id}{BETWEEN}{pack_id}"


def own_id(pack_id: str) -> str:
    """The id as it stands in the file."""
    return pack_id.rpartition(BETWEEN)[2]


def stored(pack: Pack, organisation_id: int) -> Pack:
    """An organisation's pack as it is stored: the same under its long id."""
    return pack_from_data({**pack.data, "id": stored_id(pack.id, organisation_id)}, pack.file)


def as_written(pack: Pack) -> Pack:
    """A stored pack as its file said it."""
    return pack_from_data({**pack.data, "id": own_id(pack.id)}, pack.file) if BETWEEN in pack.id else replace(pack)


def usable_by(owner: Organisation) -> Q:
    """Versions that matters of this organisation may begin with: of Trygg, of the organisation, of the municipality above it."""
    return Q(organisation=None) | Q(organisation_id__in=[pk for pk in (owner.pk, owner.parent_id) if pk is not None])
