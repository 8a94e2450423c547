"""DP-26 over HTTP: a partner is entered, proposed, handed a case, takes it or loses it."""

from datetime import timedelta
from typing import Any

import pytest

from support.dispatch_cases import START
from support.dispatch_company import Company

CASE = "4F7K-Q2M9"
PATH = f"/v1/cases/{CASE}"
PROMISE = {"agreement": "TSA-7", "valid_until": "2026-12-31", "answer_minutes": 30}
MAKER: dict[str, Any] = {
    "kind": "manufacturer",
    "name": "Maker",
    "contact": {"name": "陈静", "phone": "13800138000"},
    "categories": ["server"],
    "promise": PROMISE,
}


async def board(company: Company) -> str:
    path = f"/board/panels?min_position={await company.log.end()}"
    return (await company.http.get(path, headers={"Accept-Language": "en"})).text


def with_promise(**changes: Any) -> dict[str, Any]:
    return MAKER | {"promise": PROMISE | changes}


@pytest.fixture
async def company(company: Company) -> Company:
    await company.put("/v1/partners/P-1", **MAKER)
    await company.report(CASE, category="server")
    return company


async def test_contact_is_read_by_readers_and_stands_sealed_in_the_log(company: Company) -> None:
    assert (await company.put("/v1/partners/P-1", **MAKER))["changed"] is False
    shown = await company.get("/v1/partners/P-1")
    assert (shown["contact"], shown["promise"]["agreement"]) == (MAKER["contact"], "TSA-7")
    (event,) = await company.events("partner", "P-1")
    assert "13800138000" not in str(event.data)
    assert [one["partner_id"] for one in (await company.get("/v1/partners"))["items"]] == ["P-1"]
    await company.get("/v1/partners/P-2", 404)


async def test_those_who_do_not_fit_say_why_where_everybody_is_asked_for(company: Company) -> None:
    await company.put("/v1/partners/P-2", **(MAKER | {"categories": ["lamp"]}))
    await company.put("/v1/partners/P-3", **with_promise(valid_until="2026-11-01"))
    await company.put("/v1/partners/P-4", **(MAKER | {"active": False}))
    everybody = await company.get(f"{PATH}/partners?all=true")
    assert {one["partner_id"]: one["fit"] for one in everybody} == {
        "P-1": "category",
        "P-2": "not_served",
        "P-3": "agreement_expired",
        "P-4": "inactive",
    }
    assert [one["fit"] for one in await company.get(f"{PATH}/partners")] == ["category"]


async def test_case_that_a_partner_has_may_be_given_to_an_engineer(company: Company) -> None:
    await company.engineer("E-1", name="赵磊", department="field")
    await company.post(f"{PATH}/escalate-expert", target="P-1")
    path = f"/board/panels?case={CASE}&min_position={await company.log.end()}"
    people = (await company.http.get(path, headers={"Accept-Language": "en"})).text
    assert "P-1 has the case" in people
    await company.post(f"{PATH}/assign", engineer_id="E-1", mode="hotline", reason="is nearer")
    assert (await company.case(CASE))["held_over"] is None


async def test_partner_takes_a_case_and_sends_it_back(company: Company) -> None:
    (fitting,) = await company.get(f"{PATH}/partners")
    await company.post(f"{PATH}/escalate-expert", target=fitting["partner_id"])
    assert "answer due" in await board(company)
    await company.post(f"{PATH}/accept-hand-over", reference="SR-118")
    assert "their number SR-118" in await board(company)
    case = await company.case(CASE)
    held = case["held_over"]
    assert (case["holder"], held["reference"], held["partner"]) == ("P-1", "SR-118", "manufacturer")
    assert held["answer_by"] > case["held_since"]
    await company.refused(f"{PATH}/take-back", "reason-required", 422)
    await company.post(f"{PATH}/take-back", reason="not ours")
    case = await company.case(CASE)
    assert (case["held_over"], case["wanted"]) == (None, "hotline")


async def test_partner_who_does_not_answer_loses_the_case(company: Company) -> None:
    await company.post(f"{PATH}/escalate-expert", target="P-1")
    await company.clock.move_to(START + timedelta(minutes=31))
    await company.said("partner_silent", "case", CASE)
    case = await company.case(CASE)
    assert (case["holder"], case["wanted"]) == (None, "hotline")
    assert case["work"]["hand_overs"][0]["silent_at"] is not None
    assert "P-1 did not answer in time" in await board(company)


async def test_partner_who_does_not_come_loses_the_case_and_comes_late(company: Company) -> None:
    await company.put("/v1/partners/P-1", **with_promise(onsite_minutes=240))
    await company.post(f"{PATH}/escalate-expert", target="P-1")
    await company.post(f"{PATH}/accept-hand-over", reference="SR-118")
    assert "on site due" in await board(company)
    await company.clock.move_to(START + timedelta(minutes=241))
    await company.said("partner_absent", "case", CASE)
    case = await company.case(CASE)
    assert (case["holder"], case["wanted"]) == (None, "hotline")
    assert "P-1 was not there by the promised time" in await board(company)
    assert (await company.types("case", CASE)).count("partner_absent") == 1
    await company.clock.advance(timedelta(minutes=20))
    await company.post(f"{PATH}/arrive", partner_id="P-1")
    case = await company.case(CASE)
    assert (case["holder"], case["status"], case["wanted"]) == ("P-1", "on_site", None)
    assert "arrived" in case["milestones"]
    assert case["held_over"]["arrived_at"] > case["held_over"]["absent_at"]


async def test_arrival_names_an_engineer_or_a_partner(company: Company) -> None:
    await company.refused(f"{PATH}/arrive", "not-with-a-partner", partner_id="P-1")
    await company.post(f"{PATH}/arrive", 422, partner_id="P-1", engineer_id="E-1")


async def test_partner_without_a_good_agreement_is_refused_by_the_field(company: Company) -> None:
    await company.put("/v1/partners/P-1", **with_promise(valid_until="2026-11-01"))
    assert await company.get(f"{PATH}/partners") == []
    problem = await company.post(f"{PATH}/escalate-expert", 422, target="P-1")
    assert problem["errors"][0]["field"] == "target"
    problem = await company.put("/v1/partners/P-1", 422, **with_promise(answer_minutes=0))
    assert problem["errors"][0]["field"] == "promise.answer_minutes"
