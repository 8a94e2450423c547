"""The hard rules of a choice (DP-04, DP-16): each leaves somebody out, or is put aside."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from .need import Need, Obstacle, Work
from .slot import VISIT
from .staff import Flags, Numbers, Staff


@dataclass(frozen=True, slots=True)
class Suitable:
    """Who passes each rule, whom none leaves out, and how many each does (counted once)."""

    rules: Mapping[Obstacle, Flags]
    flags: Flags
    left_out: Mapping[Obstacle, int]

    def obstacles(self, row: int) -> tuple[Obstacle, ...]:
        return tuple(obstacle for obstacle, passes in self.rules.items() if not passes[row])


def suitable(need: Need, staff: Staff, work: Work, journey: Numbers) -> Suitable:
    rules: dict[Obstacle, Flags] = {
        "inactive": staff.active,
        "declined": ~mentioned(staff, need.declined),
        "rejected": ~mentioned(staff, need.rejected),
        "concerned": ~mentioned(staff, need.concerned),
        "reserve": ~staff.reserve | mentioned(staff, need.called),
        "resident_elsewhere": ~staff.is_resident_elsewhere(need.customer_id, need.site_id),
        "skill": staff.has_skill(need.skill),
        "certificate": staff.is_certified(need.skill, need.today),
        "level": staff.level >= need.level,
        "off_duty": staff.is_on_duty(need.at),
        "booked": ~_booked(need, staff, work, journey),
    }
    flags = np.ones(len(staff), dtype=np.bool_)
    left_out: dict[Obstacle, int] = {}
    for obstacle, passes in rules.items():
        if obstacle in need.waived:
            continue
        failing = int(np.count_nonzero(flags & ~passes))
        if failing:
            left_out[obstacle] = failing
        flags &= passes
    return Suitable(rules, flags, left_out)


def mentioned(staff: Staff, engineer_ids: frozenset[str]) -> Flags:
    flags = np.zeros(len(staff), dtype=np.bool_)
    flags[[staff.row[one] for one in engineer_ids if one in staff.row]] = True
    return flags


def _booked(need: Need, staff: Staff, work: Work, journey: Numbers) -> Flags:
    flags = np.zeros(len(staff), dtype=np.bool_)
    if need.mode != "onsite" or not len(work.visitors):
        return flags
    start = need.at.timestamp()
    ends = start + journey[work.visitors] * 60 + VISIT.total_seconds()
    flags[work.visitors[(work.starts < ends) & (start < work.ends)]] = True
    return flags
