"""What strangers send is shown without what acts, loads or tracks."""

import pytest

from intake.mail.safe_html import page_of, safe
from support.mail_corpus import PNG, Part, html, mail, multi


@pytest.mark.parametrize(
    "markup",
    [
        "<script>alert(1)</script>",
        "<img src=https://tracker.example/pixel.gif>",
        "<img srcset='https://tracker.example/a 1x'>",
        "<a href='javascript:alert(1)'>",
        "<a href='data:text/html,<script>'>",
        "<div style='background:url(https://tracker.example)'>",
        "<style>@import url(https://tracker.example)</style>",
        "<form action=https://phish.example><input name=password></form>",
        "<iframe src=https://tracker.example></iframe>",
        "<object data=https://tracker.example></object>",
        "<svg onload=alert(1)><use href=https://tracker.example></svg>",
        "<link rel=stylesheet href=https://tracker.example>",
        "<meta http-equiv=refresh content='0;url=https://tracker.example'>",
        "<base href=https://tracker.example>",
        "<table background=https://tracker.example></table>",
        "<video poster=https://tracker.example></video>",
        "<q cite=https://tracker.example>x</q>",
        "<p onclick=alert(1)>x</p>",
        "<math><mi xlink:href='javascript:alert(1)'></math>",
    ],
)
def test_nothing_acts_or_loads(markup: str) -> None:
    shown = safe(markup, {})
    for trace in ("tracker.example", "phish.example", "alert", "script", "onclick", "style"):
        assert trace not in shown


def test_link_stays_and_tells_nobody_where_it_was() -> None:
    assert safe("<a href='https://a.example/x'>x</a>", {}) == (
        '<a href="https://a.example/x" rel="noopener noreferrer">x</a>'
    )


def test_picture_that_was_sent_along_is_shown() -> None:
    picture = Part("image/png", PNG, "base64", ("Content-ID: <i1@x>",))
    raw = mail("a@b.example", "s", multi("related", "r", html('<img src="cid:i1@x">'), picture))
    assert '<img src="data:image/png;base64,' in page_of(raw)


def test_file_that_only_calls_itself_a_picture_is_not_shown() -> None:
    page = Part("text/html", b"<script>", "base64", ("Content-ID: <i1@x>",))
    raw = mail("a@b.example", "s", multi("related", "r", html('<img src="cid:i1@x">'), page))
    assert "data:" not in page_of(raw)


def test_plain_text_is_never_taken_for_markup() -> None:
    page = page_of(b"From: a@b\r\n\r\n1 < 2 <script>alert(1)</script>")
    assert "1 &lt; 2 &lt;script&gt;" in page
