"""FB-01 to FB-04 over HTTP: whom to call, what was said, what follows."""

import asyncio
from datetime import timedelta

from aftercare_events.catalogue import case as c
from aftercare_http import encode_cursor
from support.feedback_cases import CASE
from support.feedback_company import OFFICER_KEY, PHONE, READER, Company
from support.patience import posted

SATISFIED = {
    "officer_id": "O-LIN",
    "outcome": "satisfied",
    "solved": True,
    "scores": {"technical_skill": 5, "attitude": 4, "timeliness": 3},
    "suggestions": "请提前打电话给王芳",
}


async def test_resolved_case_is_on_the_list(company: Company) -> None:
    callback_id = await company.resolve(summary="灯不亮")
    (item,) = (await company.get("/v1/callbacks"))["items"]
    assert item["callback_id"] == callback_id
    assert item["case_id"] == CASE
    assert item["due_at"] == "2026-11-03T10:00:00Z"
    assert item["case"]["summary"] == "灯不亮"
    assert item["case"]["engineers"] == ["E-1"]
    assert item["barred_departments"] == ["field-service"]
    assert item["contact"] == {"name": "王芳", "phone": PHONE, "email": None}


async def test_satisfied_customer_closes_the_case(company: Company) -> None:
    callback_id = await company.resolve()
    answer = await company.post(f"/v1/callbacks/{callback_id}/complete", **SATISFIED)
    assert answer["case_became"] == "closed"
    assert await company.types("case", CASE) == [
        "reported",
        "assigned",
        "resolved",
        "called_back",
        "closed",
    ]
    detail = await company.get(f"/v1/callbacks/{callback_id}?min_position={answer['position']}")
    assert (detail["status"], detail["outcome"], detail["solved"]) == (
        "completed",
        "satisfied",
        True,
    )
    assert detail["scores"] == SATISFIED["scores"]
    assert detail["suggestions"] == SATISFIED["suggestions"]
    assert detail["case"]["status"] == "closed"


async def test_words_of_the_customer_are_nowhere_in_the_log(company: Company) -> None:
    callback_id = await company.resolve()
    await company.post(
        f"/v1/callbacks/{callback_id}/attempt",
        officer_id="O-LIN",
        outcome="busy",
        note="王芳 is in a meeting",
    )
    await company.post(f"/v1/callbacks/{callback_id}/complete", **SATISFIED)
    async for batch in company.log.read():
        for recorded in batch:
            assert "王芳" not in bytes(recorded.event.data).decode()


async def test_unsolved_problem_comes_back_with_a_new_callback(company: Company) -> None:
    callback_id = await company.resolve()
    unsolved = {"officer_id": "O-LIN", "outcome": "unsolved"}
    answer = await company.post(f"/v1/callbacks/{callback_id}/complete", **unsolved)
    assert answer["case_became"] == "reopened"
    await company.say(c.CaseResolved(case_id=CASE))
    second = await company.callback_of(CASE, cycle=2)
    assert (await company.get("/v1/callbacks"))["items"][0]["callback_id"] == second


async def test_reopened_case_needs_no_callback_until_it_is_resolved(company: Company) -> None:
    callback_id = await company.resolve()
    await company.say(c.CaseReopened(case_id=CASE, reason="down again"))
    await company.said("callback", callback_id, count=2)
    assert await company.types("callback", callback_id) == ["scheduled", "cancelled"]
    assert (await company.get("/v1/callbacks"))["items"] == []
    problem = await company.post(f"/v1/callbacks/{callback_id}/complete", status=409, **SATISFIED)
    assert problem["type"] == "/problems/callback-cancelled"


async def test_who_had_a_hand_in_the_case_may_not_ask(company: Company) -> None:
    callback_id = await company.resolve()
    entry = {"department": "field-service", "name": "林"}
    answer = await company.http.put("/v1/officers/O-COLLEAGUE", json=entry)
    officers = await company.get(f"/v1/officers?min_position={answer.headers['X-Log-Position']}")
    assert officers["items"] == [{"officer_id": "O-COLLEAGUE", "active": True, **entry}]
    assert await company.get("/v1/officers/O-COLLEAGUE") == officers["items"][0]
    assert (await company.http.get("/v1/officers/O-NOBODY")).status_code == 404
    for officer_id, code in (
        ("E-1", "officer-handled-the-case"),
        ("O-COLLEAGUE", "officer-of-a-barred-department"),
        ("self-service", "reserved"),
    ):
        problem = await company.post(
            f"/v1/callbacks/{callback_id}/complete",
            status=422,
            **{**SATISFIED, "officer_id": officer_id},
        )
        assert (problem["type"], problem["field"]) == (f"/problems/{code}", "officer_id")
    assert await company.types("callback", callback_id) == ["scheduled"]


async def test_attempts_are_kept_with_the_plan(company: Company) -> None:
    callback_id = await company.resolve()
    await company.clock.advance(timedelta(hours=1))
    answer = await company.post(
        f"/v1/callbacks/{callback_id}/attempt",
        officer_id="O-LIN",
        outcome="no_answer",
        note="rang out",
    )
    detail = await company.get(f"/v1/callbacks/{callback_id}?min_position={answer['position']}")
    assert (detail["attempts"], detail["last_outcome"]) == (1, "no_answer")
    (attempt,) = detail["history"]
    assert (attempt["officer_id"], attempt["note"]) == ("O-LIN", "rang out")
    assert detail["next_attempt_at"] == attempt["next_attempt_at"]


async def test_hundred_officers_at_once_complete_it_once(company: Company) -> None:
    callback_id = await company.resolve()
    answers = await asyncio.gather(
        *(
            posted(
                company.http,
                f"/v1/callbacks/{callback_id}/complete",
                json={**SATISFIED, "officer_id": f"O-{number}"},
            )
            for number in range(100)
        )
    )
    assert sorted(answer.status_code for answer in answers) == [200] + [409] * 99
    assert (await company.types("callback", callback_id)).count("completed") == 1
    assert (await company.types("case", CASE)).count("closed") == 1


BAD_ANSWERS: list[tuple[dict[str, object], str]] = [
    ({"outcome": "delighted"}, "outcome"),
    ({"scores": {"attitude": 6}}, "scores.attitude"),
    ({"scores": {"attitude": 0}}, "scores.attitude"),
    ({"solved": False}, "solved"),
    ({"officer_id": "no spaces"}, "officer_id"),
    ({"suggestions": "\x00"}, "suggestions"),
    ({"occurred_at": "2030-01-01T00:00:00Z"}, "occurred_at"),
    ({"occurred_at": "2026-11-02T08:00:00+08:00"}, "occurred_at"),
    ({"mood": "good"}, "mood"),
]


async def test_bad_answers_change_nothing(company: Company) -> None:
    callback_id = await company.resolve()
    for body, field in BAD_ANSWERS:
        problem = await company.post(
            f"/v1/callbacks/{callback_id}/complete", status=422, **{**SATISFIED, **body}
        )
        assert problem["field"] == field
    assert await company.types("callback", callback_id) == ["scheduled"]


async def test_unknown_callback_is_not_found(company: Company) -> None:
    await company.post("/v1/callbacks/CB-NONE-1/complete", status=404, **SATISFIED)
    assert (await company.http.get("/v1/callbacks/CB-NONE-1")).status_code == 404


async def test_list_pages_by_due_time(company: Company) -> None:
    ids = [await company.resolve(f"CASE-{number}") for number in range(3)]
    first = await company.get("/v1/callbacks?limit=2")
    second = await company.get(f"/v1/callbacks?limit=2&cursor={first['next']}")
    listed = [item["callback_id"] for item in [*first["items"], *second["items"]]]
    assert (listed, second["next"]) == (ids, None)


async def test_list_is_cut_at_a_due_time(company: Company) -> None:
    await company.resolve()
    for due, count in (
        ("today", 0),
        ("now", 0),
        ("2026-11-03", 1),
        ("2026-11-03T18:00:00%2B08:00", 1),
        ("2026-11-03T17:59:59%2B08:00", 0),
    ):
        assert len((await company.get(f"/v1/callbacks?due={due}"))["items"]) == count


async def test_due_time_or_cursor_that_is_none_is_refused(company: Company) -> None:
    for field, value in (
        ("due", "soon"),
        ("due", "2026-13-01"),
        ("due", "2026-11-03T18:00:00"),
        ("due", "0001-01-01T00:00:00%2B14:00"),
        ("cursor", "x"),
        ("cursor", encode_cursor((1, "a b"))),
        ("cursor", encode_cursor((10**18, "a"))),
    ):
        answer = await company.http.get(f"/v1/callbacks?{field}={value}")
        assert (answer.status_code, answer.json()["field"]) == (422, field)


async def test_scopes_are_held(company: Company) -> None:
    callback_id = await company.resolve()
    assert (await company.http.get("/v1/callbacks", headers=READER)).status_code == 403
    assert (await company.http.get("/v1/callbacks", headers=OFFICER_KEY)).status_code == 200
    answer = await company.http.put("/v1/officers/O-1", json={}, headers=OFFICER_KEY)
    assert answer.status_code == 403
    answer = await company.http.post(
        f"/v1/callbacks/{callback_id}/complete", json=SATISFIED, headers={"Authorization": ""}
    )
    assert answer.status_code == 401
