"""When an installation begins and ends, and trial operation after it (DP-18)."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from .case_state import CaseState, Stage

WITH_SENIOR = frozenset({"installation", "commissioning"})
DONE: frozenset[Stage] = frozenset({"resolved", "signed_off", "closed"})


class Installation(NamedTuple):
    """One that was called off is neither open nor ended."""

    begins_at: datetime
    ended_at: datetime | None
    is_open: bool


def begins_at(case: CaseState) -> datetime | None:
    """The minute for which it is planned, else in which it was asked for; None for other work."""
    if case.report is None or case.report.work not in WITH_SENIOR:
        return None
    begins = case.report.planned_for or case.reported_at
    return begins and begins.replace(second=0, microsecond=0)


def ended_at(case: CaseState) -> datetime | None:
    """When it was done; None while it goes on, and for one that was called off."""
    if case.stage not in DONE:
        return None
    return case.milestones.get("resolved") or case.milestones.get("closed")


def cover_of_trial(
    starts: datetime, ends: datetime | None, installations: Sequence[Installation]
) -> tuple[datetime, datetime | None]:
    """From when, and until when, trial operation itself asks for somebody senior.

    It begins where the installation ended, so that nothing lies between; an installation that is
    still to be done, or goes on, asks for its own.
    """
    done = [one.ended_at for one in installations if one.ended_at is not None]
    ahead = [one.begins_at for one in installations if one.is_open]
    return max(done, default=starts), min((*ahead, *([ends] if ends else [])), default=None)
