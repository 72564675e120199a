"""A published case as a file that another installation can start from: written, and read whole or not at all."""

import hashlib
import json
import math
from collections.abc import Iterator, Mapping
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import jsonschema
import rfc8785
from django.utils import timezone
from django.utils.translation import gettext as _

from trygg.kernel.safeguard import warnings_in
from trygg.spine.publication.models import EntryVersion
from trygg.spine.publication.reusable import Source
from trygg.spine.publication.texts import words_of

FORMAT, SCHEMA = "trygg-case", 1
MOST_BYTES = 2 * 1024 * 1024
NO_WORDS = ("pack", "key", "address")
SCHEMA_FILE = Path(__file__).with_name("case.schema.json")


class CaseRefused(Exception):
    """The file is not read; the message says what is wrong, where, and what to do."""


def case_of(version: EntryVersion, base: str = "") -> dict[str, Any]:
    """A published version as a case to start from: what one chooses by, and the pieces. `base`: where its page is read."""
    content = version.content
    system = content["system"]
    return {
        "key": version.entry.slug,
        "number": version.number,
        "published_on": timezone.localdate(version.published_at).isoformat(),
        "address": f"{base}/register/{version.entry.slug}/v/{version.number}/" if base else "",
        "organisation": content["owner"]["name"],
        "host": content["owner"]["host"],
        "jurisdiction": content["jurisdiction"],
        "title": content["headline"] or content["title"],
        "summary": content["summary"],
        "kind": content["kind"],
        "stage": content["stage"],
        "system": {key: system[key] or "" for key in ("name", "vendor", "version")} if system else None,
        "ages": [choice["value"] for choice in content["audience"]["ages"]],
        "settings": [choice["value"] for choice in content["audience"]["settings"]],
        "said": [
            {"heading": section["heading"], "lede": section.get("lede") or {}, "date": section.get("date") or ""}
            for section in content["sections"]
            if section.get("lede") and not section.get("expert")
        ],
        "pieces": content.get("reusable", []),
    }


def source_of(case: Mapping[str, Any]) -> Source:
    """Whose case it is, as it is kept beside each answer that comes from it."""
    return Source(
        organisation=case["organisation"],
        title=words_of(case["title"]),
        number=case["number"],
        published_on=date.fromisoformat(case["published_on"]),
        content_hash=case_hash(case),
        address=case["address"],
    )


def case_hash(case: Mapping[str, Any]) -> str:
    """SHA-256 of what is shared, in RFC 8785 form. The address is not in it: the same case is the same wherever it is read."""
    return hashlib.sha256(rfc8785.dumps({**case, "address": ""})).hexdigest()


def written(version: EntryVersion, base: str, licence: str) -> dict[str, Any]:
    """The file of a published version."""
    case = case_of(version, base)
    return {"format": FORMAT, "schema": SCHEMA, "licence": licence, "content_hash": case_hash(case), "case": case}


# Reading -----------------------------------------------------------------------------------------


def read_case(data: bytes) -> dict[str, Any]:
    """The case in a file. CaseRefused, in words, when anything in it is not as it should be: nothing is read by halves."""
    if len(data) > MOST_BYTES:
        raise CaseRefused(
            _("The file is larger than %(limit)d MB, which no case to start from is. Check that it is the right file.")
            % {"limit": MOST_BYTES // 1024 // 1024}
        )
    found = _parsed(data)
    if not isinstance(found, dict) or found.get("format") != FORMAT:
        raise CaseRefused(
            _(
                "This is not a case to start from. Open the published page of the other municipality, and download "
                "“Case to start from (JSON)” there."
            )
        )
    if found.get("schema") != SCHEMA:
        raise CaseRefused(
            _("The file was written by a newer version of Trygg (form %(form)s). Ask whoever runs Trygg here to update it.")
            % {"form": str(found.get("schema"))[:20]}
        )
    _check_form(found)
    case = found["case"]
    _check_days(case)
    try:
        digest = case_hash(case)
    except (rfc8785.CanonicalizationError, RecursionError) as error:
        raise CaseRefused(_again(_("The file holds a number that cannot be read exactly."))) from error
    if digest != found["content_hash"]:
        raise CaseRefused(
            _again(_("The file was changed after it was downloaded: its check sum does not agree with what stands in it."))
        )
    _check_persons(case)
    return case


def _parsed(data: bytes) -> Any:
    def unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        made = dict(pairs)
        if len(made) != len(pairs):
            raise CaseRefused(_again(_("The same name stands twice in one place of the file.")))
        return made

    def refuse(constant: str) -> Any:
        raise CaseRefused(_again(_("The file holds a number that cannot be read exactly.")))

    try:
        return json.loads(data.decode("utf-8-sig"), object_pairs_hook=unique, parse_constant=refuse)
    except UnicodeDecodeError as error:
        raise CaseRefused(_again(_("The file is not text that can be read (UTF-8)."))) from error
    except json.JSONDecodeError as error:
        raise CaseRefused(
            _again(_("The file cannot be read from line %(line)d on; it may be cut off.") % {"line": error.lineno})
        ) from error
    except RecursionError as error:
        raise CaseRefused(_again(_("The file is nested deeper than any case is."))) from error
    except ValueError as error:  # digits without end
        raise CaseRefused(_again(_("The file holds a number that cannot be read exactly."))) from error


@cache
def _validator() -> jsonschema.Draft202012Validator:
    return jsonschema.Draft202012Validator(json.loads(SCHEMA_FILE.read_text("utf-8")))


def _check_form(found: dict[str, Any]) -> None:
    try:
        error = next(_validator().iter_errors(found), None)
    except RecursionError as deep:
        raise CaseRefused(_again(_("The file is nested deeper than any case is."))) from deep
    if error is not None:
        where = " → ".join(str(part + 1) if isinstance(part, int) else part[:80] for part in error.absolute_path)
        raise CaseRefused(
            _again(_("The file does not have the form of a case to start from. What is wrong stands at: %(place)s.") % {
                "place": where or _("the beginning")
            })
        )  # fmt: skip
    for path, value in _leaves(found):
        unreadable = isinstance(value, str) and ("\0" in value or any(0xD800 <= ord(sign) <= 0xDFFF for sign in value))
        if unreadable or (isinstance(value, float) and not math.isfinite(value)):
            raise CaseRefused(
                _again(_("The file holds signs that are no text. They stand at: %(place)s.") % {"place": " → ".join(path)})
            )


def _check_days(case: Mapping[str, Any]) -> None:
    days = [case["published_on"], *(piece["locked_on"] for piece in case["pieces"]), *(said["date"] for said in case["said"])]
    for day in days:
        try:
            date.fromisoformat(day or "2000-01-01")
        except ValueError as error:
            raise CaseRefused(_again(_("“%(day)s” in the file is no day of the calendar.") % {"day": day})) from error


def _check_persons(case: Mapping[str, Any]) -> None:
    for path, value in _leaves(case):
        if path[-1] in NO_WORDS:  # ten digits in a check sum are nobody's number
            continue
        if isinstance(value, str) and any(warning.code == "identity_number" for warning in warnings_in(value)):
            raise CaseRefused(
                _(
                    "The file holds what looks like a personal identity number, at: %(place)s. Nothing of it was kept. Tell the "
                    "municipality that published it, so that they take it back."
                )
                % {"place": " → ".join(path)}
            )


def _leaves(data: Any, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], Any]]:
    if isinstance(data, Mapping):
        for key, value in data.items():
            yield (*path, "?"), key
            yield from _leaves(value, (*path, str(key)))
    elif isinstance(data, list):
        for place, value in enumerate(data, start=1):
            yield from _leaves(value, (*path, str(place)))
    else:
        yield path, data


def _again(what: str) -> str:
    """What is wrong, and what to do about it."""
    advice = _("Nothing was read. Download it again from the page where it is published.")
    return f"{what} {advice}"
