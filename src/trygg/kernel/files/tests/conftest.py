import pytest

from trygg.kernel.files import access
from trygg.kernel.people.models import Organisation


@pytest.fixture(autouse=True)
def home(settings, tmp_path):
    """Files of its own."""
    settings.TRYGG_FILES = tmp_path / "files"


@pytest.fixture(autouse=True)
def subjects(monkeypatch):
    """A subject "tests.thing": number 1 is seen by those of the organisation that keeps it, here the board."""

    def rows(actor):
        there = Organisation.objects.filter(pk=actor.organisation_id, slug="lindvika-bun")
        from django.db.models import Value

        return there.annotate(subject=Value("1")).values("subject")

    monkeypatch.setattr(access, "SUBJECTS", {**access.SUBJECTS, "tests.thing": rows})
