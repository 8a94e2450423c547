"""A due time agreed for one case (SL-13): who and why in the log, both shown, both judged."""

from typing import Any

from aftercare_events.catalogue.case import CaseWithdrawn
from support.monitors import CASE, READER, Served, fault

AGREED = {
    "clock": "onsite",
    "due_at": "2026-11-02T09:00:00+08:00",
    "agreed_with": "Frau Grünspan-Testperson",
    "reason": "the door opens at eight",
}


async def agree(served: Served, case_id: str = CASE, key: str | None = None, **change: Any) -> Any:
    headers = {"Idempotency-Key": key} if key else {}
    body = {**AGREED, **change}
    return await served.http.post(f"/v1/cases/{case_id}/deadlines", json=body, headers=headers)


async def test_both_due_times_are_shown_with_who_and_why(served: Served) -> None:
    await served.say(fault())

    answer = await agree(served)

    assert answer.status_code == 201, answer.text
    clocks = (await served.http.get(f"/v1/cases/{CASE}/clocks")).json()["clocks"]
    dues = {clock["clock"]: (clock["state"], clock["due_at"]) for clock in clocks}
    assert dues["onsite"] == ("running", "2026-11-03T00:00:00Z")
    assert dues["onsite/agreed"] == ("running", "2026-11-02T01:00:00Z")
    [agreement] = [c["explanation"]["agreement"] for c in clocks if c["clock"] == "onsite/agreed"]
    assert agreement["agreed_with"] == AGREED["agreed_with"]
    assert agreement["reason"] == AGREED["reason"]
    history = (await served.http.get(f"/v1/events?case={CASE}")).text
    assert "aftercare.case.deadline_agreed.v1" in history
    assert "Testperson" not in history


async def test_same_key_is_one_agreement_and_another_body_is_refused(served: Served) -> None:
    await served.say(fault())
    await served.promised(CASE)
    first = await agree(served, key="k-1")
    end = await served.log.end()
    again = await agree(served, key="k-1")
    assert (again.status_code, again.json()) == (201, first.json())
    other = await agree(served, key="k-1", clock="restore")
    assert (other.status_code, other.json()["field"]) == (422, "Idempotency-Key")
    assert await served.log.end() == end


async def test_what_cannot_be_agreed_is_refused_and_changes_nothing(served: Served) -> None:
    await served.say(fault(), fault("GONE-1"))
    await served.say(CaseWithdrawn(case_id="GONE-1"))
    await served.promised(CASE)
    end = await served.log.end()
    refused: list[tuple[str, dict[str, Any], int, str]] = [
        (CASE, {"clock": "paint"}, 422, "clock"),
        (CASE, {"due_at": "2026-11-02T07:59:00+08:00"}, 422, "due_at"),
        (CASE, {"due_at": "2026-11-02T09:00:00"}, 422, "due_at"),
        (CASE, {"reason": ""}, 422, "reason"),
        (CASE, {"agreed_with": ""}, 422, "agreed_with"),
        ("GONE-1", {}, 409, ""),
        ("NOBODY-1", {}, 404, ""),
    ]
    for case_id, change, status, field in refused:
        answer = await agree(served, case_id, **change)
        assert (answer.status_code, answer.json().get("field") or "") == (status, field)
    body = await served.http.post(f"/v1/cases/{CASE}/deadlines", json=AGREED, headers=READER)
    assert body.status_code == 403
    assert await served.log.end() == end
