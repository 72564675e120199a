"""`trygg status`: how a matter's case stands, for people and for programs."""

import json
from enum import StrEnum
from typing import Annotated, Any

import typer

from trygg.front.cli.common import FINE, PROBLEM, django, say, wrong


class Format(StrEnum):
    TEXT = "text"
    JSON = "json"


def status(
    matter: Annotated[str, typer.Argument(metavar="MATTER", help="The matter's key, as in its address.")],
    format: Annotated[Format, typer.Option(help="text or json.")] = Format.TEXT,
) -> None:
    """Say what stands, what is missing, stale or contested. Exit 1 when something is, or when its use is prohibited."""
    django()
    from trygg.spine.matters.models import Matter

    found = Matter.objects.filter(key=matter).select_related("owner", "system", "case").first()
    if found is None:
        wrong(f"There is no matter «{matter}».")
    data = describe(found)
    if format is Format.JSON:
        say(json.dumps(data, ensure_ascii=False, indent=2))
    else:
        _say_text(data)
    good = not data["prohibited"] and not any(data["counts"].get(state) for state in ("contested", "missing", "stale"))
    raise typer.Exit(FINE if good else PROBLEM)


def describe(matter: Any) -> dict[str, Any]:
    """The matter and its case as plain data, in English."""
    from django.urls import reverse

    from trygg.kernel.access import Actor
    from trygg.spine.assurance.selectors import case_view

    view = case_view(Actor.system("status"), matter)
    case = getattr(matter, "case", None)
    return {
        "matter": matter.key, "title": matter.title, "kind": matter.kind, "stage": matter.stage, "owner": matter.owner.slug,
        "system": matter.system.name if matter.system else None, "url": reverse("matters:case", kwargs={"matter_key": matter.key}),
        "prohibited": bool(case and case.prohibited), "depth": case.depth if case else None,
        "counts": {str(name): n for name, n in view.counts.items()} if view else {},
        "claims": [
            {"claim": claim.title, "status": str(claim.status), "reasons": [str(one.text) for one in claim.reasons], "owner": str(claim.owner)}
            for claim in (view.claims if view else ())
        ],
        "needed": [question for _fact, question in (view.needed if view else ())],
    }  # fmt: skip


def _say_text(data: dict[str, Any]) -> None:
    say(f"{data['title']} ({data['matter']}), {data['kind']}, {data['stage'].replace('_', ' ')}")
    if data["prohibited"]:
        say("! Its use is prohibited.")
    say(", ".join(f"{n} {state}" for state, n in data["counts"].items()) or "It has no case yet.")
    for claim in data["claims"]:
        if claim["status"] != "supported":
            say(f"{claim['status']}: {claim['claim']}")
            for reason in claim["reasons"]:
                say(f"    {reason}")
    for question in data["needed"]:
        say(f"not answered: {question}")
