"""Small questions in a newer version, with phases, and with levels that ask something of somebody: for examples and the tests' world."""

import copy

from tests.world import NOW, People
from trygg.apps.assessments import services
from trygg.apps.assessments.models import Assessment
from trygg.apps.assessments.tests.scene import INSTRUMENT, item, publish, words
from trygg.kernel.access import Role
from trygg.kernel.work.models import Task
from trygg.spine.frameworks.models import PackVersion
from trygg.spine.matters.models import Matter
from trygg.spine.matters.services import create_matter

PHASES = [{"id": "design", "title": words("Design")}, {"id": "use", "title": words("Use")}]


def other(instrument_id: str, version: str = "1.0.0", **more) -> PackVersion:
    """The small instrument under another id, in a version; an earlier one is replaced."""
    data = copy.deepcopy(INSTRUMENT) | {"id": instrument_id, "version": version, "title": words("Small and moving")} | more
    if version != "1.0.0":
        data["sections"][0]["items"][0]["text"] = words("Which children were heard?")
        data["sections"][1]["items"][1:] = [item("new", "text", required=False)]
    PackVersion.objects.filter(pack_id=instrument_id).update(current=False)
    return publish(data)


def a_matter(people: People) -> Matter:
    return create_matter(
        actor=people.actor(Role.OFFICER), now=NOW, owner=people.board, kind="deployment", title="Läskompisen i årskurs 1",
        new_system={"name": "Läskompisen"},
    )  # fmt: skip


def begun(people: People, instrument_id: str = "moving", **more) -> Assessment:
    """Begun by the officer, one section answered, the other by its half."""
    from trygg.apps.assessments.tests.examples import sent

    officer = people.actor(Role.OFFICER)
    made = services.start_assessment(actor=officer, now=NOW, matter=a_matter(people), pack=other(instrument_id, **more))
    heard, technique = made.sections.get(section_id="heard"), made.sections.get(section_id="technique")
    given = [*sent(heard, "who", ["nobody"]), *sent(heard, "deep", 3)]  # the second is asked where no case makes it lighter
    services.save_section(actor=officer, now=NOW, section=heard, answers=given)
    services.autosave_answers(actor=officer, now=NOW, section=technique, answers=sent(technique, "when", "2026-11-01"))
    return made


def finished(people: People, instrument_id: str, **more) -> Assessment:
    """Answered and signed."""
    from trygg.apps.assessments.tests.examples import sent

    officer, made = people.actor(Role.OFFICER), begun(people, instrument_id, **more)
    technique = made.sections.get(section_id="technique")
    services.save_section(actor=officer, now=NOW, section=technique, answers=sent(technique, "tested", "yes"))
    services.sign_off(actor=officer, now=NOW, assessment=made)
    return made


def locked(people: People, instrument_id: str = "phased", **more) -> Assessment:
    made = finished(people, instrument_id, **{"phases": PHASES} | more)
    return services.lock_assessment(actor=people.actor(Role.OFFICER), now=NOW, assessment=made)


def upgraded(people: People, instrument_id: str = "moving") -> Assessment:
    made = begun(people, instrument_id)
    pack = other(instrument_id, "1.1.0")
    return services.upgrade_assessment(actor=people.actor(Role.OFFICER), now=NOW, assessment=made, pack=pack)


def band(band_id: str, upto: int | None, *obligations: dict) -> dict:
    return {"id": band_id, "title": words(band_id.capitalize()), "obligations": list(obligations)} | ({} if upto is None else {"upto": upto})


TELL = {"id": "tell", "text": words("Tell the parents"), "role": "officer", "due_days": 30}
REVIEW = {"id": "review", "text": words("Have it reviewed"), "role": "privacy-officer", "due_days": 10, "evidence": "required"}
WATCH = {"id": "watch", "text": words("Watch it"), "role": "overseer"}


def levels() -> dict:
    """Parts of the small instrument that give it levels which ask something, and an answer that is to be taken further."""
    data = copy.deepcopy(INSTRUMENT)
    who, tested = data["sections"][0]["items"][0], data["sections"][1]["items"][0]
    who["choices"] = [{**who["choices"][0], "points": {"risk": 0}}, {**who["choices"][1], "points": {"risk": 2}}]
    tested["choices"] = [{**tested["choices"][0], "points": {"risk": 1}}, {**tested["choices"][1], "points": {"risk": 3}, "flag": "escalate"}]
    return {
        "sections": data["sections"],
        "scales": [
            {"id": "risk", "title": words("Risk"), "rule": "sum", "bands": [band("low", 1, TELL), band("middle", 3, TELL, REVIEW), band("high", None, WATCH)]}
        ],
        "roles": [{"id": "privacy-officer", "title": words("Privacy officer")}],
    }  # fmt: skip


def obliged(people: People) -> Task:
    """What the officer is to do because of a level."""
    locked(people, "levelled", phases=[], **levels())
    return Task.objects.get(code="assessments.obligation", params__key="risk/tell", done_at=None)
