"""R10: whoever writes about a contact, and whatever she is called in it, the log names her nowhere.

The archive knows her name; a number or an address says that it is she.
"""

from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from sqlalchemy import event as sql

from aftercare_events.catalogue import decode
from support.intake_desk import BOSS, CALL, SAMPLES, Desk

NAME, NUMBER, ADDRESS = "慕容雪岚", "13855508811", "xuelan@citylibrary.example"
FAX = (SAMPLES / "11-fax-two-pages.tif").read_bytes()
WORDS = f"{NAME} says that the server is down"
REASON = {"reason": f"{NAME} asked for it"}
CALLED: dict[str, Any] = CALL | {"caller": NUMBER}
WRITTEN: dict[str, Any] = {"channel": "letter", "contact": {"email": ADDRESS}, "summary": WORDS}


@pytest.fixture
async def known(desk: Desk) -> Desk:
    entry = {"customer_id": "C-1", "name": NAME, "phones": [NUMBER], "emails": [ADDRESS]}
    answer = await desk.http.put("/v1/contacts/P-8", json=entry)
    assert await desk.intake.projector.wait_for(int(answer.headers["X-Log-Position"]))
    return desk


async def in_clear(desk: Desk, text: str = NAME) -> list[str]:
    """The types of the events that say it in clear."""
    return [one.type for one in await desk.events() if text in bytes(one.data).decode()]


async def call_summary(desk: Desk) -> Any:
    request = {"kind": "fault", "summary": WORDS, "category": f"of {NAME}"}
    return await desk.http.post("/v1/calls", json=CALLED | {"request": request})


async def call_classification(desk: Desk) -> Any:
    return await desk.http.post("/v1/calls", json=CALLED | {"classification": WORDS})


async def mail_subject(desk: Desk) -> Any:
    return await desk.mail(f"From: {ADDRESS}\r\nSubject: {WORDS}\r\n\r\nhelp".encode())


async def letter(desk: Desk) -> Any:
    return await desk.request("letter", **WRITTEN)


async def correction(desk: Desk) -> Any:
    case_id = (await letter(desk)).json()["case_id"]
    return await desk.http.patch(f"/v1/cases/{case_id}", json=REASON | {"severity": 1})


async def withdrawal(desk: Desk) -> Any:
    case_id = (await letter(desk)).json()["case_id"]
    return await desk.http.post(f"/v1/cases/{case_id}/withdraw", json=REASON)


async def check_of_a_fax(desk: Desk) -> Any:
    form = {"job_id": "fax-1", "sender": NUMBER}
    answer = await desk.http.post("/v1/faxes", files={"file": ("f.tif", FAX)}, data=form)
    shown = await desk.http.get("/v1/faxes", params={"min_position": answer.json()["position"]})
    (fax,) = shown.json()["items"]
    said = REASON | {"category": f"of {NAME}"}
    return await desk.http.post(f"/v1/faxes/{fax['fax_id']}/check", json=said)


async def dismissal(desk: Desk) -> Any:
    form = {"job_id": "fax-1", "sender": NUMBER}
    broken = {"file": ("f.tif", b"II*\0 broken")}
    answer = await desk.http.post("/v1/faxes", files=broken, data=form)
    position = {"min_position": answer.json()["position"]}
    (arrival,) = (await desk.http.get("/v1/arrivals", params=position)).json()["items"]
    return await desk.http.post(f"/v1/arrivals/{arrival['arrival_id']}/dismiss", json=REASON)


async def erasure(desk: Desk) -> Any:
    return await desk.http.post("/v1/persons/P-8/erase", json=REASON, headers=BOSS)


DOORS: list[Callable[[Desk], Awaitable[Any]]] = [
    *(call_summary, call_classification, mail_subject, letter),
    *(correction, withdrawal, check_of_a_fax, dismissal, erasure),
]


@pytest.mark.parametrize("door", DOORS)
async def test_her_name_stands_nowhere_in_clear(
    known: Desk, door: Callable[[Desk], Awaitable[Any]]
) -> None:
    answer = await door(known)
    assert answer.is_success, answer.text
    assert await in_clear(known) == []


async def test_other_services_know_whom_not_to_name(known: Desk) -> None:
    """What an engineer notes on the case goes through `redact` with this name."""
    await letter(known)
    [reported] = await known.events("case.reported")
    contact = decode(reported).contact
    assert await known.intake.vault.name_in(contact) == NAME
    assert (await erasure(known)).is_success
    assert await known.intake.vault.name_in(contact) is None


async def test_ids_of_calls_and_faxes_do_not_keep_her_number(known: Desk) -> None:
    for identifier in (f"20261102{NUMBER}0007", f"fax{NUMBER}-1", "fax000001234.tif"):
        answer = await known.http.post("/v1/calls", json=CALLED | {"call_id": identifier})
        again = await known.http.post("/v1/calls", json=CALLED | {"call_id": identifier})
        assert (answer.json()["duplicate"], again.json()["duplicate"]) == (False, True)
        form = {"job_id": identifier, "sender": NUMBER}
        for _ in range(2):
            await known.http.post("/v1/faxes", files={"file": ("f.tif", FAX)}, data=form)
    assert await in_clear(known, NUMBER) == []
    assert len(await known.events("call.recorded")) == 3
    assert len(await known.events("fax.received")) == 3
    assert len(await in_clear(known, "fax000001234.tif")) == 2


async def test_message_of_nobody_else_is_erased_with_the_contact_of_its_case(known: Desk) -> None:
    answer = await letter(known)
    path = f"/v1/cases/{answer.json()['case_id']}"
    for who in ({}, {"name": NAME}):
        said = {"channel": "phone", "text": "it is down again"} | who
        answer = await known.http.post(f"{path}/messages", json=said)
    position = {"min_position": answer.json()["position"]}
    before = (await known.http.get(path, params=position)).json()["messages"]
    assert [one["said"]["text"] for one in before] == ["it is down again"] * 2
    assert (await erasure(known)).is_success
    after = (await known.http.get(path)).json()["messages"]
    assert [one["said"] for one in after] == [{}, {}]


async def test_part_of_such_a_message_that_went_on_by_itself_is_erased_too(known: Desk) -> None:
    answer = await letter(known)
    path = f"/v1/cases/{answer.json()['case_id']}"
    said = {"channel": "phone", "text": "and the printer"}
    await known.http.post(f"{path}/messages", json=said)
    body = {"kind": "fault", "summary": "printer"}
    answer = await known.http.post(f"{path}/messages/1/split", json=body)
    assert (await known.case(answer))["contact"] == {"description": "and the printer"}
    assert (await erasure(known)).is_success
    assert (await known.case(answer))["contact"] == {}


async def test_message_to_an_unknown_case_is_refused(known: Desk) -> None:
    said = {"channel": "phone", "text": "hello"}
    answer = await known.http.post("/v1/cases/AAAA-BBBB/messages", json=said)
    assert (answer.status_code, answer.json()["type"]) == (404, "/problems/not-found")


async def test_whoever_is_known_is_looked_up_once(known: Desk) -> None:
    """P1: neither contact nor name are asked for again, until one of them is erased."""
    engine = known.intake.engine.sync_engine
    asked: list[str] = []

    def note(_: Any, __: Any, statement: str, *___: Any) -> None:
        if "contacts" in statement or "person_keys" in statement:
            asked.append(statement)

    await call_summary(known)
    sql.listen(engine, "before_cursor_execute", note)
    try:
        for number in range(5):
            body = CALLED | {"call_id": str(number), "classification": WORDS}
            assert (await known.http.post("/v1/calls", json=body)).is_success
        assert asked == []
    finally:
        sql.remove(engine, "before_cursor_execute", note)


async def test_erased_name_is_not_remembered(known: Desk) -> None:
    await letter(known)
    (contact,) = await known.intake.archive.contacts(
        [known.intake.vault.person_id(f"mailto:{ADDRESS}")]
    )
    assert await known.intake.archive.name_of(contact) == NAME
    assert (await erasure(known)).is_success
    assert await known.intake.archive.name_of(contact) is None
