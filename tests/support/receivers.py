"""A receiver of webhooks on this machine: answers as it is told, and keeps what it was sent."""

import threading
from collections import deque
from collections.abc import Generator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import msgspec
from standardwebhooks.webhooks import Webhook

SECRET = "whsec_YSBzZWNyZXQgb2YgdGhpcnR5LXR3byBieXRlcyE="
OLDER_SECRET = "whsec_dGhlIHNlY3JldCB0aGF0IHdhcyBiZWZvcmUgaXQ="


@dataclass(frozen=True, slots=True)
class Sent:
    headers: Mapping[str, str]
    body: bytes

    @property
    def id(self) -> str:
        return self.headers["webhook-id"]

    @property
    def event(self) -> dict[str, Any]:
        return msgspec.json.decode(self.body)

    @property
    def what(self) -> tuple[str, str]:
        """The kind of movement, and the case."""
        return self.event["type"].split(".")[2], self.event["data"]["case_id"]

    def is_signed_with(self, secret: str) -> bool:
        """By the signature alone: the time in it is the one moved by hand."""
        moment = datetime.fromtimestamp(int(self.headers["webhook-timestamp"]), UTC)
        signature = Webhook(secret).sign(self.id, moment, self.body.decode())
        return signature in self.headers["webhook-signature"].split(" ")


@dataclass
class Receiver:
    """`answers` are the next statuses; without any it is 204. `refused` cases get 500."""

    url: str = ""
    answers: deque[int] = field(default_factory=deque[int])
    refused: set[str] = field(default_factory=set[str])
    sent: list[Sent] = field(default_factory=list[Sent])

    def answer(self, sent: Sent) -> int:
        self.sent.append(sent)
        if self.refused and sent.event["data"]["case_id"] in self.refused:
            return 500
        return self.answers.popleft() if self.answers else 204


@contextmanager
def receiver() -> Generator[Receiver]:
    toy = Receiver()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            headers = {name.lower(): value for name, value in self.headers.items()}
            status = toy.answer(Sent(headers, body))
            self.send_response(status)
            if status in (301, 302, 307, 308):
                self.send_header("Location", f"{toy.url}/elsewhere")
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002
            """Say nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        toy.url = f"http://127.0.0.1:{server.server_address[1]}"
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield toy
        server.shutdown()
