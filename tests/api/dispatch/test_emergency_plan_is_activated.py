"""DP-27 over HTTP: a plan is entered, proposed to the critical case, activated and ticked off."""

from typing import Any

import pytest

from aftercare_events.catalogue.archive import CustomerRecorded, DeviceRecorded
from support.dispatch_company import Company

CASE = "4F7K-Q2M9"
PATH = f"/v1/cases/{CASE}"
PLAN: dict[str, Any] = {
    "title": "core switch down",
    "customer_id": "C-1",
    "steps": ["fail over", "ring 13800138000"],
    "team": [{"role": "lead", "engineer_ids": ["E-1", "E-2"]}],
}


@pytest.fixture(autouse=True)
async def archive(company: Company) -> None:
    customers = [CustomerRecorded(customer_id=one, name=one) for one in ("C-1", "C-2")]
    devices = [DeviceRecorded(device_id=one, customer_id="C-1") for one in ("D-1", "D-2")]
    await company.say(*customers, *devices)
    await company.off_duty("E-1", "E-2")


def plan(**changes: Any) -> dict[str, Any]:
    return PLAN | changes


async def test_plan_is_kept_as_it_was_entered_last(company: Company) -> None:
    await company.put("/v1/emergency-plans/EP-1", **PLAN)
    await company.put("/v1/emergency-plans/EP-1", **plan(device_id="D-1"))
    kept = await company.get("/v1/emergency-plans/EP-1")
    assert (kept["device_id"], kept["team"]) == ("D-1", PLAN["team"])
    assert "13800138000" not in kept["steps"][1]
    again = await company.put("/v1/emergency-plans/EP-1", **plan(device_id="D-1"))
    assert not again["changed"]
    await company.get("/v1/emergency-plans/EP-9", 404)
    problem = await company.put("/v1/emergency-plans/EP-1", 422, **plan(steps=[]))
    assert problem["errors"][0]["field"] == "steps"


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"customer_id": "C-9"}, "customer_id"),
        ({"device_id": "D-9"}, "device_id"),
        ({"team": [{"role": "lead", "engineer_ids": ["E-1", "E-9"]}]}, "team.0.engineer_ids"),
    ],
)
async def test_plan_names_who_and_what_there_is(
    company: Company, changes: dict[str, Any], field: str
) -> None:
    problem = await company.put("/v1/emergency-plans/EP-1", 422, **plan(**changes))
    assert problem["field"] == field
    await company.get("/v1/emergency-plans/EP-1", 404)


async def test_critical_case_is_proposed_its_plans_and_handled_by_one(company: Company) -> None:
    await company.contract()
    for plan_id, changes in {
        "EP-ALL": {},
        "EP-DEVICE": {"device_id": "D-1"},
        "EP-OTHER-DEVICE": {"device_id": "D-2"},
        "EP-OTHER-CUSTOMER": {"customer_id": "C-2"},
        "EP-RETIRED": {"active": False},
    }.items():
        await company.put(f"/v1/emergency-plans/{plan_id}", **plan(**changes))
    await company.report("CALM", severity="2", device_id="D-1")
    await company.report(CASE, severity="1", device_id="D-1")
    assert (await company.case("CALM"))["plans"] == []
    proposed = (await company.case(CASE))["plans"]
    assert [one["plan_id"] for one in proposed] == ["EP-DEVICE", "EP-ALL"]
    await company.refused(f"{PATH}/activate-plan", "plan-unknown", 422, plan_id="EP-9")
    await company.post(f"{PATH}/activate-plan", plan_id="EP-DEVICE")
    await company.post(f"{PATH}/tick-step", plan_id="EP-DEVICE", step=1, done_by="E-2")
    await company.refused(f"{PATH}/tick-step", "step-done", plan_id="EP-DEVICE", step=1)
    case = await company.case(CASE)
    (begun,) = case["emergencies"]
    assert [one["plan_id"] for one in case["plans"]] == ["EP-ALL"]
    assert (begun["activated_by"], begun["team"]) == ("boss", PLAN["team"])
    assert begun["called_at"] is not None
    assert [one["done_by"] for one in begun["steps"]] == ["E-2", None]
