"""Follow-ups join their case and nobody else's; no mail is swallowed (IN-14)."""

from typing import Any

import pytest

from support.intake_desk import Desk, fields
from support.mail_corpus import CASE, ROOT, STYLES, Style, mail, plain, word

LI_JING = "Li Jing <li.jing@citylibrary.example>"
SQUARE = "guard@square.example"


@pytest.fixture
async def desk(desk: Desk) -> Desk:
    """The second customer has a contact, too."""
    entry = {"customer_id": "C-2", "name": "Guard", "emails": [SQUARE]}
    assert (await desk.http.put("/v1/contacts/P-9", json=entry)).status_code == 201
    return desk


async def opened(desk: Desk, message_id: str = ROOT, sender: str = LI_JING) -> str:
    raw = mail(
        sender, "broken", plain("It is broken."), f"Message-ID: <{message_id}>", threaded=False
    )
    said = (await desk.mail(raw)).json()
    assert said["disposition"] == "opened", said
    return said["case_id"]


async def arrives(desk: Desk, sender: str, subject: str = "and", *headers: str) -> dict[str, Any]:
    raw = mail(sender, word(subject), plain("More."), *headers, threaded=False)
    return (await desk.mail(raw)).json()


@pytest.mark.parametrize("style", [one for one in STYLES if one.threaded], ids=lambda s: s.client)
async def test_reply_of_any_client_joins(desk: Desk, style: Style) -> None:
    case_id = await opened(desk)
    said = (await desk.mail(style.raw)).json()
    assert (said["disposition"], said["case_id"]) == ("joined", case_id)


@pytest.mark.parametrize(
    "prefix", ["回复：", "答复: ", "转发：", "RE: ", "Re：[外部]", "AW: ", "SV: ", "Fwd: "]
)
async def test_number_in_the_subject_joins_whatever_stands_before_it(
    desk: Desk, prefix: str
) -> None:
    case_id = await opened(desk)
    subject = f"{prefix}（{case_id}）服务器"
    assert (await arrives(desk, LI_JING, subject))["case_id"] == case_id


async def test_number_counts_from_colleagues_and_from_whoever_reported(desk: Desk) -> None:
    stranger = "somebody@elsewhere.example"
    case_id = await opened(desk, "s-1@x", stranger)
    assert (await arrives(desk, stranger, f"re {case_id}"))["case_id"] == case_id


@pytest.mark.parametrize("sender", [SQUARE, "guessing@nowhere.example"])
async def test_number_of_another_customers_case_opens_a_case_of_its_own(
    desk: Desk, sender: str
) -> None:
    case_id = await opened(desk)
    said = await arrives(desk, sender, f"re {case_id}")
    assert said["disposition"] == "opened"
    assert said["case_id"] != case_id
    assert not await desk.events("message_added")


async def test_thread_is_joined_by_whoever_got_a_copy_but_not_by_another_customer(
    desk: Desk,
) -> None:
    case_id = await opened(desk)
    reply = f"In-Reply-To: <{ROOT}>"
    assert (await arrives(desk, "copied@elsewhere.example", "re", reply))["case_id"] == case_id
    assert (await arrives(desk, SQUARE, "re", reply))["disposition"] == "opened"


async def test_another_content_under_a_known_id_is_kept_and_joins(desk: Desk) -> None:
    case_id = await opened(desk)
    again = await arrives(desk, LI_JING, "now it smokes", f"Message-ID: <{ROOT}>")
    assert (again["disposition"], again["case_id"]) == ("joined", case_id)
    repeated = await arrives(desk, LI_JING, "now it smokes", f"Message-ID: <{ROOT}>")
    assert repeated == again | {"duplicate": True}
    assert len(await desk.events("message_added")) == 1


async def test_somebody_elses_mail_under_a_known_id_is_a_case_of_its_own(desk: Desk) -> None:
    case_id = await opened(desk)
    other = await arrives(desk, SQUARE, "ours is dark", f"Message-ID: <{ROOT}>")
    assert other["disposition"] == "opened"
    assert other["case_id"] != case_id


async def test_mail_without_an_id_is_known_by_its_bytes(desk: Desk) -> None:
    first = await arrives(desk, LI_JING, "one")
    assert await arrives(desk, LI_JING, "one") == first | {"duplicate": True}
    assert (await arrives(desk, LI_JING, "two"))["duplicate"] is False


async def test_unknown_number_opens_a_case(desk: Desk) -> None:
    assert (await arrives(desk, LI_JING, f"re {CASE}"))["disposition"] == "opened"


async def test_mail_over_a_list_is_a_case_that_says_why_it_is_not_answered(desk: Desk) -> None:
    said = await arrives(desk, LI_JING, "help", "List-Id: <all.books.example>")
    assert said["disposition"] == "opened"
    assert fields((await desk.events("mail.received"))[0])["unanswered"] == "mailing-list"


async def test_mail_is_shown_as_a_page_that_cannot_hurt(desk: Desk) -> None:
    [style] = [one for one in STYLES if one.client == "Outlook for Mac"]
    case = await desk.case(await desk.mail(style.raw))
    assert case["mails"] == [2]
    path = f"/v1/cases/{case['case_id']}/attachments"
    page = await desk.http.get(f"{path}/2/page")
    assert page.headers["Content-Type"] == "text/html; charset=utf-8"
    assert page.headers["Content-Security-Policy"].startswith("sandbox")
    assert "<p>The ERP stops with an error.</p>" in page.text
    assert (await desk.http.get(f"{path}/1/page")).status_code == 404
    assert (await desk.http.get(f"{path}/3/page")).status_code == 404
