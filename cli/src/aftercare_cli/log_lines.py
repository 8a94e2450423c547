"""The lines of the services' logs that somebody who watches the system wants to see."""

import threading
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import msgspec

_PAUSE_SECONDS = 0.3
_LINES_PER_ROUND = 10
_LEVELS = {"warning", "error", "critical"}
_LEFT_OUT = {"event", "level", "timestamp", "logger", "service", "exception"}


def interesting(line: bytes) -> str | None:
    """A line of JSON log in short: warnings and worse, and whatever happens to a case."""
    try:
        fields = msgspec.json.decode(line, type=dict[str, Any])
    except msgspec.MsgspecError:
        return None
    level = str(fields.get("level", "")).lower()
    if level not in _LEVELS and (level != "info" or "case_id" not in fields):
        return None
    details = " ".join(f"{key}={value}" for key, value in fields.items() if key not in _LEFT_OUT)
    return f"{fields.get('event', '')} {details}".strip()


class LogFollower:
    """Passes on what is interesting among the lines that files gain from now on."""

    def __init__(self, logs: Sequence[tuple[str, Path]], say: Callable[[str], None]) -> None:
        self._readers = [(name, _new_lines(path)) for name, path in logs]
        self._say = say

    def start(self) -> None:
        threading.Thread(target=self._follow, daemon=True).start()

    def _follow(self) -> None:
        while True:
            for name, lines in self._readers:
                self._pass_on(name, next(lines))
            time.sleep(_PAUSE_SECONDS)

    def _pass_on(self, name: str, lines: Sequence[bytes]) -> None:
        shown = [text for line in lines if (text := interesting(line))]
        for text in shown[:_LINES_PER_ROUND]:
            self._say(f"{name:12} {text}")
        if len(shown) > _LINES_PER_ROUND:
            self._say(f"{name:12} … and {len(shown) - _LINES_PER_ROUND} more lines in its log")


def _new_lines(path: Path) -> Iterator[list[bytes]]:
    """Endlessly the whole lines added since the last step; survives the file's replacement."""
    offset, rest = path.stat().st_size if path.exists() else 0, b""
    while True:
        size = path.stat().st_size if path.exists() else 0
        if size < offset:
            offset, rest = 0, b""
        if size == offset:
            yield []
            continue
        with path.open("rb") as file:
            file.seek(offset)
            *lines, rest = (rest + file.read()).split(b"\n")
            offset = file.tell()
        yield lines
