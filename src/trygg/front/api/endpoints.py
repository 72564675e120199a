"""The endpoints: matters and claims for who is signed in, the public register for everyone."""

from typing import Annotated, Literal

from django.http import Http404, HttpRequest, HttpResponse
from django.utils import translation
from ninja import Path, Query, Router, Status

from trygg.front.api import schemas
from trygg.front.public import exports
from trygg.kernel.access import Actor, restrict
from trygg.spine.assurance.models import Case, Evidence
from trygg.spine.assurance.selectors import claim_title, fact_questions, ref_words, requirement_of
from trygg.spine.assurance.wording import reason_state, reason_text
from trygg.spine.matters.models import Matter
from trygg.spine.matters.selectors import matters_seen, search_matters
from trygg.spine.papers.assembling import paper_of
from trygg.spine.papers.selectors import template_bytes
from trygg.spine.papers.word import word_of
from trygg.spine.publication import selectors
from trygg.spine.publication.models import EntryVersion
from trygg.spine.publication.selectors import Search

# Said by every endpoint, so that a client can handle them everywhere in the same way.
FAULTS = {401: schemas.Problem, 403: schemas.Problem, 404: schemas.Problem, 422: schemas.Invalid}

Key = Annotated[str, Path(max_length=80, pattern=r"^[-a-zA-Z0-9_]+$")]
Words = Annotated[str, Query(max_length=200, description="Every word must be there.")]
Limit = Annotated[int, Query(ge=1, le=100)]
Offset = Annotated[int, Query(ge=0, le=1_000_000)]
Language = Annotated[Literal["en", "sv"], Query(description="Of the worded claims and reasons.")]
Kind = Annotated[Literal["", "deployment", "exposure", "plan"], Query()]

WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"

matters = Router(tags=["matters"])
register = Router(tags=["register"])


# Matters ----------------------------------------------------------------------------------------


@matters.get("", response={200: schemas.MatterPage, **FAULTS}, summary="Matters that you may see, newest change first")
def list_matters(request: HttpRequest, q: Words = "", kind: Kind = "", limit: Limit = 25, offset: Offset = 0):
    rows = search_matters(matters_seen(request.actor), q.replace("\0", " "), kind=kind)
    return {"count": rows.count(), "items": [_brief(matter) for matter in rows[offset : offset + limit]]}


@matters.get(
    "/{key}", response={200: schemas.MatterDetail, **FAULTS}, summary="One matter, with what is known about it"
)
def get_matter(request: HttpRequest, key: Key):
    matter = _matter(request.actor, key)
    case = _case(matter)
    system = matter.system
    return _brief(matter) | {
        "summary": matter.summary,
        "jurisdiction": matter.jurisdiction,
        "secrecy": matter.secrecy,
        "deciding_body": matter.deciding_body,
        "system": system
        and {"id": system.pk, "name": system.name, "vendor": system.vendor_name, "version": matter.system_version},
        "children": {
            name: getattr(matter, f"children_{name}")
            for name in ("where", "told", "say_no", "object", "human", "correct")
        },
        "facts": [
            {"name": f.name, "state": f.state, "value": f.value, "said_at": f.said_at} for f in matter.facts.all()
        ],
        "facts_needed": [need["fact"] for need in case.screening.get("needed", [])] if case else [],
    }


@matters.get(
    "/{key}/claims", response={200: schemas.ClaimList, **FAULTS}, summary="What must hold, and whether it does"
)
def list_claims(request: HttpRequest, key: Key, language: Language = "en"):
    matter = _matter(request.actor, key)
    case = _case(matter)
    if case is None:
        return {"count": 0, "items": []}
    rows = (
        restrict(request.actor, "assurance.view_claim")
        .filter(case=case)
        .select_related("pack")
        .defer("pack__content")
        .order_by("order", "pk")
    )
    titles = {
        str(pk): title for pk, title in Evidence.objects.filter(case=case, withdrawn_at=None).values_list("pk", "title")
    }
    with translation.override(language):
        facts = fact_questions()
        items = [_claim(claim, titles, facts) for claim in rows]
    return {"count": len(items), "items": items}


@matters.get(
    "/{key}/papers/{paper}",
    response={200: bytes, **FAULTS},
    summary="A paper about a matter: the committee report of two pages, or the full report",
    openapi_extra={"responses": {200: {"description": "The file", "content": {"application/pdf": {}, WORD: {}}}}},
)
def get_paper(
    request: HttpRequest,
    key: Key,
    paper: Annotated[Literal["report", "full"], Path()],
    format: Annotated[Literal["pdf", "docx"], Query()] = "pdf",
    language: Language = "en",
):
    matter = _matter(request.actor, key)
    made = paper_of(matter, request.actor, paper, language, request.now)
    if format == "pdf":
        return HttpResponse(made.pdf, content_type="application/pdf")
    template = template_bytes(request.actor, matter.owner, paper, language)
    return HttpResponse(word_of(made.data, language, template), content_type=WORD)


def _matter(actor: Actor, key: str) -> Matter:
    """The matter, if the actor may see it; else 404, never a hint that it exists."""
    matter = matters_seen(actor).filter(key=key).first()
    if matter is None:
        raise Http404("There is no such matter, or it is not shared with you.")
    return matter


def _case(matter: Matter) -> Case | None:
    return getattr(matter, "case", None)


def _brief(matter: Matter) -> dict:
    case = _case(matter)
    return {
        "key": matter.key,
        "title": matter.title,
        "kind": matter.kind,
        "stage": matter.stage,
        "owner": {"slug": matter.owner.slug, "name": matter.owner.name},
        "diary_number": matter.diary_number,
        "depth": case.depth if case else "",
        "prohibited": bool(case and case.prohibited),
        "counts": case.counts if case else {},
        "updated_at": matter.updated_at,
    }


def _claim(claim, titles: dict, facts: dict) -> dict:
    framework, requirement = requirement_of(claim)
    return {
        "id": claim.pk,
        "requirement": claim.requirement_id,
        "framework": framework.id if framework else "",
        "origin": claim.origin,
        "status": claim.status,
        "text": claim_title(claim, requirement),
        "refs": " · ".join(dict.fromkeys(ref_words(ref) for ref in requirement.refs)) if requirement else "",
        "reasons": [
            {"status": reason_state(reason), "text": reason_text(reason, titles, facts)} for reason in claim.reasons
        ],
        "due_on": claim.due_on,
        "changed_at": claim.changed_at,
    }


# The public register ----------------------------------------------------------------------------


@register.get("", auth=None, response={200: schemas.EntryPage, **FAULTS}, summary="What is published, newest first")
def list_register(
    request: HttpRequest,
    q: Words = "",
    kind: Kind = "",
    owner: Annotated[str, Query(max_length=80)] = "",
    limit: Limit = 25,
    offset: Offset = 0,
):
    rows = selectors.register_list(request.actor, Search(text=q, kind=kind, owner=owner.replace("\0", " ")))
    base = _base(request)
    return {"count": rows.count(), "items": [exports.row_json(row, base) for row in rows[offset : offset + limit]]}


@register.get(
    "/{slug}",
    auth=None,
    response={200: schemas.EntryDetail, 410: schemas.EntryDetail, **FAULTS},
    summary="What was published last about a matter",
)
def get_entry(request: HttpRequest, slug: Key):
    version = selectors.public_version(request.actor, slug)
    if version is None:
        raise Http404("There is no such page in the register.")
    answer = exports.entry_json(version, selectors.public_versions(request.actor, version.entry), _base(request))
    return Status(410 if version.state == EntryVersion.State.RETRACTED else 200, answer)


def _base(request: HttpRequest) -> str:
    return f"{request.scheme}://{request.get_host()}"
