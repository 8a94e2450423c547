"""A mail from a fax gateway is the fax in it, not a mail (IN-01)."""

from email.message import EmailMessage
from typing import Any

import pytest

from intake.fax.by_mail import sender_of
from support.faxes import tiff, typed
from support.intake_desk import Desk, fields

FAX = tiff(typed(["IT-SRV-01"], size=(400, 204)))
GATEWAY = "fax@gateway.example"


def mailed(
    *contents: bytes,
    sender: str = GATEWAY,
    subject: str = "Fax from +86 138 5550 0119",
    message_id: str = "<1@gateway.example>",
) -> bytes:
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = sender, "service@aftercare.example", subject
    mail["Message-ID"] = message_id
    mail["Auto-Submitted"] = "auto-generated"
    mail.set_content("A fax has arrived.")
    for number, content in enumerate(contents):
        mail.add_attachment(content, "image", "tiff", filename=f"fax{number}.tif")
    return mail.as_bytes()


async def received(desk: Desk, kind: str) -> list[dict[str, Any]]:
    return [fields(event) for event in await desk.events(f"{kind}.received")]


@pytest.mark.parametrize("sender", [GATEWAY, "Fax Gateway <FAX@Gateway.Example>", "a@fax.example"])
async def test_mail_of_a_gateway_opens_one_case_as_a_fax(desk: Desk, sender: str) -> None:
    answer = await desk.mail(mailed(FAX, sender=sender))
    assert answer.json()["disposition"] == "opened"
    case = await desk.case(answer)
    assert (case["report"]["channel"], case["report"]["customer_id"]) == ("fax", "C-1")
    assert await received(desk, "mail") == []
    again = await desk.mail(mailed(FAX, sender=sender))
    assert (again.json()["case_id"], again.json()["duplicate"]) == (case["case_id"], True)
    assert len(await received(desk, "fax")) == 1


async def test_message_id_given_out_twice_loses_no_fax(desk: Desk) -> None:
    other = tiff(typed(["other"], size=(400, 204)))
    cases = {(await desk.mail(mailed(one))).json()["case_id"] for one in (FAX, other)}
    assert len(cases) == 2


async def test_fax_that_nobody_can_open_ends_in_quarantine(desk: Desk) -> None:
    answer = await desk.mail(mailed(FAX[:80]))
    assert answer.json()["disposition"] == "quarantined"
    [fax] = await received(desk, "fax")
    assert fax["reason"].startswith("damaged TIFF")


@pytest.mark.parametrize(
    "raw",
    [
        mailed(FAX, sender="li.jing@citylibrary.example"),
        mailed(FAX, sender="fax@gateway.example.org"),
        mailed(),
        mailed(FAX, FAX[:-1] + b"\1"),
        mailed(b"GIF89a"),
    ],
)
async def test_any_other_mail_stays_a_mail(desk: Desk, raw: bytes) -> None:
    await desk.mail(raw)
    assert await received(desk, "fax") == []
    assert len(await received(desk, "mail")) == 1


async def test_mail_of_a_gateway_is_never_automatic(desk: Desk) -> None:
    """IN-02: two documents in one mail are a case with both, which no robot is answered for."""
    answer = await desk.mail(mailed(FAX, FAX[:-1] + b"\1"))
    assert answer.json()["disposition"] == "opened"
    case = await desk.case(answer)
    assert (case["report"]["channel"], case["attachments"]) == ("email", [1, 2, 3])
    [mail] = await received(desk, "mail")
    assert mail["unanswered"] == "auto-submitted"


@pytest.mark.parametrize(
    ("subject", "address", "number"),
    [
        ("Fax from +86 138 5550 0119", GATEWAY, "+86 138 5550 0119"),
        ("Fax received, 3 pages, from 021-55500137", GATEWAY, "021-55500137"),
        ("New fax (caller: 02155500137) 2026-11-02 10:00", GATEWAY, "02155500137"),
        ("来自 021-5550-0137 的传真", GATEWAY, "021-5550-0137"),
        ("传真 02155500137", GATEWAY, "02155500137"),
        ("Fax", "02155500137@fax.example", "02155500137"),
        ("Fax", "fax+862155500137@fax.example", "+862155500137"),
        ("Fax", GATEWAY, None),
        ("Fax 02155500137 to 02155500138", GATEWAY, None),
    ],
)
def test_number_of_the_sender_stands_in_the_subject_or_the_address(
    subject: str, address: str, number: str | None
) -> None:
    assert sender_of(subject, address) == number
