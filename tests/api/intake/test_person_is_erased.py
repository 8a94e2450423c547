"""R10: a person is erased by an event; the history stays whole, and says nothing of them."""

import asyncio
from typing import Any

import pytest
from sqlalchemy import select

from aftercare_events.projector import rebuild
from intake import tables
from intake.people import _parsed
from intake.projection import IntakeProjection
from support.intake_desk import BOSS, DESK, Desk, fields

REASON = {"reason": "asked by letter; call 13855500119"}


async def erased(desk: Desk, person: str) -> dict[str, Any]:
    answer = await desk.http.post(f"/v1/persons/{person}/erase", json=REASON, headers=BOSS)
    assert answer.status_code == 200, answer.text
    return answer.json()


async def found(desk: Desk, **who: str) -> dict[str, Any]:
    answer = await desk.http.post("/v1/persons/find", json=who, headers=BOSS)
    assert answer.status_code == 200, answer.text
    return answer.json()


async def reached(desk: Desk) -> int:
    """The position that the rows stand at: after a rebuild the projector itself knows it last."""
    async with desk.intake.engine.connect() as connection:
        return await connection.scalar(select(tables.infra.checkpoint.c.position)) or 0


async def test_contact_is_erased_with_all_that_was_said(desk: Desk) -> None:
    before = await desk.case(await desk.request("k"))
    assert before["contact"]["name"] == "李静"
    await erased(desk, "P-1")
    case = await desk.case(await desk.request("k"))
    assert case["contact"] == {}
    assert case | {"contact": {}} == before | {"contact": {}}
    contact = await desk.http.get("/v1/contacts/P-1")
    assert (contact.json()["erased"], "name" in contact.json()) == (True, False)


async def test_erased_number_stays_in_no_memory(desk: Desk) -> None:
    """A landline too, which takes long to read and is remembered therefore."""
    await desk.request(contact={"phone": "021-55500137"})
    discretion = desk.intake.discretion
    assert _parsed.cache_info().currsize
    assert discretion._known_by.cache_info().currsize
    await erased(desk, "P-1")
    assert not _parsed.cache_info().currsize
    assert not discretion._known_by.cache_info().currsize


async def test_erasure_is_an_event_with_actor_and_reason_and_a_pseudonym_only(desk: Desk) -> None:
    await desk.request("k")
    key = (await erased(desk, "P-1"))["person_id"]
    (event,) = await desk.events("person.erased")
    assert (event.subject, event.actor) == (f"person/{key}", "boss")
    assert fields(event)["reason"] == "asked by letter; call […]"
    assert "P-1" not in str(fields(event))


@pytest.mark.parametrize(
    "who", [{"phone": "138-5550-0119"}, {"email": "Li.Jing@CityLibrary.example"}]
)
async def test_contact_is_found_by_any_number_or_address(desk: Desk, who: dict[str, str]) -> None:
    person = await found(desk, **who)
    assert (person["contact_id"], person["customer_id"]) == ("P-1", "C-1")


async def test_stranger_is_found_by_number_and_loses_the_address_with_it(desk: Desk) -> None:
    stranger = {"name": "Nadia Novak", "phone": "13911112222", "email": "nadia@novak.example"}
    by_phone = await desk.request("p", contact=stranger)
    by_mail = await desk.mail(b"From: nadia@novak.example\r\nSubject: again\r\n\r\nstill down")
    person = await found(desk, phone="+86 139 1111 2222")
    assert (await erased(desk, person["person_id"]))["keys"] == 2
    for answer in (by_phone, by_mail):
        assert (await desk.case(answer))["contact"] == {}


async def test_number_that_two_contacts_share_is_not_erased_with_one_of_them(desk: Desk) -> None:
    shared = {"customer_id": "C-1", "phones": ["010-62345678"]}
    for contact in ("P-8", "P-9"):
        entry = shared | {"name": f"Contact {contact}"}
        assert (await desk.http.put(f"/v1/contacts/{contact}", json=entry)).is_success
    await erased(desk, "P-9")
    left = (await desk.http.get("/v1/contacts/P-8")).json()
    assert (left["name"], left["phones"]) == ("Contact P-8", ["010-62345678"])


async def test_second_erasure_says_when_the_first_was(desk: Desk) -> None:
    first = await erased(desk, "P-1")
    second = await erased(desk, "P-1")
    assert (first["keys"] > 0, second["keys"]) == (True, 0)
    assert second["erased_at"] == first["erased_at"]
    assert len(await desk.events("person.erased")) == first["keys"]


async def test_person_who_writes_again_has_a_new_key(desk: Desk) -> None:
    past = await desk.request("past")
    await erased(desk, "P-1")
    present = await desk.case(await desk.request("present"))
    assert present["contact"]["name"] == "李静"
    assert (await desk.case(past))["contact"] == {}


async def test_backup_that_brings_the_key_back_does_not_bring_the_person_back(desk: Desk) -> None:
    case = await desk.request("k")
    engine = desk.intake.engine
    async with engine.connect() as connection:
        backup = (await connection.exec_driver_sql("SELECT * FROM vault.person_keys")).all()
    await erased(desk, "P-1")
    renewed = await desk.request("renewed")
    async with engine.begin() as connection:
        for row in backup:
            await connection.exec_driver_sql(
                "INSERT INTO vault.person_keys VALUES ($1, $2, $3) ON CONFLICT DO NOTHING",
                tuple(row),
            )
    await rebuild(IntakeProjection(), engine, tables.infra)
    async with asyncio.timeout(30):
        while await reached(desk) < await desk.log.end():
            await asyncio.sleep(0.02)
    assert (await desk.case(case))["contact"] == {}
    assert (await desk.case(renewed))["contact"]["name"] == "李静"


async def test_nobody_is_found_and_nobody_erased(desk: Desk) -> None:
    for path in ("/v1/persons/P-NOBODY", "/v1/persons/P-NOBODY/erase"):
        method = "GET" if path.endswith("NOBODY") else "POST"
        answer = await desk.http.request(method, path, json=REASON, headers=BOSS)
        assert (answer.status_code, answer.json()["type"]) == (404, "/problems/not-found")
    unknown = await desk.http.post("/v1/persons/find", json={"phone": "13900001111"}, headers=BOSS)
    assert unknown.status_code == 404
    assert "1390000" not in unknown.text
    assert not await desk.events("person.erased")


async def test_erasing_takes_the_highest_scope(desk: Desk) -> None:
    for method, path in (
        ("GET", "/v1/persons/P-1"),
        ("POST", "/v1/persons/find"),
        ("POST", "/v1/persons/P-1/erase"),
    ):
        answer = await desk.http.request(method, path, json=REASON, headers=DESK)
        assert answer.status_code == 403
