"""A file with questions that somebody uploads: read whole or not at all, checked, nothing stored.

Between the page that shows what stands in it and the act of publishing it travels with the form, signed: so a preview leaves
nothing behind, and what is published is what was shown.
"""

import json
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.core import signing
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _

from trygg.engines.instruments import Instrument
from trygg.kernel.people.models import Organisation
from trygg.packs.catalogue import builtin, typed
from trygg.packs.check import check_packs
from trygg.packs.loader import MAX_BYTES, Kind, Pack, PackUnreadable, Problem, pack_from_data, read_pack
from trygg.packs.schema import languages_of
from trygg.spine.frameworks.models import PackVersion
from trygg.spine.frameworks.owned import LONGEST_ID, stored, stored_id
from trygg.spine.frameworks.readers import READERS, Named
from trygg.spine.frameworks.selectors import current
from trygg.spine.frameworks.selectors import pack as pack_of

SALT = "trygg.frameworks.draft"
A_DAY = 24 * 3600
LONGEST_DRAFT = 4_000_000  # signed and packed: what a form can carry


@dataclass(frozen=True)
class Draft:
    """What a file held. `pack`: as its file says it, None when it is not readable. `notes`: what the reading kept and left out."""

    pack: Pack | None
    form: str  # pack | surveyjs | workbook
    problems: tuple[Problem, ...] = ()
    notes: tuple[tuple[str, str], ...] = ()  # (path, reason)

    @cached_property
    def instrument(self) -> Instrument | None:
        return typed(self.pack) if self.pack is not None and not self.problems else None  # type: ignore[return-value]

    @property
    def languages(self) -> tuple[str, ...]:
        return languages_of(self.pack.data) if self.pack is not None else ()


def read_upload(upload: UploadedFile, organisation: Organisation, named: Named) -> Draft:
    """The file read and checked, for this organisation. `named`: what a SurveyJS file does not say itself."""
    name = (upload.name or "").rpartition("/")[2][:200] or "file"
    if upload.size is not None and upload.size > MAX_BYTES:
        return Draft(None, "pack", (too_large(name),))
    raw = upload.read(MAX_BYTES + 1)
    return read_bytes(raw, name, organisation, named)


def read_bytes(raw: bytes, name: str, organisation: Organisation, named: Named) -> Draft:
    form = form_of(raw)
    if len(raw) > MAX_BYTES:
        return Draft(None, form, (too_large(name),))
    if form != "pack":
        return _converted(raw, name, form, organisation, named)
    try:
        pack = _read(raw, name)
    except PackUnreadable as unreadable:
        return Draft(None, form, (unreadable.problem,))
    return Draft(pack, form, tuple(problems_of(pack, organisation)))


def form_of(raw: bytes) -> str:
    """By content: a workbook is an archive; a SurveyJS file is JSON with pages or elements and no kind."""
    if raw.startswith(b"PK\x03\x04"):
        return "workbook"
    if raw.removeprefix(b"\xef\xbb\xbf").lstrip()[:1] == b"{":
        try:
            data = json.loads(raw)
        except (ValueError, RecursionError):
            return "pack"
        if isinstance(data, dict) and "kind" not in data and {"pages", "elements", "questions"} & data.keys():
            return "surveyjs"
    return "pack"


def too_large(name: str) -> Problem:
    reason = _("The file is larger than %(limit)d MB. Nothing of it was read.") % {"limit": MAX_BYTES // 1_000_000}
    return Problem(name, "", "too_large", reason)


def _read(raw: bytes, name: str) -> Pack:
    """A pack in YAML, or in JSON."""
    if raw.removeprefix(b"\xef\xbb\xbf").lstrip()[:1] == b"{":
        try:
            return pack_from_data(json.loads(raw, object_pairs_hook=_no_doubles), name)
        except (ValueError, RecursionError):
            pass  # YAML may begin so, too; its reader says what is wrong
    return read_pack(raw, name)


def _no_doubles(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    if len({key for key, _ in pairs}) != len(pairs):
        raise ValueError("a key stands twice")
    return dict(pairs)


def _converted(raw: bytes, name: str, form: str, organisation: Organisation, named: Named) -> Draft:
    found = READERS[form](raw, name, named)
    if found.data is None:
        return Draft(None, form, found.problems, found.notes)
    try:
        pack = pack_from_data(found.data, name)
        if form == "surveyjs" and not named.version:
            pack = _next_version(pack, organisation)
    except PackUnreadable as unreadable:
        return Draft(None, form, (unreadable.problem,), found.notes)
    return Draft(pack, form, tuple(problems_of(pack, organisation)), found.notes)


def _next_version(pack: Pack, organisation: Organisation) -> Pack:
    """A SurveyJS file has no version: where its questions are published already, it is the one after the newest."""
    own = PackVersion.objects.filter(pack_id=stored_id(pack.id, organisation.pk))
    newest = max(own.values_list("version", flat=True), key=version_key, default=None)
    if newest is None or version_key(pack.version) > version_key(newest):
        return pack
    major, minor, _patch = (*version_key(newest), 0, 0)[:3]
    return pack_from_data({**pack.data, "version": f"{major}.{minor + 1}.0"}, pack.file)


def problems_of(pack: Pack, organisation: Organisation) -> list[Problem]:
    """Everything that keeps this pack from being published for the organisation, at once."""
    if pack.kind in set(Kind) - {Kind.INSTRUMENT}:
        reason = _("Only sets of questions can be uploaded. All other content holds for everyone here; the host publishes it.")
        return [Problem(pack.file, "kind", "not_uploaded", reason)]
    found = [*check_packs([pack], beside=[pack_of(version) for version in current()]), *_place_problems(pack, organisation)]
    return list(dict.fromkeys(found))


def _place_problems(pack: Pack, organisation: Organisation) -> list[Problem]:
    """What its id and version have against what is published."""
    found = []
    shipped = {each.id for each in builtin().packs}
    if pack.id in shipped or PackVersion.objects.filter(organisation=None, pack_id=pack.id).exists():
        other = f"{organisation.slug}-{pack.id}"[:LONGEST_ID].strip("-")
        reason = _("“%(id)s” comes with Trygg and can't be replaced. Give your own another id, for example “%(other)s”.")
        found.append(Problem(pack.file, "id", "shipped", reason % {"id": pack.id, "other": other}))
    if len(pack.id) > LONGEST_ID:
        reason = _("The id is longer than %(limit)d characters.") % {"limit": LONGEST_ID}
        found.append(Problem(pack.file, "id", "too_long", reason))
    own = PackVersion.objects.filter(pack_id=stored_id(pack.id, organisation.pk))
    standing = dict(own.values_list("version", "content_hash"))
    newest = max(standing, key=version_key, default=None)
    if standing.get(pack.version) == stored(pack, organisation.pk).hash:
        if pack.version != newest or own.filter(version=newest, current=True).exists():
            reason = _("%(version)s is published already, with this very content.") % {"version": pack.version}
            found.append(Problem(pack.file, "version", "there_already", reason))
    elif pack.version in standing:
        reason = _("%(version)s is published already with other content. A new text is a new version: give it a higher number.")
        found.append(Problem(pack.file, "version", "published_already", reason % {"version": pack.version}))
    elif newest is not None and version_key(pack.version) < version_key(newest):
        reason = _("%(version)s is lower than %(newest)s, which is published. Give it a higher number.")
        found.append(Problem(pack.file, "version", "not_newer", reason % {"version": pack.version, "newest": newest}))
    return found


def version_key(version: str) -> tuple[int, ...]:
    return tuple(int(part) if part.isdecimal() else 0 for part in version.split("."))


# Between two pages ------------------------------------------------------------------------------------------------------


def sealed(draft: Draft, organisation: Organisation) -> str:
    """The draft as a form carries it; "" when it is too much for one."""
    content = {"for": organisation.pk, "file": draft.pack.file, "data": draft.pack.data} if draft.pack else {}
    token = signing.dumps(content, salt=SALT, compress=True)
    return token if len(token) <= LONGEST_DRAFT else ""


def opened(token: str, organisation: Organisation) -> Pack | None:
    """The pack that `sealed` put into a form for this organisation; None when it is another's, too old, or not ours."""
    try:
        content = signing.loads(token, salt=SALT, max_age=A_DAY)
    except signing.BadSignature:
        return None
    if not isinstance(content, dict) or content.get("for") != organisation.pk:
        return None
    return pack_from_data(content["data"], content.get("file", ""))
