"""One example call of each public service, for the test that runs them all."""

from tests.world import NOW, SYSTEM, People
from trygg.kernel.access import Role
from trygg.kernel.ledger import Example, example
from trygg.packs.catalogue import read_builtin
from trygg.packs.loader import Pack, pack_from_data
from trygg.spine.frameworks import services
from trygg.spine.frameworks.models import PackVersion


@example("frameworks.publish_packs")
def publish_packs(people: People) -> Example:
    call = {"actor": SYSTEM, "now": NOW, "packs": read_builtin()}
    return Example(call, denied=tuple(people.actors().values()), records=("frameworks.pack_published",))


def own_pack(version: str = "1.0.0", **more) -> Pack:
    """A small set of questions, as an administrator uploads it."""
    words = {"en": "Our own questions", "sv": "Våra egna frågor"}
    item = {
        "id": "who", "type": "choice", "depth": "light", "required": True, "text": {"en": "Who was asked?", "sv": "Vem frågades?"},
        "choices": [
            {"id": "some", "label": {"en": "Some", "sv": "Några"}, "points": {"risk": 1}},
            {"id": "none", "label": {"en": "Nobody", "sv": "Ingen"}, "points": {"risk": 3}},
        ],
        "source": "OWN", "verified": "yes",
    }  # fmt: skip
    data = {
        "kind": "instrument", "id": "own-questions", "version": version, "date": "2026-11-20", "licence": "CC0-1.0", "title": words,
        "summary": words, "sources": {"OWN": {"title": "Our guideline", "checked": "2026-11-20", "verified": "yes"}},
        "scales": [{"id": "risk", "title": {"en": "Risk", "sv": "Risk"}, "rule": "sum", "bands": [
            {"id": "low", "upto": 1, "title": {"en": "Low", "sv": "Låg"}}, {"id": "high", "title": {"en": "High", "sv": "Hög"}},
        ]}],
        "sections": [{"id": "heard", "title": {"en": "Heard", "sv": "Hörda"}, "items": [item]}],
        "tests": [{"name": "nobody", "answers": {"who": "none"}, "expect": {"scores": {"risk": 3}}}],
    }  # fmt: skip
    return pack_from_data({**data, **more})


def published(people: People, version: str = "1.0.0", **more) -> PackVersion:
    return services.publish_own_pack(
        actor=people.actor(Role.ADMINISTRATOR), now=NOW, organisation=people.board, pack=own_pack(version, **more)
    )


NOT_ADMINISTRATORS = (
    Role.OFFICER, Role.CONTRIBUTOR, Role.COMMITTEE_MEMBER, Role.COMMITTEE_SECRETARY, Role.SAFEGUARDING_LEAD, Role.DATA_STEWARD,
    Role.ANALYST, Role.AUDITOR, Role.VENDOR, "partner", "outsider",
)  # fmt: skip


def others(people: People) -> tuple:
    return tuple(people.actor(who) for who in NOT_ADMINISTRATORS)


@example("frameworks.publish_own_pack")
def publish_own_pack(people: People) -> Example:
    call = {"actor": people.actor(Role.ADMINISTRATOR), "now": NOW, "organisation": people.board, "pack": own_pack()}
    return Example(call, denied=others(people), records=("frameworks.pack_published",))


@example("frameworks.withdraw_pack")
def withdraw_pack(people: People) -> Example:
    call = {"actor": people.actor(Role.ADMINISTRATOR), "now": NOW, "version": published(people)}
    return Example(call, denied=others(people), records=("frameworks.pack_withdrawn",))


@example("frameworks.restore_pack")
def restore_pack(people: People) -> Example:
    administrator, version = people.actor(Role.ADMINISTRATOR), published(people)
    services.withdraw_pack(actor=administrator, now=NOW, version=version)
    call = {"actor": administrator, "now": NOW, "version": version}
    return Example(call, denied=others(people), records=("frameworks.pack_restored",))
