"""A service's HTTP face with canned answers, to try the commands on."""

import threading
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit


@dataclass(frozen=True, slots=True)
class Asked:
    """One request: its path, its parameters, after which event it wants to go on, its body."""

    path: str
    parameters: dict[str, str]
    last_id: str | None
    body: str = ""


@dataclass
class ToyMonitor:
    """Gives each answer once, in order, and remembers what it was asked."""

    answers: list[tuple[int, str, bytes]]
    asked: list[Asked] = field(default_factory=list[Asked])
    url: str = ""


@contextmanager
def monitor(*answers: tuple[int, str, bytes]) -> Generator[ToyMonitor]:
    """`answers` are status, content type and body. Asked for more, it hangs up."""
    toy = ToyMonitor(list(answers))

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            parts = urlsplit(self.path)
            parameters = {name: values[0] for name, values in parse_qs(parts.query).items()}
            body = self.rfile.read(int(self.headers["Content-Length"] or 0)).decode()
            toy.asked.append(Asked(parts.path, parameters, self.headers["Last-Event-ID"], body))
            if not toy.answers:
                return
            status, kind, body = toy.answers.pop(0)
            self.send_response(status)
            self.send_header("Content-Type", kind)
            self.end_headers()
            self.wfile.write(body)

        def do_POST(self) -> None:
            self.do_GET()

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002
            """Say nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        toy.url = f"http://127.0.0.1:{server.server_address[1]}"
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield toy
        server.shutdown()
