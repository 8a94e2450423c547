"""RP-04: the read model can be dropped and rebuilt from the log to the same content."""

import asyncio
from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncEngine

from aftercare_events.catalogue import case as c
from aftercare_events.catalogue.loan import CaseLoanEnded, CaseLoanReserved
from aftercare_events.projector import rebuild
from aftercare_events.sql import create_engine
from feedback import tables
from feedback.projection import FeedbackProjection
from support.feedback_company import Company


async def contents(engine: AsyncEngine) -> dict[str, list[Any]]:
    async with engine.connect() as connection:
        return {
            table.name: sorted(map(tuple, await connection.execute(select(table))), key=repr)
            for table in (*tables.READ_MODEL, tables.infra.todo)
        }


async def a_life(company: Company) -> None:
    callback_id = await company.resolve()
    path = f"/v1/callbacks/{callback_id}"
    await company.post(f"{path}/attempt", officer_id="O-LIN", outcome="no_answer", note="no")
    answer = await company.post(
        f"{path}/complete", officer_id="O-LIN", outcome="unsolved", scores={"attitude": 1}
    )
    action = f"/v1/corrective-actions/{answer['corrective_action_id']}"
    await company.post(f"{action}/assign", owner_id="M-1", due_at="2026-11-09T18:00:00+08:00")
    await company.http.put("/v1/officers/O-LIN", json={"department": "care", "name": "林"})
    await company.say(c.CaseResolved(case_id="4F7K-Q2M9"))
    second = await company.callback_of(cycle=2)
    await company.say(CaseLoanReserved(case_id="4F7K-Q2M9", loan_id="L-1", unit_id="U-1"))
    await company.post(f"/v1/callbacks/{second}/complete", officer_id="O-LIN", outcome="satisfied")
    await company.say(CaseLoanEnded(case_id="4F7K-Q2M9", loan_id="L-1", outcome="returned"))
    await company.said("case", "4F7K-Q2M9", count=11)


async def test_rebuilt_rows_are_the_same_and_nobody_is_called_again(
    company: Company, tables_url: str
) -> None:
    await a_life(company)
    engine = create_engine(tables_url, schema=tables.SCHEMA)
    end = await company.log.end()
    await company.get(f"/v1/callbacks?min_position={end}")
    before = await contents(engine)
    await rebuild(FeedbackProjection(), engine, tables.infra)
    while (await contents(engine)) != before:
        await asyncio.sleep(0.05)
    assert await company.log.end() == end
    assert before["todo"] == []
    await engine.dispose()
