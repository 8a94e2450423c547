"""Who is not known is heard, held and verified by a person; the clock runs on (IN-08)."""

import asyncio
from datetime import timedelta
from typing import Any

from aftercare_events.catalogue.sla import PolicyPublished
from support.intake_desk import Desk, fields

STRANGER = {"name": "赵六", "phone": "13700001111"}
OTHER_SCALE = PolicyPublished(
    name="lighting-maintenance",
    version=2,
    policy={"severities": [{"id": "urgent"}, {"id": "normal"}]},
)


async def held_mail(desk: Desk) -> dict[str, Any]:
    """A mail of somebody whom no archive knows."""
    raw = (
        "Message-ID: <h1@new.example>\r\nFrom: Zhao <zhao@new.example>\r\n"
        "Subject: lamps are dark\r\n\r\nall of them"
    )
    return await desk.case(await desk.mail(raw.encode()))


async def verify(desk: Desk, case_id: str, **body: Any) -> Any:
    return await desk.http.post(f"/v1/cases/{case_id}/verify", json=body)


async def shown(desk: Desk, case_id: str, answer: Any) -> dict[str, Any]:
    assert answer.status_code == 200, answer.text
    at = {"min_position": answer.json()["position"]}
    return (await desk.http.get(f"/v1/cases/{case_id}", params=at)).json()


async def test_stranger_waits_on_the_list_with_the_reason(desk: Desk) -> None:
    case = await held_mail(desk)
    [held] = (await desk.http.get("/v1/held")).json()["items"]
    assert (held["case_id"], held["held_for"], held["customer_id"]) == (
        case["case_id"],
        "unknown-contact",
        "",
    )
    assert held["contact"]["email"] == "zhao@new.example"
    page = (await desk.http.get("/desk/held?lang=en")).text
    assert "zhao@new.example" in page
    assert "Unknown contact" in page


async def test_customer_is_assigned_with_contract_place_and_entitlement_of_that_day(
    desk: Desk,
) -> None:
    case = await held_mail(desk)
    reported = await desk.events("case.reported")
    await desk.clock.advance(timedelta(hours=1))
    answer = await verify(
        desk, case["case_id"], customer_id="C-1", device_serial="IT-SRV-01", reason="called back"
    )
    after = await shown(desk, case["case_id"], answer)
    assert (after["held_for"], after["customer_id"]) == (None, "C-1")
    assert after["reported_at"] == case["reported_at"]
    assert after["entitlement"]["reasons"][-1] == "in-warranty"
    [assigned] = await desk.events("case.customer_assigned")
    told = fields(assigned)
    assert (told["policy"], told["contract_id"], told["device_id"], told["place"]) == (
        "it-integration",
        "CT-1",
        "D-1",
        "local",
    )
    assert assigned.time == reported[0].time + timedelta(hours=1)
    assert (await desk.http.get("/v1/held")).json()["items"] == []
    found = await desk.http.get("/desk/customers/C-1")
    assert case["case_id"] in found.text


async def test_severity_must_be_one_of_the_customers_own_scale(desk: Desk) -> None:
    await desk.publish(OTHER_SCALE)
    await desk.http.put(
        "/v1/contracts/CT-2",
        json={"customer_id": "C-2", "policy": "lighting-maintenance", "starts_on": "2025-01-01"},
    )
    stranger = await desk.request(contact=STRANGER, severity="2")
    case_id = (await desk.case(stranger))["case_id"]
    refused = await verify(desk, case_id, customer_id="C-2")
    assert (refused.status_code, refused.json()["field"]) == (422, "severity")
    after = await shown(
        desk, case_id, await verify(desk, case_id, customer_id="C-2", severity="urgent")
    )
    assert (after["severity"], after["report"]["policy"]) == ("urgent", "lighting-maintenance")


async def test_contact_kept_in_the_same_step_is_known_the_next_time(desk: Desk) -> None:
    first = await desk.case(await desk.request(contact=STRANGER))
    answer = await verify(desk, first["case_id"], contact_id="P-9", role="night shift")
    await shown(desk, first["case_id"], answer)
    [verified] = await desk.events("case.verified")
    assert fields(verified)["contact_id"] == "P-9"
    again = await desk.case(await desk.request(contact=STRANGER, summary="again"))
    assert again["held_for"] is None
    kept = (await desk.http.get("/v1/contacts/P-9")).json()
    assert (kept["name"], kept["phones"]) == ("赵六", ["13700001111"])


async def test_contact_of_somebody_else_is_never_overwritten(desk: Desk) -> None:
    """IN-08, IN-09: 李静 of C-1 stays who she is."""
    before = (await desk.http.get("/v1/contacts/P-1")).json()
    case = await desk.case(await desk.request(contact=STRANGER))
    for customer_id in ("C-1", "C-2"):
        end = await desk.log.end()
        refused = await verify(desk, case["case_id"], contact_id="P-1", customer_id=customer_id)
        problem = refused.json()
        assert (refused.status_code, problem["type"]) == (422, "/problems/contact-taken")
        assert (problem["field"], await desk.log.end()) == ("contact_id", end)
    assert (await desk.http.get("/v1/contacts/P-1")).json() == before


async def test_contact_who_asked_from_another_phone_keeps_what_is_known_of_her(desk: Desk) -> None:
    """IN-09."""
    contact = {"name": "李 静", "phone": "13700001111"}
    case = await desk.case(await desk.request(contact=contact))
    await shown(desk, case["case_id"], await verify(desk, case["case_id"], contact_id="P-1"))
    kept = (await desk.http.get("/v1/contacts/P-1")).json()
    assert (kept["name"], kept["phones"], kept["emails"]) == (
        "李静",
        ["+86 138 5550 0119", "13700001111"],
        ["li.jing@citylibrary.example"],
    )
    again = await desk.case(await desk.request(contact=contact, summary="again"))
    assert again["held_for"] is None


async def test_contact_without_authority_has_it_once_verified(desk: Desk) -> None:
    """IN-08."""
    contact = {"name": "王五", "phone": "13855500120"}
    case = await desk.case(await desk.request(contact=contact))
    assert case["held_for"] == "unauthorised-contact"
    await shown(desk, case["case_id"], await verify(desk, case["case_id"], contact_id="P-2"))
    kept = (await desk.http.get("/v1/contacts/P-2")).json()
    assert kept["phones"] == ["+86 138 5550 0120"]
    again = await desk.case(await desk.request(contact=contact, summary="again"))
    assert again["held_for"] is None


async def test_two_people_verified_at_once_under_one_id_are_not_taken_for_one(desk: Desk) -> None:
    """IN-08: whoever is second is refused."""
    people = (STRANGER, {"name": "孙七", "phone": "13700002222"})
    cases = [await desk.case(await desk.request(contact=one)) for one in people]
    answers = await asyncio.gather(
        *(verify(desk, case["case_id"], contact_id="P-9") for case in cases)
    )
    assert sorted(answer.status_code for answer in answers) == [200, 422]
    assert len(await desk.events("contact.recorded")) == len(("P-1", "P-2", "P-9"))


async def test_once_is_once(desk: Desk) -> None:
    first = await desk.case(await desk.request(contact=STRANGER))
    await shown(desk, first["case_id"], await verify(desk, first["case_id"]))
    again = await desk.case(await desk.request(contact=STRANGER, summary="again"))
    assert again["held_for"] == "unknown-contact"


async def test_rejected_case_ends_and_says_why(desk: Desk) -> None:
    case = await held_mail(desk)
    rejected = await desk.http.post(
        f"/v1/cases/{case['case_id']}/reject", json={"reason": "no customer of ours"}
    )
    after = await shown(desk, case["case_id"], rejected)
    assert after["ended"] == "withdrawn"
    for kind in ("verification_rejected", "withdrawn"):
        [event] = await desk.events(f"case.{kind}")
        assert fields(event)["reason"] == "no customer of ours"
    assert (await desk.http.get("/v1/held")).json()["items"] == []


async def test_what_makes_no_sense_is_refused_and_changes_nothing(desk: Desk) -> None:
    held, known = await held_mail(desk), await desk.case(await desk.request())
    bad: list[tuple[str, dict[str, Any], int, str | None]] = [
        (held["case_id"], {}, 422, "customer_id"),
        (held["case_id"], {"customer_id": "C-9"}, 422, "customer_id"),
        (held["case_id"], {"customer_id": "C-1", "device_serial": "?"}, 422, "device_serial"),
        (known["case_id"], {"customer_id": "C-1"}, 409, None),
        ("9ZZZ-9ZZZ", {"customer_id": "C-1"}, 404, None),
    ]
    before = await desk.log.end()
    for case_id, body, status, field in bad:
        answer = await verify(desk, case_id, **body)
        assert (answer.status_code, answer.json().get("field")) == (status, field), answer.text
    nameless = await desk.case(await desk.request(contact={"phone": "13711112222"}))
    before = await desk.log.end()
    answer = await verify(desk, nameless["case_id"], contact_id="P-8")
    assert (answer.status_code, answer.json()["field"]) == (422, "contact_id")
    assert await desk.log.end() == before


async def test_whoever_spoke_for_the_wrong_customer_is_put_right(desk: Desk) -> None:
    case = await desk.case(await desk.request(contact=STRANGER, device_serial=None))
    after = await shown(
        desk, case["case_id"], await verify(desk, case["case_id"], customer_id="C-2")
    )
    assert (after["customer_id"], after["entitlement"]["reasons"]) == ("C-2", ["no-contract"])
