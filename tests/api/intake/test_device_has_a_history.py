"""The history of a device over HTTP and on its page, for staff and its customer (IN-09)."""

import re
from datetime import date, timedelta
from typing import Any

import msgspec
import pytest

from aftercare_events.catalogue import case as c
from aftercare_events.catalogue import record
from aftercare_events.catalogue.loan import CaseLoanEnded, CaseLoanReserved
from aftercare_events.catalogue.warranty import WarrantyRestarted
from aftercare_events.projector import rebuild
from intake import tables
from intake.projection import IntakeProjection
from support.intake_desk import ARCHIVE, HISTORIAN, READER, Desk, of_customer
from support.running import eventually

PATH = "/v1/devices/D-1/history"
RECORD = c.MaintenanceRecord(
    symptom="all disks red",
    cause="controller",
    action="exchanged",
    reported_by="duty manager",
    replaced=(c.Replacement(what="key_part", name="controller", serial="RC-2"),),
)


async def said(desk: Desk, *facts: msgspec.Struct) -> int:
    """Dispatch says each a minute after the one before; the last position."""
    position = 0
    for fact in facts:
        await desk.clock.advance(timedelta(minutes=1))
        event = record(fact, service="dispatch", time=desk.clock.now(), actor="E-1")
        position = await desk.log.append([event])
    return position


async def lived(desk: Desk) -> tuple[str, int]:
    """A case about D-1 with all that its history tells, and a warranty that starts anew."""
    case_id = (await desk.case(await desk.request()))["case_id"]
    position = await said(
        desk,
        c.SeverityChanged(case_id=case_id, severity="1", previous="2", reason="VIP is angry"),
        CaseLoanReserved(case_id=case_id, loan_id="LN-1", unit_id="U-7"),
        c.EngineerArrived(case_id=case_id),
        c.MaintenanceRecorded(case_id=case_id, record=RECORD),
        CaseLoanEnded(case_id=case_id, loan_id="LN-1", outcome="returned"),
        WarrantyRestarted(
            device_id="D-1",
            case_id=case_id,
            starts_on=date(2026, 11, 2),
            cause="replaced",
            part="controller",
        ),
    )
    await desk.clock.advance(timedelta(minutes=1))
    anew = ARCHIVE["devices/D-1"] | {"warranty_from": "2026-11-02"}
    assert (await desk.http.put("/v1/devices/D-1", json=anew)).status_code == 200
    return case_id, position


async def listed(desk: Desk, path: str = PATH, **query: Any) -> dict[str, Any]:
    answer = await desk.http.get(path, params=query)
    assert answer.status_code == 200, answer.text
    return answer.json()


async def test_all_that_happened_is_told_newest_first(desk: Desk) -> None:
    case_id, position = await lived(desk)
    items = (await listed(desk, min_position=position))["items"]
    assert [item["what"] for item in items] == [
        *("warranty_changed", "warranty_restarted", "spare_loan_ended", "maintained"),
        *("arrived", "spare_lent", "severity_changed", "device_recorded", "received"),
    ]
    warranty, anew, ended, maintained, arrived, lent, severity, recorded, report = items
    assert warranty["changes"] == [
        {"field": "warranty_from", "before": None, "after": "2026-11-02"}
    ]
    assert (anew["warranty"]["starts_on"], anew["case_id"]) == ("2026-11-02", case_id)
    assert maintained["record"]["replaced"][0]["serial"] == "RC-2"
    assert (lent["loan"]["unit_id"], ended["loan"]["outcome"]) == ("U-7", "returned")
    assert (maintained["record"]["cause"], arrived["case_id"]) == ("controller", case_id)
    assert severity["severity"] == {"severity": "1", "previous": "2", "reason": "VIP is angry"}
    assert {"field": "accepted_on", "before": None, "after": "2024-12-20"} in recorded["changes"]
    assert (report["case_id"], report["report"]["summary"]) == (case_id, "server does not start")


async def test_pages_follow_one_another_without_gap_or_repetition(desk: Desk) -> None:
    _, position = await lived(desk)
    whole = (await listed(desk, min_position=position))["items"]
    paged, cursor = [], {}
    while cursor is not None:
        page = await listed(desk, limit=3, **cursor)
        paged += page["items"]
        cursor = {"cursor": page["next"]} if page["next"] else None
    assert paged == whole
    refused = await desk.http.get(PATH, params={"cursor": "nonsense"})
    assert (refused.status_code, refused.json()["field"]) == (422, "cursor")


async def test_customer_sees_her_own_device_and_no_reasons_of_staff(desk: Desk) -> None:
    _, position = await lived(desk)
    at = {"min_position": position}
    hers = await desk.http.get(PATH, params=at, headers=of_customer("C-1"))
    severity = next(item["severity"] for item in hers.json()["items"] if item["severity"])
    assert (severity["severity"], severity["reason"]) == ("1", None)
    assert "VIP" not in hers.text
    assert "duty manager" not in hers.text
    assert (await desk.http.get(PATH, headers=of_customer("C-2"))).status_code == 404
    assert (await desk.http.get(PATH, headers=HISTORIAN)).status_code == 200
    assert (await desk.http.get(PATH, headers=READER)).status_code == 403


async def test_next_owner_is_not_told_what_it_was_to_the_one_before(desk: Desk) -> None:
    await lived(desk)
    sold = {"customer_id": "C-2", "serial": "IT-SRV-01"}
    assert (await desk.http.put("/v1/devices/D-1", json=sold)).status_code == 200
    hers = await desk.http.get(PATH, headers=of_customer("C-2"))
    assert [item["what"] for item in hers.json()["items"]] == ["device_recorded"]
    assert (await desk.http.get(PATH, headers=of_customer("C-1"))).status_code == 404


async def test_tables_built_anew_tell_the_same_after_a_case_got_another_device(desk: Desk) -> None:
    case_id, _ = await lived(desk)
    await desk.http.put("/v1/devices/D-8", json={"customer_id": "C-1", "site_id": "S-1"})
    position = await said(desk, c.CaseReclassified(case_id=case_id, device_id="D-8"))
    live = await listed(desk, "/v1/devices/D-8/history", min_position=position)
    left = await listed(desk)
    assert {item["case_id"] for item in live["items"]} == {case_id, None}
    told_of_case = [item["what"] for item in left["items"] if item["case_id"]]
    assert told_of_case == ["warranty_restarted"]
    await rebuild(IntakeProjection(), desk.intake.engine, tables.infra)

    async def built_again() -> bool:
        answer = await desk.http.get("/v1/devices/D-8/history")
        return answer.status_code == 200 and answer.json() == live

    await eventually(built_again)
    assert await listed(desk) == left


@pytest.mark.parametrize(
    ("language", "words"),
    [
        (
            "en",
            ("Warranty changed", "A spare was lent", "controller", "New key part", "The engineer"),
        ),
        ("zh", ("质保变更", "借出备品", "controller", "更换关键部件", "工程师到达现场")),
    ],
)
async def test_page_tells_it_in_both_languages(
    desk: Desk, language: str, words: tuple[str, ...]
) -> None:
    case_id, position = await lived(desk)
    page = await desk.http.get(f"/desk/devices/D-1?lang={language}&min_position={position}")
    for word in (*words, f"/desk/cases/{case_id}"):
        assert word in page.text, word


async def test_page_leads_on_to_what_was_before(desk: Desk) -> None:
    case_id = (await desk.case(await desk.request()))["case_id"]
    again = [c.EngineerDeparted(case_id=case_id) for _ in range(60)]
    position = await said(desk, *again)
    first = await desk.http.get(f"/desk/devices/D-1?lang=en&min_position={position}")
    assert first.text.count("The engineer set out") == 50
    [following] = re.findall(r'href="(/desk/devices/D-1\?cursor=[^"]+)"', first.text)
    second = await desk.http.get(f"{following}&lang=en")
    assert second.text.count("The engineer set out") == 10
    assert "Entered into the archive" in second.text
    assert ">More</a>" in first.text
    assert ">More</a>" not in second.text
