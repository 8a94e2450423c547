"""R1, RP-04: whatever dispatch did by itself is not done again when its tables are built anew."""

from collections.abc import AsyncIterator
from datetime import date, timedelta

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from aftercare_events.catalogue import case as c
from aftercare_events.catalogue.archive import ContractRecorded, DeviceRecorded
from aftercare_events.catalogue.sla import PolicyPublished
from aftercare_events.projector import rebuild
from aftercare_events.sql import create_engine
from dispatch import loan_todos, todos, warranty_todos
from dispatch.projection import DispatchProjection
from dispatch.tables import PROJECTED, infra
from support.at_rest import rows, until_idle
from support.dispatch_cases import WRITTEN
from support.dispatch_company import Company
from support.reading import everything
from support.running import eventually

CONTRACT = PolicyPublished(
    name="it-integration",
    version=1,
    policy={
        "severities": [{"id": name} for name in "1234"],
        "spare": {"when": "during_repair"},
        "terms": {
            "loan_return_within_days": 3,
            "replaced_part_starts_new_warranty": True,
            "three_guarantees": "exchange or repair on day 8 to 15",
        },
    },
)
SWITCH = DeviceRecorded(
    device_id="D-1",
    customer_id="C-1",
    model="S7706",
    category="network",
    grade=2,
    accepted_on=date(2026, 10, 23),
)
TABLES = (*PROJECTED, infra.todo, infra.poison)
# Of all that is looked at without an event that would say so.
LOOKED_AT = {
    *(todos.COVER, todos.SEND_AT_ONCE, loan_todos.SPARE, loan_todos.SERVE),
    *(loan_todos.RECALL, loan_todos.LIFT, loan_todos.WATCH_STOCK, warranty_todos.JUDGE),
}


@pytest.fixture
async def engine(tables_url: str) -> AsyncIterator[AsyncEngine]:
    made = create_engine(tables_url, schema="dispatch")
    yield made
    await made.dispose()


async def everything_that_happens_by_itself(company: Company) -> None:
    await company.say(CONTRACT, service="sla")
    await company.say(SWITCH)
    await company.put("/v1/depots/DP-1", name="北京")
    levels = [{"model": "S7706", "at_least": 1}]
    await company.put("/v1/depots/DP-1/safety-stock", levels=levels)
    await company.unit("U-1")
    await company.engineer("E-1", level=1)
    await an_installation_without_anybody_senior(company)
    loan = await a_spare_for_a_repair_that_is_due_back_until_it_fails_again(company)
    # What was repaired in the same instant would count as repaired before it.
    await company.clock.advance(timedelta(minutes=1))
    await a_wait_that_is_served_and_recalled(company)
    await company.report("MILD", severity="2")
    await company.say(c.SeverityChanged(case_id="MILD", severity="3"))
    await company.report("DIRE", severity="2")
    await company.say(c.SeverityChanged(case_id="DIRE", severity="1"))
    await company.until("DIRE", lambda case: case["onsite_required"])
    assert (await company.get(f"/v1/loans/{loan}"))["due_back"] is None


async def an_installation_without_anybody_senior(company: Company) -> None:
    await company.report("NEW", work="installation")
    contract = ContractRecorded(
        contract_id="CT-1",
        customer_id="C-1",
        policy="it-integration",
        starts_on=date(2026, 1, 1),
        resident_engineer_id="E-2",
    )
    await company.say(contract)
    for cover_id in ("senior-NEW", "resident-CT-1"):
        await company.said("gap_found", "cover", cover_id)


async def a_spare_for_a_repair_that_is_due_back_until_it_fails_again(company: Company) -> str:
    await company.report("FAILS", device_id="D-1")
    await company.said("proposed", "guarantee", "G-FAILS-1-E")
    await company.say(c.OnsiteRequired(case_id="FAILS"), service="dispatch")
    [loan_id] = (await company.until("FAILS", lambda case: case["loans"]))["loans"]
    await company.said("stock_low", "depot", "DP-1")
    new = [{"what": "device", "serial": "SN-2"}]
    await company.post("/v1/cases/FAILS/record", **WRITTEN, replaced=new)
    await company.post("/v1/cases/FAILS/resolve")
    await company.said("due_back_set", "loan", loan_id)
    await company.said("restarted", "warranty", "D-1")
    await company.post("/v1/cases/FAILS/reopen", reason="dead again")
    lifted = ["reserved", "due_back_set", "due_back_set"]

    async def lifted_again() -> bool:
        return await company.types("loan", loan_id) == lifted

    await eventually(lifted_again)
    return loan_id


async def a_wait_that_is_served_and_recalled(company: Company) -> None:
    await company.report("WAITS", device_id="D-1")
    waiting = await company.post("/v1/loans", 201, case_id="WAITS")
    assert waiting["status"] == "waiting"
    await company.unit("U-2")
    await company.said("reserved", "loan", waiting["loan_id"])
    await company.post("/v1/cases/WAITS/restore")
    await company.said("due_back_set", "loan", waiting["loan_id"])
    await company.report("WAITS-2", device_id="D-1")
    await company.say(c.OnsiteRequired(case_id="WAITS-2"), service="dispatch")
    await company.until("WAITS-2", lambda case: case["loans_waiting"])


async def test_looks_that_led_to_something_lead_to_nothing_after_a_rebuild(
    company: Company, engine: AsyncEngine
) -> None:
    await everything_that_happens_by_itself(company)
    await until_idle(company, engine, infra)
    before, end = await rows(engine, TABLES), await company.log.end()
    assert {row[0] for row in before["todo"]} >= LOOKED_AT
    await rebuild(DispatchProjection(), engine, infra)
    await until_idle(company, engine, infra)
    assert await everything(company.log, end) == []
    assert await rows(engine, TABLES) == before


async def test_day_that_a_person_gave_stands_after_a_rebuild(
    company: Company, engine: AsyncEngine
) -> None:
    """DP-11: neither the repair nor the failure before a loan has a say in when it is due back."""
    await company.say(CONTRACT, service="sla")
    await company.put("/v1/depots/DP-1", name="北京")
    for unit_id in ("U-1", "U-2", "U-3"):
        await company.unit(unit_id)

    async def lend(unit_id: str, **day: str) -> str:
        body = {"case_id": "CASE-1", "unit_id": unit_id} | day
        return (await company.post("/v1/loans", 201, **body))["loan_id"]

    await company.report("CASE-1")
    first = await lend("U-1")
    await company.post("/v1/cases/CASE-1/record", **WRITTEN)
    await company.post("/v1/cases/CASE-1/resolve")
    await company.said("due_back_set", "loan", first)
    later = await lend("U-2", due_back="2026-12-24")
    await until_idle(company, engine, infra)
    await rebuild(DispatchProjection(), engine, infra)
    await until_idle(company, engine, infra)
    assert (await company.get(f"/v1/loans/{later}"))["due_back"] == "2026-12-24"
    await company.post("/v1/cases/CASE-1/reopen", reason="dead again")
    last = await lend("U-3", due_back="2026-12-31")
    await until_idle(company, engine, infra)
    end = await company.log.end()
    await rebuild(DispatchProjection(), engine, infra)
    await until_idle(company, engine, infra)
    assert await company.log.end() == end
    days = [(await company.get(f"/v1/loans/{one}"))["due_back"] for one in (first, later, last)]
    assert days == [None, None, "2026-12-31"]
