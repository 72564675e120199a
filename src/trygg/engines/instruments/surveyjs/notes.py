"""What a reader or a writer has to say about a file: notes, which stop nothing, and problems, which do."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Note:
    """One thing that was changed, left out, or is wrong: where (`path`), which sort (`code`, stable), and why, in English."""

    path: str
    code: str
    reason: str

    def __str__(self) -> str:
        return f"{self.path or 'the whole file'}: {self.reason}"


class SurveyErrors(ValueError):
    """The survey can't be converted. `problems` lists everything that is wrong with it."""

    def __init__(self, problems: Iterable[Note]) -> None:
        self.problems = tuple(problems)
        super().__init__("; ".join(map(str, self.problems)))


@dataclass(slots=True)
class Report:
    """Collects notes and problems while a file is read."""

    notes: list[Note] = field(default_factory=list)
    problems: list[Note] = field(default_factory=list)

    def note(self, path: str, code: str, reason: str) -> None:
        self.notes.append(Note(path, code, reason))

    def problem(self, path: str, code: str, reason: str) -> None:
        self.problems.append(Note(path, code, reason))

    def settle(self) -> None:
        """Raises SurveyErrors when there are problems."""
        if self.problems:
            raise SurveyErrors(dict.fromkeys(self.problems))
