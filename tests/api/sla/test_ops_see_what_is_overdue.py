"""DP-11, DP-12, DP-18, DP-26: what is overdue, low or missing stands before ops till it ends."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

from aftercare_events.catalogue.case import CaseAssigned, EngineerArrived
from aftercare_events.catalogue.cover import CoverGapFound, CoverRestored, Gap
from aftercare_events.catalogue.depot import StockLow, StockRefilled
from aftercare_events.catalogue.loan import LoanExtended, LoanOverdue, LoanReturned
from aftercare_events.catalogue.partner import PartnerAbsent, PartnerSilent
from aftercare_http import LOCAL_ZONE
from support.monitors import Served


async def listed(served: Served, position: int, **query: Any) -> list[dict[str, Any]]:
    answer = await served.http.get("/v1/ops-alerts", params={"min_position": position} | query)
    assert answer.status_code == 200, answer.text
    return answer.json()["notices"]


def overdue(loan_id: str) -> LoanOverdue:
    due_back = date(2026, 11, 9)
    return LoanOverdue(loan_id=loan_id, case_id="4F7K-Q2M9", unit_id="U-1", due_back=due_back)


async def test_overdue_loan_stands_on_the_wall_until_it_is_back_or_extended(
    served: Served,
) -> None:
    await served.say(overdue("L-1"))
    position = await served.say(overdue("L-2"))
    assert {one["subject"] for one in await listed(served, position, open=True)} == {"L-1", "L-2"}
    english = (await served.http.get("/", params={"lang": "en"})).text
    chinese = (await served.http.get("/", params={"lang": "zh"})).text
    assert "Loan overdue: U-1, due back on 2026-11-09 (case 4F7K-Q2M9)" in english
    assert "备品逾期未还：U-1" in chinese
    await served.say(LoanExtended(loan_id="L-1", due_back=date(2026, 12, 1)))
    position = await served.say(LoanReturned(loan_id="L-2", condition="good"))
    assert await listed(served, position, open=True) == []
    assert all(one["resolved_at"] for one in await listed(served, position))
    assert "Loan overdue" not in (await served.http.get("/", params={"lang": "en"})).text


async def test_low_stock_stands_on_the_wall_until_it_is_refilled(served: Served) -> None:
    await served.say(StockLow(depot_id="DP-1", model="S7706", free=1, at_least=2))
    position = await served.say(StockLow(depot_id="DP-1", category="network", free=1, at_least=9))
    found = await listed(served, position, open=True)
    assert {one["subject"] for one in found} == {"DP-1/S7706", "DP-1/network"}
    english = (await served.http.get("/", params={"lang": "en"})).text
    assert "Spares run low: 1 of S7706 free at DP-1, 2 to be kept" in english
    refilled = StockRefilled(depot_id="DP-1", model="S7706", free=2, at_least=2)
    [left] = await listed(served, await served.say(refilled), open=True)
    assert left["subject"] == "DP-1/network"


def gap(day: int, *hours: float) -> Gap:
    start, end = (datetime(2026, 11, day, tzinfo=LOCAL_ZONE) + timedelta(hours=x) for x in hours)
    return Gap(start=start, end=end)


async def test_time_without_a_resident_stands_on_the_wall_until_somebody_is_there(
    served: Served,
) -> None:
    """DP-18."""
    missing = CoverGapFound(
        cover_id="resident-CT-1",
        what="resident",
        customer_id="C-1",
        gaps=(gap(4, 9, 17), gap(5, 13, 13.75)),
        looked_until=gap(16, 0, 1).start,
        contract_id="CT-1",
    )
    [found] = await listed(served, await served.say(missing), open=True)
    assert (found["kind"], len(found["says"]["gaps"])) == ("resident_missing", 2)
    page = (await served.http.get("/", params={"lang": "en"})).text
    assert (
        "Nobody resident at C-1 (CT-1) for 8.75 h within 14 days: "
        "2026-11-04 09:00–17:00, 2026-11-05 13:00–13:45" in page
    )
    assert (
        "无驻场工程师共 8.75 小时：2026-11-04 09:00–17:00"
        in (await served.http.get("/", params={"lang": "zh"})).text
    )
    night = CoverGapFound(
        cover_id="duty-company",
        what="duty",
        gaps=(gap(4, 20, 32),),
        looked_until=gap(16, 0, 1).start,
    )
    await listed(served, await served.say(night), open=True)
    page = (await served.http.get("/", params={"lang": "en"})).text
    assert "Nobody on duty for 12 h within 14 days: 2026-11-04 20:00 – 2026-11-05 08:00" in page
    await served.say(CoverRestored(cover_id="duty-company", what="duty"))
    covered = CoverRestored(cover_id="resident-CT-1", what="resident")
    assert await listed(served, await served.say(covered), open=True) == []


async def test_promise_that_a_partner_broke_stands_on_the_wall_until_somebody_has_the_case(
    served: Served,
) -> None:
    """DP-26."""
    case_id, promised = "4F7K-Q2M9", datetime(2026, 11, 2, 12, 0, tzinfo=UTC)
    absent = PartnerAbsent(case_id=case_id, partner_id="P-1", onsite_by=promised)
    await served.say(PartnerSilent(case_id="OTHER", partner_id="P-2"))
    position = await served.say(absent)
    assert {one["subject"] for one in await listed(served, position, open=True)} == {
        case_id,
        "OTHER",
    }
    page = (await served.http.get("/", params={"lang": "en"})).text
    assert f"Partner P-1 was not on site in time: case {case_id} waits again" in page
    position = await served.say(EngineerArrived(case_id=case_id, partner_id="P-1"))
    assert [one["kind"] for one in await listed(served, position, open=True)] == ["partner_silent"]
    position = await served.say(CaseAssigned(case_id="OTHER", engineer_id="E-1"))
    assert await listed(served, position, open=True) == []
