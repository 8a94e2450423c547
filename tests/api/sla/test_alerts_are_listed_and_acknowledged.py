"""The list of alerts and the acknowledgement (SL-03, SL-06)."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from aftercare_events.catalogue.case import CustomerContacted
from support.monitors import CASE, READER, Served, fault


@pytest.fixture
async def ringing(served: Served) -> Served:
    """The engineer and the project manager have been told that nobody called the customer."""
    await served.say(fault())
    await served.clock.advance(timedelta(minutes=8))
    position = await served.rung(2)
    await served.http.get(f"/v1/alerts?min_position={position}")
    return served


async def listed(served: Served, query: str = "") -> list[dict[str, Any]]:
    answer = await served.http.get(f"/v1/alerts{query}")
    assert answer.status_code == 200, answer.text
    return answer.json()["items"]


async def test_newest_comes_first_with_all_its_facts(ringing: Served) -> None:
    pm, engineer = await listed(ringing)
    assert (engineer["step"], pm["step"]) == ("engineer", "pm")
    assert pm["case_id"] == CASE
    assert pm["clock"] == "contact"
    assert pm["threshold"] == 80
    assert pm["due_at"] == "2026-11-02T00:10:00Z"
    assert pm["fire_at"] == "2026-11-02T00:08:00Z"
    assert pm["policy"] == "it-integration"


@pytest.mark.parametrize(
    ("query", "steps"),
    [
        ("?step=pm", ["pm"]),
        ("?audience=duty-desk", ["engineer"]),
        ("?audience=pm", ["pm"]),
        ("?min_step=pm", ["pm"]),
        ("?open=false", []),
        ("?open=true&limit=1", ["pm"]),
    ],
)
async def test_filters_narrow_the_list(ringing: Served, query: str, steps: list[str]) -> None:
    assert [alert["step"] for alert in await listed(ringing, query)] == steps


async def test_cursor_leads_to_the_rest(ringing: Served) -> None:
    first = (await ringing.http.get("/v1/alerts?limit=1")).json()
    rest = await listed(ringing, f"?limit=1&cursor={first['next']}")
    assert [alert["step"] for alert in rest] == ["engineer"]


async def test_acknowledged_once_and_by_one_person(ringing: Served) -> None:
    alert_id = (await listed(ringing, "?step=pm"))[0]["alert_id"]

    first = await ringing.http.post(f"/v1/alerts/{alert_id}/ack", json={"actor": "E-SUN-HAO"})
    again = await ringing.http.post(f"/v1/alerts/{alert_id}/ack", json={"actor": "E-SUN-HAO"})
    other = await ringing.http.post(f"/v1/alerts/{alert_id}/ack", json={"actor": "E-MENG-FAN"})

    assert first.status_code == again.status_code == 200
    assert first.json()["acknowledged_by"] == again.json()["acknowledged_by"] == "E-SUN-HAO"
    assert "X-Log-Position" in first.headers
    assert "X-Log-Position" not in again.headers
    assert (other.status_code, other.json()["type"]) == (409, "/problems/already-acknowledged")


async def test_promise_is_shown_and_rings_again_when_it_has_passed(ringing: Served) -> None:
    alert_id = (await listed(ringing, "?step=pm"))[0]["alert_id"]
    promised = "2026-11-02T00:30:00Z"
    held = await ringing.http.post(f"/v1/alerts/{alert_id}/ack", json={"until": promised})
    assert (held.status_code, held.json()["promised_until"]) == (200, promised)

    await ringing.clock.move_to(datetime.fromisoformat(promised))
    position = await ringing.said("alert_reminded", alert_id)

    [alert] = await listed(ringing, f"?step=pm&min_position={position}")
    assert (alert["acknowledged_by"], alert["reminders"], alert["reminded"]) == (None, 1, "pm")
    assert await listed(ringing, "?audience=nobody") == []


@pytest.mark.parametrize("until", ["2026-11-02T00:08:00Z", "9999-12-31T23:59:59Z", "soon"])
async def test_promise_in_the_past_or_out_of_reach_is_refused(ringing: Served, until: str) -> None:
    alert_id = (await listed(ringing, "?step=pm"))[0]["alert_id"]
    answer = await ringing.http.post(f"/v1/alerts/{alert_id}/ack", json={"until": until})
    assert (answer.status_code, answer.json()["field"]) == (422, "until")


async def test_acknowledgement_does_not_end_the_ladder(ringing: Served) -> None:
    alert_id = (await listed(ringing, "?step=pm"))[0]["alert_id"]
    await ringing.http.post(f"/v1/alerts/{alert_id}/ack")

    await ringing.clock.advance(timedelta(minutes=2))

    position = await ringing.rung(3)
    assert (await listed(ringing, f"?step=leadership&min_position={position}"))[0][
        "case_id"
    ] == CASE


async def test_alert_that_ended_is_not_acknowledged_any_more(ringing: Served) -> None:
    alert_id = (await listed(ringing, "?step=pm"))[0]["alert_id"]
    await ringing.say(CustomerContacted(case_id=CASE), service="dispatch")
    async for batch in ringing.log.read(subject="ac.sla.case.*", follow=True):
        if any(r.event.type == "aftercare.case.alert_resolved.v1" for r in batch):
            break

    answer = await ringing.http.post(f"/v1/alerts/{alert_id}/ack", json={})

    assert (answer.status_code, answer.json()["type"]) == (409, "/problems/alert-resolved")
    position = await ringing.log.end()
    assert await listed(ringing, f"?open=true&min_position={position}") == []


async def test_unknown_alert_is_not_found(served: Served) -> None:
    answer = await served.http.post("/v1/alerts/nobody/ack", json={})
    assert answer.status_code == 404


async def test_reader_may_not_acknowledge(served: Served) -> None:
    answer = await served.http.post("/v1/alerts/nobody/ack", json={}, headers=READER)
    assert answer.status_code == 403
