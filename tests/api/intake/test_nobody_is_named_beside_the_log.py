"""Confidentiality (S1, R9): whatever goes well or wrong at a door, logs, metrics, subjects and
answers to errors name nobody."""

import io
import logging
from collections.abc import AsyncIterator, Iterator
from typing import Any

import httpx
import pytest
import structlog

from aftercare_events import logging as lines
from aftercare_events.log import LogUnavailable
from support.byte_search import Search
from support.intake_desk import BOSS, CALL, REQUEST, Desk
from support.web_form import token_of

NAME, LATIN, NUMBER = "欧阳澄观", "Zephyrine Quillfeather", "13977705318"
ADDRESS, SENTENCE = "zephyrine@marmalade.example", "the hedgehog ate the mainframe"
MARKS = (NAME, LATIN, NUMBER, ADDRESS, SENTENCE)
PERSON = {"name": NAME, "phone": NUMBER, "email": ADDRESS}
ASKED: dict[str, Any] = REQUEST | {"contact": PERSON, "description": SENTENCE}
ASKED |= {"summary": f"server down, call {NAME} at {NUMBER} or {ADDRESS}"}
CALLED: dict[str, Any] = CALL | {"caller": NUMBER, "recording_url": f"https://{SENTENCE}"}
MAIL = f"From: {LATIN} <{ADDRESS}>\r\nSubject: down, {NUMBER}\r\n\r\n{SENTENCE}"
TAKEN_DOWN = {"kind": "fault", "summary": f"of {NAME}", "contact": PERSON}


@pytest.fixture
def written(monkeypatch: pytest.MonkeyPatch) -> Iterator[io.StringIO]:
    """What the process logs from here on, everything that is ever logged."""
    handlers, level = logging.getLogger().handlers[:], logging.getLogger().level
    stream = io.StringIO()
    monkeypatch.setattr("sys.stderr", stream)
    lines.configure("intake", "json", "debug")
    yield stream
    structlog.reset_defaults()
    logging.getLogger().handlers[:] = handlers
    logging.getLogger().setLevel(level)


@pytest.fixture
async def heard(written: io.StringIO, desk: Desk) -> AsyncIterator[io.StringIO]:
    """The logs of a desk, which are read in the end, with the metrics and the subjects."""
    yield written
    metrics = await desk.http.get("/metrics")
    subjects = " ".join(event.log_subject for event in await desk.events())
    types = " ".join(event.type for event in await desk.events())
    beside = "\n".join([written.getvalue(), metrics.text, subjects, types])
    assert len(written.getvalue().splitlines()) > 3
    assert Search(MARKS).text(beside.encode()) == set()


async def sent(desk: Desk, method: str, path: str, body: Any) -> httpx.Response:
    options: dict[str, Any] = {"content": body} if isinstance(body, str) else {"json": body}
    media = {"Content-Type": "message/rfc822"} if path == "/v1/emails" else {}
    return await desk.http.request(method, path, headers=BOSS | media, **options)


GOOD: list[tuple[str, Any]] = [
    ("/v1/requests", ASKED),
    ("/v1/calls", CALLED),
    (
        "/v1/calls",
        CALLED | {"call_id": "2", "request": TAKEN_DOWN},
    ),
    ("/v1/emails", MAIL),
]
WRONG: list[tuple[str, str, Any, int]] = [
    ("POST", "/v1/requests", ASKED | {"customer_id": "C-NONE"}, 422),
    ("POST", "/v1/requests", ASKED | {"severity": SENTENCE}, 422),
    ("POST", "/v1/requests", ASKED | {"device_serial": NUMBER}, 422),
    ("POST", "/v1/requests", ASKED | {"kind": LATIN}, 422),
    ("POST", "/v1/requests", ASKED | {"contact": {NAME: NUMBER}}, 422),
    ("POST", "/v1/requests", ASKED | {"reported_at": "2030-01-01T00:00:00Z"}, 422),
    ("POST", "/v1/requests", [NAME, NUMBER], 422),
    ("POST", "/v1/calls", CALLED | {"answered_at": None}, 422),
    ("POST", "/v1/calls", CALLED | {"outcome": SENTENCE, "caller": [NUMBER]}, 422),
    ("PUT", "/v1/contacts/P-7", {"customer_id": "C-NONE", "name": NAME, "phones": [NUMBER]}, 422),
    ("PUT", "/v1/contacts/P-7", {"customer_id": "C-1", NAME: NUMBER, "name": LATIN}, 422),
    ("POST", "/v1/cases/AAAA-BBBB/messages", {"channel": "phone", "text": SENTENCE}, 404),
    ("POST", "/v1/cases/AAAA-BBBB/withdraw", {"reason": f"{NAME} {NUMBER}"}, 404),
    ("PATCH", "/v1/cases/AAAA-BBBB", {"category": NAME, "reason": NUMBER}, 404),
    ("POST", "/v1/persons/find", {"phone": NUMBER}, 404),
    ("POST", "/v1/persons/find", PERSON, 422),
    ("POST", "/v1/nowhere", PERSON, 404),
]


async def test_what_is_accepted(heard: io.StringIO, desk: Desk) -> None:
    for path, body in GOOD:
        answer = await sent(desk, "POST", path, body)
        assert answer.status_code == 202, answer.text


async def test_what_is_refused(heard: io.StringIO, desk: Desk) -> None:
    for method, path, body, status in WRONG:
        answer = await sent(desk, method, path, body)
        assert answer.status_code == status, answer.text
        assert Search(MARKS).text(answer.content) == set()


@pytest.mark.parametrize(("failure", "status"), [(RuntimeError, 500), (LogUnavailable, 503)])
async def test_what_fails_inside(
    heard: io.StringIO,
    desk: Desk,
    failure: type[Exception],
    status: int,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async def fail(*_: object, **__: object) -> int:
        raise failure(f"could not append for {NUMBER}, {ADDRESS}")

    monkeypatch.setattr(desk.log, "append", fail)
    for path, body in GOOD:
        answer = await sent(desk, "POST", path, body)
        assert answer.status_code == status
        assert Search(MARKS).text(answer.content) == set()


async def test_what_was_sent_twice_with_another_content(heard: io.StringIO, desk: Desk) -> None:
    first = await desk.request("k", **ASKED)
    other = await desk.request("k", **ASKED | {"description": f"{SENTENCE}!"})
    assert (first.status_code, other.status_code) == (202, 422)
    assert Search(MARKS).text(other.content) == set()


async def test_the_report_form(heard: io.StringIO, desk: Desk) -> None:
    form = {"kind": "fault", "summary": f"{NAME}: {NUMBER}", "description": SENTENCE} | PERSON
    form["token"] = await token_of(desk)
    assert (await desk.http.post("/report", data=form)).status_code == 201
    assert (await desk.http.post("/report", data=form | {"phone": NAME})).status_code == 422
