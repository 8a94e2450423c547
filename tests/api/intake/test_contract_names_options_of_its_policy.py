"""An option that the policy does not know would be ignored in silence: it is refused by name.

So is a version that nobody published: the cases of the contract would run without clocks.
"""

from typing import Any

import pytest
from msgspec.structs import replace

from aftercare_events.catalogue.sla import PolicyPublished
from support.intake_desk import Desk

LIGHTING = PolicyPublished(
    name="lighting-maintenance",
    version=1,
    policy={"options": {"hours": {"values": ["24x7", "5x8"], "default": "24x7"}}},
)
ENTRY = {"customer_id": "C-2", "policy": "lighting-maintenance", "starts_on": "2026-01-01"}


async def entered(desk: Desk, **options: str) -> Any:
    return await desk.http.put("/v1/contracts/CT-9", json=ENTRY | {"policy_options": options})


async def test_contract_takes_the_options_of_its_policy_and_no_others(desk: Desk) -> None:
    await desk.publish(LIGHTING)
    agreed = {
        "hours": "5x8",
        "connect_rate": "95",
        "answer_min": "5",
        "engineer_level": "2",
        "presence_hours": "24x7",
    }
    assert (await entered(desk, **agreed)).status_code == 201
    wrong = (
        {"hour": "5x8"},
        {"hours": "9x5"},
        {"answer_min": "soon"},
        {"engineer_level": "0"},
        {"presence_hours": "9x5"},
    )
    for options in wrong:
        [named] = options
        refused = await entered(desk, **options)
        assert (refused.status_code, refused.json()["field"]) == (422, "policy_options")
        assert f"{named} " in refused.json()["detail"] or f"{named};" in refused.json()["detail"]
    kept = (await desk.http.get("/v1/contracts/CT-9")).json()
    assert kept["policy_options"] == agreed


async def test_line_of_a_sheet_with_an_unknown_option_is_refused(desk: Desk) -> None:
    sheet = "contract_id,customer_id,policy,starts_on,policy_options\n"
    sheet += "CT-9,C-1,it-integration,2026-01-01,hours=5x8\n"
    headers = {"Content-Type": "text/csv"}
    report = (await desk.http.put("/v1/contracts", content=sheet, headers=headers)).json()
    assert (report["refused"], report["lines"][0]["field"]) == (1, "policy_options")


@pytest.fixture
async def published(desk: Desk) -> Desk:
    """Versions grow, and need not follow one another: of this policy there are 1 and 4."""
    await desk.publish(LIGHTING)
    await desk.publish(replace(LIGHTING, version=4, policy={"options": {}}))
    return desk


@pytest.mark.parametrize("version", [2, 5, 77])
async def test_version_that_nobody_published_is_refused(published: Desk, version: int) -> None:
    """IN-10, SL-01: monitor and desk go by the same versions."""
    end = await published.log.end()
    answer = await published.http.put(
        "/v1/contracts/CT-9", json=ENTRY | {"policy_version": version}
    )
    told = answer.json()
    assert (answer.status_code, told["field"]) == (422, "policy_version"), answer.text
    assert told["detail"] == f"lighting-maintenance has no version {version}; it has: 1, 4."
    assert await published.log.end() == end


@pytest.mark.parametrize("version", [1, 4])
async def test_contract_keeps_any_version_that_was_published(published: Desk, version: int) -> None:
    answer = await published.http.put(
        "/v1/contracts/CT-9", json=ENTRY | {"policy_version": version}
    )
    assert (answer.status_code, answer.json()["policy_version"]) == (201, version), answer.text


async def test_options_are_those_of_the_version_that_the_contract_keeps(published: Desk) -> None:
    agreed = ENTRY | {"policy_options": {"hours": "5x8"}}
    kept = await published.http.put("/v1/contracts/CT-9", json=agreed | {"policy_version": 1})
    assert kept.status_code == 201, kept.text
    refused = await published.http.put("/v1/contracts/CT-9", json=agreed | {"policy_version": 4})
    assert (refused.status_code, refused.json()["field"]) == (422, "policy_options")
