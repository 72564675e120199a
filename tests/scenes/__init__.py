"""What the world of the tests holds, a module a part. A new page that names a row of a new kind needs it here: the test of all URLs says so."""

from collections.abc import Callable


def all_scenes() -> list[Callable]:
    """Each takes the world and puts its things into it, in this order."""
    from tests.scenes import (
        archive,
        assessments,
        committees,
        fairness,
        frameworks,
        ledger,
        matters,
        papers,
        people,
        publication,
    )

    return [people.add, matters.add, frameworks.add, assessments.add, committees.add, fairness.add, publication.add, papers.add, archive.add, ledger.add]
