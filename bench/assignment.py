"""DP-04: a day of 500 faults under our assignment and under nearest-free, on the same seeds.

Both know where everybody was last, who can do what, and by when somebody was promised; both are
asked whenever a case comes in or somebody comes free. What is printed is broken promises and
kilometres over all seeds, for a staff that is short, just enough, and ample.
"""

import argparse
import sys
from collections.abc import Sequence
from datetime import datetime
from functools import reduce

from support.field_day import Choice, Job, Outcome, live, make_day, nearest_free
from support.report import machine

from aftercare_events.catalogue.choosing import ChoosingWeights
from dispatch.domain.need import Need, Workload
from dispatch.domain.staff import Engineer, staff_of
from dispatch.domain.together import MOST_TOGETHER, assign_together

WEIGHTS = ChoosingWeights(speed_kmh=40.0)


def together(
    now: datetime, waiting: Sequence[Job], free: Sequence[Engineer]
) -> Sequence[tuple[str, str]]:
    """What dispatch does with whatever waits on its list."""
    if not free:
        return []
    first = sorted(waiting, key=lambda job: (job.due, job.at, job.case_id))[:MOST_TOGETHER]
    rankings = assign_together([_need(now, job) for job in first], staff_of(free), Workload({}))
    return [
        (job.case_id, ranking.best[0].engineer.engineer_id)
        for job, ranking in zip(first, rankings, strict=True)
        if ranking.best
    ]


def _need(now: datetime, job: Job) -> Need:
    return Need(
        at=now,
        today=now.date(),
        mode="onsite",
        skill=job.skill,
        level=job.level,
        where=job.where,
        arrive_by=job.due,
        weights=WEIGHTS,
    )


def lived(seeds: int, cases: int, engineers: int, choose: Choice) -> Outcome:
    days = (live(make_day(seed, cases, engineers), choose) for seed in range(1, seeds + 1))
    return reduce(_sum, days)


def _sum(one: Outcome, other: Outcome) -> Outcome:
    return Outcome(one.breaches + other.breaches, one.km + other.km, one.left + other.left)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seeds", type=int, default=3)
    parser.add_argument("--cases", type=int, default=500)
    parser.add_argument("--engineers", type=int, nargs="+", default=[30, 40, 50])
    options = parser.parse_args()
    print(f"DP-04 {options.seeds} days of {options.cases} faults each ({machine()})")
    all_theirs = all_ours = Outcome(0, 0.0, 0)
    for engineers in options.engineers:
        sides = [
            lived(options.seeds, options.cases, engineers, choose)
            for choose in (nearest_free, together)
        ]
        for name, day in zip(("nearest free", "assigned together"), sides, strict=True):
            told = f"{day.breaches:>6} promises broken, {day.km:>8,.0f} km"
            print(f"   {engineers} engineers, {name:<28}{told}", flush=True)
        all_theirs, all_ours = _sum(all_theirs, sides[0]), _sum(all_ours, sides[1])
    fewer = all_ours.breaches < all_theirs.breaches and not all_ours.left
    return 0 if fewer and all_ours.km < all_theirs.km else 1


if __name__ == "__main__":
    sys.exit(main())
