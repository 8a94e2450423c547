"""Photos, logs and PDF come with the form, are kept whole, and are opened from the case (IN-01)."""

from typing import Any

import pytest

from support.intake_desk import DESK, Desk, fields
from support.web_form import case_id_in, send, token_of

PHOTO = b"\xff\xd8\xff\xe0 a photo of the rack"
LOG = "2026-11-02 08:00 温度过高\n".encode("gb18030")
PDF = b"%PDF-1.7 a report"


def chosen(*files: tuple[str, bytes]) -> Any:
    """Files as a browser sends them: the type it claims is a guess by the name."""
    return [("files", (name, content, "text/html")) for name, content in files]


async def attachment(desk: Desk, case_id: str, number: int) -> Any:
    position = await desk.log.end()
    return await desk.http.get(
        f"/v1/cases/{case_id}/attachments/{number}",
        params={"min_position": position},
        headers=DESK,
    )


async def test_files_are_kept_whole_and_opened_from_the_case(desk: Desk) -> None:
    files = chosen(("机柜.jpg", PHOTO), ("app.log", LOG), ("report.pdf", PDF))
    case_id = case_id_in((await send(desk, files=files)).text)
    for number, content in enumerate((PHOTO, LOG, PDF), start=1):
        assert (await attachment(desk, case_id, number)).content == content
    photo = await attachment(desk, case_id, 1)
    assert "%E6%9C%BA%E6%9F%9C.jpg" in photo.headers["Content-Disposition"]
    [event] = await desk.events("case.reported")
    assert "机柜" not in str(fields(event))


async def test_same_form_with_the_same_files_is_one_case(desk: Desk) -> None:
    token = await token_of(desk)
    first, again = [await send(desk, token, chosen(("a.jpg", PHOTO))) for _ in range(2)]
    assert case_id_in(first.text) == case_id_in(again.text)
    [event] = await desk.events("case.reported")
    assert len(fields(event)["attachments"]) == 1
    other = await send(desk, token, chosen(("a.jpg", PHOTO + b"!")))
    assert case_id_in(other.text) != case_id_in(first.text)


@pytest.mark.parametrize(
    ("files", "said"),
    [
        (chosen(("photo.jpg", b"MZ\x90\x00 a program")), "“photo.jpg” is no photo"),
        (chosen(("empty.log", b"")), "“empty.log” is empty"),
        (chosen(*[(f"{n}.log", b"x") for n in range(6)]), "at most 5"),
        (chosen(("big.log", b"x" * ((8 << 20) + 1))), "“big.log” is too large: up to 8 MB"),
        (chosen(*[(f"{n}.log", b"x" * (7 << 20)) for n in range(3)]), "up to 20 MB together"),
    ],
)
async def test_file_that_cannot_be_taken_is_named_and_nothing_typed_is_lost(
    desk: Desk, files: Any, said: str
) -> None:
    desk.http.headers["Accept-Language"] = "en"
    answer = await send(desk, files=files)
    assert answer.status_code == 422
    assert said in answer.text
    assert 'href="#files"' in answer.text
    assert 'value="the lamps are dark"' in answer.text
    assert not await desk.events("case.reported")


async def test_mistake_elsewhere_says_which_files_to_choose_again(desk: Desk) -> None:
    files = chosen(("C:\\photos\\<b>.jpg", PHOTO), ("app.log", LOG))
    answer = await send(desk, files=files, name="")
    again = answer.text.partition('id="files-again"')[2].partition("</div>")[0]
    assert "<li>&lt;b&gt;.jpg</li><li>app.log</li>" in again


async def test_more_than_a_body_may_hold_is_refused_before_it_is_read(desk: Desk) -> None:
    headers = {
        "Content-Type": "multipart/form-data; boundary=b",
        "Content-Length": str(50 << 20),
        "Accept": "text/html",
    }
    answer = await desk.http.post("/report", content=b"--b", headers=headers)
    assert answer.status_code == 413
    assert "<h1>内容太大</h1>" in answer.text
