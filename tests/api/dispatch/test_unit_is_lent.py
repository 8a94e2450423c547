"""DP-10, DP-11: a loan over HTTP, from the request to the return, and by itself at a breach."""

from typing import Any

import pytest

from aftercare_events.catalogue.archive import DeviceRecorded, SiteRecorded
from aftercare_events.catalogue.sla import ClockBreached
from support.dispatch_cases import WRITTEN, at
from support.dispatch_company import BEIJING, SHANGHAI, Company

CASE = "4F7K-Q2M9"


@pytest.fixture
async def company(company: Company) -> Company:
    """A case about a switch in Beijing, and a depot there and in Shanghai."""
    await company.say(
        SiteRecorded(site_id="S-1", customer_id="C-1", name="机房", **BEIJING),
        DeviceRecorded(
            device_id="D-1", customer_id="C-1", model="S7706", category="network", grade=2
        ),
    )
    await company.put("/v1/depots/DP-1", name="北京", location=BEIJING)
    await company.put("/v1/depots/DP-2", name="上海", location=SHANGHAI)
    await company.report(CASE, site_id="S-1", device_id="D-1", use_affected=True)
    return company


async def lend(company: Company, status: int = 201, **body: Any) -> Any:
    return await company.post("/v1/loans", status, case_id=CASE, **body)


async def test_nearest_unit_as_good_as_the_own_device_is_lent(company: Company) -> None:
    await company.unit("U-WORSE", model="S7703", grade=1)
    await company.unit("U-FAR", depot_id="DP-2")
    await company.unit("U-BETTER", model="S7712", grade=3)
    done = await lend(company, due_back="2026-12-01")
    loan = await company.get(f"/v1/loans/{done['loan_id']}")
    assert (loan["unit_id"], loan["depot_id"], loan["status"]) == ("U-BETTER", "DP-1", "reserved")
    assert loan["why"] == {
        "distance_km": 0.0,
        "stands_in_as": "higher_grade",
        "same_model": False,
        "grade": 3,
        "fitting": 2,
    }
    assert (await company.get("/v1/units/U-BETTER"))["status"] == "lent"
    assert (await company.case(CASE))["loans"] == [done["loan_id"]]


async def test_loan_goes_its_way_and_the_unit_is_free_again(company: Company) -> None:
    await company.unit("U-1")
    loan_id = (await lend(company, unit_id="U-1"))["loan_id"]
    path = f"/v1/loans/{loan_id}"
    assert (await company.post(f"{path}/ship", waybill="SF-1"))["status"] == "shipped"
    await company.refused(f"{path}/ship", "loan-shipped")
    assert (await company.post(f"{path}/receive"))["status"] == "in_use"
    await company.post(f"{path}/extend", due_back="2026-12-24")
    await company.refused(f"{path}/extend", "not-later", 422, due_back="2026-12-01")
    done = await company.post(f"{path}/return", condition="good")
    assert done["status"] == "returned"
    loan = await company.get(path)
    assert (loan["waybill"], loan["due_back"], loan["condition"]) == ("SF-1", "2026-12-24", "good")
    assert (await company.case(CASE))["loans"] == []
    assert (await company.get("/v1/units/U-1"))["status"] == "to_inspect"
    await company.refused("/v1/loans", "unit-not-free", case_id=CASE, unit_id="U-1")
    await company.refused("/v1/units/U-9/inspect", "not-found", 404, fit=True)
    inspected = await company.post("/v1/units/U-1/inspect", fit=True, finding="as good as new")
    assert inspected["status"] == "free"
    await lend(company, unit_id="U-1")


async def test_failing_unit_is_swapped_for_the_nearest_fitting_one(company: Company) -> None:
    await company.unit("U-1")
    await company.unit("U-2", depot_id="DP-2")
    loan_id = (await lend(company))["loan_id"]
    swapped = await company.post(f"/v1/loans/{loan_id}/swap", condition="does not boot")
    assert swapped["status"] == "reserved"
    loan = await company.get(f"/v1/loans/{loan_id}")
    assert (loan["unit_id"], loan["depot_id"]) == ("U-2", "DP-2")
    units = (await company.get("/v1/units"))["items"]
    assert {one["unit_id"]: one["status"] for one in units} == {"U-1": "unfit", "U-2": "lent"}
    await company.refused(f"/v1/loans/{loan_id}/swap", "no-unit-free", condition="again")


async def test_damaged_unit_stays_off_the_stock_until_it_is_found_fit(company: Company) -> None:
    await company.unit("U-1")
    loan_id = (await lend(company))["loan_id"]
    await company.post(f"/v1/loans/{loan_id}/return", condition="burnt", fit=False)
    assert (await company.get("/v1/units/U-1"))["status"] == "unfit"
    assert (await lend(company, 409, wait=False))["type"] == "/problems/no-unit-free"
    await company.unit("U-1")
    assert (await company.get("/v1/units/U-1"))["status"] == "unfit"
    await company.post("/v1/units/U-1/inspect", fit=True, finding="new power supply")
    await lend(company)


async def test_lost_unit_is_written_off(company: Company) -> None:
    await company.unit("U-1")
    loan_id = (await lend(company))["loan_id"]
    await company.post(f"/v1/loans/{loan_id}/write-off", reason="lost on the way")
    assert (await company.get("/v1/units/U-1"))["status"] == "written_off"
    assert (await company.get("/v1/loans?status=written_off"))["items"][0]["case_id"] == CASE
    await company.unit("U-1")
    assert (await company.get("/v1/units/U-1"))["status"] == "written_off"
    await company.refused("/v1/units/U-1/inspect", "finding-required", 422, fit=True)
    found = await company.post("/v1/units/U-1/inspect", fit=True, finding="in the lorry")
    assert found["status"] == "free"


async def test_unit_is_refused_while_it_is_lent(company: Company) -> None:
    await company.unit("U-1")
    await lend(company, unit_id="U-1")
    await company.report("OTHR-CASE")
    await company.refused("/v1/loans", "unit-not-free", case_id="OTHR-CASE", unit_id="U-1")
    await company.refused("/v1/loans", "unknown-unit", 422, case_id="OTHR-CASE", unit_id="U-9")
    problem = await company.put("/v1/units/U-1", 409, depot_id="DP-2", model="S7706")
    assert problem["type"] == "/problems/unit-lent"


async def test_model_grade_and_depot_may_be_asked_for(company: Company) -> None:
    await company.unit("U-1")
    await company.unit("U-2", depot_id="DP-2")
    await company.unit("U-3", model="LC-64", category="lighting", grade=5)
    far = await lend(company, model="S7706", depot="DP-2")
    assert (await company.get(f"/v1/loans/{far['loan_id']}"))["unit_id"] == "U-2"
    lamp = await lend(company, model="LC-64")
    assert (await company.get(f"/v1/loans/{lamp['loan_id']}"))["unit_id"] == "U-3"
    assert (await lend(company, 409, grade=3, wait=False))["type"] == "/problems/no-unit-free"


async def test_case_without_a_device_must_say_what_it_needs(company: Company) -> None:
    await company.report("OTHR-CASE")
    await company.refused("/v1/loans", "nothing-to-fit", 422, case_id="OTHR-CASE")
    await company.refused("/v1/loans", "not-found", 404, case_id="0000-0000")


async def test_same_key_lends_once(company: Company) -> None:
    await company.unit("U-1")
    await company.unit("U-2")
    key, body = {"Idempotency-Key": "abc"}, {"case_id": CASE}
    first = await company.http.post("/v1/loans", json=body, headers=key)
    again = await company.http.post("/v1/loans", json=body, headers=key)
    assert first.status_code == again.status_code == 201
    assert first.json() == again.json()
    other = await company.http.post("/v1/loans", json=body | {"grade": 1}, headers=key)
    assert (other.status_code, other.json()["type"]) == (422, "/problems/idempotency-key-reused")


async def breach(company: Company, *, request_loan: bool = True) -> None:
    breached = ClockBreached(
        case_id=CASE,
        clock="restore",
        cycle=1,
        due_at=at(120),
        breached_at=at(120),
        policy="it-integration",
        policy_version=1,
        request_loan=request_loan,
    )
    await company.say(breached, service="sla")


async def test_breach_lends_at_once(company: Company) -> None:
    await company.unit("U-1")
    await breach(company)
    case = await company.until(CASE, lambda case: case["loans"])
    loan = await company.get(f"/v1/loans/{case['loans'][0]}")
    assert (loan["unit_id"], loan["automatic"]) == ("U-1", True)
    assert loan["cause"] == "restore_breached"


async def test_breach_lends_as_soon_as_a_unit_is_there(company: Company) -> None:
    await breach(company)
    assert (await company.case(CASE))["loans"] == []
    await company.unit("U-1")
    await company.until(CASE, lambda case: case["loans"])


async def test_case_does_not_close_while_its_loan_is_out(company: Company) -> None:
    await company.unit("U-1")
    await lend(company)
    await company.post(f"/v1/cases/{CASE}/record", **WRITTEN)
    await company.post(f"/v1/cases/{CASE}/resolve")
    await company.refused(f"/v1/cases/{CASE}/close", "loan-out")
    await company.post(f"/v1/cases/{CASE}/close", despite_loan=True, reason="bought")
