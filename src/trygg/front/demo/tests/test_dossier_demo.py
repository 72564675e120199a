"""The demo's vendor has published a dossier, Lindvika has taken answers over, and a newer version waits there."""

from datetime import UTC, datetime

import pytest

from tests.world import sign_in
from trygg.apps.assessments.dossier.models import DossierReview, DossierVersion, Taken
from trygg.apps.assessments.dossier.reviews import review_of
from trygg.front.demo.world import build
from trygg.kernel.ledger.keys import make_key
from trygg.kernel.work.models import Task

pytestmark = [pytest.mark.django_db, pytest.mark.slow]  # the whole demo is made


def test_answers_given_once(settings, tmp_path, client, monkeypatch):
    settings.TRYGG_FILES, settings.TRYGG_LEDGER_KEY = tmp_path / "files", tmp_path / "ledger.key"
    make_key()
    now = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
    world = build(now)
    assert list(DossierVersion.objects.order_by("number").values_list("number", flat=True)) == [1, 2]
    assert Taken.objects.filter(current=True).count() >= 5
    review = DossierReview.objects.get(matter=world.matters["reading"], done_at=None)
    found = review_of(world.cast.actor("leila", now), review)
    assert found.changed, "the newer version changes something that was taken over"
    assert Task.objects.get(code="assessments.dossier_review", done_at=None).assignee == world.cast.memberships["amina"]
    monkeypatch.setattr("django.utils.timezone.now", lambda: now)
    sign_in(client, world.cast.actor("leila", now))
    shown = {
        f"/assessments/dossiers/versions/{review.version_id}/": "Leverantören har inte svarat på",
        f"/assessments/dossiers/reviews/{review.pk}/": "Det ni tog över, från version 1",
        f"/assessments/{found.changed[0].row.answer.section.assessment_id}/reuse/": "Övertaget tidigare",
        f"/matters/{world.matters['reading'].key}/": "Leverantörens uppgifter",
    }
    for path, words in shown.items():
        page = client.get(path, headers={"accept-language": "sv"})
        assert page.status_code == 200 and words in page.content.decode(), path
