"""Whoever is in no archive is found by what she reported, however many reports there are."""

from sqlalchemy import text
from sqlalchemy.dialects import postgresql

from intake import tables
from intake.holdings import open_cases_where
from support.intake_desk import Desk


async def test_open_cases_of_a_stranger_are_read_by_their_index(desk: Desk) -> None:
    await desk.case(await desk.request(contact={"name": "赵六", "phone": "13700001111"}))
    asked = open_cases_where(tables.reported_by("P-NOBODY")).compile(
        dialect=postgresql.dialect(), compile_kwargs={"literal_binds": True}
    )
    async with desk.intake.engine.connect() as connection:
        # A handful of rows is read faster without any index: only their kind is asked about.
        await connection.execute(text("SET LOCAL enable_seqscan = off"))
        plan = [row[0] for row in await connection.execute(text(f"EXPLAIN {asked}"))]
    assert any("ix_reports_by_person" in line for line in plan), "\n".join(plan)
