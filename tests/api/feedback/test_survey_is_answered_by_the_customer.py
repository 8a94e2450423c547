"""FB-04: the survey page, without a key, in Chinese and English, once."""

import re

import httpx

from aftercare_events.catalogue import case as c
from support.feedback_cases import CASE
from support.feedback_company import Company

HAPPY = {"solved": "yes", "satisfied": "yes", "attitude": "5", "suggestions": "谢谢"}


async def link(company: Company) -> str:
    callback_id = await company.resolve(summary="二号楼灯不亮")
    return str((await company.get(f"/v1/callbacks/{callback_id}"))["survey_path"])


def stranger(company: Company) -> httpx.AsyncClient:
    """A customer: no key, no cookie."""
    transport = httpx.ASGITransport(company.app, raise_app_exceptions=True)
    return httpx.AsyncClient(
        transport=transport, base_url="http://127.0.0.1", follow_redirects=True
    )


async def test_page_asks_in_the_readers_language(company: Company) -> None:
    path = await link(company)
    async with stranger(company) as customer:
        chinese = await customer.get(path)
        english = await customer.get(f"{path}?lang=en")
    assert chinese.status_code == english.status_code == 200
    assert "问题解决了吗" in chinese.text
    assert "二号楼灯不亮" in chinese.text
    assert "Is the problem solved?" in english.text
    assert '<html lang="en"' in english.text


async def test_answers_count_as_a_callback(company: Company) -> None:
    path = await link(company)
    async with stranger(company) as customer:
        answer = await customer.post(path, data=HAPPY, headers={"Accept-Language": "en"})
    assert answer.status_code == 200
    assert (await company.types("case", CASE))[-2:] == ["called_back", "closed"]
    detail = await company.get(f"/v1/callbacks/CB-{CASE}-1")
    assert (detail["officer_id"], detail["outcome"]) == ("self-service", "satisfied")
    assert (detail["scores"]["attitude"], detail["suggestions"]) == (5, "谢谢")


async def test_customer_is_thanked_with_what_was_answered(company: Company) -> None:
    path = await link(company)
    async with stranger(company) as customer:
        await customer.get(f"{path}?lang=en")
        answer = await customer.post(path, data=HAPPY)
    assert "Thank you" in answer.text
    assert "5 of 5" in answer.text


async def test_second_answer_shows_the_first(company: Company) -> None:
    path = await link(company)
    async with stranger(company) as customer:
        await customer.post(path, data=HAPPY)
        again = await customer.post(path, data={**HAPPY, "solved": "no", "attitude": "1"})
    assert again.status_code == 200
    assert "5 分" in again.text
    assert (await company.types("callback", f"CB-{CASE}-1")).count("completed") == 1


async def test_unsolved_problem_reopens_the_case(company: Company) -> None:
    path = await link(company)
    async with stranger(company) as customer:
        await customer.post(path, data={"solved": "no"})
    assert (await company.types("case", CASE))[-2:] == ["called_back", "reopened"]


INCOMPLETE: list[tuple[dict[str, str], str]] = [
    ({}, "solved"),
    ({"solved": "maybe"}, "solved"),
    ({"solved": "yes"}, "satisfied"),
    ({**HAPPY, "attitude": "6"}, "attitude"),
    ({**HAPPY, "suggestions": "啊" * 2001}, "suggestions"),
    ({**HAPPY, "suggestions": "a\x00b"}, "suggestions"),
]


async def test_incomplete_answers_are_asked_again(company: Company) -> None:
    path = await link(company)
    async with stranger(company) as customer:
        for form, wrong in INCOMPLETE:
            answer = await customer.post(path, data=form)
            assert answer.status_code == 422
            assert f'id="{wrong}-error"' in answer.text
    assert await company.types("callback", f"CB-{CASE}-1") == ["scheduled"]


async def test_what_was_chosen_stays_chosen(company: Company) -> None:
    path = await link(company)
    async with stranger(company) as customer:
        answer = await customer.post(path, data={"solved": "yes", "timeliness": "4"})
    assert re.search(r'name="timeliness" value="4" checked', answer.text)


async def test_link_that_we_did_not_make_opens_nothing(company: Company) -> None:
    path = await link(company)
    async with stranger(company) as customer:
        for forged in (path[:-1], f"/s/CB-{CASE}-1", "/s/x", "/s/%00"):
            assert (await customer.get(forged)).status_code == 404
            assert (await customer.post(forged, data=HAPPY)).status_code == 404


async def test_page_says_so_when_the_case_went_on(company: Company) -> None:
    path = await link(company)
    position = await company.say(c.CaseReopened(case_id=CASE))
    async with stranger(company) as customer:
        shown = await customer.get(f"{path}?lang=en&min_position={position}")
        answered = await customer.post(path, data=HAPPY)
    assert "This survey has ended" in shown.text
    assert "This survey has ended" in answered.text
