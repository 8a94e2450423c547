"""Whoever is in no archive is found by what she reported, however many reports there are."""

from sqlalchemy import text
from sqlalchemy.dialects import postgresql

from intake import tables
from intake.holdings import open_cases_where
from support.intake_desk import Desk

MORE = (
    """INSERT INTO cases SELECT (jsonb_populate_record(one, jsonb_build_object(
    'case_id', 'MORE-' || n))).* FROM cases AS one, generate_series(1, 3000) AS n""",
    """INSERT INTO reports SELECT (jsonb_populate_record(one, jsonb_build_object(
    'case_id', 'MORE-' || n, 'report', jsonb_set(to_jsonb(one.report), '{contact,person}',
    to_jsonb('P-' || n))))).* FROM reports AS one, generate_series(1, 3000) AS n""",
    "ANALYZE cases, reports",
)


async def test_open_cases_of_a_stranger_are_read_by_their_index(desk: Desk) -> None:
    await desk.case(await desk.request(contact={"name": "赵六", "phone": "13700001111"}))
    asked = open_cases_where(tables.reported_by("P-NOBODY")).compile(
        dialect=postgresql.dialect(), compile_kwargs={"literal_binds": True}
    )
    async with desk.intake.engine.connect() as connection:
        for statement in MORE:
            await connection.exec_driver_sql(statement)
        plan = [row[0] for row in await connection.execute(text(f"EXPLAIN {asked}"))]
    assert any("ix_reports_by_person" in line for line in plan), "\n".join(plan)
