"""A device's page tells which cases were about it and how each went (IN-09)."""

from aftercare_events.catalogue import record
from aftercare_events.catalogue.case import CaseReclassified
from support.intake_desk import Desk


async def page(desk: Desk, device_id: str, position: int) -> str:
    answer = await desk.http.get(
        f"/desk/devices/{device_id}", params={"lang": "en", "min_position": position}
    )
    assert answer.status_code == 200, answer.text
    return answer.text


async def test_cases_stand_with_the_steps_of_their_way(desk: Desk) -> None:
    case_id = (await desk.case(await desk.request()))["case_id"]
    withdrawn = await desk.http.post(
        f"/v1/cases/{case_id}/withdraw", json={"reason": "it was unplugged"}
    )
    assert withdrawn.status_code == 200, withdrawn.text
    shown = await page(desk, "D-1", withdrawn.json()["position"])
    assert f"/desk/cases/{case_id}" in shown
    assert "Taken back" in shown
    assert "/desk/devices/D-1" in (await desk.http.get("/desk/customers/C-1")).text


async def test_case_that_gets_another_device_later_moves_to_its_page(desk: Desk) -> None:
    await desk.http.put("/v1/devices/D-8", json={"customer_id": "C-1", "site_id": "S-1"})
    case_id = (await desk.case(await desk.request()))["case_id"]
    changed = CaseReclassified(case_id=case_id, device_id="D-8")
    event = record(changed, service="dispatch", time=desk.clock.now(), actor="E-1")
    position = await desk.log.append([event])
    assert case_id in await page(desk, "D-8", position)
    assert case_id not in await page(desk, "D-1", position)


async def test_case_of_a_stranger_appears_once_it_is_assigned(desk: Desk) -> None:
    raw = b"Message-ID: <d1@new.example>\r\nFrom: zhao@new.example\r\nSubject: dark\r\n\r\nall dark"
    case_id = (await desk.case(await desk.mail(raw)))["case_id"]
    verified = await desk.http.post(
        f"/v1/cases/{case_id}/verify", json={"customer_id": "C-1", "device_serial": "IT-SRV-01"}
    )
    assert verified.status_code == 200, verified.text
    assert case_id in await page(desk, "D-1", verified.json()["position"])


async def test_unknown_device_has_no_page(desk: Desk) -> None:
    assert (await desk.http.get("/desk/devices/D-404")).status_code == 404
