"""Whom to send (DP-04): hard rules leave some out, what remains is ranked by time lost.

The score is in minutes: the journey, and what each open case, each level missing or wasted is
reckoned to cost. The weights are data of the need, so that a what-if can change them.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any, Literal

import numpy as np

from aftercare_events.catalogue.case import Mode

from .geography import Direction
from .slot import VISIT, Slot
from .staff import Engineer, Flags, Numbers, Staff

Obstacle = Literal[
    "inactive",
    "excluded",
    "reserve",
    "resident_elsewhere",
    "skill",
    "certificate",
    "off_duty",
    "booked",
]


@dataclass(frozen=True, slots=True)
class Weights:
    """`speed_kmh` makes minutes of kilometres; the others are minutes each."""

    speed_kmh: float = 60.0
    unknown_distance_min: float = 120.0
    open_case_min: float = 30.0
    level_missing_min: float = 240.0
    level_wasted_min: float = 5.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Need:
    """What a case asks for at instant `at`; `today` is the date there, for certificates.

    `waived` names the hard rules that a person may put aside.
    """

    at: datetime
    today: date
    mode: Mode
    skill: str | None = None
    level: int = 1
    where: Direction | None = None
    customer_id: str | None = None
    site_id: str | None = None
    excluded: frozenset[str] = frozenset()
    waived: frozenset[Obstacle] = frozenset()
    weights: Weights = field(default_factory=Weights)


@dataclass(frozen=True, slots=True)
class Workload:
    """Today's work: open cases by engineer, and the visits they are booked for."""

    open_cases: Mapping[str, int]
    visits: Sequence[tuple[str, Slot]] = ()


@dataclass(frozen=True, slots=True)
class Proposal:
    """One ranked engineer; `why` is what the event and the board explain the choice with.

    `obstacles` are the hard rules that a person has to put aside for it.
    """

    engineer: Engineer
    slot: Slot | None
    why: dict[str, Any]
    obstacles: Sequence[Obstacle] = ()


@dataclass(frozen=True, slots=True)
class Ranking:
    """The best first, and how many each hard rule left out (each counted once)."""

    best: Sequence[Proposal]
    left_out: Mapping[Obstacle, int]


@dataclass(frozen=True, slots=True)
class _Reckoned:
    """One need over the whole staff."""

    rules: Mapping[Obstacle, Flags]
    suitable: Flags
    left_out: Mapping[Obstacle, int]
    journey: Numbers
    load: Numbers
    score: Numbers


def rank(need: Need, staff: Staff, workload: Workload, limit: int = 1) -> Ranking:
    """The `limit` best of those whom no hard rule leaves out."""
    reckoned = _reckon(need, staff, workload)
    rows = np.flatnonzero(reckoned.suitable)
    # A stable sort of rows that stand in the order of ids: equals are ranked alike everywhere.
    best = rows[np.argsort(reckoned.score[rows], kind="stable")[:limit]]
    return Ranking([_proposal(need, staff, reckoned, int(row)) for row in best], reckoned.left_out)


def looked_at(
    need: Need, staff: Staff, workload: Workload, engineer_ids: Iterable[str]
) -> Sequence[Proposal]:
    """What would come of sending each of these, whatever speaks against it."""
    reckoned = _reckon(need, staff, workload)
    rows = [staff.row[one] for one in engineer_ids if one in staff.row]
    return [_proposal(need, staff, reckoned, row) for row in rows]


def _reckon(need: Need, staff: Staff, workload: Workload) -> _Reckoned:
    journey = _journey_min(need, staff)
    load = _column(staff, workload.open_cases)
    rules = _rules(need, staff, workload, journey)
    suitable, left_out = _suitable(rules, need.waived, len(staff))
    return _Reckoned(rules, suitable, left_out, journey, load, _score(need, staff, journey, load))


def _proposal(need: Need, staff: Staff, reckoned: _Reckoned, row: int) -> Proposal:
    return Proposal(
        engineer=staff.engineers[row],
        slot=_slot(need, int(reckoned.journey[row])),
        why={
            "score_min": int(reckoned.score[row]),
            "journey_min": int(reckoned.journey[row]),
            "open_cases": int(reckoned.load[row]),
            "level": int(staff.level[row]),
            "skill": need.skill,
            "suitable": int(np.count_nonzero(reckoned.suitable)),
            "left_out": dict(reckoned.left_out),
        },
        obstacles=tuple(rule for rule, passes in reckoned.rules.items() if not passes[row]),
    )


def _rules(
    need: Need, staff: Staff, workload: Workload, journey: Numbers
) -> Mapping[Obstacle, Flags]:
    return {
        "inactive": staff.active,
        "excluded": ~_mentioned(staff, need.excluded),
        "reserve": ~staff.reserve,
        "resident_elsewhere": ~staff.is_resident_elsewhere(need.customer_id, need.site_id),
        "skill": staff.has_skill(need.skill),
        "certificate": staff.is_certified(need.skill, need.today),
        "off_duty": staff.is_on_duty(need.at),
        "booked": ~_booked(need, staff, workload, journey),
    }


def _suitable(
    rules: Mapping[Obstacle, Flags], waived: frozenset[Obstacle], size: int
) -> tuple[Flags, Mapping[Obstacle, int]]:
    suitable = np.ones(size, dtype=np.bool_)
    left_out: dict[Obstacle, int] = {}
    for obstacle, passes in rules.items():
        if obstacle in waived:
            continue
        failing = int(np.count_nonzero(suitable & ~passes))
        if failing:
            left_out[obstacle] = failing
        suitable &= passes
    return suitable, left_out


def _mentioned(staff: Staff, engineer_ids: frozenset[str]) -> Flags:
    flags = np.zeros(len(staff), dtype=np.bool_)
    flags[[staff.row[one] for one in engineer_ids if one in staff.row]] = True
    return flags


def _booked(need: Need, staff: Staff, workload: Workload, journey: Numbers) -> Flags:
    flags = np.zeros(len(staff), dtype=np.bool_)
    known = [(staff.row[who], slot) for who, slot in workload.visits if who in staff.row]
    if need.mode != "onsite" or not known:
        return flags
    rows = np.array([row for row, _ in known], dtype=np.int64)
    starts = np.array([slot.start.timestamp() for _, slot in known])
    ends = np.array([slot.end.timestamp() for _, slot in known])
    start = need.at.timestamp()
    end = start + journey[rows] * 60 + VISIT.total_seconds()
    flags[rows[(starts < end) & (start < ends)]] = True
    return flags


def _column(staff: Staff, values: Mapping[str, int]) -> Numbers:
    column = np.zeros(len(staff))
    for engineer_id, value in values.items():
        if (row := staff.row.get(engineer_id)) is not None:
            column[row] = value
    return column


def _journey_min(need: Need, staff: Staff) -> Numbers:
    """Whole minutes from home to the site; nobody travels to the hotline."""
    if need.mode != "onsite":
        return np.zeros(len(staff))
    if need.where is None:
        return np.full(len(staff), need.weights.unknown_distance_min)
    minutes = np.rint(staff.distance_km(need.where) / need.weights.speed_kmh * 60)
    return np.where(np.isnan(minutes), need.weights.unknown_distance_min, minutes)


def _score(need: Need, staff: Staff, journey: Numbers, load: Numbers) -> Numbers:
    weights = need.weights
    gap = staff.level - need.level
    level = np.where(gap >= 0, gap * weights.level_wasted_min, -gap * weights.level_missing_min)
    return journey + load * weights.open_case_min + level


def _slot(need: Need, journey_min: int) -> Slot | None:
    """From now until the work is done: the way there belongs to the visit."""
    if need.mode != "onsite":
        return None
    return Slot(need.at, need.at + timedelta(minutes=journey_min) + VISIT)
