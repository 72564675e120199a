"""A published version, for the vendor and for those who use the product; withdrawing it; and the review at one matter."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from trygg.apps.assessments.dossier import services
from trygg.apps.assessments.dossier.forms import ReviewForm, WithdrawForm
from trygg.apps.assessments.dossier.models import DossierReview, DossierVersion
from trygg.apps.assessments.dossier.reviews import review_of
from trygg.apps.assessments.dossier.selectors import lines_of, newest_of, not_answered
from trygg.apps.assessments.dossier.views.drafting import refused
from trygg.apps.assessments.forms import posted
from trygg.kernel.access import may, page

WITH = ("dossier__vendor", "pack")


@page("assessments.view_dossier_version", by="version_id", related=WITH)
def version_page(request: HttpRequest, version: DossierVersion) -> HttpResponse:
    """What the vendor says of the product, in one version, with what is different from the one before."""
    versions = list(version.dossier.versions.select_related("pack"))
    before = next((each for each in versions if each.number < version.number), None)
    sections = lines_of(version, before)
    context = {
        "version": version,
        "dossier": version.dossier,
        "before": before,
        "sections": sections,
        "open": not_answered(version),
        "changed": [line for _title, lines in sections for line in lines if line.changed] if before else [],
        "versions": versions,
        "newest": newest_of(versions),
        "own": may(request.actor, "assessments.edit_dossier", version.dossier),
        "may_withdraw": may(request.actor, "assessments.withdraw_dossier", version),
    }
    return render(request, "assessments/dossier/version.html", context)


@page("assessments.withdraw_dossier", by="version_id", related=WITH, methods=("GET", "POST"))
def withdraw(request: HttpRequest, version: DossierVersion) -> HttpResponse:
    """Say that a version does not hold, and why."""
    form = WithdrawForm(posted(request))
    if request.method == "POST" and form.is_valid():
        try:
            services.withdraw_dossier(actor=request.actor, now=request.now, version=version, reason=form.cleaned_data["reason"])
        except ValidationError as error:
            refused(form, error)
        else:
            messages.success(request, _("Version %(n)d is withdrawn. Everyone who uses the product is asked to look.") % {"n": version.number})
            return redirect("assessments:dossier_version", version_id=version.pk)
    others = [each for each in version.dossier.versions.all() if each.pk != version.pk]
    context = {"form": form, "version": version, "dossier": version.dossier, "left": newest_of(others)}
    return render(request, "assessments/dossier/withdraw.html", context, status=422 if form.errors else 200)


@page("assessments.view_review", by="review_id", related=("matter", "version__dossier__vendor", "dossier"), methods=("GET", "POST"))
def review_page(request: HttpRequest, review: DossierReview) -> HttpResponse:
    """What the vendor changed of what was taken over here: keep, take the new, or clear, for each."""
    found = review_of(request.actor, review)
    answers = may(request.actor, "assessments.answer_review", review)
    form = ReviewForm(found.changed, posted(request))
    if request.method == "POST" and form.is_valid():
        try:
            services.answer_review(
                actor=request.actor, now=request.now, review=review, choices=form.choices(), seen=request.POST.get("seen", "")
            )
        except ValidationError as error:
            refused(form, error)
        else:
            messages.success(request, _("It is looked through. What you chose stands now."))
            return redirect("matters:case", matter_key=review.matter.key)
        found = review_of(request.actor, review)
        form = _again(found, form)
    context = {
        "review": review,
        "found": found,
        "form": form,
        "lines": [(each, form[f"choice-{each.key}"]) for each in found.changed if f"choice-{each.key}" in form.fields],
        "may_answer": answers,
        "version": review.version,
        "dossier": review.dossier,
        "matter": review.matter,
    }
    return render(request, "assessments/dossier/review.html", context, status=422 if form.errors else 200)


def _again(found, form: ReviewForm) -> ReviewForm:
    """The form for what is to be looked at now, with what was chosen and what was wrong."""
    again = ReviewForm(found.changed, form.data)
    again.is_valid()
    for name, problems in form.errors.items():
        if name not in again.errors:
            again.add_error(name if name in again.fields else None, list(problems))
    return again
