"""Sender, subject, text, files and thread of what twenty-odd mail clients write (IN-01, IN-14)."""

import pytest

from intake.domain.case_number import case_numbers_in
from intake.mail.parse import read
from intake.mail.safe_html import page_of
from support.mail_corpus import CASE, ROOT, STYLES, Style


@pytest.mark.parametrize("style", STYLES, ids=lambda style: style.client)
def test_mail_is_read_as_its_writer_meant_it(style: Style) -> None:
    found = read(style.raw)
    assert (found.sender, found.sender_name, found.subject) == (
        style.sender,
        style.name,
        style.subject,
    )
    assert found.text == style.text
    assert tuple(one.name for one in found.attachments) == style.files
    assert (found.automatic, found.unanswered) == (None, None)
    if style.threaded:
        assert found.references == (ROOT,)
    else:
        assert case_numbers_in(found.subject) == [CASE]


@pytest.mark.parametrize("style", STYLES, ids=lambda style: style.client)
def test_mail_is_shown_without_losing_a_word(style: Style) -> None:
    page = page_of(style.raw)
    assert all(line in page for line in style.text.split("\n"))


@pytest.mark.parametrize("style", STYLES, ids=lambda style: style.client)
def test_way_of_a_mail_leaves_no_mark_on_its_fingerprint(style: Style) -> None:
    relayed = b"Received: from a by b\r\nX-Spam-Score: 0\r\n" + style.raw
    assert read(relayed).fingerprint == read(style.raw).fingerprint


def test_twenty_clients_are_there_and_no_two_alike() -> None:
    assert len({style.client for style in STYLES}) == len(STYLES) >= 20
    assert len({read(style.raw).fingerprint for style in STYLES}) >= 10
