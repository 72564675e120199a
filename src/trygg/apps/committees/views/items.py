"""An item of a committee: one page that shows where it stands, and the deeds that take it further."""

from collections.abc import Callable

from django import forms as django_forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from trygg.apps.committees import forms, selectors, services, words
from trygg.apps.committees.models import Condition, Dissent, Item, Seat
from trygg.apps.committees.papers import ways_of
from trygg.apps.committees.selectors import ITEM_SHOWN, ItemView
from trygg.apps.committees.services.advising import WAYS
from trygg.apps.committees.snapshots import code_of, snapshot_view
from trygg.apps.committees.views.meetings import people_seen
from trygg.kernel.access import page
from trygg.kernel.people.models import StakeholderGroup
from trygg.kernel.ui import parts
from trygg.kernel.ui.words import fullday, percent, shortday
from trygg.spine.meetings.models import Meeting

State = Item.State
STEPS = {State.PLANNED: 0, State.OPINIONS: 1, State.DISCUSSION: 2, State.VOTING: 3, State.COUNTED: 4, State.ADVISED: 4, State.ANSWERED: 4}
MOST_CONDITIONS = 8


def language() -> str:
    return (get_language() or "en").split("-")[0]


@page("committees.view_item", by="item_id", related=ITEM_SHOWN)
def item(request: HttpRequest, item: Item) -> HttpResponse:
    return item_page(request, item)


def item_page(request: HttpRequest, item: Item, *, form: django_forms.Form | None = None, problems: tuple[str, ...] = ()) -> HttpResponse:
    """The page of an item at its present state; `form` is one that was refused, `problems` what was said of a deed without a form."""
    view = selectors.item_view(request.actor, item)
    own = _own_form(view)
    kept: list[tuple[str, str]] = []
    if form is not None and type(form) is not type(own):  # the item has moved on: what was written is shown, to copy
        problems = (*problems, *(message for messages_ in form.errors.values() for message in messages_))
        kept = [(str(field.label), field.value()) for field in form if isinstance(field.value(), str) and field.value().strip()]
        form = None
    context = {
        "item": item, "view": view, "form": form or own, "problems": problems, "kept": kept,
        "steps": [_("Interests"), _("First opinion"), _("Discussion"), _("Vote"), _("Advice")], "step": STEPS[State(item.state)],
        "state_template": f"committees/states/{item.state}.html",
        "frozen": shortday(item.snapshot.made_at), "code": code_of(item.snapshot.content_hash),
        "barred": words.barred(view.mine.bar) if view.mine and view.mine.bar else "",
        "outside": [(s.seat, words.bar(s.bar) if s.bar else "") for s in view.outside],
        "may_decide": view.decides,
        "meeting_open": item.meeting.state == Meeting.State.OPEN,
        "aside_files": aside_files(item), "condition_rows": condition_rows(view),
        "marks": sealed_marks(view),
    } | _result(view, request)  # fmt: skip
    return render(request, "committees/item.html", context, status=422 if problems or (form is not None and form.errors) else 200)


def _own_form(view: ItemView) -> django_forms.Form | None:
    """The form that waits for the member at this state, with what was given before."""
    if not view.inside:
        return None
    if view.item.state == State.OPINIONS and view.mine.present is not False:
        own = view.own_opinion
        return forms.OpinionForm(initial={"opinion": own.opinion, "reason": own.reason} if own else None)
    if view.item.state == State.VOTING and view.mine.present is True:
        return forms.VoteForm(initial={"ballot": view.own_vote.ballot} if view.own_vote else None)
    if view.item.state == State.COUNTED and view.mine.present is True:
        return forms.DissentForm(initial={"text": view.own_dissent.text} if view.own_dissent else None)
    return None


def _result(view: ItemView, request: HttpRequest) -> dict:
    """The result in words, when the actor may see it."""
    if not view.sees_result:
        return {"silent": selectors.silent_rows(view.roll)}
    result, item = view.item.result, view.item
    power = [{**row, "name": words.group_name(row["group"])} for row in result["power"]]
    return {
        "result": result,
        "lede": lede(view),
        "rows": selectors.seat_rows(result, before=view.sees_opinions),
        "rules": [("supported" if reason["met"] else "missing", words.reason_line(reason)) for reason in result["reasons"]],
        "changed": [words.changed_line(change) for change in result["changed"]] if view.sees_opinions else [],
        "decisive": words.listed(words.group_name(group).lower() for group in result["decisive"]["groups"]),
        "power": power,
        "power_sentence": power_sentence(power),
        "conditions": [_condition_claim(condition) for condition in view.conditions],
        "dissents": [(d, words.dissent_by(d, d.joined.all()), _may_join(view, d)) for d in view.dissents],
        "advice_public": selectors.public_advice(item, today=timezone.localdate(request.now)) if view.advice else None,
    }


def sealed_marks(view: ItemView) -> list[bool]:
    """An envelope for each answer, a place for each that is waited for: in no order that tells whose."""
    given, all_ = (view.voted, view.voters) if view.item.state == State.VOTING else (view.answered, view.expected)
    return [True] * given + [False] * (all_ - given)


def condition_rows(view: ItemView) -> list[tuple[str, str]]:
    """(text, who and by when) of each condition."""
    rows = []
    for condition in view.conditions:
        said = [condition.owner.organisation.name if condition.owner else "", shortday(condition.due_on)]
        rows.append((condition.words(language()), ", ".join(part for part in said if part)))
    return rows


def lede(view: ItemView) -> str:
    """The state of things in two or three sentences: the advice or the outcome, the votes, who stood aside."""
    result, item = view.item.result, view.item
    if view.advice:
        n = len(view.conditions)
        kind = words.kind(view.advice.kind).lower()
        first = _("The committee's advice: %(kind)s.") % {"kind": words.kind_with_count(kind, n)}
    elif result["passed"]:
        first = _("The proposal is carried.")
    elif result["carried"]:
        first = _("More voted for than against, but the committee is not quorate: the advice is preliminary.")
    else:
        first = _("The proposal is not carried.")
    said = [first, words.tally_line(result["tally"])]
    out = sum(mark == "out" for _group, mark in result["marks"])
    if out:
        said.append(words.outside_line(out))
    if view.advice and view.advice.preliminary:
        said.append(_("The committee was not quorate, so the advice is preliminary."))
    if item.state == State.ADVISED and not view.decision:
        said.append(_("The answer is due on %(day)s.") % {"day": fullday(view.advice.answer_due_on)})
    return " ".join(said)


def power_sentence(power: list[dict]) -> str:
    """What the rule makes of the children's seats; of those whose say is farthest below their seats when no child sits there."""
    if not power:
        return ""
    least = min(power, key=lambda row: row["banzhaf_share"] - row["seat_share"])
    shown = next((row for row in power if row["group"] == StakeholderGroup.CHILDREN), least)
    return _("%(name)s have %(seats)s of the seats and %(say)s of the say under this rule.") % {
        "name": shown["name"], "seats": percent(shown["seat_share"]), "say": percent(shown["banzhaf_share"])
    }  # fmt: skip


def _condition_claim(condition: Condition) -> parts.Claim:
    if condition.claim is not None:
        status, note = condition.claim.status, _("Is a claim of the case")
    elif condition.taken_on is False:
        status, note = "missing", _("Not taken on by the body that decides")
    else:
        status, note = "missing", _("Becomes a claim when the body that decides takes it on")
    owner = condition.owner.organisation.name if condition.owner else ""
    return parts.Claim(title=condition.words(language()), status=status, owner=owner, due=condition.due_on, note=note)


def _may_join(view: ItemView, dissent: Dissent) -> bool:
    if view.item.state != State.COUNTED or not view.inside or view.mine.present is not True:
        return False
    seat = view.mine.seat.pk
    return dissent.seat_id != seat and seat not in {joined.pk for joined in dissent.joined.all()}


def aside_files(item: Item) -> list[parts.FileItem]:
    return [
        parts.FileItem(_("Two pages about the matter (PDF)"), url=reverse("committees:paper_pdf", args=[item.pk])),
        parts.FileItem(_("Two pages about the matter (Word)"), url=reverse("committees:paper_word", args=[item.pk])),
        parts.FileItem(
            _("Frozen snapshot, %(day)s") % {"day": shortday(item.snapshot.made_at)}, icon="lock", url=reverse("committees:snapshot", args=[item.pk])
        ),
    ]  # fmt: skip


@page("committees.view_item", by="item_id")
def snapshot(request: HttpRequest, item: Item) -> HttpResponse:
    """The frozen snapshot: all that the committee advises on, in the words of the day it was frozen."""
    return render(request, "committees/snapshot.html", {"item": item, "snapshot": snapshot_view(item.snapshot), "frozen": item.snapshot.made_at})


# --- deeds ---------------------------------------------------------------------------------------------------------


def _deed(request: HttpRequest, item: Item, service: Callable, done: str, **given) -> HttpResponse:
    """A button without a form: the service, a message; a refusal is shown on the item's page."""
    try:
        service(actor=request.actor, now=request.now, item=item, **given)
    except ValidationError as error:
        item.refresh_from_db()
        return item_page(request, item, problems=tuple(error.messages))
    messages.success(request, done)
    return redirect("committees:item", item_id=item.pk)


def _said(request: HttpRequest, item: Item, form: django_forms.Form, service: Callable, done: str) -> HttpResponse:
    """A form on the item's page: refused, it stands there again with what was written."""
    if form.is_valid():
        try:
            service(actor=request.actor, now=request.now, item=item, **form.cleaned_data)
        except ValidationError as error:
            item.refresh_from_db()
            forms.put_errors(form, error)
        else:
            messages.success(request, done)
            return redirect("committees:item", item_id=item.pk)
    return item_page(request, item, form=form)


@page("committees.take_part", by="item_id", methods=("POST",))
def opinion(request: HttpRequest, item: Item) -> HttpResponse:
    return _said(request, item, forms.OpinionForm(request.POST), services.give_opinion, _("Your answer is sealed."))


@page("committees.take_part", by="item_id", methods=("POST",))
def vote(request: HttpRequest, item: Item) -> HttpResponse:
    return _said(request, item, forms.VoteForm(request.POST), services.cast_vote, _("Your vote is in. You can change it until the vote closes."))


@page("committees.take_part", by="item_id", methods=("POST",))
def dissent(request: HttpRequest, item: Item) -> HttpResponse:
    return _said(request, item, forms.DissentForm(request.POST), services.write_dissent, _("Your dissenting opinion is saved."))


@page("committees.join_dissent", by="dissent_id", methods=("POST",))
def join_dissent(request: HttpRequest, dissent: Dissent) -> HttpResponse:
    try:
        services.join_dissent(actor=request.actor, now=request.now, dissent=dissent)
    except ValidationError as error:
        return item_page(request, dissent.item, problems=tuple(error.messages))
    messages.success(request, _("You stand behind the dissenting opinion."))
    return redirect("committees:item", item_id=dissent.item_id)


@page("committees.take_part", by="item_id", methods=("GET", "POST"))
def interest(request: HttpRequest, item: Item) -> HttpResponse:
    view = selectors.item_view(request.actor, item)
    own = view.own_interest
    form = forms.InterestForm(request.POST or None, initial={"text": own.text} if own else None)
    if request.method == "POST" and form.is_valid():
        try:
            services.declare_interest(actor=request.actor, now=request.now, item=item, **form.cleaned_data)
        except ValidationError as error:
            forms.put_errors(form, error)
        else:
            messages.success(request, _("Your interest is noted. The committee reads it."))
            return redirect("committees:item", item_id=item.pk)
    return render(request, "committees/interest.html", {"form": form, "item": item}, status=422 if form.errors else 200)


@page("committees.run_item", by="item_id", methods=("GET", "POST"))
def recuse(request: HttpRequest, item: Item) -> HttpResponse:
    view = selectors.item_view(request.actor, item)
    inside = [standing.seat.pk for standing in view.roll if not standing.outside]
    seats = Seat.objects.filter(pk__in=inside).select_related("membership__person")
    form = forms.RecusalForm(request.POST or None, seats=seats)
    if request.method == "POST" and form.is_valid():
        try:
            services.note_recusal(actor=request.actor, now=request.now, item=item, **form.cleaned_data)
        except ValidationError as error:
            forms.put_errors(form, error)
        else:
            messages.success(request, _("The recusal is noted."))
            return redirect("committees:item", item_id=item.pk)
    return render(request, "committees/recuse.html", {"form": form, "item": item, "view": view}, status=422 if form.errors else 200)


@page("committees.run_item", by="item_id", methods=("POST",))
def ask_opinions(request: HttpRequest, item: Item) -> HttpResponse:
    return _deed(request, item, services.ask_opinions, _("The members are asked for their first opinion."))


@page("committees.run_item", by="item_id", methods=("POST",))
def open_opinions(request: HttpRequest, item: Item) -> HttpResponse:
    return _deed(request, item, services.open_opinions, _("The first opinions are open."))


@page("committees.run_item", by="item_id", methods=("POST",))
def close_voting(request: HttpRequest, item: Item) -> HttpResponse:
    return _deed(request, item, services.close_voting, _("The vote is closed and counted."))


@page("committees.run_item", by="item_id", methods=("POST",))
def new_proposal(request: HttpRequest, item: Item) -> HttpResponse:
    return _deed(request, item, services.take_new_proposal, _("The discussion is open again."))


@page("committees.run_item", by="item_id", methods=("GET", "POST"))
def notes(request: HttpRequest, item: Item) -> HttpResponse:
    sent = request.POST if request.method == "POST" else None
    form = forms.NotesForm(sent, initial={"notes": item.notes})
    if request.method == "POST" and form.is_valid():
        try:
            services.write_notes(actor=request.actor, now=request.now, item=item, **form.cleaned_data)
        except ValidationError as error:
            forms.put_errors(form, error)
        else:
            messages.success(request, _("The notes are saved."))
            return redirect("committees:item", item_id=item.pk)
    return render(request, "committees/notes.html", {"form": form, "item": item}, status=422 if form.errors else 200)


@page("committees.run_item", by="item_id", methods=("GET", "POST"))
def propose(request: HttpRequest, item: Item) -> HttpResponse:
    """The proposal that is voted on, with its conditions."""
    people = people_seen(request.actor)
    form = forms.ProposalForm(request.POST or None)
    try:
        rows = min(max(int(request.GET.get("conditions", 3)), 1), MOST_CONDITIONS)
    except ValueError:
        rows = 3
    conditions = forms.ConditionFormSet(
        request.POST or None, prefix="conditions", form_kwargs={"people": people}, initial=[{} for _row in range(rows)]
    )
    if request.method == "POST" and form.is_valid() and conditions.is_valid():
        texts = [made for made in (row.condition() for row in conditions) if made is not None]
        try:
            services.open_voting(actor=request.actor, now=request.now, item=item, conditions=texts, **form.cleaned_data)
        except ValidationError as error:
            forms.put_errors(form, error)
        else:
            messages.success(request, _("The vote is open."))
            return redirect("committees:item", item_id=item.pk)
    wrong = bool(form.errors) or (request.method == "POST" and not conditions.is_valid())
    context = {"form": form, "conditions": conditions, "item": item, "more": min(rows + 2, MOST_CONDITIONS) if rows < MOST_CONDITIONS else None}
    return render(request, "committees/propose.html", context, status=422 if wrong else 200)


@page("committees.run_item", by="item_id", methods=("GET", "POST"))
def advise(request: HttpRequest, item: Item) -> HttpResponse:
    """The advice: reasons, and the ways to decide that the councillors read."""
    carried = bool(item.result.get("carried"))
    form = forms.AdviceForm(request.POST or None, carried=carried)
    initial = item.ways or ways_of(item)
    ways = forms.WayFormSet(request.POST or None, prefix="ways", initial=initial + [{}] * (WAYS - len(initial)))
    if request.method == "POST" and form.is_valid() and ways.is_valid():
        given = [row.cleaned_data for row in ways if row.cleaned_data]
        try:
            services.give_advice(actor=request.actor, now=request.now, item=item, ways=given, **form.cleaned_data)
        except ValidationError as error:
            forms.put_errors(form, error)
        else:
            messages.success(request, _("The advice is given. Those who decide have been asked to answer it."))
            return redirect("committees:item", item_id=item.pk)
    view = selectors.item_view(request.actor, item)
    wrong = bool(form.errors) or (request.method == "POST" and not ways.is_valid())
    context = {
        "form": form, "ways": ways, "item": item, "view": view, "carried": carried, "condition_rows": condition_rows(view),
    } | _result(view, request)  # fmt: skip
    return render(request, "committees/advise.html", context, status=422 if wrong else 200)


@page("committees.record_decision", by="item_id", methods=("GET", "POST"))
def decision(request: HttpRequest, item: Item) -> HttpResponse:
    """The answer of the body that decides."""
    if not item.reached(State.ADVISED):
        return item_page(request, item, problems=(_("There is no advice to answer yet."),))
    if item.state == State.ANSWERED and request.method == "GET":
        return redirect("committees:item", item_id=item.pk)
    conditions = list(item.conditions.all())
    form = forms.DecisionForm(
        request.POST or None, conditions=conditions, language=language(), initial={"taken": [str(condition.pk) for condition in conditions]}
    )
    if request.method == "POST" and form.is_valid():
        given = {name: form.cleaned_data[name] for name in ("answer", "reasons", "decided_on", "minute_reference")}
        try:
            services.record_decision(actor=request.actor, now=request.now, item=item, taken=form.taken_keys(), **given)
        except ValidationError as error:
            forms.put_errors(form, error)
        else:
            messages.success(request, _("The answer is recorded. The committee has been told."))
            return redirect("committees:item", item_id=item.pk)
    context = {"form": form, "item": item, "advice": selectors.public_advice(item, today=timezone.localdate(request.now))}
    return render(request, "committees/decision.html", context, status=422 if form.errors else 200)
