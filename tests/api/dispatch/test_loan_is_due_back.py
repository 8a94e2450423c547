"""DP-11: from the repair of the own device to the overdue loan, with nobody asking."""

from datetime import timedelta

import pytest

from aftercare_events.catalogue.case import CaseMerged, CaseWithdrawn
from aftercare_events.catalogue.sla import PolicyPublished
from support.dispatch_cases import WRITTEN
from support.dispatch_company import Company

CASE = "4F7K-Q2M9"
CONTRACT = PolicyPublished(
    name="it-integration", version=1, policy={"terms": {"loan_return_within_days": 3}}
)


@pytest.fixture
async def lent(company: Company) -> str:
    await company.say(CONTRACT, service="sla")
    await company.put("/v1/depots/DP-1", name="北京")
    await company.unit("U-1")
    await company.report(CASE)
    done = await company.post("/v1/loans", 201, case_id=CASE, unit_id="U-1")
    return done["loan_id"]


async def test_repair_makes_a_loan_due_then_reminded_of_then_overdue(
    company: Company, lent: str
) -> None:
    await company.post(f"/v1/loans/{lent}/ship")
    await company.post(f"/v1/loans/{lent}/receive")
    await company.post(f"/v1/cases/{CASE}/restore")
    await company.said("due_back_set", "loan", lent)
    assert (await company.get(f"/v1/loans/{lent}"))["due_back"] == "2026-11-05"
    await company.clock.advance(timedelta(hours=17))
    await company.said("return_reminded", "loan", lent)
    assert "overdue" not in await company.types("loan", lent)
    assert (await company.case(CASE))["notices"] == [f"{lent}-20261105"]
    await company.clock.advance(timedelta(days=3))
    await company.said("overdue", "loan", lent)
    assert (await company.get(f"/v1/loans/{lent}"))["overdue"] is True
    await company.post(f"/v1/loans/{lent}/extend", due_back="2026-11-30")
    assert (await company.get(f"/v1/loans/{lent}"))["overdue"] is False
    assert (await company.types("loan", lent)).count("return_reminded") == 1


async def test_reopened_case_keeps_its_loan_and_later_ones_are_due_at_once(
    company: Company, lent: str
) -> None:
    await company.post(f"/v1/cases/{CASE}/record", **WRITTEN)
    await company.post(f"/v1/cases/{CASE}/resolve")
    await company.said("due_back_set", "loan", lent)
    await company.unit("U-2")
    later = await company.post("/v1/loans", 201, case_id=CASE, unit_id="U-2")
    assert (await company.get(f"/v1/loans/{later['loan_id']}"))["due_back"] == "2026-11-05"
    await company.post(f"/v1/cases/{CASE}/reopen", reason="dead again")
    await company.until(CASE, lambda case: case["cycle"] == 2)
    async for _ in company.log.read(follow=True):
        if (await company.get(f"/v1/loans/{lent}"))["due_back"] is None:
            break
    await company.refused("/v1/loans", "invalid", 422, case_id=CASE, due_back="9999-12-31")
    await company.refused("/v1/loans", "in-the-past", 422, case_id=CASE, due_back="2026-11-01")
    await company.refused("/v1/loans", "unknown-depot", 422, case_id=CASE, depot="DP-9")
    await company.refused("/v1/loans", "unknown-unit", 422, case_id=CASE, unit_id="U-9")


async def test_withdrawn_case_makes_its_loan_due_back(company: Company, lent: str) -> None:
    await company.post(f"/v1/loans/{lent}/receive")
    await company.say(CaseWithdrawn(case_id=CASE))
    await company.said("due_back_set", "loan", lent)
    assert (await company.get(f"/v1/loans/{lent}"))["due_back"] == "2026-11-05"
    await company.clock.advance(timedelta(days=4))
    await company.said("overdue", "loan", lent)


async def test_loan_of_a_merged_case_goes_on_for_the_other(company: Company, lent: str) -> None:
    await company.report("OTHR-CASE")
    await company.report("LAST-CASE")
    await company.say(CaseMerged(case_id=CASE, into="OTHR-CASE"))
    await company.said("moved", "loan", lent)
    await company.say(CaseMerged(case_id="OTHR-CASE", into="LAST-CASE"))
    await company.until("LAST-CASE", lambda case: case["loans"] == [lent])
    assert (await company.case(CASE))["loans"] == []
    assert (await company.get(f"/v1/loans/{lent}"))["case_id"] == "LAST-CASE"
    await company.post("/v1/cases/LAST-CASE/record", **WRITTEN)
    await company.post("/v1/cases/LAST-CASE/resolve")
    await company.refused("/v1/cases/LAST-CASE/close", "loan-out")
    await company.said("due_back_set", "loan", lent)
    await company.post(f"/v1/loans/{lent}/return", condition="good")
    await company.post("/v1/cases/LAST-CASE/close")
    assert (await company.types("loan", lent)).count("moved") == 2


async def test_loan_that_reaches_a_case_which_works_again_is_due_back(
    company: Company, lent: str
) -> None:
    await company.report("OTHR-CASE")
    await company.post("/v1/cases/OTHR-CASE/restore")
    await company.say(CaseMerged(case_id=CASE, into="OTHR-CASE"))
    await company.said("due_back_set", "loan", lent)
    assert (await company.get(f"/v1/loans/{lent}"))["due_back"] == "2026-11-05"
