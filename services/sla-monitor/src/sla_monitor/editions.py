"""Editions of official days: published into the log, then followed by every running case.

The sweep goes through the cases in pages and keeps its place on its to-do item, so that it goes
on where it was after a crash; a case that was moved already is passed over (SL-02).
"""

import asyncio
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

import structlog
from sqlalchemy import select, update
from sqlalchemy.sql.elements import ColumnElement

from aftercare_events.catalogue import decode, record
from aftercare_events.catalogue.terms import CalendarPublished
from aftercare_events.log import Expect, Log
from aftercare_events.official_days import OfficialDays
from aftercare_events.todo import NEVER, Item
from aftercare_events.transactions import brief

from .case_rows import CaseRow, load
from .monitor import ACTOR, SERVICE, Monitor
from .moves import Move, move, terms_for
from .tables import calendars, cases, infra

PAGE = 200
# a run must end well before its lease does
LONGEST_RUN = timedelta(seconds=5)

logger = structlog.get_logger()


async def publish_edition(
    log: Log, name: str, days: OfficialDays, *, actor: str, at: datetime
) -> tuple[CalendarPublished, int]:
    """The edition and its position; the one that is in force when it says the same.

    Raises Conflict (somebody published at the same moment), LogUnavailable.
    """
    subject = f"ac.{SERVICE}.calendar.{name}"
    last = await log.last(subject)
    known: CalendarPublished | None = decode(last.event) if last else None
    edition = CalendarPublished(
        name=name,
        number=known.number + 1 if known else 1,
        edition=days.edition,
        years=days.years,
        off=tuple(sorted(days.off)),
        on=tuple(sorted(days.on)),
    )
    if last and known and _same(known, edition):
        return known, last.position
    event = record(edition, service=SERVICE, time=at, actor=actor)
    position = await log.append([event], [Expect(subject, last.position if last else 0)])
    logger.info("calendar published", calendar=name, number=edition.number, position=position)
    return edition, position


def _same(known: CalendarPublished, edition: CalendarPublished) -> bool:
    return (known.edition, known.years, known.off, known.on) == (
        edition.edition,
        edition.years,
        edition.off,
        edition.on,
    )


async def sweep(monitor: Monitor, item: Item) -> None:
    """Move the running cases that know an older edition of the calendar `item.key`."""
    await monitor.refill()
    reason = await _edition_text(monitor, item.key)
    users = monitor.shelf.policies.using(item.key)
    until, after = monitor.clock.now() + LONGEST_RUN, str(item.payload.get("after", ""))
    while monitor.clock.now() < until:
        page = await _page(monitor, users, after)
        if not page:
            # As the projection put it, at rest until a later edition.
            await _leave(monitor, item, not_before=NEVER, payload={})
            return
        wanted = Move(cause="calendar", reason=reason, by=ACTOR)
        stale = [case for case, row in page.items() if terms_for(monitor, row, wanted)]
        await asyncio.gather(*(move(monitor, case_id, wanted) for case_id in stale))
        after = max(page)
        await _leave(monitor, item, payload={"after": after})


async def follow_newest(monitor: Monitor, case_id: str) -> None:
    """A case that goes on although it was over while an edition came follows the newest."""
    await monitor.refill()
    goes_on = Move(cause="calendar", reason="goes on under newer official days", by=ACTOR)
    await move(monitor, case_id, goes_on)


async def _leave(monitor: Monitor, item: Item, **values: Any) -> None:
    async with brief(monitor.engine) as connection:
        await connection.execute(update(infra.todo).where(*_as_claimed(item)).values(values))


def _as_claimed(item: Item) -> Sequence[ColumnElement[bool]]:
    todo = infra.todo.c
    return (todo.kind == item.kind, todo.key == item.key, todo.position == item.position)


async def _page(monitor: Monitor, policies: Sequence[str], after: str) -> Mapping[str, CaseRow]:
    query = (
        select(cases.c.case_id)
        .where(cases.c.case_id > after, cases.c.policy.in_(policies))
        .order_by(cases.c.case_id)
        .limit(PAGE)
    )
    async with monitor.engine.connect() as connection:
        found = list(await connection.scalars(query))
        return await load(connection, found)


async def _edition_text(monitor: Monitor, name: str) -> str:
    query = select(calendars.c.document).where(calendars.c.name == name)
    async with monitor.engine.connect() as connection:
        newest = await connection.scalar(query.order_by(calendars.c.number.desc()).limit(1))
    return str(newest["edition"]) if newest else name
