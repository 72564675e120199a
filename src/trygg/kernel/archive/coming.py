"""What would happen if an archive came in here: what is made, what is linked, what collides. Reads only."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Model
from django.utils.text import slugify

from trygg.kernel.archive.leaving import REFERENCES, rows_of
from trygg.kernel.archive.opening import Archive
from trygg.kernel.archive.order import in_order
from trygg.kernel.archive.registry import registered
from trygg.kernel.people.models import Membership, Organisation

LISTED = 20
CHUNK = 500


@dataclass
class Plan:
    """What would come. `refused` says why it cannot, as sentences; empty when it can."""

    name: str
    slug: str
    fills: Organisation | None = None  # it is here already, as a name only
    matched: dict[str, int] = field(default_factory=dict)
    linked: dict[str, int] = field(default_factory=dict)
    noted: dict[str, list[str]] = field(default_factory=dict)
    renamed: dict[str, list[str]] = field(default_factory=dict)
    agreed: list[str] = field(default_factory=list)  # what is made only when the host agrees
    refused: list[str] = field(default_factory=list)


def plan(archive: Archive, *, as_name: str = "", match_people: bool = False, take_packs: bool = False) -> Plan:
    """Compare a checked archive with what stands here."""
    place = archive.about["organisation"]
    found = Plan(as_name or place["name"], place["slug"])
    _place(found, as_name)
    for table in in_order():
        one = table.what
        for lines in _chunks(archive, one.file):
            for name in one.found_by:
                values = [line.get(name) for line in lines]
                here = one.model._base_manager.filter(**{f"{name}__in": values}).count()
                if here:
                    found.matched[one.label] = found.matched.get(one.label, 0) + here
            for name in (*one.renamed, *one.noted):
                values = [line[name] for line in lines if line.get(name)]
                taken = one.model._base_manager.filter(**{f"{name}__in": values}).values_list(name, flat=True).distinct()
                kept = found.renamed if name in one.renamed else found.noted
                kept.setdefault(f"{one.label}.{name}", []).extend(map(str, taken))
    _named(found, archive)
    if found.agreed and not take_packs:
        found.refused.append(
            f"Answers were given with versions of Trygg's packs that this installation never had: {', '.join(found.agreed)}. Give --take-packs "
            "to take them in from the archive as superseded versions, if you trust where it comes from."
        )
    people = found.matched.get("people.person", 0)
    if people and not match_people:
        found.refused.append(
            f"{people} of the people have an account here, by their e-mail address. Give --match-people to let them have their roles in "
            f"{found.name} with the account that they have; nothing of the account is changed."
        )
    return found


def _place(found: Plan, as_name: str) -> None:
    here = Organisation.objects.filter(slug=found.slug).first()
    if here is None:
        return
    if name_only(here) and here.name == found.name:
        found.fills = here
    elif as_name and slugify(as_name) and not Organisation.objects.filter(slug=slugify(as_name)).exists():
        found.slug = slugify(as_name)[:80]
    else:
        found.refused.append(
            f"There is an organisation «{here.name}» ({here.slug}) here already, with content of its own. An archive is not mixed into it; "
            "give another name with --as-name."
        )


def name_only(organisation: Organisation) -> bool:
    """True for an organisation that is here as a name beside other organisations' acts, and has neither people nor content."""
    if Membership.objects.filter(organisation=organisation, person__is_active=True).exists():
        return False
    apart = {"people.organisation", "people.person", "people.membership"}
    stubs = {label for label, one in registered().items() if one.reference is not None}
    return not any(rows_of(one, organisation).exists() for label, one in registered().items() if label not in apart | stubs)


def _named(found: Plan, archive: Archive) -> None:
    keys: dict[tuple[str, str], Any] = {}

    def known(label: str, row_id: str) -> Any:
        return keys.get((label, row_id), -1)

    for line in archive.lines(REFERENCES):
        one = registered()[line.content["model"]]
        here: Model | None = one.reference.find(line.content, known)
        if here is not None:
            keys[one.label, line.content["id"]] = here.pk
            found.linked[one.label] = found.linked.get(one.label, 0) + 1
            continue
        obstacle, agree = one.reference.obstacle(line.content), one.reference.consent(line.content)
        if obstacle:
            found.refused.append(obstacle)
        elif agree:
            found.agreed.append(agree)


def _chunks(archive: Archive, name: str) -> Iterator[list[dict[str, Any]]]:
    chunk: list[dict[str, Any]] = []
    for line in archive.lines(name):
        chunk.append(line.content)
        if len(chunk) == CHUNK:
            yield chunk
            chunk = []
    if chunk:
        yield chunk


def sentences(found: Plan) -> Iterator[str]:
    """The plan in words, for the command line."""
    if found.fills is not None:
        yield f"{found.name} stands here as a name only; its content comes to it."
    else:
        yield f"{found.name} ({found.slug}) is made."
    for label, count in sorted(found.matched.items()):
        yield f"· {label}: {count} are here already (same e-mail address) and are linked."
    for label, count in sorted(found.linked.items()):
        yield f"· {label}: {count} that the archive only names stand here and are linked."
    if found.agreed:
        yield f"· frameworks.packversion: taken in as superseded: {', '.join(found.agreed)}."
    for heading, lists in (("taken here, gets a number", found.renamed), ("stands here too, which is allowed", found.noted)):
        for name, values in sorted(lists.items()):
            if values:
                more = f" and {len(values) - LISTED} more" if len(values) > LISTED else ""
                yield f"· {name}, {heading}: {', '.join(values[:LISTED])}{more}"
