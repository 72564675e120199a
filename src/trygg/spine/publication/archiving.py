"""How the public register travels: entries and versions as they were published. The flat list is worked out from them anew."""

from trygg.kernel.archive.registry import afterwards, leave_out, register
from trygg.spine.publication.index import audiences_of, row_of
from trygg.spine.publication.models import Audience, EntryVersion, OutsideCase, PublishedEntry, RegisterEntry


def _index(work, organisation, now) -> None:
    """The flat rows of what is published, as `services` writes them when a version is published."""
    State = EntryVersion.State
    rows = RegisterEntry.objects.filter(matter__owner=organisation, current__state=State.PUBLISHED)
    for entry in rows.select_related("current__entry__matter__owner").order_by("pk").iterator(chunk_size=200):
        if not PublishedEntry.objects.filter(entry=entry).exists():
            row_of(entry.current).save(force_insert=True)
        Audience.objects.bulk_create(audiences_of(entry.current), ignore_conflicts=True)


def register_archive() -> None:
    register(RegisterEntry, owner="matter__owner", key=("matter",), renamed=("slug",))
    register(EntryVersion, owner="entry__matter__owner", key=("entry", "number"))
    register(OutsideCase, owner="owner", key=("content_hash",))
    leave_out(PublishedEntry, why="the flat list of what is published now: worked out anew from the versions")
    leave_out(Audience, why="choices of the public list's filter: worked out anew from the versions")
    afterwards(50, _index)
