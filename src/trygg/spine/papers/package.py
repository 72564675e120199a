"""The decision package: a matter as one ZIP that can be read and verified without Trygg (docs/verify_package.py, docs/papers.md).

The same state of the case and of the record gives the same bytes: names in order, one moment in every file, no clock.
"""

import hashlib
import json
import re
import zipfile
from collections.abc import Iterable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any, BinaryIO

from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from trygg.engines.translog.leaves import canonical, plain, time_text
from trygg.engines.translog.notes import sign
from trygg.kernel.access import Actor, restrict
from trygg.kernel.files.models import StoredFile
from trygg.kernel.ledger import keys
from trygg.kernel.ledger.checkpoints import make_checkpoint
from trygg.kernel.ledger.models import Checkpoint
from trygg.spine.assurance.models import Evidence, Snapshot
from trygg.spine.assurance.selectors import claims_of
from trygg.spine.matters.models import Matter
from trygg.spine.papers import annex, record
from trygg.spine.papers.case import case_of
from trygg.spine.papers.models import PaperName
from trygg.spine.papers.selectors import proposal_of

FORMAT, VERSION = "trygg-decision-package", 1
MANIFEST, SIGNED = "MANIFEST.json", "MANIFEST.sig"
SAME_DAY = (1980, 1, 1, 0, 0, 0)  # the earliest that a ZIP can say: nothing in a package hangs on a clock
CHUNK = 1024 * 1024
LANGUAGES = tuple(code for code, _name in settings.LANGUAGES)

# room -> what it puts into case.json, as far as the actor may read it
CONTENTS: dict[str, Any] = {}
# subject types of files, and which of their subjects belong to a matter
FILES: dict[str, Any] = {}


def register_content(name: str, content: Any) -> None:
    """Put a room's part into case.json under `name`: `content(actor, matter, now)` gives plain data."""
    if name in CONTENTS:
        raise ValueError(f"two parts of a package are called {name}")
    CONTENTS[name] = content


def register_files(subject_type: str, subjects: Any) -> None:
    """Put files into packages: `subjects(matter)` gives the ids, as text, of the subjects that belong to a matter."""
    if subject_type in FILES:
        raise ValueError(f"two rules for the files of {subject_type}")
    FILES[subject_type] = subjects


class FileAltered(ValidationError):
    """A file in the store is not what was recorded."""


def register() -> None:
    """Called once, when the application starts."""
    record.register_subjects(_files_recorded)
    register_files("assurance.evidence", lambda matter: map(str, Evidence.objects.filter(case__matter=matter).values_list("pk", flat=True)))


def _files_recorded(matter: Matter) -> Iterator[tuple[str, Iterable[int]]]:
    for subject_type, subjects in FILES.items():
        ids = list(subjects(matter))
        for start in range(0, len(ids), record.CHUNK):
            rows = StoredFile.objects.filter(subject_type=subject_type, subject_id__in=ids[start : start + record.CHUNK])
            yield StoredFile._meta.label_lower, rows.values_list("pk", flat=True)


def write_package(target: BinaryIO, matter: Matter, actor: Actor, now: datetime) -> dict[str, Any]:
    """Write the package of a matter that the actor may see, and return its manifest. The record is signed as it is now.

    LedgerKeyMissing without a key; LedgerInconsistent if the record was altered; FileAltered if a file of the evidence was.
    """
    checkpoint = make_checkpoint(now=now)
    # A paper says what day it is: the moment is that of the record, or today's first when nothing has happened since.
    today = timezone.make_aware(datetime.combine(timezone.localdate(now), datetime.min.time()))
    moment = max(checkpoint.at, min(today, now))
    signer = keys.signer()
    listed: list[dict[str, Any]] = []
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, allowZip64=True) as archive:
        for path, chunks in _members(matter, actor, checkpoint, moment):
            digest, size = hashlib.sha256(), 0
            with archive.open(_named(path), "w", force_zip64=True) as member:
                for chunk in chunks:
                    digest.update(chunk)
                    size += len(chunk)
                    member.write(chunk)
            listed.append({"path": path, "size": size, "sha256": digest.hexdigest()})
        manifest = {
            "format": FORMAT, "version": VERSION, "matter": matter.key, "title": matter.title, "as_of": time_text(moment),
            "record": {"origin": signer.name, "size": checkpoint.size, "root": bytes(checkpoint.root).hex()},
            "files": listed,
        }  # fmt: skip
        content = json.dumps(manifest, ensure_ascii=False, indent=1).encode() + b"\n"
        note = sign(f"{FORMAT} {VERSION}\n{signer.name}\n{hashlib.sha256(content).hexdigest()}\n", signer)
        for path, data in ((MANIFEST, content), (SIGNED, str(note).encode())):
            archive.writestr(_named(path), data)
    return manifest


def file_name(matter: Matter) -> str:
    """The name under which a package is kept."""
    return f"{matter.key[:60]}-decision-package.zip"


def _named(path: str) -> zipfile.ZipInfo:
    info = zipfile.ZipInfo(path, SAME_DAY)
    info.compress_type = zipfile.ZIP_DEFLATED
    info.create_system, info.external_attr = 3, 0o100644 << 16  # the same on every machine
    return info


def _members(matter: Matter, actor: Actor, checkpoint: Checkpoint, moment: datetime) -> Iterator[tuple[str, Iterable[bytes]]]:
    """Every file but the manifest, by name in a fixed order."""
    from trygg.spine.papers.assembling import paper_of  # Word and PDF take 20 MB; only who makes papers waits for them

    yield "README.txt", [README.encode()]
    with translation.override(LANGUAGES[0]):  # the same file, whoever asks for it
        content = _json(content_of(matter, actor, moment))
    yield "case.json", [content]
    yield from _evidence(matter, actor)
    for paper in PaperName.values:
        for language in LANGUAGES:
            yield f"papers/{paper}-{language}.pdf", [paper_of(matter, actor, paper, language, moment, archive=True).pdf]
    yield "record/checkpoint.txt", [checkpoint.note.encode()]
    yield "record/entries.jsonl", (_line(entry) for entry in record.entries(actor, matter, checkpoint))
    yield "record/key.txt", [f"{keys.public_key()}\n".encode()]


def _evidence(matter: Matter, actor: Actor) -> Iterator[tuple[str, Iterable[bytes]]]:
    """The files of the matter that the actor may download, each content once, under names that are safe on every machine."""
    seen: dict[str, StoredFile] = {}
    for subject_type, subjects in sorted(FILES.items()):
        ids = list(subjects(matter))
        for start in range(0, len(ids), record.CHUNK):
            rows = restrict(actor, "files.view_file").filter(subject_type=subject_type, subject_id__in=ids[start : start + record.CHUNK])
            for stored in rows.order_by("pk"):
                seen.setdefault(stored.sha256, stored)
    for name, stored in sorted((safe_name(stored), stored) for stored in seen.values()):
        yield f"evidence/{name}", _read(stored)


def safe_name(stored: StoredFile) -> str:
    """A name without paths, spaces, dots at its ends or letters that some system reads in its own way; unique by the content's hash."""
    stem, dot, ending = stored.name.rpartition(".")
    stem = re.sub(r"[^A-Za-z0-9_-]+", "-", stem if dot else stored.name).strip("-")[:60] or "file"
    ending = re.sub(r"[^A-Za-z0-9]+", "", ending)[:8].lower() if dot else ""
    return f"{stored.sha256[:16]}-{stem}{'.' + ending if ending else ''}"


def _read(stored: StoredFile) -> Iterator[bytes]:
    """The file in pieces. FileAltered when its content is not what was recorded, or not there."""
    path, digest = Path(settings.TRYGG_FILES) / stored.stored_as, hashlib.sha256()
    refused = _("The file “%(name)s” is not what it was when it was stored. Ask the administrator to restore it from a backup.")
    try:
        with path.open("rb") as file:
            while chunk := file.read(CHUNK):
                digest.update(chunk)
                yield chunk
    except FileNotFoundError as error:
        raise FileAltered(refused % {"name": stored.name}) from error
    if digest.hexdigest() != stored.sha256:
        raise FileAltered(refused % {"name": stored.name})


def content_of(matter: Matter, actor: Actor, now: datetime) -> dict[str, Any]:
    """The case as data: the matter, its facts, claims, evidence, snapshots, the packs, and what the rooms add."""
    case = case_of(matter, actor)
    proposal = proposal_of(actor, matter)
    pieces = restrict(actor, "assurance.view_evidence").filter(case__matter=matter).order_by("pk")
    snapshots = restrict(actor, "assurance.view_snapshot").filter(case__matter=matter).order_by("number")
    return {
        "matter": {
            "key": matter.key, "title": matter.title, "summary": matter.summary, "kind": matter.kind, "stage": matter.stage,
            "owner": matter.owner.name, "system": matter.system.name if matter.system else "", "system_version": matter.system_version,
            "deciding_body": matter.deciding_body, "jurisdiction": matter.jurisdiction, "diary_number": matter.diary_number,
            "secrecy": matter.secrecy, "retention": matter.retention,
            "children": {name: getattr(matter, f"children_{name}") for name in ("where", "told", "say_no", "object", "human", "correct")},
        },
        "proposed_decision": {"text": proposal.text, "written_by": proposal.written_by, "written_at": proposal.written_at} if proposal else None,
        "facts": [
            {"name": f.name, "state": f.state, "value": f.value, "reason": f.reason, "said_by": f.said_by, "said_at": f.said_at}
            for f in matter.facts.all()
        ],
        "case": {
            "depth": case.depth, "counts": case.counts, "prohibited": case.prohibited, "screening": case.screening,
            "claims": [
                {
                    "pack": claim.pack.pack_id if claim.pack else None, "pack_version": claim.pack.version if claim.pack else None,
                    "requirement": claim.requirement_id, "text": claim.text, "status": claim.status, "reasons": claim.reasons,
                    "due_on": claim.due_on,
                }
                for claim in claims_of(case)
            ],
        } if case else None,
        "evidence": [_piece(piece) for piece in pieces],
        "snapshots": [_snapshot(snapshot) for snapshot in snapshots],
        "packs": [{"kind": v.kind, "id": v.pack_id, "version": v.version, "sha256": v.content_hash} for v in annex.packs_of(matter, actor)],
        **{name: content(actor, matter, now) for name, content in sorted(CONTENTS.items())},
    }  # fmt: skip


def _piece(piece: Evidence) -> dict[str, Any]:
    return {
        "kind": piece.kind, "key": piece.key, "stance": piece.stance, "title": piece.title, "note": piece.note, "params": piece.params,
        "valid_from": piece.valid_from, "valid_until": piece.valid_until, "sha256": piece.content_hash, "added_by": piece.added_by,
        "added_at": piece.added_at, "settled_at": piece.settled_at, "withdrawn_at": piece.withdrawn_at,
    }  # fmt: skip


def _snapshot(snapshot: Snapshot) -> dict[str, Any]:
    return {"number": snapshot.number, "made_at": snapshot.made_at, "sha256": snapshot.content_hash, "content": snapshot.content}


def _json(content: Any) -> bytes:
    return json.dumps(plain(content), ensure_ascii=False, indent=1, sort_keys=True).encode() + b"\n"


def _line(entry: dict[str, Any]) -> bytes:
    return canonical(entry) + b"\n"


README = """\
A decision package from Trygg: one matter, as it stood at the moment that MANIFEST.json names.

papers/               the committee report (two pages) and the full report, PDF/A-2a and PDF/UA-1
case.json             the same as data
evidence/             the files that whoever made the package may read
record/entries.jsonl  what was done in the matter, as it was recorded, with the proof that it stands in the signed log
record/checkpoint.txt the signed log: its size and its root
record/key.txt        the key that signed it: compare it with the one that the municipality publishes elsewhere
MANIFEST.json         SHA-256 of every file; MANIFEST.sig is the signature over it

To verify it without Trygg and without a network: python verify_package.py PACKAGE.zip --key KEY
The script stands in Trygg's documentation as docs/verify_package.py. It is short: read it first.

Ett beslutspaket från Trygg: ett ärende, så som det stod vid den tid som MANIFEST.json anger.
papers/ är tjänsteskrivelsen och den fullständiga rapporten, evidence/ underlagen, record/ det som har gjorts i ärendet.
Kontrollera paketet utan Trygg och utan nät: python verify_package.py PAKET.zip --key NYCKEL
"""
