"""An option that the policy does not know would be ignored in silence: it is refused by name."""

from typing import Any

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
