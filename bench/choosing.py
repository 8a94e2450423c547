"""DP-04: choosing one engineer among 10,000, and assigning 200 cases among 1,000 together.

The staff are spread over China with three of eight skills each; every call includes putting
today's work into columns. What is printed is the median, and the longest.
"""

import argparse
import random
import statistics
import sys
import time
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

from support.report import machine

from aftercare_events.catalogue.case import Mode
from aftercare_events.catalogue.engineer import Certificate, Point
from dispatch.domain.assignment import rank
from dispatch.domain.geography import Direction, direction
from dispatch.domain.need import Need, Workload
from dispatch.domain.slot import Slot
from dispatch.domain.staff import Engineer, Staff, staff_of
from dispatch.domain.together import assign_together

ONE_MS, BATCH_MS = 10.0, 1_000.0
ROUNDS = 20
NOW = datetime(2026, 11, 2, 8, tzinfo=UTC)
SKILLS = "abcdefgh"
DRAW = random.Random(6)  # noqa: S311 - the same people in every run


def somewhere() -> Direction:
    return direction(Point(latitude=DRAW.uniform(22, 41), longitude=DRAW.uniform(100, 121)))


def engineer(number: int) -> Engineer:
    return Engineer(
        engineer_id=f"E-{number:05}",
        level=DRAW.randint(1, 4),
        skills=frozenset(DRAW.sample(SKILLS, 3)),
        certificates=(Certificate(name="post", valid_until=date(2027, 1, 1)),),
        home=somewhere(),
    )


def workload(staff: Staff) -> Workload:
    """Two open cases each on average, every third on a visit, all scored by their customers."""
    names = [one.engineer_id for one in staff.engineers]
    slot = Slot(NOW - timedelta(hours=1), NOW + timedelta(hours=1))
    return Workload(
        open_cases={name: DRAW.randint(0, 4) for name in names},
        visits=[(name, slot) for name in names[::3]],
        recent={name: DRAW.randint(0, 9) for name in names},
        scores={name: DRAW.uniform(2, 5) for name in names},
    )


def need(mode: Mode) -> Need:
    return Need(
        at=NOW,
        today=NOW.date(),
        mode=mode,
        skill=DRAW.choice(SKILLS),
        level=DRAW.choice((1, 1, 1, 2, 3)),
        where=somewhere(),
        arrive_by=NOW + timedelta(hours=DRAW.randint(2, 8)),
    )


def milliseconds(work: Callable[[], object]) -> list[float]:
    spent: list[float] = []
    for _ in range(ROUNDS):
        began = time.perf_counter()
        work()
        spent.append((time.perf_counter() - began) * 1000)
    return sorted(spent)


def show(name: str, spent: list[float], promised: float) -> bool:
    median = statistics.median(spent)
    print(
        f"   {name:<28} median {median:7.1f} ms, longest {spent[-1]:7.1f} ms "
        f"(at most {promised:.0f} promised)",
        flush=True,
    )
    return median <= promised


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--engineers", type=int, default=10_000)
    parser.add_argument("--cases", type=int, default=200)
    options = parser.parse_args()
    everybody = staff_of(map(engineer, range(options.engineers)))
    some = staff_of(everybody.engineers[: options.engineers // 10])
    all_day, day = workload(everybody), workload(some)
    print(f"choosing ({machine()})")
    kept = True
    modes: tuple[tuple[Mode, str], ...] = (("onsite", "visit"), ("hotline", "advice"))
    for mode, what in modes:
        one, many = need(mode), [need(mode) for _ in range(options.cases)]
        alone = milliseconds(lambda one=one: rank(one, everybody, all_day))
        batch = milliseconds(lambda many=many: assign_together(many, some, day))
        kept &= show(f"one {what} of {len(everybody):,}", alone, ONE_MS)
        kept &= show(f"{len(many)} × {what} of {len(some):,}", batch, BATCH_MS)
    return 0 if kept else 1


if __name__ == "__main__":
    sys.exit(main())
