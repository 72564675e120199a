"""Every public service has an example call; each is run: denied with nothing written, then allowed and recorded."""

import inspect
import traceback
from collections.abc import Iterator
from importlib import import_module

import pytest
from django.apps import apps
from django.db import connection

from tests.invariants.source import PACKAGE, module_name, modules
from tests.world import People, make_world
from trygg.kernel.access import Denied
from trygg.kernel.ledger.models import Entry
from trygg.kernel.ledger.registry import EXAMPLES, SERVICES, Example

for path in (*(path for path in modules() if "@service(" in path.read_text("utf-8")), *sorted(PACKAGE.glob("*/*/tests/examples.py"))):
    import_module(module_name(path))

pytestmark = [pytest.mark.django_db, pytest.mark.full]
# Drafts and single votes are no acts of their own: the saved section and the closed vote are recorded, with their hashes.
RECORDED_LATER = {"assessments.autosave_answers", "assessments.autosave_dossier", "assessments.save_second_answers", "committees.cast_vote"}
STATUS_WRITERS = ("spine/assurance/recompute.py", "spine/assurance/evidence.py")


def set_scene(name: str) -> Example:
    """The example of a service; a factory that takes `people` or `world` gets them."""
    factory = EXAMPLES[name]
    makers = {"people": People.make, "world": make_world}
    return factory(**{given: makers[given]() for given in inspect.signature(factory).parameters})


def everything() -> dict[str, list]:
    """All rows of all tables."""
    models = [model for model in apps.get_models(include_auto_created=True) if model._meta.managed and not model._meta.proxy]
    return {model._meta.label: sorted(map(repr, model.objects.values_list() if hasattr(model, "objects") else ())) for model in models}


@pytest.fixture(autouse=True)
def only_recompute_writes_a_status() -> Iterator[None]:
    """Looks at each statement: a claim's status is written by the spine's recompute; `add_condition` makes claims that are missing."""

    def look(execute, sql, params, many, context):
        words = sql.replace('"', "").split()
        writes = (words[:2] == ["UPDATE", "assurance_claim"] and "status" in sql) or words[:3] == ["INSERT", "INTO", "assurance_claim"]
        if writes:
            stack = [frame.filename for frame in traceback.extract_stack()]
            assert any(name.endswith(STATUS_WRITERS) for name in stack), f"a claim's status was written elsewhere: {sql[:200]}"
        return execute(sql, params, many, context)

    with connection.execute_wrapper(look):
        yield


def test_every_service_has_an_example():
    rooms = {name for name in SERVICES if not name.startswith("test.")}
    assert sorted(rooms - EXAMPLES.keys()) == [], "write an example in the room's tests/examples.py"
    assert sorted(EXAMPLES.keys() - rooms) == [], "an example of a service that does not exist"


@pytest.mark.parametrize("name", sorted(EXAMPLES))
def test_it_is_denied_with_nothing_written_then_allowed_and_recorded(name):
    scene = set_scene(name)
    # Who holds the token of an invitation or a link is whoever it was sent to: nobody is left to deny it to.
    assert scene.denied or "token" in scene.call, "say which actors must be refused"
    before = everything()
    for actor in scene.denied:
        with pytest.raises(Denied):
            SERVICES[name].function(**scene.call | {"actor": actor})
    assert everything() == before, "someone was refused, and something was written all the same"

    first = Entry.objects.count()
    SERVICES[name].function(**scene.call)
    recorded = list(Entry.objects.filter(index__gte=first).order_by("index").values_list("action", flat=True))
    assert bool(recorded) != (name in RECORDED_LATER), f"recorded was {recorded}"
    missing = list(scene.records)
    for action in recorded:
        if action in missing:
            missing.remove(action)
    assert missing == [], f"recorded was only {recorded}"
