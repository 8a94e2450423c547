"""DP-09, DP-19, DP-20 over HTTP: who has it, who approved it, who pays it."""

import pytest

from aftercare_events.catalogue.case import Entitlement
from support.dispatch_company import WRITER, Company

CASE = "4F7K-Q2M9"
PATH = f"/v1/cases/{CASE}"


@pytest.fixture
async def company(company: Company) -> Company:
    paid = Entitlement(covered=True, in_warranty=False, chargeable=True)
    await company.engineer("E-1")
    await company.report(CASE, entitlement=paid)
    await company.until(CASE, lambda case: case["holder"] == "E-1")
    return company


async def test_case_shows_who_holds_it_and_since_when(company: Company) -> None:
    await company.post(f"{PATH}/escalate-expert", target="G-EXPERTS", kind="expert_group")
    await company.post(f"{PATH}/tell-hand-over", whom="customer", note="rang her")
    await company.refused(f"{PATH}/tell-hand-over", "lead-required", 422, whom="lead")
    await company.post(f"{PATH}/tell-hand-over", whom="lead", lead="E-LEAD")
    case = await company.case(CASE)
    (held,) = case["work"]["hand_overs"]
    assert (case["holder"], case["held_since"]) == ("G-EXPERTS", held["since"])
    assert held["customer_told_at"] is not None
    assert held["lead"] == "E-LEAD"
    await company.post(f"{PATH}/take-back", reason="firmware came")
    assert (await company.case(CASE))["holder"] == "E-1"


async def test_only_whoever_may_approve_decides_on_work_out_of_scope(company: Company) -> None:
    await company.post(f"{PATH}/ask-scope", description="move the rack of 13800138000")
    decision = {"number": 1, "approved": True, "reason": "in the budget"}
    for path in ("decide-scope", "decide-defect"):
        answer = await company.http.post(f"{PATH}/{path}", json=decision, headers=WRITER)
        assert answer.status_code == 403
    await company.post(f"{PATH}/decide-scope", **decision)
    (asked,) = (await company.case(CASE))["work"]["scope"]
    assert (asked["approved"], asked["decided_by"], asked["reason"]) == (
        True,
        "boss",
        "in the budget",
    )
    assert "13800138000" not in asked["description"]


async def test_costs_add_up_on_the_case(company: Company) -> None:
    part = {"part_number": "F-16A", "quantity": 3, "unit_cents": 1999}
    await company.post(f"{PATH}/costs", travel_metres=12400, travel_cents=4550, parts=[part])
    await company.post(f"{PATH}/costs", labour_minutes=90, labour_cents=30000)
    work = (await company.case(CASE))["work"]
    assert work["to_pay_cents"] == {"CNY": 4550 + 3 * 1999 + 30000}
    assert [one["total_cents"] for one in work["costs"]] == [10547, 30000]
    for wrong in ({"labour_cents": 1.5}, {"labour_cents": -1}, {"currency": "yuan"}):
        problem = await company.post(f"{PATH}/costs", 422, **wrong)
        assert problem["errors"][0]["field"] == next(iter(wrong))


async def test_restoration_is_checked_against_the_figures_of_the_contract(
    company: Company,
) -> None:
    """DP-29."""
    await company.contract(acceptance_figures=[{"name": "packet_loss", "at_most": "0.1"}])
    await company.case(CASE)
    await company.refused(f"{PATH}/restore", "measurement-required")
    await company.refused(
        f"{PATH}/restore", "out-of-tolerance", 422, measured={"packet_loss": "0.2"}
    )
    await company.post(f"{PATH}/restore", 422, measured={"packet_loss": "little"})
    await company.post(f"{PATH}/restore", measured={"packet_loss": "0.05"})
    assert (await company.case(CASE))["measured"] == {"packet_loss": "0.05"}


async def test_defect_is_confirmed_by_whoever_may(company: Company) -> None:
    """DP-29."""
    await company.post(f"{PATH}/claim-defect", description="cracked housing")
    await company.post(f"{PATH}/decide-defect", number=1, confirmed=True, reason="seen")
    (defect,) = (await company.case(CASE))["work"]["defects"]
    assert (defect["confirmed"], defect["decided_by"]) == (True, "boss")
