"""Webhook subscriptions over HTTP: what may be entered, and that secrets never come out."""

from typing import Any

import pytest

from support.monitors import READER, Served
from support.receivers import OLDER_SECRET, SECRET

ENTRY: dict[str, Any] = {
    "subscription_id": "S-1",
    "url": "https://example.com/hook?token=abc",
    "secrets": {"current": SECRET},
    "filter": {"min_step": "pm", "policy": "it-integration"},
}


async def put(served: Served, **changes: Any) -> Any:
    return await served.http.put("/v1/subscriptions", json=ENTRY | changes)


async def test_entry_is_shown_without_its_secrets(served: Served) -> None:
    entered = await put(served, secrets={"current": SECRET, "previous": OLDER_SECRET})
    shown = await served.http.get("/v1/subscriptions/S-1")
    listed = await served.http.get("/v1/subscriptions")

    assert entered.status_code == 200, entered.text
    assert entered.json() == shown.json() == listed.json()["items"][0]
    assert shown.json()["url"] == ENTRY["url"]
    assert shown.json()["filter"]["min_step"] == "pm"
    assert len(shown.json()["fingerprints"]) == 2
    assert (shown.json()["active"], shown.json()["failing"]) == (True, False)
    for answer in (entered, shown, listed):
        assert SECRET not in answer.text
        assert OLDER_SECRET not in answer.text


async def test_same_entry_again_records_nothing(served: Served) -> None:
    first, again = await put(served), await put(served)
    changed = await put(served, active=False)

    positions = [int(a.headers["X-Log-Position"]) for a in (first, again, changed)]
    assert positions[0] == positions[1] < positions[2]
    assert changed.json()["active"] is False


async def test_removed_one_is_gone(served: Served) -> None:
    await put(served)
    removed = await served.http.delete("/v1/subscriptions/S-1")
    again = await served.http.delete("/v1/subscriptions/S-1")

    assert (removed.status_code, again.status_code) == (204, 404)
    position = removed.headers["X-Log-Position"]
    shown = await served.http.get(f"/v1/subscriptions/S-1?min_position={position}")
    assert shown.status_code == 404
    assert (await served.http.get("/v1/subscriptions")).json()["items"] == []


async def test_list_goes_on_at_its_cursor(served: Served) -> None:
    for name in ("S-1", "S-2", "S-3"):
        await put(served, subscription_id=name)
    first = (await served.http.get("/v1/subscriptions?limit=2")).json()
    rest = (await served.http.get(f"/v1/subscriptions?limit=2&cursor={first['next']}")).json()

    ids = [item["subscription_id"] for item in first["items"] + rest["items"]]
    assert ids == ["S-1", "S-2", "S-3"]


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"url": "ftp://example.com/"}, "url"),
        ({"url": "https://user:secret-word@example.com/"}, "url"),
        ({"url": "nonsense"}, "url"),
        ({"secrets": {"current": "whsec_c2hvcnQ="}}, "secrets.current"),
        ({"secrets": {"current": SECRET, "previous": "secret-word"}}, "secrets.previous"),
        ({"secrets": {}}, "secrets.current"),
        ({"filter": {"min_step": "boss"}}, "filter.min_step"),
        ({"filter": {"unknown": 1}}, "filter.unknown"),
        ({"subscription_id": "not a token"}, "subscription_id"),
    ],
)
async def test_bad_entry_is_refused_by_its_field(
    served: Served, changes: dict[str, Any], field: str
) -> None:
    end = await served.log.end()
    answer = await put(served, **changes)

    assert (answer.status_code, answer.json()["field"]) == (422, field)
    assert "secret-word" not in answer.text
    assert await served.log.end() == end


@pytest.mark.parametrize("method", ["put", "get", "delete"])
async def test_subscriptions_are_the_administrators_business(served: Served, method: str) -> None:
    path = "/v1/subscriptions" if method == "put" else "/v1/subscriptions/S-1"
    body = {"json": ENTRY} if method == "put" else {}
    answer = await getattr(served.http, method)(path, headers=READER, **body)
    assert answer.status_code == 403
