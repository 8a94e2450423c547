import json
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from aftercare_cli.main import parser

SAMPLES = Path(__file__).parents[3] / "samples"


class Intake(ThreadingHTTPServer):
    """Takes whatever it is sent, unless told to refuse; remembers calls by their id."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.received: list[tuple[str, dict[str, str], bytes]] = []
        self.calls: dict[str, dict[str, Any]] = {}
        self.problem: dict[str, Any] | None = None
        self.mapped: list[dict[str, Any]] = []

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"


class Handler(BaseHTTPRequestHandler):
    server: Intake

    def do_GET(self) -> None:
        call_id = urlsplit(self.path).query.partition("call_id=")[2]
        known = self.server.calls.get(call_id)
        self._answer(200, {"items": [known] if known else []})

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.received.append((self.path, dict(self.headers), body))
        if self.server.problem is not None:
            self._answer(422, self.server.problem)
            return
        if self.path.startswith("/v1/calls/mapped/"):
            self._answer(200, {"calls": self.server.mapped})
            return
        if self.path == "/v1/calls":
            call = json.loads(body)
            self.server.calls.setdefault(call["call_id"], call)
        self._answer(202, {"case_id": "4F7K-Q2M9", "duplicate": False})

    def log_message(self, *_: Any) -> None:
        pass

    def _answer(self, status: int, answer: dict[str, Any]) -> None:
        content = json.dumps(answer).encode()
        self.send_response(status)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)


@pytest.fixture
def intake() -> Iterator[Intake]:
    with Intake() as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield server
        server.shutdown()


def send(intake: Intake, *arguments: object) -> int:
    options = parser().parse_args(["send", "--url", intake.url, *map(str, arguments)])
    return options.run(options)


def call_of(intake: Intake, number: int = -1) -> dict[str, Any]:
    return json.loads(intake.received[number][2])


@pytest.mark.parametrize(
    ("file", "path"),
    [
        ("01-mail-gb18030.eml", "/v1/emails"),
        ("11-fax-two-pages.tif", "/v1/faxes"),
        ("21-call-with-request.json", "/v1/calls"),
        ("31-web-form.json", "/v1/requests"),
    ],
)
def test_each_kind_goes_through_its_own_door(intake: Intake, file: str, path: str) -> None:
    assert send(intake, SAMPLES / file) == 0
    assert [received[0] for received in intake.received] == [path]


def test_fax_names_its_sender_as_the_fax_server_wrote_it(intake: Intake) -> None:
    send(intake, SAMPLES / "11-fax-two-pages.tif")
    assert b"+86 21 5550 0137" in intake.received[0][2]


def test_form_has_a_key_of_its_own_content(intake: Intake) -> None:
    for _ in range(2):
        send(intake, SAMPLES / "31-web-form.json")
    keys = [headers["Idempotency-Key"] for _, headers, _ in intake.received]
    assert keys[0] == keys[1]


def test_old_call_is_moved_to_now_once(intake: Intake) -> None:
    for _ in range(2):
        send(intake, SAMPLES / "21-call-with-request.json")
    first, again = call_of(intake, 0), call_of(intake, 1)
    assert first == again
    ended = datetime.fromisoformat(first["ended_at"])
    assert abs(datetime.now(UTC) - ended) < timedelta(minutes=1)
    answered, started = (datetime.fromisoformat(first[n]) for n in ("answered_at", "started_at"))
    assert answered - started == timedelta(seconds=12)


def test_call_is_sent_as_recorded_when_asked_to(intake: Intake) -> None:
    file = SAMPLES / "21-call-with-request.json"
    send(intake, "--as-recorded", file)
    assert call_of(intake) == json.loads(file.read_bytes())


def test_call_of_today_is_sent_as_it_is(intake: Intake, tmp_path: Path) -> None:
    now = datetime.now(UTC).isoformat()
    call = {"call_id": "1", "started_at": now, "answered_at": now, "ended_at": now}
    file = tmp_path / "call.json"
    file.write_text(json.dumps(call))
    send(intake, file)
    assert call_of(intake) == call


def test_what_nobody_takes_is_skipped_with_a_word(
    intake: Intake, capsys: pytest.CaptureFixture[str]
) -> None:
    assert send(intake, SAMPLES / "README.md") == 0
    assert "skipped" in capsys.readouterr().out
    assert not intake.received


def test_answers_are_json_for_programs(intake: Intake, capsys: pytest.CaptureFixture[str]) -> None:
    send(intake, "--json", SAMPLES / "01-mail-gb18030.eml")
    assert json.loads(capsys.readouterr().out)["case_id"] == "4F7K-Q2M9"


def test_each_failure_is_one_line_and_the_others_are_sent(
    intake: Intake, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for name, content in (("a.json", "{"), ("b.json", "[]")):
        (tmp_path / name).write_text(content)
    files = [tmp_path / "a.json", tmp_path / "b.json", tmp_path / "missing.eml"]
    assert send(intake, *files, SAMPLES / "01-mail-gb18030.eml") == 1
    assert len(capsys.readouterr().err.splitlines()) == 3
    assert len(intake.received) == 1


def test_refusal_says_why(intake: Intake, capsys: pytest.CaptureFixture[str]) -> None:
    intake.problem = {"title": "Unprocessable", "detail": "There is no customer C-SOFTWARE."}
    assert send(intake, SAMPLES / "31-web-form.json") == 1
    assert "There is no customer" in capsys.readouterr().err


def test_system_that_does_not_run_is_one_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    options = parser().parse_args(
        ["send", "--url", "http://127.0.0.1:9", str(SAMPLES / "31-web-form.json")]
    )
    assert options.run(options) == 1
    assert len(capsys.readouterr().err.splitlines()) == 1


def test_calls_of_asterisk_are_sent_one_by_one(
    intake: Intake, capsys: pytest.CaptureFixture[str]
) -> None:
    assert send(intake, SAMPLES / "24-asterisk-cdr.csv") == 0
    assert sorted(call["outcome"] for call in intake.calls.values()) == [
        "abandoned",
        "answered",
        "answered",
        "transferred",
    ]
    assert "4 calls recorded" in capsys.readouterr().out


def test_calls_of_another_system_go_through_its_mapping(intake: Intake) -> None:
    file = SAMPLES / "another-pbx" / "calls.csv"
    intake.mapped = [{"outcome": "recorded"}, {"outcome": "refused", "detail": "no time"}]
    assert send(intake, "--mapping", "another-pbx", file) == 1
    intake.mapped = [{"outcome": "duplicate"}]
    assert send(intake, "--mapping", "another-pbx", file) == 0
    [(path, headers, body), _] = intake.received
    assert (path, headers["Content-Type"]) == ("/v1/calls/mapped/another-pbx", "text/csv")
    assert body == file.read_bytes()
