"""Many cases at once (DP-04): assigned together, so that no gain is another's greater loss.

As many as can be get somebody. Which ones, and whom, makes the sum of all scores as small as it
can be, where an arrival after the promise costs, and that a case waits the more, the less time it
has left. Strictly the most urgent first would send everybody across the town and back.
"""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import NamedTuple, cast

import numpy as np
from scipy import optimize

from .assignment import Ranking, cost, proposal, reckon
from .need import Need, Work, Workload, work_of
from .staff import Days, Numbers, Staff

# More are taken in turns: the cost of solving grows with the cube.
MOST_TOGETHER = 200
# A case that was promised nothing is as urgent as one promised in a day; a week late, none is more.
LEAST_URGENT, MOST_URGENT = timedelta(days=1), -timedelta(days=7)
TIE = 1e-4


class Seat(NamedTuple):
    """An engineer's row, and how many of these cases the same engineer gets before this one."""

    row: int
    before: int


def assign_together(needs: Sequence[Need], staff: Staff, workload: Workload) -> Sequence[Ranking]:
    """For each need the one engineer it gets, or nobody; of like ones the first goes first.

    An engineer makes one visit at a time, and advises any number; each open case is a weight.
    """
    if len(needs) > MOST_TOGETHER:
        raise ValueError(f"at most {MOST_TOGETHER} cases are assigned together")
    work = work_of(staff, workload)
    rankings: dict[int, Ranking] = {}
    for advice in (False, True):
        group = [index for index, need in enumerate(needs) if (need.mode != "onsite") == advice]
        seats = _seated([needs[index] for index in group], staff, work, advice=advice)
        for index, seat in zip(group, seats, strict=True):
            rankings[index] = _explained(needs[index], staff, work, seat, len(needs))
        taken = [seat.row for seat in seats if seat is not None]
        work = replace(work, load=work.load + np.bincount(taken, minlength=len(staff)))
    return [rankings[index] for index in range(len(needs))]


def _explained(need: Need, staff: Staff, work: Work, seat: Seat | None, together: int) -> Ranking:
    if seat is None:
        return Ranking([], reckon(need, staff, work).suitable.left_out)
    load = work.load.copy()
    load[seat.row] += seat.before
    work = replace(work, load=load)
    reckoned = reckon(need, staff, work)
    best = proposal(need, staff, work, reckoned, seat.row)
    if together > 1:
        best.why["together"] = together
    return Ranking([best], reckoned.suitable.left_out)


def _seated(
    needs: Sequence[Need], staff: Staff, work: Work, *, advice: bool
) -> Sequence[Seat | None]:
    if not needs or not len(staff):
        return [None] * len(needs)
    reckoned = [reckon(need, staff, work) for need in needs]
    costs = np.array([cost(one) for one in reckoned])
    late = np.array([one.is_late for one in reckoned])
    costs += np.where(late, float(needs[0].weights.late_min), 0.0)
    waiting = np.array([_waiting(need) for need in needs])
    # Of cases that are alike in all this, the one that stands first.
    waiting -= np.arange(len(needs)) * TIE
    each = float(needs[0].weights.open_case_min)
    return solve(costs, waiting, _seats(costs, each) if advice else _one_each(costs), each)


def _one_each(costs: Numbers) -> Days:
    return np.array(np.isfinite(costs).any(axis=0), dtype=np.int64)


def _seats(costs: Numbers, each: float) -> Days:
    """How many cases each engineer could get in the best solution, at `each` minutes for one more.

    With n cases, a seat that is not among the n cheapest of any case is never needed.
    """
    count = len(costs)
    first = costs.min(axis=1, keepdims=True)
    low, high = np.where(np.isfinite(first), first, 0.0), np.where(np.isfinite(first), first, 0.0)
    high = high + each * count
    while (high - low > 1).any():
        middle = np.floor((low + high) / 2)
        enough = _within(costs, middle, each).sum(axis=1, keepdims=True) >= count
        low, high = np.where(enough, low, middle), np.where(enough, middle, high)
    return np.minimum(_within(costs, high, each), count).max(axis=0).astype(np.int64)


def _within(costs: Numbers, limit: Numbers, each: float) -> Numbers:
    """How many seats of each engineer cost no more than `limit`."""
    return np.maximum(np.floor((limit - costs) / each) + 1, 0)


def solve(costs: Numbers, waiting: Numbers, seats: Days, each: float) -> Sequence[Seat | None]:
    """A seat for each row of `costs` (infinite where forbidden), by the order named above.

    `waiting` is what it costs that a row gets none, beside that as few as possible get none;
    `each` is what every further seat of the same engineer costs more.
    """
    rows = np.repeat(np.arange(len(seats)), seats)
    before = np.arange(len(rows)) - np.repeat(np.cumsum(seats) - seats, seats)
    count = len(costs)
    pay = costs[:, rows] + before * each
    allowed = np.isfinite(pay)
    dearest = float(np.abs(pay[allowed]).max(initial=0.0)) + float(np.abs(waiting).max(initial=0.0))
    nobody = np.full((count, count), np.inf)
    np.fill_diagonal(nobody, 2 * count * (dearest + 1) + waiting)
    columns = _cheapest(np.hstack((pay, nobody)))
    return [
        Seat(int(rows[column]), int(before[column])) if column < len(rows) else None
        for column in columns
    ]


def _waiting(need: Need) -> float:
    """What it costs that a case waits on, in minutes: the more, the less time it has left."""
    left = LEAST_URGENT
    if need.arrive_by is not None:
        left = min(max(need.arrive_by - need.at, MOST_URGENT), LEAST_URGENT)
    return -left.total_seconds() / 60 * need.weights.time_left_percent / 100


def _cheapest(costs: Numbers) -> Sequence[int]:
    """The column of each row, no two alike, that make the smallest sum."""
    solve_it = cast("Callable[[Numbers], tuple[Days, Days]]", optimize.linear_sum_assignment)
    return [int(column) for column in solve_it(costs)[1]]
