"""An archive against itself: sums, form, columns, references, whose rows they are, the record. No row of the database is read.

Everything is looked at before anything is written: what passes here can be refused later only because of what stands here already.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from trygg.engines.translog.notes import PublicKey
from trygg.kernel.archive import fields
from trygg.kernel.archive import record as records
from trygg.kernel.archive.leaving import RECORD, REFERENCES
from trygg.kernel.archive.opening import LIMITS, Archive, Limits, Line, NoArchive
from trygg.kernel.archive.order import Table, in_order, target_of
from trygg.kernel.archive.registry import Registered, registered
from trygg.kernel.archive.staging import Ids

MOST_IDS = 300
OWN = "people.organisation"


@dataclass
class Checked:
    """What an archive holds, once it is known to be sound."""

    about: dict[str, Any]
    rows: dict[str, int] = field(default_factory=dict)
    named: dict[str, int] = field(default_factory=dict)
    files: int = 0
    size: int = 0  # of the files
    missing: list[str] = field(default_factory=list)  # sums of files that rows name and the archive does not hold
    filled: dict[str, list[str]] = field(default_factory=dict)  # columns that this version has and the archive has not
    record: records.RecordFound = field(default_factory=records.RecordFound)


def check_archive(path: Path, *, key: PublicKey | None = None, limits: Limits = LIMITS, folder: Path | None = None) -> Checked:
    """Look at everything. NoArchive with a sentence that names file and line at the first thing that is wrong."""
    with Archive(path, limits) as archive, Ids(folder) as ids:
        return _Check(archive, ids, key).run()


class _Check:
    def __init__(self, archive: Archive, ids: Ids, key: PublicKey | None):
        self.archive, self.ids, self.key = archive, ids, key
        self.found = Checked(archive.about)
        self.tables = in_order()
        self.models = registered()
        self.own = archive.about["organisation"]["id"]
        self.sums: set[str] = set()

    def run(self) -> Checked:
        known = {table.what.file for table in self.tables}
        for name in self.archive.names:
            if name.startswith("data/") and name not in known:
                raise NoArchive(
                    f"{name}: this version of Trygg has no such table. The archive was written by Trygg {str(self.archive.about.get('trygg'))[:20]}: "
                    "bring this installation up to date first."
                )
        for name in self.archive.names:
            if name in self.archive.sums:
                self.archive.check_sum(name)
        # Twice: first which rows there are, then what they say and where they lead.
        for table in self.tables:
            self._take_ids(table)
        for line in self.archive.lines(REFERENCES):
            self._take_named(line)
        for line in self.archive.lines(REFERENCES):
            self._named(line)
        for table in self.tables:
            for line in self.archive.lines(table.what.file):
                self._row(table, line)
        self._files()
        numbered = ((line.number, line.content) for line in self.archive.lines(RECORD))
        self.found.record = records.verify(numbered, self.key)
        if not self.found.record.ok:
            number, words = self.found.record.problems[0]
            raise NoArchive(f"{RECORD}, line {number}: {words}.")
        return self.found

    def _take_ids(self, table: Table) -> None:
        count = 0
        for line in self.archive.lines(table.what.file):
            self._take(table.label, line)
            count += 1
        said = self.archive.about["rows"].get(table.label, 0)
        if said != count:
            raise NoArchive(f"{table.what.file}: about.json says that it has {said!r} rows, and it has {count}.")
        if table.label == OWN and (count != 1 or not self.ids.has(OWN, self.own)):
            raise NoArchive(f"{table.what.file}: it must hold the organisation of about.json, and no other.")
        self.found.rows[table.label] = count

    def _take(self, label: str, line: Line) -> None:
        row_id = line.content.get("id")
        if not isinstance(row_id, str) or not 0 < len(row_id) <= MOST_IDS:
            raise line.wrong("it has no id.")
        if not self.ids.take(label, row_id):
            raise line.wrong(f"the id «{row_id[:80]}» stands twice.")

    def _take_named(self, line: Line) -> None:
        label = line.content.get("model")
        one = self.models.get(label) if isinstance(label, str) else None
        if one is None or one.reference is None:
            raise line.wrong(f"«{str(label)[:60]}» is nothing that is only named.")
        self._take(label, line)
        self.ids.name(label, line.content["id"], {})
        self.found.named[label] = self.found.named.get(label, 0) + 1

    def _named(self, line: Line) -> None:
        one = self.models[line.content["model"]]
        allowed = {"model", "id", *one.reference.fields}
        self._columns(line, allowed)
        for name in one.reference.fields:
            self._value(one, name, line, late=())
        words = one.reference.check(line.content) if one.reference.check else None
        if words:
            raise line.wrong(f"{words}.")
        if line.content["model"] == "people.membership" and line.content.get("organisation") == self.own:
            raise line.wrong("a role in the organisation itself is no role elsewhere: it belongs among the rows.")

    def _columns(self, line: Line, allowed: set[str] | frozenset[str]) -> None:
        for name in line.content:
            if name not in allowed:
                raise line.wrong(f"this version of Trygg has no column «{name[:60]}» here.")

    def _row(self, table: Table, line: Line) -> None:
        self._columns(line, table.columns | {"was"})
        was = line.content.get("was", "")
        if not isinstance(was, str) or len(was) > 40:
            raise line.wrong("was: it is no key.")
        for each in table.what.fields:
            self._value(table.what, each.name, line, late=table.late)
        for name, target in table.many.items():
            given = line.content.get(name, [])
            if not isinstance(given, list) or len(set(map(str, given))) != len(given):
                raise line.wrong(f"{name}: it is no list of ids.")
            for row_id in given:
                self._reach(target, row_id, name, line)
        self._owner(table.what, line)
        words = table.what.check(line.content) if table.what.check else None
        if words:
            raise line.wrong(f"{words}.")
        if table.label == "files.storedfile" and not line.content["quarantined_at"] and not line.content["removed_at"]:
            self.sums.add(line.content["sha256"])

    def _value(self, one: Registered, name: str, line: Line, late: tuple[str, ...]) -> None:
        each = one.model._meta.get_field(name)
        if name not in line.content:
            if not (each.null or each.has_default() or (each.blank and each.empty_strings_allowed)):
                raise line.wrong(f"{name}: it is missing.")
            if name not in self.found.filled.setdefault(one.label, []):
                self.found.filled[one.label].append(name)
            return
        value = line.content[name]
        try:
            if each.is_relation:
                if value is None:
                    fields.read(each, None)
                else:
                    self._reach(target_of(each), value, name, line)
            elif name in one.links and value is not None:
                one.links[name].back(value, line.content, lambda label, row_id: self._key(label, row_id))
            else:
                fields.read(each, value)
        except fields.WrongValue as error:
            raise line.wrong(f"{name}: {error}.") from error
        except fields.Unknown as error:
            raise line.wrong(f"{name}: it leads to {error}, which the archive does not hold.") from error

    def _key(self, label: str, row_id: str) -> int:
        if label != "host" and not self.ids.has(label, row_id):
            raise fields.Unknown(label, row_id[:80])
        return 0

    def _reach(self, label: str, row_id: Any, name: str, line: Line) -> None:
        if not isinstance(row_id, str) or not self.ids.has(label, row_id):
            raise line.wrong(f"{name}: it leads to {label} «{str(row_id)[:80]}», which the archive does not hold.")

    def _owner(self, one: Registered, line: Line) -> None:
        """A row must be the organisation's own: nothing comes in under another's name."""
        first, _, more = one.owner.partition("__")
        if not first:
            return
        value = line.content.get(first)
        label = target_of(one.model._meta.get_field(first))
        wrong = value != self.own if not more else not isinstance(value, str) or self.ids.is_named(label, value)
        if wrong:
            raise line.wrong(f"{first}: «{str(value)[:80]}» is not the organisation's own, so the row cannot come with it.")

    def _files(self) -> None:
        for name in self.archive.names:
            if name.startswith("files/"):
                if name[6:] not in self.sums:
                    raise NoArchive(f"{name}: no row of data/files.storedfile.jsonl names it.")
                self.found.files += 1
                self.found.size += self.archive.size_of(name)
        held = {name[6:] for name in self.archive.names if name.startswith("files/")}
        lost = self.archive.about.get("files_lost", [])
        self.found.missing = sorted(self.sums - held)
        if set(self.found.missing) != set(lost if isinstance(lost, list) else []):
            raise NoArchive(f"files/: {(self.found.missing or ['?'])[0]} is named by a row and missing.")


def summary(found: Checked) -> Iterator[str]:
    """What was found, in sentences for the command line."""
    place = found.about["organisation"]
    yield f"{place['name']} ({place['slug']}), written by Trygg {found.about.get('trygg')} on {str(found.about.get('made_at'))[:10]}."
    yield f"Sums: right. Rows: {sum(found.rows.values())} in {sum(1 for n in found.rows.values() if n)} tables; {sum(found.named.values())} only named."
    yield f"Files: {found.files}, {found.size / 1e6:.1f} MB. All references lead somewhere."
    for sha256 in found.missing:
        yield f"! The file {sha256[:12]}… was already gone where the archive was written."
    for label, names in sorted(found.filled.items()):
        if names:
            yield f"· {label}: this version has columns that the archive has not ({', '.join(names)}); they get their first value."
    held = {label: n for label, n in {**found.about.get("held_back", {}), **found.about.get("outside", {})}.items() if n}
    for label, count in sorted(held.items()):
        yield f"· {label}: {count} rows stayed behind (not yet opened or counted, or about what another organisation keeps)."
    if found.record.size:
        yield f"Record: {found.record.entries} entries, each proved to stand in the tree of {found.record.size} that was signed."
        yield f"It was signed with the key {found.record.key}. Compare it with the one that the other host published."
    else:
        yield "! Record: the other host had signed no checkpoint, so there is nothing to verify."
