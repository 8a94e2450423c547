"""Whoever floods the form is held back; whoever merely took long loses nothing (IN-01)."""

from datetime import timedelta

from support.intake_desk import Desk
from support.web_form import FILLED, case_id_in, send, token_of

BROWSER = {"Accept": "text/html", "Accept-Language": "en"}


async def test_address_that_sends_too_often_waits(desk: Desk) -> None:
    token = await token_of(desk)
    desk.http.headers.update(BROWSER)
    answers = [await send(desk, token, summary=f"problem {n}") for n in range(11)]
    assert [answer.status_code for answer in answers] == [201] * 10 + [429]
    refused = answers[-1]
    assert refused.headers["Retry-After"] == "6"
    assert "<h1>Too many at once</h1>" in refused.text

    await desk.clock.advance(timedelta(seconds=6))
    assert (await send(desk, token, summary="problem 11")).status_code == 201


async def test_form_filled_in_faster_than_by_hand_is_asked_once_more(desk: Desk) -> None:
    token = await token_of(desk)
    await desk.clock.move_to(desk.clock.now() - timedelta(seconds=1))
    answer = await send(desk, token)
    assert answer.status_code == 422
    assert "提交得太快了" in answer.text
    assert 'value="the lamps are dark"' in answer.text
    assert f'value="{token}"' in answer.text
    await desk.clock.advance(timedelta(seconds=1))
    assert (await send(desk, token)).status_code == 201


async def test_stale_form_is_renewed_and_stays_the_same_form(desk: Desk) -> None:
    token = await token_of(desk)
    first = await send(desk, token)
    await desk.clock.advance(timedelta(days=1))
    stale = await send(desk, token)
    assert stale.status_code == 422
    assert 'value="the lamps are dark"' in stale.text
    renewed = stale.text.partition('name="token" value="')[2].partition('"')[0]
    await desk.clock.advance(timedelta(seconds=2))
    assert case_id_in((await send(desk, renewed)).text) == case_id_in(first.text)


async def test_token_that_we_did_not_make_counts_for_nothing(desk: Desk) -> None:
    token = await token_of(desk)
    forged = [token[:-1], "a." + token.partition(".")[2], "", "é.1.x", "t"]
    for one in forged:
        answer = await send(desk, one)
        assert answer.status_code == 422
        assert 'value="the lamps are dark"' in answer.text
    assert not await desk.events("case.reported")


async def test_filled_trap_is_a_program(desk: Desk) -> None:
    answer = await send(desk, website="http://spam.example")
    assert answer.status_code == 422
    assert FILLED["website"] == ""
    assert not await desk.events("case.reported")
