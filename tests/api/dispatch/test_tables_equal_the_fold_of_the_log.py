"""RP-04: the read model can be dropped and rebuilt to the same content."""

from datetime import timedelta

from aftercare_events.catalogue import case as c
from aftercare_events.catalogue.sla import PolicyPublished
from aftercare_events.projector import rebuild
from aftercare_events.sql import create_engine
from dispatch.projection import DispatchProjection
from dispatch.tables import PROJECTED, infra
from support.at_rest import rows, until_idle
from support.dispatch_company import BEIJING, Company

TABLES = (*PROJECTED, infra.todo)


async def busy_day(company: Company) -> None:
    contract = {"severities": [{"id": "1"}, {"id": "2"}]}
    published = PolicyPublished(name="it-integration", version=1, policy=contract)
    await company.say(published, service="sla")
    await company.put("/v1/depots/DP-1", name="北京", location=BEIJING)
    await company.unit("U-1")
    await company.engineer("E-1", skills=["network"])
    for number in range(5):
        case_id = f"CASE-{number}"
        await company.report(case_id, category="network", severity="2" if number else "1")
        await company.clock.advance(timedelta(minutes=5))
        await company.post(f"/v1/cases/{case_id}/contact")
    await company.until("CASE-0", lambda case: case["holder"])
    await company.post("/v1/loans", 201, case_id="CASE-0", model="S7706")
    await company.say(c.CaseWithdrawn(case_id="CASE-0"))
    await company.said("released", "engineer", "E-1")
    await company.until("CASE-4", lambda case: case["holder"])
    key = {"Idempotency-Key": "k"}
    await company.http.post("/v1/cases/CASE-4/reject-engineer", json={}, headers=key)
    await company.get("/v1/cases")


async def test_rebuilt_tables_are_the_same(company: Company, tables_url: str) -> None:
    await busy_day(company)
    engine = create_engine(tables_url, schema="dispatch")
    projection = DispatchProjection()
    await until_idle(company, engine, infra)
    before = await rows(engine, TABLES)
    await rebuild(projection, engine, infra)
    await until_idle(company, engine, infra)
    assert await rows(engine, TABLES) == before
    assert all(before[name] for name in ("cases", "engineers", "units", "loans", "answers"))
    await engine.dispose()


async def test_tables_do_not_depend_on_how_the_log_was_cut(
    company: Company, tables_url: str
) -> None:
    await busy_day(company)
    engine = create_engine(tables_url, schema="dispatch")
    await until_idle(company, engine, infra)
    before = await rows(engine, TABLES)
    projection = DispatchProjection()
    async with engine.begin() as connection:
        for table in TABLES:
            await connection.execute(table.delete())
        async for batch in company.log.read():
            for recorded in batch:
                await projection.apply(connection, [recorded])
    assert await rows(engine, TABLES) == before
    await engine.dispose()
