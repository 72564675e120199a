"""Typed changes that meetings announce to the open unit of work."""

from dataclasses import dataclass


@dataclass(frozen=True)
class AttendanceNoted:
    """Who is present at a meeting was noted anew."""

    meeting_id: int
