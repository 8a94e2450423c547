"""Whom to send (DP-04): hard rules leave some out, what remains is ranked by time lost.

The score is in minutes: the journey, and what each open case, each level missing or wasted is
reckoned to cost. The weights are data of the need, so that a what-if can change them.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any, Literal

import numpy as np

from aftercare_events.catalogue.case import Mode

from .geography import Direction
from .slot import VISIT, Slot
from .staff import Engineer, Flags, Numbers, Staff

Obstacle = Literal["inactive", "excluded", "skill", "certificate", "off_duty", "booked"]


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
    """One ranked engineer; `why` is what the event and the board explain the choice with."""

    engineer: Engineer
    slot: Slot | None
    why: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Ranking:
    """The best first, and how many each hard rule left out (each counted once)."""

    best: Sequence[Proposal]
    left_out: Mapping[Obstacle, int]


def rank(need: Need, staff: Staff, workload: Workload, limit: int = 1) -> Ranking:
    """The `limit` best of those whom no hard rule leaves out."""
    journey = _journey_min(need, staff)
    suitable, left_out = _suitable(need, staff, workload, journey)
    rows = np.flatnonzero(suitable)
    load = _column(staff, workload.open_cases)
    score = _score(need, staff, journey, load)
    # A stable sort of rows that stand in the order of ids: equals are ranked alike everywhere.
    best = rows[np.argsort(score[rows], kind="stable")[:limit]]
    return Ranking(
        [
            Proposal(
                engineer=staff.engineers[int(row)],
                slot=_slot(need, int(journey[row])),
                why={
                    "score_min": int(score[row]),
                    "journey_min": int(journey[row]),
                    "open_cases": int(load[row]),
                    "level": int(staff.level[row]),
                    "skill": need.skill,
                    "suitable": len(rows),
                    "left_out": dict(left_out),
                },
            )
            for row in best
        ],
        left_out,
    )


def _suitable(
    need: Need, staff: Staff, workload: Workload, journey: Numbers
) -> tuple[Flags, Mapping[Obstacle, int]]:
    rules: list[tuple[Obstacle, Flags]] = [
        ("inactive", staff.active),
        ("excluded", ~_mentioned(staff, need.excluded)),
        ("skill", staff.has_skill(need.skill)),
        ("certificate", staff.is_certified(need.skill, need.today)),
        ("off_duty", staff.is_on_duty(need.at)),
        ("booked", ~_booked(need, staff, workload, journey)),
    ]
    suitable = np.ones(len(staff), dtype=np.bool_)
    left_out: dict[Obstacle, int] = {}
    for obstacle, passes in rules:
        if obstacle in need.waived:
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
