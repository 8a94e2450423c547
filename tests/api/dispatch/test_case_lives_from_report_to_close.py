"""DP-01, DP-07: every milestone over HTTP, in order, late, twice, and by whom."""

from datetime import timedelta
from functools import partial
from typing import Any

import pytest

from aftercare_events.catalogue.case import CaseMerged, CaseWithdrawn
from support.dispatch_cases import START, WRITTEN, at
from support.dispatch_company import BOSS, READER, WRITER, Company

CASE = "4F7K-Q2M9"
PATH = f"/v1/cases/{CASE}"
RECORD = WRITTEN
INSISTED = {"engineer_id": "E-1", "reason": "knows the site"}


@pytest.fixture
async def company(company: Company) -> Company:
    """One engineer, and one case that the machine gave to the hotline."""
    await company.engineer("E-1", name="赵磊", phone="+86 139 5550 0201", department="field")
    await company.report(CASE)
    await company.until(CASE, lambda case: case["holder"] == "E-1")
    return company


async def test_whole_life(company: Company) -> None:
    steps = {
        "assign": {"engineer_id": "E-1"},
        "accept": {},
        "contact": {"note": "will look"},
        "respond": {},
        "remote-start": {"consent_ref": "call-7"},
        "remote-end": {"outcome": "unresolved"},
        "diagnose": {"finding": "fuse"},
        "depart": {},
        "arrive": {},
        "pause": {"reason": "no_site_access"},
        "resume": {},
        "restore": {},
        "record": RECORD,
        "resolve": {"resolution": "works"},
        "sign-off": {"signed_by": "王芳", "rating": 5},
        "close": {},
    }
    for step, body in steps.items():
        await company.clock.advance(timedelta(minutes=1))
        done = await company.post(f"{PATH}/{step}", **body)
        assert done["changed"], step
    assert done["status"] == "closed"
    assert await company.types("case", CASE) == [
        "reported",
        "assigned",
        "assigned",
        "accepted",
        "contacted",
        "responded",
        "remote_started",
        "remote_ended",
        "notice_issued",
        "onsite_required",
        "diagnosed",
        "departed",
        "arrived",
        "paused",
        "resumed",
        "restored",
        "recorded",
        "resolved",
        "signed_off",
        "closed",
    ]
    # Booked, there, no longer needed there, free.
    visit = ["booked", "booked", "booked", "released"]
    assert await company.types("engineer", "E-1") == ["registered", *visit]
    case = await company.case(CASE)
    assert case["status"] == "closed"
    assert case["milestones"]["arrived"] == at(9).isoformat().replace("+00:00", "Z")


async def test_answer_says_where_it_stands_and_reads_wait_for_it(company: Company) -> None:
    answer = await company.http.post(f"{PATH}/contact")
    position = answer.json()["position"]
    assert answer.headers["X-Log-Position"] == str(position) == str(await company.log.end())
    seen = await company.http.get(f"{PATH}?min_position={position}")
    assert "contacted" in seen.json()["milestones"]


async def test_command_waits_for_a_case_that_only_the_log_knows(company: Company) -> None:
    await company.report("NEWS-CASE")
    await company.post("/v1/cases/NEWS-CASE/contact")


async def test_record_comes_before_resolution(company: Company) -> None:
    await company.refused(f"{PATH}/resolve", "record-required")
    short = {name: RECORD[name] for name in ("symptom", "cause", "action")}
    await company.post(f"{PATH}/record", **short, place="hall 2", reported_by="王芳")
    problem = await company.post(f"{PATH}/resolve", 409)
    assert problem["type"] == "/problems/record-incomplete"
    lacking = [error["field"] for error in problem["errors"]]
    assert lacking == ["record.prevention", "record.technique"]
    await company.post(f"{PATH}/record", **RECORD)
    await company.post(f"{PATH}/resolve")
    await company.refused(f"{PATH}/resolve", "case-resolved")


async def test_arrival_is_reported_an_hour_late(company: Company) -> None:
    await company.post(f"{PATH}/accept")
    await company.clock.advance(timedelta(hours=2))
    happened = START + timedelta(hours=1)
    await company.post(f"{PATH}/arrive", occurred_at=happened.isoformat())
    assert (await company.events("case", CASE))[-1].time == happened


async def test_arrival_counts_only_with_the_skill_that_the_fault_asks_for(
    company: Company,
) -> None:
    """DP-25."""
    await company.engineer("E-2", skills=["network"])
    await company.engineer("E-3")
    await company.report("NETW-CASE", category="network")
    await company.until("NETW-CASE", lambda case: case["holder"] == "E-2")
    path = "/v1/cases/NETW-CASE"
    await company.post(f"{path}/assign", engineer_id="E-3", replaces="E-2", reason="nobody else")
    await company.post(f"{path}/arrive")
    case = await company.case("NETW-CASE")
    assert (case["status"], case["assignment"]["lacks"]) == ("on_site", ["skill"])
    assert "arrived" not in case["milestones"]
    await company.post(f"{path}/assign", engineer_id="E-2", replaces="E-3", reason="able")
    await company.post(f"{path}/arrive")
    assert "arrived" in (await company.case("NETW-CASE"))["milestones"]


@pytest.mark.parametrize(
    ("occurred_at", "code"),
    [
        ("2026-11-02T09:00:00Z", "in-the-future"),
        ("2026-10-20T08:00:00Z", "before-report"),
        ("2026-11-02T07:00:00Z", "before-report"),
    ],
)
async def test_time_that_cannot_be_is_refused(
    company: Company, occurred_at: str, code: str
) -> None:
    await company.refused(f"{PATH}/arrive", code, 422, occurred_at=occurred_at)


async def test_desk_acts_for_somebody(company: Company) -> None:
    await company.post(f"{PATH}/accept", actor="E-1")
    await company.post(f"{PATH}/contact")
    accepted, contacted = (await company.events("case", CASE))[-2:]
    assert (accepted.actor, contacted.actor) == ("E-1", "boss")


async def test_same_key_gets_the_same_answer(company: Company) -> None:
    key = {"Idempotency-Key": "abc"}
    first = await company.http.post(f"{PATH}/contact", json={"note": "hello"}, headers=key)
    await company.post(f"{PATH}/respond")
    again = await company.http.post(f"{PATH}/contact", json={"note": "hello"}, headers=key)
    assert first.status_code == again.status_code == 200
    assert first.json() == again.json()
    assert first.headers["X-Log-Position"] == again.headers["X-Log-Position"]
    other = await company.http.post(f"{PATH}/contact", json={"note": "bye"}, headers=key)
    assert (other.status_code, other.json()["type"]) == (422, "/problems/idempotency-key-reused")


async def test_same_key_gets_the_answer_of_a_batch(company: Company) -> None:
    key, body = {"Idempotency-Key": "abc"}, {"engineer_id": "E-1"}
    first = await company.http.post(f"{PATH}/assign", json=body, headers=key)
    again = await company.http.post(f"{PATH}/assign", json=body, headers=key)
    assert first.json() == again.json()
    assert await company.types("engineer", "E-1") == ["registered", "booked"]


async def test_milestone_without_a_key_is_refused_the_second_time(company: Company) -> None:
    await company.post(f"{PATH}/contact")
    await company.refused(f"{PATH}/contact", "already-contacted")


async def test_names_and_numbers_stay_out_of_the_log(company: Company) -> None:
    await company.post(f"{PATH}/contact", note="call 13800138000 back")
    await company.post(f"{PATH}/record", **(RECORD | {"reported_by": "王芳"}))
    await company.post(f"{PATH}/resolve")
    await company.post(f"{PATH}/sign-off", signed_by="王芳")
    async for batch in company.log.read():
        for recorded in batch:
            text = bytes(recorded.event.data).decode()
            for secret in ("赵磊", "5550", "王芳", "13800138000"):
                assert secret not in text
    assert (await company.case(CASE))["record"]["reported_by"] == {"name": "王芳"}


async def test_contact_is_opened_for_the_reader(company: Company) -> None:
    vault = company.app.state.dispatch.vault
    person = {"name": "王芳", "phone": "13800138000"}
    sealed = await vault.seal(vault.person_id("13800138000"), person)
    await company.report("OTHR-CASE", contact=sealed)
    assert (await company.case("OTHR-CASE"))["contact"] == person
    await vault.erase(sealed.person)
    assert (await company.case("OTHR-CASE"))["contact"] is None


async def test_strangers_are_not_found(company: Company) -> None:
    await company.refused("/v1/cases/0000-0000/contact", "not-found", 404)
    await company.get("/v1/cases/0000-0000", 404)
    await company.refused(f"{PATH}/assign", "unknown-engineer", 422, engineer_id="E-9")
    await company.refused(
        f"{PATH}/assign", "unknown-engineer", 422, engineer_id="E-9", mode="hotline"
    )


@pytest.mark.parametrize(
    ("path", "body"),
    [
        (f"{PATH}/assign", {}),
        (f"{PATH}/assign", {"engineer_id": "E 1"}),
        (f"{PATH}/assign", {"engineer_id": "E-1", "mode": "by-boat"}),
        (f"{PATH}/assign", {"engineer_id": "E-1", "unheard": 1}),
        (
            f"{PATH}/assign",
            {
                "engineer_id": "E-1",
                "slot": {"start": "2026-11-02T10:00Z", "end": "2026-11-02T10:00Z"},
            },
        ),
        (f"{PATH}/contact", {"note": "a\x00b"}),
        (f"{PATH}/pause", {}),
        (f"{PATH}/remote-start", {}),
        (f"{PATH}/remote-end", {"outcome": "perhaps"}),
        (f"{PATH}/record", {"symptom": "", "cause": "x", "action": "y"}),
        (f"{PATH}/sign-off", {"rating": 6}),
        (f"{PATH}/escalate-expert", {}),
        ("/v1/cases/a.b/contact", {}),
    ],
)
async def test_bad_input_changes_nothing(company: Company, path: str, body: object) -> None:
    before = await company.log.end()
    answer = await company.http.post(path, json=body)
    assert answer.status_code == 422, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["field"]
    assert await company.log.end() == before


async def test_scopes_are_asked_for(company: Company) -> None:
    assert (await company.http.post(f"{PATH}/contact", headers=READER)).status_code == 403
    assert (await company.http.get(PATH, headers=WRITER)).status_code == 403
    assert (await company.http.get(PATH, headers=BOSS)).status_code == 200
    assert (await company.http.get(PATH, headers={"Authorization": ""})).status_code == 401


async def test_level_asked_counts_at_the_site_too(company: Company) -> None:
    """DP-04, DP-25: whoever is not as senior as the choice asks for is no arrival."""
    await company.put("/v1/weights", weights={"levels": {"it-integration/2": 9}})
    await company.engineer("E-2", level=1)
    await company.report("NETW-CASE")
    path = "/v1/cases/NETW-CASE"
    await company.post(f"{path}/assign", engineer_id="E-2", reason="nobody else")
    await company.post(f"{path}/arrive")
    case = await company.case("NETW-CASE")
    assert (case["status"], case["assignment"]["lacks"]) == ("on_site", ["level"])
    assert "arrived" not in case["milestones"]


@pytest.mark.parametrize("over", [CaseWithdrawn, partial(CaseMerged, into="OTHR-CASE")])
async def test_customer_is_reminded_of_passwords_when_another_service_ends_the_case(
    company: Company, over: Any
) -> None:
    """DP-03."""
    await company.post(f"{PATH}/remote-start", consent_ref="fax of 2 November")
    await company.say(over(case_id=CASE))
    await company.said("notice_issued", "case", CASE)
    assert (await company.types("case", CASE))[-2:] == ["remote_ended", "notice_issued"]
    await company.refused(f"{PATH}/remote-end", over_code(over), outcome="unresolved")


def over_code(over: Any) -> str:
    return "case-withdrawn" if over is CaseWithdrawn else "case-merged"


async def test_rejected_engineer_leaves_all_cases_of_the_customer(company: Company) -> None:
    """DP-16: in one batch, with the day that this frees; other customers keep them."""
    for case_id, customer in (("CASE-2", "C-1"), ("CASE-3", "C-2")):
        await company.report(case_id, customer_id=customer)
        await company.post(f"/v1/cases/{case_id}/assign", mode="hotline", **INSISTED)
    await company.post(f"{PATH}/assign", replaces="E-1", **INSISTED)
    await company.get("/v1/cases")
    await company.post(f"{PATH}/reject-engineer", reason="unfriendly")
    holders = [(await company.case(one))["holder"] for one in (CASE, "CASE-2", "CASE-3")]
    assert holders == [None, None, "E-1"]
    assert (await company.types("case", "CASE-2")).count("engineer_rejected") == 1
    assert (await company.get("/v1/engineers/E-1"))["bookings"] == {}


async def test_visit_told_after_somebody_else_got_the_case_counts(company: Company) -> None:
    """DP-07: the phone had no connection; the true times stand, the new holder keeps the case."""
    await company.engineer("E-2")
    await company.post(f"{PATH}/assign", replaces="E-1", **INSISTED)
    await company.clock.advance(timedelta(minutes=12))
    sent = {"engineer_id": "E-2", "replaces": "E-1", "reason": "nearer"}
    await company.post(f"{PATH}/assign", **sent)
    await company.clock.advance(timedelta(minutes=12))
    for minutes, step in ((5, "accept"), (6, "depart"), (10, "arrive")):
        await company.post(f"{PATH}/{step}", engineer_id="E-1", occurred_at=at(minutes).isoformat())
    case = await company.case(CASE)
    assert case["milestones"]["arrived"] == at(10).isoformat().replace("+00:00", "Z")
    assert (case["holder"], case["status"]) == ("E-2", "assigned")
    late = at(20).isoformat()
    await company.refused(f"{PATH}/arrive", "not-the-holder", engineer_id="E-1", occurred_at=late)
