"""A day in the field, lived through under one way of choosing: the same seed is the same day.

Faults come in by the hours of a working day; each asks for a skill and a level, stands at a
place, and promises somebody there in time. Who is sent travels from where he was last.
"""

import heapq
import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from aftercare_events.catalogue.engineer import Point
from dispatch.domain.geography import Direction, direction, distance_km
from dispatch.domain.staff import Engineer

MIDNIGHT = datetime(2026, 9, 1, tzinfo=UTC)
SPEED_KMH = 40.0
SKILLS = ("display", "network", "server", "lighting")
# Requests an hour, from midnight on, as shares of the busiest.
BY_HOUR = (1, 1, 1, 1, 1, 2, 4, 7, 10, 10, 9, 7, 6, 8, 9, 9, 8, 6, 4, 3, 2, 2, 1, 1)
# Promised arrival in minutes, how often, and the level that is asked.
PROMISES = ((60, 1, 2), (120, 4, 1), (240, 9, 1), (480, 6, 1))


@dataclass(frozen=True, slots=True)
class Job:
    """A fault: reported at `at`, somebody promised there by `due`, `work` once he is there."""

    case_id: str
    at: datetime
    due: datetime
    skill: str
    level: int
    where: Direction
    work: timedelta


@dataclass(frozen=True, slots=True)
class Day:
    jobs: Sequence[Job]
    staff: Sequence[Engineer]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a day came to: promises broken, kilometres travelled, cases nobody was sent to."""

    breaches: int
    km: float
    left: int


# From the instant, who waits and who is free where he is now, to pairs of case and engineer.
Choice = Callable[[datetime, Sequence[Job], Sequence[Engineer]], Sequence[tuple[str, str]]]


def make_day(seed: int, cases: int, engineers: int) -> Day:
    draw = random.Random(seed)  # noqa: S311 - the same day in every run
    jobs = sorted((_job(draw, number) for number in range(cases)), key=lambda job: job.at)
    return Day(jobs, [_engineer(draw, number) for number in range(engineers)])


def _job(draw: random.Random, number: int) -> Job:
    hour = draw.choices(range(24), BY_HOUR)[0]
    at = MIDNIGHT + timedelta(hours=hour, minutes=draw.uniform(0, 60))
    promised, _, level = draw.choices(PROMISES, [share for _, share, _ in PROMISES])[0]
    return Job(
        case_id=f"C{number:04}",
        at=at,
        due=at + timedelta(minutes=promised),
        skill=draw.choice(SKILLS),
        level=level,
        where=_place(draw),
        work=timedelta(minutes=min(draw.lognormvariate(3.7, 0.5), 240)),
    )


def _engineer(draw: random.Random, number: int) -> Engineer:
    return Engineer(
        engineer_id=f"E{number:03}",
        level=draw.choices((1, 2, 3), (5, 3, 2))[0],
        skills=frozenset(draw.sample(SKILLS, draw.choice((1, 2, 2, 3)))),
        home=_place(draw),
    )


def _place(draw: random.Random) -> Direction:
    """Somewhere in a city of some sixty by sixty kilometres."""
    return direction(Point(latitude=draw.gauss(31.2, 0.12), longitude=draw.gauss(121.5, 0.14)))


def live(day: Day, choose: Choice) -> Outcome:
    """Ask `choose` whenever a case comes in or somebody comes free."""
    people = {one.engineer_id: one for one in day.staff}
    turns = [job.at for job in day.jobs]
    heapq.heapify(turns)
    coming, waiting = list(reversed(day.jobs)), dict[str, Job]()
    busy_until = dict.fromkeys(people, MIDNIGHT)
    breaches, km = 0, 0.0
    while turns:
        now = heapq.heappop(turns)
        while coming and coming[-1].at <= now:
            job = coming.pop()
            waiting[job.case_id] = job
        free = [one for one in people.values() if busy_until[one.engineer_id] <= now]
        for case_id, engineer_id in choose(now, list(waiting.values()), free) if waiting else ():
            job, sent = waiting.pop(case_id), people[engineer_id]
            way = distance_km(_at(sent), job.where)
            arrival = now + timedelta(hours=way / SPEED_KMH)
            people[engineer_id] = replace(sent, home=job.where)
            busy_until[engineer_id] = arrival + job.work
            heapq.heappush(turns, busy_until[engineer_id])
            km += way
            breaches += arrival > job.due
    return Outcome(breaches + len(waiting), km, len(waiting))


def nearest_free(
    _: datetime, waiting: Sequence[Job], free: Sequence[Engineer]
) -> Sequence[tuple[str, str]]:
    """First come, first served, by the nearest who can do it: what anybody does by hand."""
    left, pairs = {one.engineer_id: one for one in free}, list[tuple[str, str]]()
    for job in waiting:
        able = [one for one in left.values() if able_to(one, job)]
        if able:
            nearest = min(able, key=lambda one: distance_km(_at(one), job.where))
            del left[nearest.engineer_id]
            pairs.append((job.case_id, nearest.engineer_id))
    return pairs


def able_to(engineer: Engineer, job: Job) -> bool:
    return job.skill in engineer.skills and engineer.level >= job.level


def _at(engineer: Engineer) -> Direction:
    if engineer.home is None:
        raise ValueError(f"nobody knows where {engineer.engineer_id} is")
    return engineer.home
