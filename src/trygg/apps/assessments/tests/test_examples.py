"""The room's own run of its examples: each is refused to whom it names, allowed to its actor, and recorded."""

import pytest

from tests.world import People
from trygg.apps.assessments.tests import examples  # noqa: F401  (registration)
from trygg.kernel.access import Denied
from trygg.kernel.ledger.models import Entry
from trygg.kernel.ledger.registry import EXAMPLES, SERVICES

pytestmark = pytest.mark.full

NAMES = sorted(name for name in SERVICES if name.startswith("assessments."))


def test_every_service_has_an_example():
    assert [name for name in NAMES if name not in EXAMPLES] == []


@pytest.mark.django_db
@pytest.mark.parametrize("name", NAMES)
def test_an_example_is_denied_allowed_and_recorded(name):
    scene = EXAMPLES[name](People.make())
    for actor in scene.denied:
        with pytest.raises(Denied):
            SERVICES[name].function(**{**scene.call, "actor": actor})
    before = Entry.objects.count()
    SERVICES[name].function(**scene.call)
    written = set(Entry.objects.filter(index__gte=before).values_list("action", flat=True))
    assert set(scene.records) <= written
    assert bool(written) == bool(scene.records)
