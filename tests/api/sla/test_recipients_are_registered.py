"""The register of recipients: who answers for a rank, when, and where they are told (SL-03)."""

from datetime import timedelta
from typing import Any

import pytest

from aftercare_events.catalogue.engineer import Duty, EngineerRegistered, EngineerRostered
from support.monitors import CASE, READER, Served, fault

MANAGER: dict[str, Any] = {
    "name": "孙昊",
    "channels": ["wecombot://robot-key-one"],
    "steps": ["leadership", "pm"],
    "customers": ["C-INTEGRATION"],
    "deputy": "E-MENG-FAN",
    "duty": {"spans": [{"days": [1, 2], "start": "08:00", "end": "20:00"}]},
    "quiet": {"hours": {"spans": [{"days": [7], "start": "22:00", "end": "06:00"}]}},
}


async def put(served: Served, recipient_id: str, **entry: Any) -> Any:
    answer = await served.http.put(f"/v1/recipients/{recipient_id}", json=entry)
    assert answer.status_code == 200, answer.text
    return answer.json()


async def seen(served: Served, path: str, **headers: Any) -> Any:
    query = f"?min_position={await served.log.end()}"
    answer = await served.http.get(f"/v1/recipients{path}{query}", **headers)
    assert answer.status_code == 200, answer.text
    return answer.json()


async def test_entry_is_read_back_whole(served: Served) -> None:
    written = await put(served, "E-SUN-HAO", **MANAGER)

    read = await seen(served, "/E-SUN-HAO")

    assert read == written
    assert read["steps"] == ["pm", "leadership"]
    assert read["quiet"]["except_steps"] == ["executive"]
    assert (await seen(served, ""))["items"] == [read]


async def test_reader_sees_the_name_but_no_address(served: Served) -> None:
    await put(served, "E-SUN-HAO", **MANAGER)
    read = await seen(served, "/E-SUN-HAO", headers=READER)
    assert (read["name"], read["channels"]) == ("孙昊", None)


async def test_log_holds_no_name_and_no_address(served: Served) -> None:
    await put(served, "E-SUN-HAO", **MANAGER)
    last = await served.log.last("ac.sla.recipient.E-SUN-HAO")
    assert last
    assert "孙昊" not in bytes(last.event.data).decode()
    assert "robot-key" not in bytes(last.event.data).decode()


async def test_unchanged_entry_records_nothing(served: Served) -> None:
    first = await put(served, "E-SUN-HAO", **MANAGER)
    again = await put(served, "E-SUN-HAO", **MANAGER)
    other = await put(served, "E-SUN-HAO", **(MANAGER | {"active": False}))
    assert first["position"] == again["position"] < other["position"]


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"deputy": "E-SUN-HAO"}, "deputy"),
        ({"steps": ["boss"]}, "steps.0"),
        ({"customers": ["no id"]}, "customers.0"),
        ({"duty": {"zone": "Mars/Olympus", "around_the_clock": True}}, "duty.zone"),
        ({"duty": {}}, "duty"),
        ({"duty": MANAGER["duty"] | {"around_the_clock": True}}, "duty"),
        (
            {"duty": {"spans": [{"days": [8], "start": "08:00", "end": "20:00"}]}},
            "duty.spans.0.days.0",
        ),
        (
            {"quiet": {"hours": {"spans": [{"days": [1], "start": "8", "end": "20:00"}]}}},
            "quiet.hours.spans.0.start",
        ),
        ({"channels": ["13955500212"]}, "channels.0"),
        ({"phone": "13955500212"}, "phone"),
        ({"channels": ["nonsense://13955500212"]}, "channels.0"),
        ({"channels": ["syslog://13955500212"]}, "channels.0"),
    ],
)
async def test_wrong_entry_is_refused_by_its_field(
    served: Served, change: dict[str, Any], field: str
) -> None:
    before = await served.log.end()
    answer = await served.http.put("/v1/recipients/E-SUN-HAO", json=MANAGER | change)
    assert (answer.status_code, answer.json()["field"]) == (422, field)
    assert "13955500212" not in answer.text
    assert await served.log.end() == before


async def test_pages_follow_by_cursor(served: Served) -> None:
    for one in ("R-2", "R-1"):
        await put(served, one, steps=["pm"])
    await seen(served, "")
    first = (await served.http.get("/v1/recipients?limit=1")).json()
    rest = (await served.http.get(f"/v1/recipients?cursor={first['next']}")).json()
    assert [e["recipient_id"] for e in (*first["items"], *rest["items"])] == ["R-1", "R-2"]


async def test_only_admin_may_enter_somebody(served: Served) -> None:
    answer = await served.http.put("/v1/recipients/E-1", json={}, headers=READER)
    assert answer.status_code == 403


async def test_unknown_recipient_is_not_found(served: Served) -> None:
    assert (await served.http.get("/v1/recipients/E-1")).status_code == 404


async def test_alert_names_who_is_on_duty_when_it_is_raised(served: Served) -> None:
    await served.say(
        EngineerRegistered(engineer_id="E-MENG-FAN"),
        EngineerRegistered(engineer_id="E-SUN-HAO"),
        EngineerRostered(engineer_id="E-SUN-HAO", duty=Duty()),
        service="dispatch",
    )
    await put(served, "E-SUN-HAO", steps=["pm"], deputy="E-MENG-FAN")
    await served.say(fault())
    await served.clock.advance(timedelta(minutes=8))
    position = await served.rung(2)

    answer = await served.http.get(f"/v1/alerts?audience=E-MENG-FAN&min_position={position}")
    assert [(a["case_id"], a["step"]) for a in answer.json()["items"]] == [(CASE, "pm")]
