"""Invitations, one-purpose links, and as whom one acts."""

from django.contrib import messages
from django.contrib.auth import login
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from trygg.kernel.access import Denied, Role, page, restrict
from trygg.kernel.ledger.once import once
from trygg.kernel.people import services
from trygg.kernel.people.forms import AcceptForm, AskForm, CodeForm, InviteForm
from trygg.kernel.people.middleware import ONE_PURPOSE, SESSION_KEY, has_second_factor
from trygg.kernel.people.models import Invitation, Membership, Organisation
from trygg.kernel.people.selectors import memberships_in_force, people_in

BACKEND = "django.contrib.auth.backends.ModelBackend"


@page(roles=(Role.ADMINISTRATOR,))
def people(request: HttpRequest) -> HttpResponse:
    """Who has which role here, and open invitations."""
    organisations = restrict(request.actor, "people.manage_organisation").order_by("name")
    groups = [(organisation, people_in(request.actor, organisation, now=request.now)) for organisation in organisations]
    waiting = restrict(request.actor, "people.manage_invitation").filter(
        accepted_at=None, withdrawn_at=None, expires_at__gt=request.now
    )
    return render(request, "people/people.html", {"groups": groups, "waiting": waiting.select_related("organisation")})


@page("people.manage_organisation", by="organisation_id", methods=("GET", "POST"))
@once
def invite(request: HttpRequest, organisation: Organisation) -> HttpResponse:
    form = InviteForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        services.invite(
            actor=request.actor, now=request.now, organisation=organisation, language=get_language() or "en", **form.cleaned_data
        )
        messages.success(request, _("The invitation is on its way to %(email)s.") % {"email": form.cleaned_data["email"]})
        return redirect("people:people")
    context = {"form": form, "organisation": organisation}
    return render(request, "people/invite.html", context, status=422 if form.errors else 200)


@page("people.manage_invitation", by="invitation_id", methods=("POST",))
def withdraw(request: HttpRequest, invitation: Invitation) -> HttpResponse:
    services.withdraw_invitation(actor=request.actor, now=request.now, invitation=invitation)
    messages.success(request, _("The invitation no longer works."))
    return redirect("people:people")


@page("people.manage_membership", by="membership_id", methods=("GET", "POST"))
def end_membership(request: HttpRequest, membership: Membership) -> HttpResponse:
    if request.method == "POST":
        services.end_membership(actor=request.actor, now=request.now, membership=membership)
        messages.success(request, _("%(name)s no longer has the role.") % {"name": membership.person.shown_name})
        return redirect("people:people")
    return render(request, "people/end_membership.html", {"membership": membership})


@page(roles=(Role.OFFICER, Role.ADMINISTRATOR, Role.COMMITTEE_SECRETARY), methods=("GET", "POST"))
@once
def ask(request: HttpRequest) -> HttpResponse:
    """Ask someone by a one-purpose link: who opens it and types the code lands on the page named by `for`, and sees what the
    organisation was asked."""
    path = request.GET.get("for", "")
    if not path.startswith("/assessments/") or not url_has_allowed_host_and_scheme(path, allowed_hosts=None):
        raise Http404
    organisations = restrict(request.actor, "people.invite_guest").order_by("name")
    form = AskForm(request.POST or None, organisations=organisations)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        vendor = given["organisation"].kind == Organisation.Kind.VENDOR
        services.make_purpose_link(
            actor=request.actor, now=request.now, role="vendor" if vendor else "contributor", path=path,
            language=get_language() or "en", **given,
        )  # fmt: skip
        messages.success(request, _("The link is on its way to %(email)s.") % {"email": given["email"]})
        return redirect(path)
    return render(request, "people/ask.html", {"form": form}, status=422 if form.errors else 200)


@page(public=True, methods=("GET", "POST"))
def accept(request: HttpRequest, token: str) -> HttpResponse:
    """An invitation that no longer works says so and whom to ask; it never says whose it was."""
    invitation = services.open_invitation(token, now=request.now)
    if invitation is None:
        return render(request, "people/link_over.html", status=410)
    form = AcceptForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            person = services.accept_invitation(actor=request.actor, now=request.now, token=token, **form.cleaned_data)
        except ValidationError as error:
            form.add_error(None if hasattr(error, "error_dict") else "password", error)
        else:
            if has_second_factor(person):  # the password alone does not let such a person in
                messages.success(request, _("You accepted. Sign in to go on."))
                return redirect("account_login")
            login(request, person, backend=BACKEND)
            return redirect("home")
    return render(request, "people/accept.html", {"form": form, "invitation": invitation}, status=422 if form.errors else 200)


@page(public=True, methods=("GET", "POST"))
def link(request: HttpRequest, token: str) -> HttpResponse:
    """First ask for the code: opening the link alone (a mail scanner does that) sends nothing and opens nothing."""
    if services.open_link(token, now=request.now) is None:
        return render(request, "people/link_over.html", status=410)
    if request.method == "POST":
        try:
            services.send_link_code(actor=request.actor, now=request.now, token=token, language=get_language() or "en")
        except ValidationError as error:
            messages.warning(request, " ".join(error.messages))
        return redirect("people:link_code", token=token)
    return render(request, "people/link.html", {"token": token})


@page(public=True, methods=("GET", "POST"))
def link_code(request: HttpRequest, token: str) -> HttpResponse:
    if services.open_link(token, now=request.now) is None:
        return render(request, "people/link_over.html", status=410)
    form = CodeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            used = services.use_link_code(actor=request.actor, now=request.now, token=token, code=form.cleaned_data["code"])
        except Denied:
            form.add_error("code", _("The code has been tried too often, or is too old. Ask for a new one."))
        else:
            if used is not None:
                request.session.flush()  # whoever was signed in here is not any more
                login(request, used.membership.person, backend=BACKEND)
                request.session[SESSION_KEY] = used.membership_id
                request.session[ONE_PURPOSE] = True
                return redirect(used.path)
            form.add_error("code", _("That is not the code. Look in the newest e-mail, and type all eight digits."))
    return render(request, "people/link_code.html", {"form": form, "token": token}, status=422 if form.errors else 200)


@page(methods=("GET", "POST"))
def act_as(request: HttpRequest) -> HttpResponse:
    """Choose in which role one acts, for those who have several."""
    mine = memberships_in_force(request.user, now=request.now)
    if request.session.get(ONE_PURPOSE):
        mine = mine.filter(pk=request.actor.membership_id)
    if request.method == "POST":
        chosen = next((m for m in mine if str(m.pk) == request.POST.get("membership")), None)
        if chosen is not None:
            request.session[SESSION_KEY] = chosen.pk
            return redirect(reverse("home"))
        messages.warning(request, _("Choose one of your roles."))
    return render(request, "people/act_as.html", {"memberships": mine}, status=422 if request.method == "POST" else 200)


@page(public=True)
def by_invitation(request: HttpRequest) -> HttpResponse:
    """There is no signing up: people come by invitation."""
    return render(request, "people/not_invited.html")
