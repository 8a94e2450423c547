"""`GET /v1/cases`: by status, engineer and overdue; page by page, the longest waiting first."""

from datetime import UTC, datetime, timedelta
from typing import Any

from aftercare_events.catalogue import case as c
from aftercare_events.catalogue.sla import ClockBreached
from support.dispatch_company import Company

DUE = datetime(2026, 11, 2, 8, 10, tzinfo=UTC)


async def listed(company: Company, query: str = "") -> list[str]:
    page = await company.get(f"/v1/cases{query}")
    return [case["case_id"] for case in page["items"]]


async def report_three(company: Company) -> None:
    for number in (1, 2, 3):
        await company.report(f"CASE-{number}")
        await company.clock.advance(timedelta(minutes=1))


async def test_longest_waiting_comes_first(company: Company) -> None:
    await report_three(company)
    assert await listed(company) == ["CASE-1", "CASE-2", "CASE-3"]


async def test_pages_follow_one_another(company: Company) -> None:
    await report_three(company)
    first = await company.get("/v1/cases?limit=2")
    second = await company.get(f"/v1/cases?limit=2&cursor={first['next']}")
    assert [case["case_id"] for case in second["items"]] == ["CASE-3"]
    assert second["next"] is None


async def test_filters_narrow_the_list(company: Company) -> None:
    await report_three(company)
    await company.engineer("E-1", active=False)
    await company.say(c.CaseWithdrawn(case_id="CASE-1"))
    await company.say(
        c.CaseAssigned(case_id="CASE-2", engineer_id="E-1"),
        breach("CASE-3"),
        service="dispatch",
    )
    assert await listed(company, "?status=withdrawn") == ["CASE-1"]
    assert await listed(company, "?engineer=E-1") == ["CASE-2"]
    assert await listed(company, "?overdue=true") == ["CASE-3"]
    assert await listed(company, "?overdue=false&status=waiting") == []
    await company.post("/v1/cases/CASE-3/contact")
    assert await listed(company, "?overdue=true") == []


async def test_wrong_filter_is_refused(company: Company) -> None:
    for query in ("status=gone", "overdue=perhaps", "cursor=x", "limit=0", "engineer=a.b"):
        await company.get(f"/v1/cases?{query}", 422)


def breach(case_id: str) -> Any:
    return ClockBreached(
        case_id=case_id,
        clock="contact",
        cycle=1,
        due_at=DUE,
        breached_at=DUE,
        policy="it-integration",
        policy_version=1,
    )
