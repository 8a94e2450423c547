"""Confidentiality (S1): personal data is left out of logs."""

import io
import json
import logging
from collections.abc import Iterator

import pytest
import structlog

from aftercare_events import logging as lines


@pytest.fixture
def stream(monkeypatch: pytest.MonkeyPatch) -> Iterator[io.StringIO]:
    written = io.StringIO()
    monkeypatch.setattr("sys.stderr", written)
    handlers, level = logging.getLogger().handlers[:], logging.getLogger().level
    lines.configure("intake", "auto")
    yield written
    structlog.reset_defaults()
    structlog.contextvars.clear_contextvars()
    logging.getLogger().handlers[:] = handlers
    logging.getLogger().setLevel(level)


def written(stream: io.StringIO) -> list[dict[str, object]]:
    return [json.loads(line) for line in stream.getvalue().splitlines()]


def test_one_line_of_json_for_what_happened(stream: io.StringIO) -> None:
    structlog.contextvars.bind_contextvars(correlation_id="c-1")
    structlog.get_logger("desk").info("case_opened", case_id="4F7K-Q2M9", position=7)
    (line,) = written(stream)
    assert line.pop("timestamp")
    assert line == {
        "event": "case_opened",
        "service": "intake",
        "logger": "desk",
        "level": "info",
        "correlation_id": "c-1",
        "case_id": "4F7K-Q2M9",
        "position": 7,
    }


def test_personal_fields_are_dropped_at_any_depth(stream: io.StringIO) -> None:
    structlog.get_logger().info(
        "request", phone="13800138000", request={"contact": {"name": "x"}, "calls": [{"caller": 1}]}
    )
    (line,) = written(stream)
    assert (line["request"], "phone" in line) == ({"calls": [{}]}, False)


def test_errors_do_not_quote_people(stream: io.StringIO) -> None:
    try:
        raise ValueError("no such number: 13800138000")
    except ValueError:
        structlog.get_logger().exception("failed", error="li@example.com is unknown")
    text = stream.getvalue()
    assert "ValueError" in text
    assert "13800138000" not in text
    assert "li@example.com" not in text


def test_libraries_speak_alike(stream: io.StringIO) -> None:
    logging.getLogger("uvicorn").warning("slow %s", "request")
    (line,) = written(stream)
    assert (line["event"], line["logger"], line["service"]) == ("slow request", "uvicorn", "intake")


def test_libraries_chat_unheard(stream: io.StringIO) -> None:
    logging.getLogger("mail.log").info("MAIL FROM:<%s>", "li@example.com")
    structlog.get_logger().info("mail received")
    assert [line["event"] for line in written(stream)] == ["mail received"]


def test_debug_lines_are_not_written_by_default(stream: io.StringIO) -> None:
    structlog.get_logger().debug("detail")
    assert written(stream) == []
