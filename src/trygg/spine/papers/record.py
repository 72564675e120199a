"""The entries of the record that are about a matter and what belongs to it, each with the proof that it stands in the signed log."""

from collections.abc import Callable, Iterable, Iterator
from typing import Any

from trygg.engines.translog.merkle import inclusion_proof
from trygg.kernel.access import Actor
from trygg.kernel.ledger.models import Checkpoint, Detail, Entry
from trygg.kernel.ledger.selectors import entries_for, tree
from trygg.spine.assurance.models import Claim, Evidence, Snapshot
from trygg.spine.matters.models import Matter
from trygg.spine.meetings.models import AgendaItem
from trygg.spine.publication.models import EntryVersion, RegisterEntry

Subjects = Callable[[Matter], Iterable[tuple[str, Iterable[int]]]]
SUBJECTS: list[Subjects] = []
CHUNK = 200


def register_subjects(subjects: Subjects) -> None:
    """Say what belongs to a matter: `subjects(matter)` gives (subject type, keys of rows) as the record names them."""
    SUBJECTS.append(subjects)


def own_subjects(matter: Matter) -> Iterable[tuple[str, Iterable[int]]]:
    """What the spine keeps of a matter."""
    yield "matters.matter", [matter.pk]
    if matter.system_id:
        yield "matters.system", [matter.system_id]
    for model in (Claim, Evidence, Snapshot):
        yield model._meta.label_lower, model.objects.filter(case__matter=matter).values_list("pk", flat=True)
    yield AgendaItem._meta.label_lower, AgendaItem.objects.filter(matter=matter).values_list("pk", flat=True)
    yield RegisterEntry._meta.label_lower, RegisterEntry.objects.filter(matter=matter).values_list("pk", flat=True)
    yield EntryVersion._meta.label_lower, EntryVersion.objects.filter(entry__matter=matter).values_list("pk", flat=True)


def entry_indexes(matter: Matter, size: int) -> list[int]:
    """The places in the record, below `size`, of everything about the matter."""
    found: set[int] = set()
    for subjects in (own_subjects, *SUBJECTS):
        for kind, keys in subjects(matter):
            ids = [str(key) for key in keys]
            for start in range(0, len(ids), CHUNK):
                rows = Entry.objects.filter(subject_type=kind, subject_id__in=ids[start : start + CHUNK], index__lt=size)
                found.update(rows.values_list("index", flat=True))
    return sorted(found)


def entries(actor: Actor, matter: Matter, checkpoint: Checkpoint) -> Iterator[dict[str, Any]]:
    """Each entry as it was hashed, with its proof of inclusion. Its details only where the actor may read the record itself."""
    indexes = entry_indexes(matter, checkpoint.size)
    reader = tree(checkpoint.size)
    for start in range(0, len(indexes), CHUNK):
        chosen = indexes[start : start + CHUNK]
        readable = set(entries_for(actor).filter(index__in=chosen).values_list("index", flat=True))
        details: dict[int, list[dict[str, str]]] = {}
        rows = Detail.objects.filter(entry_id__in=readable, erased_by=None).order_by("entry_id", "name")
        for entry_id, name, salt, value in rows.values_list("entry_id", "name", "salt", "value"):
            details.setdefault(entry_id, []).append({"name": name, "salt": bytes(salt).hex(), "value": value})
        for index, leaf in Entry.objects.filter(index__in=chosen).order_by("index").values_list("index", "leaf"):
            yield {
                "index": index,
                "leaf": bytes(leaf).decode(),
                "proof": [node.hex() for node in inclusion_proof(reader.range_hash, index, checkpoint.size)],
                "details": details.get(index, []),
            }
