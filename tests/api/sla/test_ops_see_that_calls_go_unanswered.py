"""IN-03: below the promised connect rate ops are alerted, on the wall and over HTTP."""

from datetime import timedelta
from typing import Any

import msgspec

from aftercare_events.catalogue.archive import CustomerRecorded
from aftercare_events.catalogue.intake import ConnectRateFallen, ConnectRateRecovered
from support.monitors import Served

HOUR = timedelta(hours=1)


def fallen(served: Served, scope: str = "all", **changes: Any) -> ConnectRateFallen:
    start = served.clock.now()
    figures: dict[str, Any] = {
        "scope": scope,
        "window_start": start,
        "window_end": start + HOUR,
        "calls": 40,
        "connected": 35,
        "rate": 87.5,
        "promised": 90.0,
    }
    return ConnectRateFallen(**figures | changes)


async def listed(served: Served, position: int, **query: Any) -> list[dict[str, Any]]:
    answer = await served.http.get("/v1/ops-alerts", params={"min_position": position} | query)
    assert answer.status_code == 200, answer.text
    return answer.json()["items"]


async def test_alert_stands_on_the_wall_until_the_rate_is_back(served: Served) -> None:
    await served.say(CustomerRecorded(customer_id="C-1", name="Library"))
    await served.say(fallen(served))
    position = await served.say(fallen(served, "CT-1", customer_id="C-1"))
    assert {one["scope"]: one["customer"] for one in await listed(served, position)} == {
        "all": None,
        "CT-1": "Library",
    }
    english = (await served.http.get("/", params={"lang": "en"})).text
    chinese = (await served.http.get("/", params={"lang": "zh"})).text
    assert "87.5 % of calls answered, 90 % promised" in english
    assert "Library · CT-1" in english
    assert "接通率 87.5%，承诺 90%" in chinese
    figures = {
        name: value
        for name, value in msgspec.structs.asdict(fallen(served, calls=80, rate=93.0)).items()
        if name != "customer_id"
    }
    position = await served.say(
        ConnectRateRecovered(**figures, fallen_in=served.clock.now(), reason="rate_is_back"),
    )
    assert [one["scope"] for one in await listed(served, position, open=True)] == ["CT-1"]
    [over] = [one for one in await listed(served, position) if one["scope"] == "all"]
    assert (over["resolution"], over["rate"]) == ("rate_is_back", 93.0)
    assert "All calls" not in (await served.http.get("/", params={"lang": "en"})).text


async def test_alert_that_goes_on_began_with_its_first_window(served: Served) -> None:
    began = served.clock.now()
    await served.say(fallen(served))
    await served.clock.advance(HOUR)
    [alert] = await listed(served, await served.say(fallen(served, rate=50.0)))
    assert (alert["since"], alert["rate"]) == (began.isoformat().replace("+00:00", "Z"), 50.0)
