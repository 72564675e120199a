"""Publishing packs: checked whole, immutable afterwards."""

import json
from collections.abc import Iterable
from datetime import datetime

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from trygg.kernel.access import Actor, Denied
from trygg.kernel.ledger import service, unit_of_work
from trygg.packs.check import check_packs
from trygg.packs.loader import Pack
from trygg.spine.frameworks.changes import PacksPublished
from trygg.spine.frameworks.models import PackVersion


@service("frameworks.publish_packs")
def publish_packs(*, actor: Actor, now: datetime, packs: Iterable[Pack]) -> list[PackVersion]:
    """Publish packs that fit together; versions that stand already are left alone.

    Returns the new ones. ValidationError lists everything that is wrong; also when a published version has other content:
    a new text is a new version.
    """
    packs = list(packs)
    problems = check_packs(packs)
    if problems:
        raise ValidationError([str(problem) for problem in problems])
    with unit_of_work(actor=actor, now=now) as work:
        if not actor.is_system:
            raise Denied("frameworks.publish_pack")
        standing = dict(PackVersion.objects.filter(pack_id__in=[p.id for p in packs]).values_list("content_hash", "pk"))
        made = []
        for pack in packs:
            if pack.hash in standing:
                continue
            if PackVersion.objects.filter(pack_id=pack.id, version=pack.version).exists():
                raise ValidationError(
                    _("%(pack)s %(version)s is published already with other content. Give it a new version.")
                    % {"pack": pack.id, "version": pack.version}
                )
            PackVersion.objects.filter(pack_id=pack.id, current=True).update(current=False)
            version = PackVersion.objects.create(
                kind=pack.kind, pack_id=pack.id, version=pack.version, title=dict(pack.title),
                content=json.loads(json.dumps(pack.data, default=str)), content_hash=pack.hash, published_at=now,
            )  # fmt: skip
            made.append(version)
            work.record("frameworks.pack_published", version, pack=pack.id, version=pack.version, hash=pack.hash)
        if made:
            work.changed(PacksPublished(tuple(version.pack_id for version in made)))
        else:
            work.nothing_happened()
    return made
