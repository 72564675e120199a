"""Pages of one claim: why it has its status, evidence, objections, who owns it."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from trygg.kernel.access import may, page, restrict
from trygg.kernel.files.selectors import files_of
from trygg.kernel.files.uploads import UploadRefused, read_upload
from trygg.kernel.ledger.once import once
from trygg.spine.assurance import forms, services
from trygg.spine.assurance.documents import SOURCE
from trygg.spine.assurance.models import Claim, Evidence
from trygg.spine.assurance.selectors import (
    claim_title,
    evidence_for,
    fact_questions,
    requirement_of,
    wanted_documents,
    worded,
)
from trygg.spine.frameworks.selectors import words


def add_errors(form, error: ValidationError) -> None:
    if hasattr(error, "error_dict"):
        for name, errors in error.error_dict.items():
            form.add_error(name if name in form.fields else None, errors)
    else:
        form.add_error(None, error)


def first_page(piece: Evidence) -> int | None:
    """The page at which the piece's document is opened."""
    pages = piece.params.get("pages") if piece.source_type == SOURCE else None
    return pages[0][0] if pages else None


@page("assurance.view_claim", by="claim_id")
def claim(request: HttpRequest, claim: Claim) -> HttpResponse:
    """Why the claim has its status, what supports and contests it, and what can be done."""
    framework, requirement = requirement_of(claim)
    pieces = evidence_for(request.actor, claim)
    files = files_of(request.actor, "assurance.evidence", [str(piece.pk) for piece in pieces])
    old = [piece.source_id for piece in pieces if piece.source_type == SOURCE]
    old_files = files_of(request.actor, SOURCE, old) if old else {}
    titles = {str(piece.pk): piece.title for piece in pieces}
    facts = fact_questions()
    matter = claim.case.matter
    rows = [
        (piece, old_files.get(piece.source_id, []) if piece.source_type == SOURCE else files.get(str(piece.pk), []), first_page(piece))
        for piece in pieces
    ]
    context = {
        "claim": claim,
        "matter": matter,
        "title": claim_title(claim, requirement),
        "plain": claim_title(claim, requirement, reading="plain"),
        "framework": words(framework.title) if framework else "",
        "requirement": requirement,
        "source": framework.sources.get(requirement.source) if framework else None,
        "next": words(requirement.next) if requirement else "",
        "reasons": worded(claim.reasons, titles, facts),
        "pieces": [row for row in rows if row[0].withdrawn_at is None],
        "withdrawn": [row for row in rows if row[0].withdrawn_at is not None],
        "kinds": wanted_documents(claim),
        "may_view_matter": may(request.actor, "matters.view_matter", matter),
        "may_add": may(request.actor, "assurance.add_evidence", claim),
        "may_attach": may(request.actor, "assurance.attach_documents", matter),
        "may_contest": may(request.actor, "assurance.contest_claim", claim),
        "may_manage": may(request.actor, "assurance.assign_claim", claim),
    }
    return render(request, "assurance/claim.html", context)


@page("assurance.add_evidence", by="claim_id", methods=("GET", "POST"))
@once
def document(request: HttpRequest, claim: Claim) -> HttpResponse:
    form = forms.DocumentForm(request.POST or None, request.FILES or None, kinds=wanted_documents(claim))
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            upload = read_upload(given["file"]) if given["file"] else None
            services.add_document(
                actor=request.actor, now=request.now, claim=claim, document=given["document"], title=given["title"], note=given["note"],
                valid_until=given["valid_until"], upload=upload,
            )  # fmt: skip
        except UploadRefused as refused:
            form.add_error("file", str(refused))
        except ValidationError as error:
            add_errors(form, error)
        else:
            messages.success(request, _("The document counts from now on."))
            return redirect("case:claim", claim_id=claim.pk)
    return _form(request, claim, form, _("Add a document"), _("Add the document"), multipart=True)


@page("assurance.contest_claim", by="claim_id", methods=("GET", "POST"))
@once
def contest(request: HttpRequest, claim: Claim) -> HttpResponse:
    form = forms.ContestForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            services.contest_claim(actor=request.actor, now=request.now, claim=claim, **form.cleaned_data)
        except ValidationError as error:
            add_errors(form, error)
        else:
            messages.success(request, _("The claim is contested until someone settles it."))
            return redirect("case:claim", claim_id=claim.pk)
    return _form(request, claim, form, _("Say that the claim does not hold"), _("Contest the claim"))


@page("assurance.manage_evidence", by="piece_id", methods=("GET", "POST"))
def settle(request: HttpRequest, piece: Evidence) -> HttpResponse:
    form = forms.SettleForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            services.settle_contest(actor=request.actor, now=request.now, piece=piece, answer=form.cleaned_data["answer"])
        except ValidationError as error:
            add_errors(form, error)
        else:
            messages.success(request, _("The objection is settled."))
            return redirect("case:claim", claim_id=piece.claim_id) if piece.claim_id else redirect("matters:case", piece.case.matter.key)
    return _form(request, piece.claim, form, _("Settle the objection"), _("Settle the objection"), lede=piece.title)


@page("assurance.manage_evidence", by="piece_id", methods=("POST",))
def withdraw(request: HttpRequest, piece: Evidence) -> HttpResponse:
    services.withdraw_document(actor=request.actor, now=request.now, piece=piece)
    messages.success(request, _("It no longer counts. It can still be read in the record."))
    return redirect("matters:case", matter_key=piece.case.matter.key)


@page("assurance.assign_claim", by="claim_id", methods=("GET", "POST"))
def assign(request: HttpRequest, claim: Claim) -> HttpResponse:
    people = restrict(request.actor, "people.view_membership").filter(valid_until=None).select_related("person", "organisation")
    form = forms.AssignForm(request.POST or None, people=people, initial={"owner": claim.owner_id, "due_on": claim.due_on})
    if request.method == "POST" and form.is_valid():
        _framework, requirement = requirement_of(claim)
        services.assign_claim(
            actor=request.actor, now=request.now, claim=claim, wording=dict(requirement.claim) if requirement else claim.text,
            **form.cleaned_data,
        )  # fmt: skip
        messages.success(request, _("Saved. The person sees it under what waits."))
        return redirect("case:claim", claim_id=claim.pk)
    return _form(request, claim, form, _("Who shows that it holds, and by when?"), _("Save"))


def _form(request, claim, form, heading, button, *, multipart=False, lede="") -> HttpResponse:
    _framework, requirement = requirement_of(claim) if claim else (None, None)
    context = {
        "form": form, "claim": claim, "matter": claim.case.matter if claim else None, "heading": heading, "button": button,
        "lede": lede or (claim_title(claim, requirement) if claim else ""), "multipart": multipart,
    }  # fmt: skip
    return render(request, "assurance/form.html", context, status=422 if form.errors else 200)
