"""DP-17: like faults in one area are proposed as one incident, which people confirm and end."""

from typing import Any

import pytest

from aftercare_events.catalogue.archive import SiteRecorded
from aftercare_events.projector import rebuild
from aftercare_events.sql import create_engine
from dispatch.projection import DispatchProjection
from dispatch.tables import infra
from support.at_rest import until_idle
from support.dispatch_company import Company

CASES = [f"0000-000{number}" for number in range(1, 7)]


@pytest.fixture
async def company(company: Company) -> Company:
    await company.say(
        SiteRecorded(
            site_id="S-1",
            customer_id="C-1",
            name="一号路",
            city="上海",
            latitude=31.23,
            longitude=121.47,
        ),
        SiteRecorded(
            site_id="S-2",
            customer_id="C-2",
            name="机房",
            city="北京",
            latitude=39.9,
            longitude=116.4,
        ),
    )
    return company


async def report(company: Company, *case_ids: str, site_id: str = "S-1") -> None:
    for case_id in case_ids:
        await company.report(case_id, category="lighting", site_id=site_id)


async def proposed(company: Company) -> Any:
    """The incident of the first five cases, once the machine has proposed it."""
    await report(company, *CASES[:5])
    await company.said("proposed", "incident", f"MI-{CASES[0]}")
    return await company.get(f"/v1/incidents/MI-{CASES[0]}")


async def test_five_like_faults_are_proposed_with_the_rule_that_they_met(company: Company) -> None:
    incident = await proposed(company)
    assert (incident["status"], incident["case_ids"]) == ("proposed", CASES[:5])
    assert incident["why"] == {"cases": 5, "at_least": 5, "within_min": 60, "radius_km": 10.0}
    page = (await company.http.get("/incidents?lang=en")).text
    assert "Confirm and call the reserve team" in page
    assert (await company.case(CASES[0]))["incident"] is None


async def test_like_faults_in_two_cities_are_none(company: Company) -> None:
    await report(company, *CASES[:3])
    await report(company, *CASES[3:], site_id="S-2")
    assert (await company.get("/v1/incidents"))["items"] == []


async def test_confirmed_incident_links_its_cases_and_those_that_follow(company: Company) -> None:
    path = f"/v1/incidents/{(await proposed(company))['incident_id']}"
    refused = await company.post(f"{path}/confirm", 422, title="停电", reserve=["E-7"])
    assert (refused["type"], refused["field"]) == ("/problems/unknown-engineer", "reserve")
    await company.off_duty("E-7")
    done = await company.post(f"{path}/confirm", title="一号路停电", reserve=["E-7"])
    assert (done["status"], done["changed"]) == ("confirmed", True)
    await report(company, CASES[5])
    await company.until(CASES[5], lambda case: case["incident"])
    assert (await company.case(CASES[0]))["incident"] == done["incident_id"]
    await company.post(f"{path}/announce", zh="正在抢修", en="We are on it")
    await company.refused(f"{path}/dismiss", "incident-confirmed", reason="late")
    ended = await company.post(f"{path}/end", reason="已恢复")
    incident = await company.get(path)
    assert (incident["status"], ended["status"]) == ("ended", "ended")
    assert (len(incident["case_ids"]), incident["announcements"][0]["zh"]) == (6, "正在抢修")


async def test_reserve_team_is_called_and_sent_to_its_cases_alone(company: Company) -> None:
    await company.engineer("E-RESERVE", reserve=True)
    incident = await proposed(company)
    await company.report("OTHR-CASE")
    done = await company.post(f"/v1/incidents/{incident['incident_id']}/confirm", title="停电")
    for case_id in CASES[:5]:
        await company.until(case_id, lambda case: case["holder"] == "E-RESERVE")
    called = (await company.get(f"/v1/incidents/{done['incident_id']}"))["reserve"]
    assert (called, (await company.case("OTHR-CASE"))["holder"]) == (["E-RESERVE"], None)


async def test_dismissed_incident_is_not_proposed_again_by_the_next_case(company: Company) -> None:
    path = f"/v1/incidents/{(await proposed(company))['incident_id']}"
    await company.post(f"{path}/dismiss", reason="不同原因")
    await report(company, CASES[5])
    assert [one["status"] for one in (await company.get("/v1/incidents"))["items"]] == ["dismissed"]


async def test_rebuilt_tables_hold_the_same_faults_and_propose_nothing_twice(
    company: Company, tables_url: str
) -> None:
    await proposed(company)
    engine = create_engine(tables_url, schema="dispatch")
    await until_idle(company, engine, infra)
    before = await company.get("/v1/incidents")
    await rebuild(DispatchProjection(), engine, infra)
    await until_idle(company, engine, infra)
    assert await company.get("/v1/incidents") == before
    assert await company.types("incident", f"MI-{CASES[0]}") == ["proposed"]
    await engine.dispose()


async def test_unknown_incident_and_missing_words_are_told(company: Company) -> None:
    await company.refused("/v1/incidents/MI-9/confirm", "not-found", 404, title="x")
    path = f"/v1/incidents/{(await proposed(company))['incident_id']}"
    problem = await company.post(f"{path}/confirm", 422)
    assert problem["field"] == "title"
    await company.refused(f"{path}/announce", "incident-proposed", zh="一", en="one")
