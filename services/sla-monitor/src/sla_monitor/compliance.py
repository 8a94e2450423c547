"""Compliance of a month, counted over the clocks of its cases."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, Select, or_, select

from .domain.compliance import Tally, verdicts
from .domain.instants import to_micros
from .domain.state import CaseClocks, from_bytes
from .domain.terms import Terms
from .monitor import Monitor
from .tables import cases

_CASES_AT_ONCE = 500
# No time zone is further from UTC.
_FARTHEST = timedelta(hours=14)


@dataclass(frozen=True, slots=True)
class Wanted:
    """A month, and whose promises; None is everybody's."""

    year: int
    month: int
    contract: str | None = None
    customer: str | None = None
    policy: str | None = None

    def bounds(self, zone: ZoneInfo) -> tuple[datetime, datetime]:
        """The first instant of the month in a time zone, and that of the next one."""
        years, month = divmod(self.month, 12)
        begin = datetime(self.year, self.month, 1, tzinfo=zone)
        end = datetime(self.year + years, month + 1, 1, tzinfo=zone)
        return begin.astimezone(UTC), end.astimezone(UTC)


async def tally(monitor: Monitor, wanted: Wanted) -> Tally:
    """How the promises that were due in the month stand now; months are the policy's own.

    Cases are read and counted some at a time, off the event loop. Raises UnknownPolicy.
    """
    counted = Tally()
    now = to_micros(monitor.clock.now())
    async with monitor.engine.connect() as connection:
        rows = await connection.stream(
            _cases(wanted), execution_options={"yield_per": _CASES_AT_ONCE}
        )
        async for some in rows.partitions():
            states = [from_bytes(row.state) for row in some]
            held = [(state, await monitor.terms_of(state)) for state in states]
            counted += await asyncio.to_thread(_count, held, wanted, now)
    return counted


def _count(held: Sequence[tuple[CaseClocks, Terms]], wanted: Wanted, now: int) -> Tally:
    return Tally(
        verdict
        for state, terms in held
        for verdict in verdicts(state, now, terms, *wanted.bounds(ZoneInfo(terms.policy.time_zone)))
    )


def _cases(wanted: Wanted) -> Select[tuple[bytes]]:
    """Those of which some clock may be due in the month, wherever the policy is at home."""
    begin, end = wanted.bounds(ZoneInfo("UTC"))
    last, first = cases.c.last_due_at, cases.c.first_due_at
    query = select(cases.c.state).where(or_(last >= begin - _FARTHEST, last.is_(None)))
    return query.where(first < end + _FARTHEST, *_whose(wanted))


def _whose(wanted: Wanted) -> list[ColumnElement[bool]]:
    given = {
        cases.c.contract_id: wanted.contract,
        cases.c.customer_id: wanted.customer,
        cases.c.policy: wanted.policy,
    }
    return [column == value for column, value in given.items() if value is not None]
