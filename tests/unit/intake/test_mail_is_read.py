from base64 import b64encode
from pathlib import Path

import pytest

from intake.mail.parse import MAX_TEXT, read
from intake.mail.text import decoded, html_text

SAMPLES = Path(__file__).parents[3] / "samples"


def mail(*headers: str, body: bytes = b"hello", sender: str = "a@b.example") -> bytes:
    lines = [f"From: {sender}", "Subject: s", *headers, "", ""]
    return "\r\n".join(lines).encode() + body


@pytest.mark.parametrize(
    ("file", "sender", "subject", "words"),
    [
        ("01-mail-gb18030.eml", "李静", "图书馆服务器无法启动", "硬盘灯全红"),
        ("02-mail-reply-utf8.eml", "李静", "回复: 图书馆服务器无法启动", "UPS 显示电池故障"),
        ("03-mail-big5.eml", "陳志明", "港灣廣場景觀照明全部熄滅", "控制箱 LM-CTL-01 沒有反應"),
        (
            "04-mail-quoted-printable-attachment.eml",
            "Wang Fang",
            "ERP 系统偶尔报错",
            "“connection lost”",
        ),
    ],
)
def test_samples_read_as_their_writers_meant(
    file: str, sender: str, subject: str, words: str
) -> None:
    found = read((SAMPLES / file).read_bytes())
    assert (found.sender_name, found.subject) == (sender, subject)
    assert words in found.text
    assert found.automatic is None


def test_attachment_keeps_its_name_and_bytes() -> None:
    found = read((SAMPLES / "04-mail-quoted-printable-attachment.eml").read_bytes())
    [attachment] = found.attachments
    assert attachment.name == "错误日志.log"
    assert attachment.content.startswith(b"2026-10-12 10:41:07 ERROR")


def test_reply_names_what_it_answers() -> None:
    first = read((SAMPLES / "01-mail-gb18030.eml").read_bytes())
    reply = read((SAMPLES / "02-mail-reply-utf8.eml").read_bytes())
    assert reply.references == (first.message_id,)


def test_references_are_nearest_first_and_each_once() -> None:
    raw = mail("In-Reply-To: <c@x>", "References: <a@x> <b@x>\r\n <c@x>")
    assert read(raw).references == ("c@x", "b@x", "a@x")


@pytest.mark.parametrize(
    "header",
    [
        "Auto-Submitted: auto-replied",
        "Auto-Submitted: auto-generated; reason=x",
        "Precedence: bulk",
        "Precedence: Auto_Reply",
        "Return-Path: <>",
        "X-Autoreply: yes",
        'Content-Type: multipart/report; report-type=delivery-status; boundary="b"',
    ],
)
def test_automatic_mail_is_recognised(header: str) -> None:
    assert read(mail(header)).automatic is not None


def test_null_sender_and_mail_systems_are_automatic() -> None:
    assert read(mail(), envelope_sender="").automatic == "null-sender"
    assert read(mail(sender="MAILER-DAEMON@b.example")).automatic == "mail-system"


@pytest.mark.parametrize("header", ["Auto-Submitted: no", "Precedence: first-class"])
def test_people_are_no_robots(header: str) -> None:
    assert read(mail(header), envelope_sender="a@b.example").automatic is None


@pytest.mark.parametrize("label", ["gb2312", "GBK", "big5", "x-unknown", "hex", "utf-7x", ""])
def test_false_label_never_hurts(label: str) -> None:
    raw = mail(f'Content-Type: text/plain; charset="{label}"', body="中文，錯誤".encode())
    assert read(raw).text


def test_gb2312_label_covers_characters_of_its_successor() -> None:
    assert decoded("镕".encode("gb18030"), "gb2312") == "镕"


def test_control_characters_are_left_out() -> None:
    assert decoded(b"a\x00b\x1bc\r\nd", "utf-8") == "abc\nd"


def test_html_is_read_as_a_reader_sees_it() -> None:
    page = "<style>p{}</style><p>One&nbsp;<b>two</b></p><script>alert(1)</script><p>three</p>"
    assert html_text(page) == "One two\n\nthree"


def test_html_alone_gives_the_text() -> None:
    assert read(mail("Content-Type: text/html; charset=utf-8", body=b"<p>hi</p>")).text == "hi"


@pytest.mark.parametrize(
    "name", ["../../etc/passwd", "C:\\\\secret\\\\passwd", "=?utf-8?b?Li4vcGFzc3dk?="]
)
def test_attachment_name_is_never_a_path(name: str) -> None:
    raw = mail(f'Content-Type: application/pdf; name="{name}"')
    assert read(raw).attachments[0].name == "passwd"


def test_long_text_is_cut_to_what_an_event_holds() -> None:
    assert len(read(mail(body=b"x" * 100_000)).text) == MAX_TEXT


@pytest.mark.parametrize(
    "raw",
    [
        b"garbage",
        b"\x00\xff" * 100,
        b"From: \r\n\r\n",
        b"From: =?utf-8?b?////?= <x>\r\nSubject: =?big5?q?=ff=fe?=\r\n\r\n\x80\x81",
        b"Content-Type: multipart/mixed\r\n\r\nno boundary",
        b"Content-Type: text/plain\r\nContent-Transfer-Encoding: base64\r\n\r\n" + b"!" * 50,
        b'Content-Type: multipart/mixed; boundary="x"\r\n\r\n--x\r\nnever ended',
        b"Content-Transfer-Encoding: uuencode\r\n\r\nbegin 666 \xff\r\n\xff\r\nend",
        b"Content-Type: message/rfc822\r\n\r\nFrom: inner@x\r\n\r\ninner",
    ],
)
def test_broken_mail_is_read_as_well_as_it_goes(raw: bytes) -> None:
    read(raw)


def test_text_in_base64_is_decoded() -> None:
    body = b64encode("断电".encode("gb18030"))
    raw = mail(
        "Content-Type: text/plain; charset=gb18030", "Content-Transfer-Encoding: base64", body=body
    )
    assert read(raw).text == "断电"


@pytest.mark.parametrize(
    "subject",
    [
        "自动回复: 你好",
        "自动答复：外出",
        "【自动回复】收到",
        "Automatic reply: x",
        "Out of Office: x",
    ],
)
def test_automatic_reply_is_known_by_the_words_programs_begin_with(subject: str) -> None:
    assert (
        read(f"From: a@b.example\r\nSubject: {subject}\r\n\r\nx".encode()).automatic == "auto-reply"
    )


@pytest.mark.parametrize(
    "subject", ["自动回复功能坏了", "外出工程师没有来", "out of office printer"]
)
def test_person_may_write_about_automatic_replies(subject: str) -> None:
    assert read(f"From: a@b.example\r\nSubject: {subject}\r\n\r\nx".encode()).automatic is None


def test_what_we_sent_ourselves_comes_back_as_a_loop() -> None:
    assert read(mail("X-Loop: aftercare")).automatic == "loop"


@pytest.mark.parametrize(
    ("header", "reason"),
    [
        ("List-Id: <all.x>", "mailing-list"),
        ("Precedence: list", "mailing-list"),
        ("X-Auto-Response-Suppress: OOF, AutoReply", "suppressed"),
    ],
)
def test_person_whose_mail_is_not_answered_is_heard(header: str, reason: str) -> None:
    found = read(mail(header))
    assert (found.automatic, found.unanswered) == (None, reason)


def test_nobody_answers_an_address_that_takes_no_mail() -> None:
    assert read(mail(sender="No-Reply@b.example")).unanswered == "no-reply"


def test_flowed_paragraph_is_one_line_and_quotes_stay() -> None:
    body = b"one \r\ntwo\r\n> quoted \r\n> text\r\n-- \r\nme"
    found = read(mail("Content-Type: text/plain; format=flowed", body=body))
    assert found.text == "one two\n> quoted \n> text\n-- \nme"
