"""A whole day, drawn from a seed: the same seed, company and size give the same day."""

from collections.abc import Iterator
from dataclasses import dataclass
from random import Random

from .acts import Act
from .company import Company
from .course import plan_course
from .request import HOUR, BareCall, Request, plan_call, plan_request

# How busy each hour of the day is, from 08:00 on; before and after that it is quiet.
BUSY = (0.6, 1.6, 1.5, 1.1, 0.6, 0.9, 1.4, 1.3, 1.1, 0.7, 0.3)
QUIET = 0.15
BARE_CALLS = 0.15


@dataclass(frozen=True, slots=True)
class Life:
    """One request and what becomes of it. `watched`: ops acknowledge the alerts about it."""

    request: Request
    course: tuple[Act, ...]
    watched: bool


@dataclass(frozen=True, slots=True)
class Plan:
    lives: tuple[Life, ...]
    calls: tuple[BareCall, ...]


def make_plan(company: Company, *, cases: int, rate: float, seed: int) -> Plan:
    """`cases` requests at about `rate` an hour, with calls between them that ask for nothing."""
    times = list(_arrivals(Random(f"{seed} arrivals"), cases, rate))  # noqa: S311 - a simulation
    lives = [_life(company, seed, number, at) for number, at in enumerate(times)]
    calls = [call for number, at in enumerate(times) for call in _bare(seed, number, at)]
    return Plan(tuple(lives), tuple(calls))


def _life(company: Company, seed: int, number: int, at: float) -> Life:
    # Each of them draws from a source of its own: a longer day begins like a shorter one.
    rng = Random(f"{seed} life {number}")  # noqa: S311 - a simulation
    request = plan_request(rng, company, number, at)
    course = plan_course(rng, request, company)
    return Life(request, course, watched=rng.random() < 0.5)


def _bare(seed: int, number: int, at: float) -> Iterator[BareCall]:
    rng = Random(f"{seed} call {number}")  # noqa: S311 - a simulation
    if rng.random() < BARE_CALLS:
        yield plan_call(rng, number, at)


def _arrivals(rng: Random, count: int, rate: float) -> Iterator[float]:
    at = 0.0
    for _ in range(count):
        at += rng.expovariate(rate * _busy(at) / HOUR)
        yield at


def _busy(at: float) -> float:
    hour = int(at // HOUR)
    return BUSY[hour] if hour < len(BUSY) else QUIET
