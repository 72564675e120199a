"""One matter of the made-up world, and its page at each step. Everything is made through services."""

import json

from trygg.packs.catalogue import builtin
from trygg.spine.frameworks.services import publish_packs
from trygg.spine.matters.models import Matter
from trygg.spine.matters.services import FactAnswer, create_matter, edit_matter
from trygg.spine.publication import casefile, services
from trygg.spine.publication.models import EntryVersion

from tests.world import NOW, SYSTEM, People  # isort: skip

TEXTS = {
    "sv": {
        "headline": "Ordstigen hjälper barn att öva läsning",
        "summary": "Barnet läser högt för en surfplatta. Programmet lyssnar. Läraren bestämmer alltid.",
        "child_summary": "Du läser högt. Programmet lyssnar. Sedan väljer det en text som passar dig.",
    },
    "en": {
        "headline": "Word Path helps children practise reading",
        "summary": "The child reads aloud to a tablet. The teacher always decides.",
    },
}
CHILDREN = {
    "children_where": "Tallåsskolan, Strandskolan",
    "children_told": "Läraren berättar för klassen varje höst.",
    "children_say_no": "Säg till läraren. Barnet övar då med en vuxen.",
    "children_human": "Prata med läraren.",
}


def packs() -> None:
    """The packs that Trygg ships: with them a matter has claims."""
    publish_packs(actor=SYSTEM, now=NOW, packs=builtin().packs)


def matter_of(people: People, title: str = "Ordstigen", **changes) -> Matter:
    """A matter of the board, with its child block, the officer accountable and the safeguarding lead as overseer."""
    officer = people.actor("officer")
    facts = {
        "touches_children": FactAnswer("value", True),
        "age_bands": FactAnswer("value", ["6-8", "9-12"]),
        "setting": FactAnswer("value", "school"),
    }
    matter = create_matter(
        actor=officer, now=NOW, owner=people.board, kind="deployment", title=title, summary="Övar läsning.",
        new_system={"name": f"{title} Läs", "vendor_name": "Läslyft AB", "version": "4.2"}, facts=facts,
    )  # fmt: skip
    given = {
        **CHILDREN, "deciding_body": "Barn- och utbildningsnämnden", "accountable": people.memberships["officer"],
        "overseer": people.memberships["safeguarding_lead"], **changes,
    }  # fmt: skip
    return edit_matter(actor=officer, now=NOW, matter=matter, changes=given)


def drafted(
    people: People, matter: Matter | None = None, texts: dict | None = None, by: str = "officer"
) -> EntryVersion:
    matter = matter or matter_of(people)
    return services.draft_entry(actor=people.actor(by), now=NOW, matter=matter, texts=TEXTS if texts is None else texts)


def asked(people: People, *args, **kwargs) -> EntryVersion:
    version = drafted(people, *args, **kwargs)
    return services.ask_for_approval(actor=people.actor("officer"), now=NOW, version=version)


def approved(people: People, *args, **kwargs) -> EntryVersion:
    version = asked(people, *args, **kwargs)
    return services.approve_entry(
        actor=people.actor("administrator"), now=NOW, version=version, content_hash=version.content_hash
    )


def published(people: People, *args, **kwargs) -> EntryVersion:
    version = approved(people, *args, **kwargs)
    return services.publish_entry(actor=people.actor("officer"), now=NOW, version=version)


# A case that another installation published
ANSWER = {"item": "who", "question": {"en": "Who?", "sv": "Vem?"}, "value": ["children"], "words": {"en": "Children"}, "note": "Åk 2"}
CASE = {
    "key": "ordstigen", "number": 2, "published_on": "2026-10-01", "address": "", "organisation": "Lunds kommun", "host": "Lunds kommun",
    "jurisdiction": "SE", "title": {"sv": "Ordstigen"}, "summary": {"sv": "Barn läser."}, "kind": "deployment", "stage": "use",
    "system": {"name": "Ordstigen", "vendor": "Läslyft AB", "version": "4.2"}, "ages": ["6-8"], "settings": ["school"],
    "said": [{"heading": {"en": "Advice"}, "lede": {"en": "Yes"}, "date": "2026-09-01"}],
    "pieces": [{
        "of": "assessments", "instrument": "small", "version": "1.0.0", "pack": "a" * 64, "title": {"en": "Small"}, "depth": "light",
        "phase": "", "entries": {"uses": [["1", "Reading"]]}, "locked_on": "2026-09-30", "answers": [ANSWER],
    }],
}  # fmt: skip


def case_file(case: dict = CASE, **more) -> bytes:
    """A file of a case as another installation writes it, with the right check sum unless told."""
    whole = {"format": "trygg-case", "schema": 1, "licence": "CC0-1.0", "content_hash": casefile.case_hash(case), "case": case}
    return json.dumps(whole | more, ensure_ascii=False).encode()
