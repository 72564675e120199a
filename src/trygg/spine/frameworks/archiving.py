"""How packs travel with an organisation: its own in full, Trygg's with their content beside the name.

Ids of own packs hold the key of their organisation (owned.py), which is another one where it arrives: they are written as the file said
them, and stored anew. A version of Trygg's that the other installation never had comes in superseded, when its host agrees: it stands
beside Trygg's own, and nothing but its sum says where it is from.
"""

from collections.abc import Mapping
from typing import Any

from trygg.kernel.archive.registry import Reference, register
from trygg.packs.catalogue import typed
from trygg.packs.loader import PackUnreadable, pack_from_data
from trygg.spine.frameworks.models import PackVersion
from trygg.spine.frameworks.owned import BETWEEN, own_id, stored_id

HOST = "host"


class OwnId:
    """An id of a pack, as it is stored: `org12--questions`."""

    targets: tuple[str, ...] = ()
    late = False

    def out(self, value: str, row: Any, ids: Any) -> Any:
        return {"own": own_id(value)} if BETWEEN in value else value

    def back(self, value: Any, row: dict[str, Any], keys: Any) -> str:
        from trygg.kernel.archive.fields import WrongValue

        own = value.get("own") if isinstance(value, dict) and set(value) == {"own"} else None
        if own is not None and isinstance(own, str) and BETWEEN not in own and len(own) <= 60:
            return stored_id(own, keys(HOST, ""))
        if not isinstance(value, str) or BETWEEN in value or len(value) > 120:
            raise WrongValue("it is no id of a pack")
        return value


class Content:
    """What a pack says, with the id that its file has."""

    targets: tuple[str, ...] = ()
    late = False

    def out(self, value: Any, row: Any, ids: Any) -> Any:
        return as_written(value)

    def back(self, value: Any, row: dict[str, Any], keys: Any) -> Any:
        return value


class Hash(Content):
    """The sum of the content as its file says it."""

    def out(self, value: Any, row: Any, ids: Any) -> Any:
        return pack_from_data(as_written(row.content)).hash if BETWEEN in row.pack_id else value


def as_written(content: Mapping[str, Any]) -> dict[str, Any]:
    return {**content, "id": own_id(str(content.get("id", "")))}


def _key(version: PackVersion) -> str:
    return f"{own_id(version.pack_id)}@{version.version}"


def _values(version: PackVersion) -> dict[str, Any]:
    content = as_written(version.content)
    return {"pack_id": own_id(version.pack_id), "content": content, "content_hash": pack_from_data(content).hash}


def check(line: Mapping[str, Any]) -> str | None:
    """What is wrong with a pack in an archive: it must be what its sum says, and read as a pack of its kind."""
    try:
        found = pack_from_data(line["content"])
        named = line["pack_id"]["own"] if isinstance(line["pack_id"], dict) else line["pack_id"]
        if (found.id, found.version, found.kind) != (named, line["version"], line["kind"]):
            return "content: it is of another pack than the row says"
        if found.hash != line["content_hash"]:
            return "content: it is not what its sum says"
        typed(found)
    except (PackUnreadable, LookupError, TypeError, ValueError, AttributeError) as error:
        return f"content: it cannot be read as a pack ({str(error)[:200]})"
    return None


def fit(version: PackVersion) -> None:
    """The id in the content as it is stored here, and the sum over it."""
    version.content = {**version.content, "id": version.pack_id}
    version.content_hash = pack_from_data(version.content).hash


def _find(values: Mapping[str, Any], found: Any) -> PackVersion | None:
    if values["organisation"] is not None:
        return None
    return PackVersion.objects.filter(content_hash=values["content_hash"], organisation=None).first()


def _obstacle(values: Mapping[str, Any]) -> str | None:
    """The same version with another content: one of the two hosts changed a pack of Trygg's."""
    if values["organisation"] is None and PackVersion.objects.filter(pack_id=values["pack_id"], version=values["version"]).exists():
        return f"The pack {values['pack_id']} {values['version']} stands here with another content, so what was answered with it cannot come."
    return None


def _consent(values: Mapping[str, Any]) -> str | None:
    return None if values["organisation"] else f"{values['pack_id']} {values['version']}"


def _make(values: Mapping[str, Any], found: Any, host: Any, now: Any) -> PackVersion:
    """A version of Trygg's that was never published here, superseded from the start; or another organisation's, as the host's own."""
    own = values["organisation"] is not None
    version = PackVersion(
        kind=values["kind"], pack_id=stored_id(values["pack_id"], host.pk) if own else values["pack_id"], version=values["version"],
        title=values["title"], content=values["content"], organisation=host if own else None, current=False, published_at=now,
    )  # fmt: skip
    fit(version)
    return version


def register_archive() -> None:
    register(
        PackVersion, owner="organisation", key=_key, links={"pack_id": OwnId(), "content": Content(), "content_hash": Hash()},
        check=check, fit=fit,
        reference=Reference(
            fields=("kind", "pack_id", "version", "title", "content", "content_hash", "organisation"), find=_find, make=_make,
            values=_values, check=check, obstacle=_obstacle, consent=_consent,
        ),
    )  # fmt: skip
