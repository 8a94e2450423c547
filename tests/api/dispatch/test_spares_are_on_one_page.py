"""The dispatcher's page of spares: what is out, due and overdue, who waits, what runs short."""

from datetime import date, timedelta
from typing import Any

from aftercare_events.catalogue.archive import DeviceRecorded
from aftercare_events.catalogue.loan import LoanOverdue, LoanReserved
from aftercare_events.catalogue.sla import PolicyPublished
from support.dispatch_company import Company

CONTRACT = PolicyPublished(
    name="it-integration",
    version=1,
    policy={"severities": [{"id": "1"}, {"id": "2"}], "terms": {"three_guarantees": True}},
)


async def page(company: Company, language: str = "en") -> str:
    answer = await company.http.get(
        f"/loans?lang={language}&min_position={await company.log.end()}"
    )
    assert answer.status_code == 200, answer.text
    return answer.text


async def test_page_answers_what_is_out_who_waits_and_what_runs_short(company: Company) -> None:
    assert "Nothing is lent, waited for or to be inspected." in await page(company)
    await company.say(CONTRACT, service="sla")
    await company.say(
        DeviceRecorded(
            device_id="D-1", customer_id="C-1", model="S7706", accepted_on=date(2026, 10, 23)
        )
    )
    await company.put("/v1/depots/DP-1", name="北京")
    await company.put("/v1/depots/DP-1/safety-stock", levels=[{"model": "S7706", "at_least": 1}])
    await company.unit("U-1")
    for case_id, severity in (("CASE-1", "2"), ("CASE-2", "2"), ("CASE-3", "1")):
        await company.report(case_id, device_id="D-1", severity=severity, summary=f"{case_id} <b>")
    loan = await company.post("/v1/loans", 201, case_id="CASE-1", due_back="2026-11-03")
    for case_id in ("CASE-2", "CASE-3"):
        await company.post("/v1/loans", 201, case_id=case_id)
    await company.said("proposed", "guarantee", "G-CASE-3-1-E")
    await company.said("stock_low", "depot", "DP-1")
    html = await page(company)
    assert "S7706 at DP-1: 0 free, 1 to be kept" in html
    assert "due back on 2026-11-03" in html
    waiting = html.partition('id="waiting-title"')[2]
    assert waiting.index("CASE-3 &lt;b&gt;") < waiting.index("CASE-2 &lt;b&gt;")
    assert "accepted on 2026-10-23, failed on day 10 (2026-11-02)" in html
    await company.clock.advance(timedelta(days=2))
    await company.said("overdue", "loan", loan["loan_id"])
    assert "Overdue (1)" in await page(company)
    await company.post(f"/v1/loans/{loan['loan_id']}/return", condition="dusty")
    chinese = await page(company, "zh")
    assert "待检或待修 (1)" in chinese
    assert "等待备品 (2)" in chinese


async def test_page_is_for_those_who_may_read(company: Company) -> None:
    answer = await company.http.get("/loans", headers={"Authorization": ""})
    assert answer.status_code in (303, 401)


async def test_overdue_loan_stands_on_the_page_however_many_are_out(company: Company) -> None:
    """DP-11: lists are cut after they were sorted, and say how many are left out."""
    await company.report("CASE-1")
    await company.say(*(reserved(f"L-{number:03}") for number in range(203)), service="dispatch")
    late = reserved("L-ZZZ", due_back=date(2026, 11, 1))
    overdue = LoanOverdue(
        loan_id="L-ZZZ", case_id="CASE-1", unit_id="U-L-ZZZ", due_back=date(2026, 11, 1)
    )
    await company.say(late, overdue, service="dispatch")
    html = await page(company)
    assert 'id="L-ZZZ"' in html
    assert "Overdue (1)" in html
    assert "Out (203)" in html
    assert "3 more are not shown; what comes first is." in html
    assert "另有 3 项未显示" in await page(company, "zh")


def reserved(loan_id: str, **changes: Any) -> LoanReserved:
    return LoanReserved(
        loan_id=loan_id,
        case_id="CASE-1",
        unit_id=f"U-{loan_id}",
        depot_id="DP-1",
        model="S7706",
        **changes,
    )
