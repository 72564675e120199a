"""One example call of each public service, for the test that runs them all."""

from tests.world import NOW, People
from trygg.kernel.ledger import Example, example
from trygg.spine.papers import services
from trygg.spine.papers.tests.scene import docx, everyone_but, uploaded
from trygg.spine.publication.tests.scene import matter_of


@example("papers.propose_decision")
def propose_decision(people: People) -> Example:
    call = {"actor": people.actor("officer"), "now": NOW, "matter": matter_of(people), "text": {"en": "The board decides to try it."}}
    return Example(call, denied=everyone_but(people, "officer", "administrator"), records=("papers.decision_proposed",))


def _keep(people: People) -> dict:
    return {
        "actor": people.actor("administrator"), "now": NOW, "organisation": people.board, "paper": "report", "language": "en",
        "upload": uploaded(docx("{{ title }}")),
    }  # fmt: skip


@example("papers.keep_template")
def keep_template(people: People) -> Example:
    return Example(_keep(people), denied=everyone_but(people, "administrator"), records=("papers.template_kept", "files.file_stored"))


@example("papers.restore_template")
def restore_template(people: People) -> Example:
    template = services.keep_template(**_keep(people))
    call = {"actor": people.actor("administrator"), "now": NOW, "template": template}
    return Example(call, denied=everyone_but(people, "administrator"), records=("papers.template_restored", "files.file_removed"))
