"""Reads the history of a running system: `GET /v1/events` of sla-monitor, as NDJSON."""

import argparse
import sys
from collections.abc import Callable, Generator, Iterator, Mapping
from contextlib import contextmanager
from functools import wraps
from typing import Any

import httpx
import msgspec

from aftercare_events.envelope import Event, Recorded

from . import addresses, http_client

PATH = "/v1/events"
# An answer must begin in time; a history may then be as long, or as silent, as it is.
PATIENCE = httpx.Timeout(30.0, read=None)

Command = Callable[[argparse.Namespace], int]
FAILED, INTERRUPTED = 1, 130


class Refused(Exception):
    """The service answered with a problem; the message is its detail."""


class _Line(Event, frozen=True, kw_only=True):
    sequence: int


_read_line = msgspec.json.Decoder(_Line).decode
_read_event = msgspec.json.Decoder(Event).decode


def url_of(options: argparse.Namespace) -> str:
    """The service that the command was pointed at, or that of the running system."""
    return options.url or addresses.find(options.data).services[options.service]


def parse(line: str | bytes) -> Recorded:
    """One line of the history. Raises msgspec.MsgspecError."""
    return Recorded(_read_line(line).sequence, _read_event(line))


@contextmanager
def reading(url: str, parameters: Mapping[str, Any]) -> Generator[httpx.Response]:
    """An answer whose body comes as it is read. Raises Refused, httpx.HTTPError."""
    given = {name: value for name, value in parameters.items() if value is not None}
    with (
        http_client.connect(url) as client,
        client.stream("GET", PATH, params=given, timeout=PATIENCE) as answer,
    ):
        ensure_answered(answer)
        yield answer


def events(url: str, **parameters: Any) -> Iterator[Recorded]:
    """Oldest first. Raises Refused, httpx.HTTPError."""
    with reading(url, parameters) as answer:
        for line in answer.iter_lines():
            yield parse(line)


def ensure_answered(answer: httpx.Response) -> None:
    """Raises Refused with the sentence of the problem document."""
    if answer.is_success:
        return
    answer.read()
    try:
        problem = answer.json()
        sentence = f"{answer.status_code} {problem.get('detail') or problem['title']}"
    except (ValueError, KeyError):
        sentence = f"{answer.status_code} {answer.reason_phrase}"
    raise Refused(sentence)


def told_in_one_line(command: Command) -> Command:
    """What goes wrong is one line on stderr and exit code 1; a reader who leaves is no error."""

    @wraps(command)
    def run(options: argparse.Namespace) -> int:
        try:
            return command(options)
        except KeyboardInterrupt:
            return INTERRUPTED
        except BrokenPipeError:
            sys.stderr.close()
            return 0
        except httpx.ConnectError:
            return _fail(f"no system answers at {url_of(options)}; start one: aftercare up")
        except (Refused, httpx.HTTPError, OSError, ValueError) as error:
            return _fail(str(error) or type(error).__name__)

    return run


def _fail(sentence: str) -> int:
    print(f"aftercare: {sentence}", file=sys.stderr)
    return FAILED
