"""The tables of a running dispatch, once everything that is due was worked off."""

from typing import Any

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncEngine

from aftercare_events.testing import WORKING
from aftercare_events.todo.runner import LEASE
from dispatch.tables import PROJECTED, infra
from support.dispatch_company import Company
from support.running import eventually

PATIENCE = 5


async def rows(engine: AsyncEngine) -> dict[str, list[Any]]:
    """What is to follow from the log alone."""
    async with engine.connect() as connection:
        return {
            table.name: sorted(
                map(tuple, await connection.execute(select(*_told_by_the_log(table)))), key=repr
            )
            for table in (*PROJECTED, infra.todo, infra.poison)
        }


def _told_by_the_log(table: Any) -> list[Any]:
    return [column for column in table.columns if column.name not in WORKING]


async def until_idle(company: Company, engine: AsyncEngine) -> None:
    """The tables show the whole log, and whatever is due was worked off."""

    async def idle() -> bool:
        todo, checkpoint = infra.todo, infra.checkpoint
        soon = company.clock.now() + LEASE
        waiting = select(func.count()).where(todo.c.not_before <= soon).scalar_subquery()
        async with engine.connect() as connection:
            query = select(waiting, select(checkpoint.c.position).scalar_subquery())
            left, position = (await connection.execute(query)).one()
        return (left, position) == (0, await company.log.end())

    for _ in range(PATIENCE):
        try:
            return await eventually(idle)
        except TimeoutError:
            # What a busy machine was too slow for is due again later, by a clock that stands.
            await company.clock.advance(LEASE)
    raise AssertionError("dispatch never rests")
