"""Publishing packs: checked whole, immutable afterwards."""

import json
from collections.abc import Iterable
from datetime import datetime

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from trygg.kernel.access import Actor, Denied, require
from trygg.kernel.ledger import service, unit_of_work
from trygg.kernel.people.models import Organisation
from trygg.packs.check import check_packs
from trygg.packs.loader import Pack
from trygg.spine.frameworks.changes import PacksPublished
from trygg.spine.frameworks.models import PackVersion
from trygg.spine.frameworks.owned import own_id, stored
from trygg.spine.frameworks.uploads import problems_of, version_key


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


@service("frameworks.publish_own_pack")
def publish_own_pack(*, actor: Actor, now: datetime, organisation: Organisation, pack: Pack) -> PackVersion:
    """Publish a set of questions for one organisation and those below it. Matters that run stay on their version.

    ValidationError lists everything that is wrong. A version that was withdrawn, given again with the same content, is put in
    force again; one that is in force already is left alone.
    """
    require(actor, "frameworks.publish_own_pack", organisation)
    kept = stored(pack, organisation.pk)
    problems = [each for each in problems_of(pack, organisation) if each.code != "there_already"]
    if problems:
        raise ValidationError([str(problem) for problem in problems])
    with unit_of_work(actor=actor, now=now) as work:
        require(actor, "frameworks.publish_own_pack", organisation)
        Organisation.objects.select_for_update().get(pk=organisation.pk)  # two who publish at once come one after the other
        standing = PackVersion.objects.filter(pack_id=kept.id, version=kept.version).first()
        if standing is not None and standing.content_hash != kept.hash:  # somebody was quicker
            raise ValidationError(
                _("%(pack)s %(version)s is published already with other content. Give it a new version.")
                % {"pack": pack.id, "version": pack.version}
            )
        if standing is not None and standing.current:
            work.nothing_happened()
            return standing
        PackVersion.objects.filter(pack_id=kept.id, current=True).update(current=False)
        if standing is not None:
            _put_in_force(work, standing)
            return standing
        version = PackVersion.objects.create(
            kind=kept.kind, pack_id=kept.id, version=kept.version, title=dict(kept.title), content=json.loads(json.dumps(kept.data)),
            content_hash=kept.hash, organisation=organisation, published_at=now,
        )  # fmt: skip
        work.changed(PacksPublished((version.pack_id,)))
        work.record("frameworks.pack_published", version, pack=pack.id, version=pack.version, hash=kept.hash)
    return version


@service("frameworks.withdraw_pack")
def withdraw_pack(*, actor: Actor, now: datetime, version: PackVersion) -> PackVersion:
    """Let nothing new begin with these questions. What runs goes on, what is locked stays as it is."""
    with unit_of_work(actor=actor, now=now) as work:
        require(actor, "frameworks.manage_pack", version)
        version = PackVersion.objects.select_for_update(of=("self",)).get(pk=version.pk)
        if not version.current:
            work.nothing_happened()
            return version
        version.current = False
        version.save(update_fields=["current"])
        work.changed(PacksPublished((version.pack_id,)))
        work.record("frameworks.pack_withdrawn", version, pack=own_id(version.pack_id), version=version.version)
    return version


@service("frameworks.restore_pack")
def restore_pack(*, actor: Actor, now: datetime, version: PackVersion) -> PackVersion:
    """Put a withdrawn version in force again. ValidationError when a newer one stands: then that one is put in force."""
    with unit_of_work(actor=actor, now=now) as work:
        require(actor, "frameworks.manage_pack", version)
        rows = PackVersion.objects.filter(pack_id=version.pack_id)
        version = rows.select_for_update(of=("self",)).get(pk=version.pk)
        if version.current:
            work.nothing_happened()
            return version
        newest = max(rows.values_list("version", flat=True), key=version_key)
        if newest != version.version:
            raise ValidationError(_("%(version)s is newer. Put that one in force.") % {"version": newest})
        _put_in_force(work, version)
    return version


def _put_in_force(work, version: PackVersion) -> None:
    version.current = True
    version.save(update_fields=["current"])
    work.changed(PacksPublished((version.pack_id,)))
    work.record("frameworks.pack_restored", version, pack=own_id(version.pack_id), version=version.version)
