"""A clerk sees a fax beside what a machine read on it, and says what it is about (IN-04, IN-16)."""

import io
from typing import Any

import httpx
import pytest
from PIL import Image
from sqlalchemy import select

from aftercare_events import catalogue
from aftercare_events.catalogue.intake import FaxProposal, FaxRead
from intake.tables import faxes
from support.faxes import STANDARD, tiff, typed
from support.intake_desk import READER, Desk, fields

PAGE = typed(["IT-SRV-01"], size=(408, 204), resolution=STANDARD)
FAX = tiff(PAGE, PAGE, resolution=STANDARD)
KNOWN, STRANGER = "+86 138 5550 0119", "+86 21 5550 0137"


async def sent(desk: Desk, job_id: str = "fax-1", sender: str = KNOWN, content: bytes = FAX) -> Any:
    """The fax as the list shows it."""
    form = {"job_id": job_id, "sender": sender}
    answer = await desk.http.post("/v1/faxes", files={"file": ("fax.tif", content)}, data=form)
    assert answer.status_code == 202, answer.text
    said = answer.json()
    listed = await desk.http.get("/v1/faxes", params={"min_position": said["position"]})
    return next(fax for fax in listed.json()["items"] if fax["case_id"] == said["case_id"])


async def read(desk: Desk, fax: Any, *pages: str, **proposal: Any) -> int:
    """Let a machine have read it."""
    data = FaxRead(
        fax_id=fax["fax_id"],
        case_id=fax["case_id"],
        pages=len(pages),
        confidence=0.93,
        text=await desk.intake.vault.seal("P-1", {"pages": pages}),
        proposal=FaxProposal(**proposal),
    )
    event = catalogue.record(data, service="intake", time=desk.clock.now(), actor="intake")
    return await desk.log.append([event])


async def check(desk: Desk, fax: Any, **said: Any) -> httpx.Response:
    return await desk.http.post(f"/v1/faxes/{fax['fax_id']}/check", json=said)


async def test_faxes_wait_oldest_first_until_they_are_checked(desk: Desk) -> None:
    first, second = await sent(desk, "fax-1"), await sent(desk, "fax-2", STRANGER)
    page = (await desk.http.get("/desk/faxes?lang=en")).text
    assert page.index(KNOWN) < page.index(STRANGER)
    checked = (await check(desk, first)).json()
    params = {"min_position": checked["position"]}
    listed = (await desk.http.get("/v1/faxes", params=params)).json()["items"]
    assert [fax["fax_id"] for fax in listed] == [second["fax_id"]]
    [event] = await desk.events("fax.checked")
    assert event.actor == "desk"


async def test_list_goes_on_where_it_ended(desk: Desk) -> None:
    for number in range(3):
        await sent(desk, f"fax-{number}")
    first = (await desk.http.get("/v1/faxes?limit=2")).json()
    rest = (await desk.http.get("/v1/faxes", params={"cursor": first["next"]})).json()
    assert (len(first["items"]), len(rest["items"]), rest["next"]) == (2, 1, None)


async def test_page_shows_the_pictures_beside_the_words_and_the_proposal(desk: Desk) -> None:
    fax = await sent(desk, sender=STRANGER)
    position = await read(
        desk, fax, "序列号 IT-SRV-01", "二级", severity="2", device_id="D-1", customer_id="C-1"
    )
    params = {"min_position": position, "lang": "en"}
    page = (await desk.http.get(f"/desk/faxes/{fax['fax_id']}", params=params)).text
    for shown in (
        f"/v1/faxes/{fax['fax_id']}/pages/2",
        "序列号 IT-SRV-01",
        "Confidence 93 %",
        'value="C-1"',
        'value="IT-SRV-01"',
        "Scale of the contract: 1, 2, 3, 4",
    ):
        assert shown in page


async def test_pages_are_drawn_with_square_dots_and_never_as_they_came(desk: Desk) -> None:
    fax = await sent(desk)
    answer = await desk.http.get(f"/v1/faxes/{fax['fax_id']}/pages/2")
    assert (answer.status_code, answer.headers["Content-Type"]) == (200, "image/png")
    assert "no-store" in answer.headers["Cache-Control"]
    with Image.open(io.BytesIO(answer.content)) as drawn:
        assert drawn.width / drawn.height == pytest.approx(2, rel=0.02)
    missing = await desk.http.get(f"/v1/faxes/{fax['fax_id']}/pages/3")
    assert missing.status_code == 404


async def test_page_that_cannot_be_drawn_is_a_problem_and_no_defect(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    fax = await sent(desk)
    monkeypatch.setattr("intake.fax.receive.png", divmod)
    answer = await desk.http.get(f"/v1/faxes/{fax['fax_id']}/pages/1")
    assert (answer.status_code, answer.json()["type"]) == (422, "/problems/page-not-drawn")


async def test_pages_of_an_erased_sender_are_gone(desk: Desk) -> None:
    fax = await sent(desk, sender=STRANGER)
    async with desk.intake.engine.connect() as connection:
        received = (await connection.execute(select(faxes.c.received))).scalar_one()
    await desk.intake.vault.erase(received["sender"]["person"])
    assert (await desk.http.get(f"/v1/faxes/{fax['fax_id']}/pages/1")).status_code == 410
    shown = (await desk.http.get(f"/v1/faxes/{fax['fax_id']}")).json()
    assert shown["sender"] is None


async def test_clerk_corrects_what_the_machine_thought(desk: Desk) -> None:
    fax = await sent(desk)
    answer = await check(desk, fax, kind="question", severity="2", category="network")
    assert answer.status_code == 200, answer.text
    case = await desk.case(answer)
    assert (case["kind"], case["severity"], case["category"]) == ("question", "2", "network")
    again = await check(desk, fax, kind="question", severity="2", category="network")
    assert again.json() == answer.json()


async def test_fax_of_a_stranger_gets_its_customer_contract_and_device(desk: Desk) -> None:
    fax = await sent(desk, sender=STRANGER)
    [reported] = await desk.events("case.reported")
    assert fields(reported)["held_for"] == "unknown-contact"
    answer = await check(desk, fax, customer_id="C-1", device_serial="IT-SRV-01", severity="1")
    assert answer.status_code == 200, answer.text
    [assigned] = await desk.events("customer_assigned")
    said = fields(assigned)
    assert (said["customer_id"], said["contract_id"], said["device_id"], said["site_id"]) == (
        "C-1",
        "CT-1",
        "D-1",
        "S-1",
    )
    assert said["entitlement"]["covered"] is True
    assert (await desk.case(answer))["severity"] == "1"


async def test_device_alone_tells_the_customer(desk: Desk) -> None:
    fax = await sent(desk, sender=STRANGER)
    refused = await check(desk, fax, device_serial="NO-SUCH-1")
    assert (refused.status_code, refused.json()["field"]) == (422, "device_serial")
    answer = await check(desk, fax, device_serial="IT-SRV-01", category="network")
    assert answer.status_code == 200, answer.text
    [assigned] = await desk.events("customer_assigned")
    assert (fields(assigned)["customer_id"], fields(assigned)["category"]) == ("C-1", "device")
    assert (await desk.case(answer))["category"] == "network"


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({"customer_id": "C-9"}, "customer_id"),
        ({"device_serial": "NO-SUCH-1"}, "device_serial"),
        ({"severity": "urgent"}, "severity"),
        ({"kind": "storm"}, "kind"),
    ],
)
async def test_what_cannot_be_is_refused_by_its_field(
    desk: Desk, said: dict[str, str], field: str
) -> None:
    fax = await sent(desk)
    answer = await check(desk, fax, **said)
    assert (answer.status_code, answer.json()["field"]) == (422, field)
    assert not await desk.events("fax.checked")


async def test_fax_of_a_case_that_ended_is_only_put_away(desk: Desk) -> None:
    fax = await sent(desk)
    await desk.http.post(f"/v1/cases/{fax['case_id']}/withdraw", json={})
    assert (await check(desk, fax, severity="1")).status_code == 409
    assert (await check(desk, fax)).status_code == 200


async def test_faxes_are_for_clerks_only(desk: Desk) -> None:
    fax = await sent(desk)
    paths = ("/v1/faxes", f"/v1/faxes/{fax['fax_id']}", f"/v1/faxes/{fax['fax_id']}/pages/1")
    for path in (*paths, "/desk/faxes", f"/desk/faxes/{fax['fax_id']}"):
        assert (await desk.http.get(path, headers=READER)).status_code == 403
    desk.http.headers.pop("Authorization")
    assert {(await desk.http.get(path)).status_code for path in paths} == {401}
    assert (await desk.http.get("/v1/faxes/F-NONE")).status_code == 401


async def test_unknown_fax_is_not_found(desk: Desk) -> None:
    for path in ("/v1/faxes/F-1", "/v1/faxes/F-1/pages/1", "/desk/faxes/F-1"):
        assert (await desk.http.get(path)).status_code == 404
