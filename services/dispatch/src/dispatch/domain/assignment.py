"""Whom to send (DP-04): hard rules leave some out, what remains is ranked by time lost.

Whoever arrives in the promised time goes before whoever does not; among equals of that the
score decides, which is in minutes of a journey.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import numpy as np

from .need import Need, Obstacle, Work, Workload, work_of
from .scoring import Score, journey_min, score
from .slot import VISIT, Slot
from .staff import Engineer, Flags, Numbers, Staff
from .suitability import Suitable, suitable

# Ten weeks of minutes: beyond that nobody is worse than another.
HIGHEST = 100_000.0


@dataclass(frozen=True, slots=True)
class Proposal:
    """One ranked engineer; `why` is what the event and the board explain the choice with.

    `obstacles` are the hard rules that a person has to put aside for it.
    """

    engineer: Engineer
    slot: Slot | None
    why: dict[str, Any]
    obstacles: tuple[Obstacle, ...] = ()


@dataclass(frozen=True, slots=True)
class Ranking:
    """The best first, and how many each hard rule left out (each counted once)."""

    best: Sequence[Proposal]
    left_out: Mapping[Obstacle, int]


@dataclass(frozen=True, slots=True)
class Reckoned:
    """One need over the whole staff."""

    suitable: Suitable
    score: Score

    @property
    def is_late(self) -> Flags:
        return self.score.late > 0


def rank(need: Need, staff: Staff, workload: Workload, limit: int = 1) -> Ranking:
    """The `limit` best of those whom no hard rule leaves out."""
    work = work_of(staff, workload)
    reckoned = reckon(need, staff, work)
    rows = np.flatnonzero(reckoned.suitable.flags)
    # A stable sort of rows that stand in the order of ids: equals are ranked alike everywhere.
    order = np.lexsort((reckoned.score.total[rows], reckoned.is_late[rows]))[:limit]
    best = [proposal(need, staff, work, reckoned, int(row)) for row in rows[order]]
    return Ranking(best, reckoned.suitable.left_out)


def looked_at(
    need: Need, staff: Staff, workload: Workload, engineer_ids: Iterable[str]
) -> Sequence[Proposal]:
    """What would come of sending each of these, whatever speaks against it."""
    work = work_of(staff, workload)
    reckoned = reckon(need, staff, work)
    rows = [staff.row[one] for one in engineer_ids if one in staff.row]
    return [proposal(need, staff, work, reckoned, row) for row in rows]


def reckon(need: Need, staff: Staff, work: Work) -> Reckoned:
    journey = journey_min(need, staff, work)
    return Reckoned(suitable(need, staff, work, journey), score(need, staff, work, journey))


def proposal(need: Need, staff: Staff, work: Work, reckoned: Reckoned, row: int) -> Proposal:
    journey = int(reckoned.score.parts["journey"][row])
    return Proposal(
        engineer=staff.engineers[row],
        slot=_slot(need, journey),
        why=_why(need, staff, work, reckoned, row),
        obstacles=reckoned.suitable.obstacles(row),
    )


def _why(need: Need, staff: Staff, work: Work, reckoned: Reckoned, row: int) -> dict[str, Any]:
    parts = {part: int(minutes[row]) for part, minutes in reckoned.score.parts.items()}
    why: dict[str, Any] = {
        "score_min": int(reckoned.score.total[row]),
        "journey_min": parts["journey"],
        "open_cases": int(work.load[row]),
        "level": int(staff.level[row]),
        "skill": need.skill,
        "suitable": int(np.count_nonzero(reckoned.suitable.flags)),
        "left_out": dict(reckoned.suitable.left_out),
        "parts": {part: minutes for part, minutes in parts.items() if minutes},
        "weights": need.version,
    }
    if need.mode == "onsite" and need.arrive_by is not None:
        why["arrive_by"] = need.arrive_by.isoformat()
        why["late_min"] = int(reckoned.score.late[row])
    return why


def _slot(need: Need, journey: int) -> Slot | None:
    """From now until the work is done: the way there belongs to the visit."""
    if need.mode != "onsite":
        return None
    return Slot(need.at, need.at + timedelta(minutes=journey) + VISIT)


def cost(reckoned: Reckoned) -> Numbers:
    """The score of whoever may come, as far as it matters; infinity for everybody else."""
    return np.where(reckoned.suitable.flags, np.minimum(reckoned.score.total, HIGHEST), np.inf)
