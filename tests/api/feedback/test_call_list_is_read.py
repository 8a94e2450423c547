"""The officer's pages answer: whom do I call, what happened there, what do I ask?"""

from support.feedback_company import PHONE, Company


async def test_list_names_whom_to_call_and_why(company: Company) -> None:
    callback_id = await company.resolve(summary="灯不亮")
    page = await company.http.get("/?lang=en")
    assert page.status_code == 200
    assert "灯不亮" in page.text
    assert "王芳" in page.text
    assert f'href="/callbacks/{callback_id}"' in page.text


async def test_empty_list_says_what_would_be_here(company: Company) -> None:
    assert "Nobody is waiting" in (await company.http.get("/?lang=en")).text


async def test_call_shows_number_story_and_questions(company: Company) -> None:
    callback_id = await company.resolve()
    await company.http.put("/v1/officers/O-LIN", json={"department": "customer-care"})
    await company.http.put("/v1/officers/O-TECH", json={"department": "field-service"})
    position = await company.log.end()
    page = await company.http.get(f"/callbacks/{callback_id}?lang=en&min_position={position}")
    assert page.status_code == 200
    assert PHONE in page.text
    assert "fuse replaced" in page.text
    assert "technical skill" in page.text
    assert 'value="O-LIN"' in page.text
    assert 'value="O-TECH"' not in page.text


async def test_completed_call_shows_its_answers(company: Company) -> None:
    callback_id = await company.resolve()
    body = {"officer_id": "O-LIN", "outcome": "satisfied", "suggestions": "more lamps"}
    answer = await company.post(f"/v1/callbacks/{callback_id}/complete", **body)
    page = await company.http.get(
        f"/callbacks/{callback_id}?lang=en&min_position={answer['position']}"
    )
    assert "more lamps" in page.text


async def test_stranger_is_sent_to_sign_in(company: Company) -> None:
    answer = await company.http.get("/", headers={"Authorization": ""})
    assert (answer.status_code, answer.headers["location"]) == (303, "/sign-in?next=%2F")


async def test_unknown_call_is_not_found(company: Company) -> None:
    assert (await company.http.get("/callbacks/CB-NONE-1")).status_code == 404
