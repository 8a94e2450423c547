"""A whole day, drawn from a seed: the same seed, company and size give the same day."""

from collections.abc import Iterator
from dataclasses import dataclass
from random import Random

from .acts import Act
from .company import Company
from .course import plan_course
from .request import HOUR, BareCall, Request, plan_call, plan_request, struck_by

# How busy each hour of the day is, from 08:00 on; before and after that it is quiet.
BUSY = (0.6, 1.6, 1.5, 1.1, 0.6, 0.9, 1.4, 1.3, 1.1, 0.7, 0.3)
QUIET = 0.15
BARE_CALLS = 0.15
# Among so many requests there are some in a row about one outage, and one engineer falls ill.
OUTAGE_EVERY, OUTAGE = 150, range(40, 47)
ILL_EVERY, ILL_S = 100, 6 * HOUR


@dataclass(frozen=True, slots=True)
class Life:
    """One request and what becomes of it. `watched`: ops acknowledge the alerts about it."""

    request: Request
    course: tuple[Act, ...]
    watched: bool


@dataclass(frozen=True, slots=True)
class Absence:
    """Somebody falls ill `at` so many seconds of the day, and a deputy stands in (DP-18)."""

    at: float
    engineer_id: str
    deputy: str


@dataclass(frozen=True, slots=True)
class Plan:
    lives: tuple[Life, ...]
    calls: tuple[BareCall, ...]
    absences: tuple[Absence, ...] = ()


def make_plan(company: Company, *, cases: int, rate: float, seed: int) -> Plan:
    """`cases` requests at about `rate` an hour, with calls between them that ask for nothing."""
    times = list(_arrivals(Random(f"{seed} arrivals"), cases, rate))  # noqa: S311 - a simulation
    lives = [_life(company, seed, number, at) for number, at in enumerate(times)]
    calls = [call for number, at in enumerate(times) for call in _bare(seed, number, at)]
    ill = [one for at in times[::ILL_EVERY] for one in _ill(company, seed, at)]
    return Plan(tuple(lives), tuple(calls), tuple(ill))


def _life(company: Company, seed: int, number: int, at: float) -> Life:
    # Each of them draws from a source of its own: a longer day begins like a shorter one.
    rng = Random(f"{seed} life {number}")  # noqa: S311 - a simulation
    request = plan_request(rng, company, number, at)
    outage, index = divmod(number, OUTAGE_EVERY)
    if index in OUTAGE:
        where = Random(f"{seed} outage {outage}")  # noqa: S311 - a simulation
        request = struck_by(where, request, company)
    course = plan_course(rng, request, company)
    return Life(request, course, watched=rng.random() < 0.5)


def _bare(seed: int, number: int, at: float) -> Iterator[BareCall]:
    rng = Random(f"{seed} call {number}")  # noqa: S311 - a simulation
    if rng.random() < BARE_CALLS:
        yield plan_call(rng, number, at)


def _ill(company: Company, seed: int, at: float) -> Iterator[Absence]:
    pair = company.deputy(Random(f"{seed} ill {at}"))  # noqa: S311 - a simulation
    if pair is not None:
        yield Absence(at, *pair)


def _arrivals(rng: Random, count: int, rate: float) -> Iterator[float]:
    at = 0.0
    for _ in range(count):
        at += rng.expovariate(rate * _busy(at) / HOUR)
        yield at


def _busy(at: float) -> float:
    hour = int(at // HOUR)
    return BUSY[hour] if hour < len(BUSY) else QUIET
