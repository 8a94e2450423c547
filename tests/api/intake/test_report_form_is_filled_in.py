from support.intake_desk import Desk, fields
from support.web_form import case_id_in, send, token_of


async def test_form_is_open_to_everybody_in_both_languages(desk: Desk) -> None:
    del desk.http.headers["Authorization"]
    for language, word in (("zh", "报修与咨询"), ("en", "Report a problem")):
        page = await desk.http.get("/report", params={"lang": language})
        assert page.status_code == 200
        assert word in page.text
        assert "form-action 'self'" in page.headers["Content-Security-Policy"]
    assert "/report" in (await desk.http.get("/")).text


async def test_filled_form_is_a_case_and_shows_its_number(desk: Desk) -> None:
    answer = await send(desk)
    assert answer.status_code == 201
    [event] = await desk.events("case.reported")
    data = fields(event)
    assert data["case_id"] == case_id_in(answer.text)
    assert (data["channel"], data["kind"], data["use_affected"]) == ("web", "fault", True)
    assert (data["customer_id"], data["device_id"], event.actor) == ("C-1", "D-1", "customer")
    assert "held_for" not in data


async def test_pressing_twice_is_one_case_and_correcting_is_another(desk: Desk) -> None:
    token = await token_of(desk)
    first, again = await send(desk, token), await send(desk, token)
    assert case_id_in(first.text) == case_id_in(again.text)
    corrected = await send(desk, token, summary="the lamps are still dark")
    assert case_id_in(corrected.text) != case_id_in(first.text)


async def test_stranger_with_an_unknown_device_is_heard_all_the_same(desk: Desk) -> None:
    answer = await send(desk, phone="", email="new@nowhere.example", device_serial="???")
    assert answer.status_code == 201
    assert fields((await desk.events("case.reported"))[0])["held_for"] == "unknown-contact"


async def test_what_is_wrong_is_shown_beside_what_was_filled_in(desk: Desk) -> None:
    bad: list[tuple[dict[str, str], str]] = [
        ({"summary": " "}, "summary"),
        ({"name": ""}, "name"),
        ({"phone": ""}, "phone"),
        ({"phone": "call me"}, "phone"),
        ({"email": "nobody"}, "email"),
        ({"kind": "disaster"}, "kind"),
        ({"description": "x" * 5_001}, "description"),
        ({"website": "http://spam.example"}, "website"),
    ]
    for changes, field in bad:
        answer = await send(desk, **changes)
        assert answer.status_code == 422
        assert f'href="#{field}"' in answer.text
        assert 'role="alert"' in answer.text
    assert not await desk.events("case.reported")


async def test_what_was_filled_in_is_never_markup(desk: Desk) -> None:
    answer = await send(desk, summary='"><script>alert(1)</script>', name="")
    assert "<script>alert" not in answer.text
    assert "&lt;script&gt;" in answer.text


async def test_strange_posts_are_no_defects(desk: Desk) -> None:
    del desk.http.headers["Authorization"]
    form = {"Content-Type": "application/x-www-form-urlencoded"}
    for content in (b"", b"%00=%00", b"summary=%ff%fe&name=%00", b"a=1&" * 500):
        answer = await desk.http.post("/report", content=content, headers=form)
        assert 400 <= answer.status_code < 500
    upload = await desk.http.post("/report", files={"name": ("x", b"y")})
    assert 400 <= upload.status_code < 500
