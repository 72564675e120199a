"""Surveys made by rule: in the shape of Canada's AIA, and large ones."""

import random

LIKE_V1 = {"risk": 70, "mitigation": 45, "free": 60}


def two(text):
    return {"default": text, "fr": f"{text} (fr)"}


def aia_survey(risk=70, mitigation=45, free=60):
    """A survey in AIA's shape: `risk` scored questions, `mitigation` in each of two phases, `free` that do not score. A third of
    them are follow-ups of the one before."""
    pages = [_page("projectDetails", [_panel("projectDetailsPanel-NS", [_phase(), *(_free(n) for n in range(free))])])]
    rows = [_scored(f"riskArea{n}", n) for n in range(risk)]
    for start in range(0, risk, 10):
        pages.append(_page(f"risk{start}", [_panel(f"risk{start}Panel-RS", rows[start : start + 10])]))
    for phase, item in (("Design", 1), ("Implementation", 2)):
        rows = [_scored(f"mitigation{phase}{n}", n) for n in range(mitigation)]
        page = _page(f"mitigation{phase}", [_panel(f"mitigation{phase}Panel-MS", rows)])
        pages.append({**page, "visibleIf": f'{{projectDetailsPhase}} = "item{item}"'})
    return {"title": two("Impact"), "pages": pages}


def _page(name, elements):
    return {"name": name, "title": two(name), "elements": elements}


def _panel(name, elements):
    return {"type": "panel", "name": name, "title": two(name), "elements": elements}


def _phase():
    choices = [{"value": f"item{n}", "text": two(f"Phase {n}")} for n in (1, 2)]
    return {"type": "radiogroup", "name": "projectDetailsPhase", "title": two("Phase"), "choices": choices}


def _free(number):
    return {"type": "comment", "name": f"details{number}", "title": two(f"Describe {number}")}


def _scored(name, number):
    kind = ("radiogroup", "radiogroup", "checkbox", "dropdown")[number % 4]
    choices = [{"value": f"item{n}-{n % 4}", "text": two(f"Answer {n} of {name}")} for n in range(1, 5)]
    row = {"type": kind, "name": name, "title": two(f"Question {name}?"), "choices": choices}
    if number % 3 == 2:  # asked when the one before has one of two answers
        before = name[: len(name) - len(str(number))] + str(number - 1)
        several = (number - 1) % 4 == 2
        row["visibleIf"] = (
            f'{{{before}}} contains ["item1-1"] or {{{before}}} {"contains" if several else "="} "item3-3"'
        )
    return row


def aia_record(survey, seed, answers=175):
    """About `answers` answers, both phases among them."""
    dice = random.Random(seed)
    found = {"projectDetailsPhase": dice.choice(["item1", "item2"])}
    questions = [row for page in survey["pages"] for panel in page["elements"] for row in panel["elements"]][1:]
    for row in dice.sample(questions, min(answers - 1, len(questions))):
        values = [choice["value"] for choice in row.get("choices", ())]
        if not values:
            found[row["name"]] = f"words {seed}"
        else:
            found[row["name"]] = (
                dice.sample(values, dice.randint(1, 3)) if row["type"] == "checkbox" else dice.choice(values)
            )
    return found


def large_survey(questions=1_000):
    """Questions of every sort in two languages, with conditions."""
    sorts = ("radiogroup", "checkbox", "dropdown", "text", "comment", "boolean", "rating")
    pages = []
    for start in range(0, questions, 20):
        rows = []
        for number in range(start, min(start + 20, questions)):
            kind = sorts[number % len(sorts)]
            row = {"type": kind, "name": f"q{number}", "title": two(f"Question {number}, with some words to read?")}
            row["description"] = two("Why this is asked, in a sentence of some length.")
            if kind in ("radiogroup", "checkbox", "dropdown"):
                row["choices"] = [{"value": f"v{n}", "text": two(f"Answer {n}")} for n in range(6)]
            if number % 7 == 3:
                row["visibleIf"] = f"{{q{number - 3}}} = 'v1' or {{q{number - 3}}} empty"
            rows.append(row)
        pages.append({"name": f"page{start}", "title": two(f"Page {start}"), "elements": rows})
    return {"title": two("Large"), "pages": pages}
