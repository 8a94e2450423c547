"""Five hundred hostile mails, each read as well as it goes or refused by a limit (R6)."""

from intake.mail.limits import LimitBroken
from intake.mail.parse import MAX_TEXT, read
from intake.mail.safe_html import page_of
from support.hostile_mails import hostile_mails

CODES = {"too-large", "header-too-large", "too-deep", "too-many-parts"}


def test_each_is_read_or_refused_with_a_code() -> None:
    refused: list[str] = []
    for raw in hostile_mails(7, 510):
        try:
            found = read(raw)
        except LimitBroken as limit:
            refused.append(str(limit))
            continue
        assert len(found.text) <= MAX_TEXT
        said = (found.subject, found.sender_name, *(one.name for one in found.attachments))
        assert not any(bad in text for text in said for bad in "\r\n\0")
        # What is looked up in a table must be what a table can hold.
        "".join((found.sender, *found.recipients)).encode()
        assert not any("/" in one.name for one in found.attachments)
        page = page_of(raw)
        assert "<script" not in page
        assert "t.example" not in page or "&lt;" in page
    assert len(refused) > 50
    assert set(refused) <= CODES
