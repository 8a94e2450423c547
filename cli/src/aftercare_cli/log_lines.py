"""The lines of the services' logs that somebody who watches the system wants to see."""

import threading
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import msgspec

_PAUSE_SECONDS = 0.3
_LINES_PER_ROUND = 10
_LEVELS = {"warning", "error", "critical"}
# What finds a line again is in the file; the terminal shows what it says.
_LEFT_OUT = {"event", "level", "timestamp", "logger", "service", "exception", "correlation_id"}


def interesting(line: bytes) -> str | None:
    """A line of JSON log in short: warnings and worse, and whatever happens to a case."""
    try:
        fields = msgspec.json.decode(line, type=dict[str, Any])
    except msgspec.MsgspecError:
        return None
    level = str(fields.get("level", "")).lower()
    if level not in _LEVELS and (level != "info" or "case_id" not in fields):
        return None
    details = (
        f"{key}={value}"
        for key, value in fields.items()
        if key not in _LEFT_OUT and value is not None
    )
    return " ".join([str(fields.get("event", "")), *details])


class LogFollower:
    """Passes on what is interesting among the lines that files gain from now on."""

    def __init__(self, logs: Sequence[tuple[str, Path]], say: Callable[[str], None]) -> None:
        self._tails = [(name, _Tail(path)) for name, path in logs]
        self._say = say

    def start(self) -> None:
        threading.Thread(target=self._follow, daemon=True).start()

    def pass_on(self) -> None:
        """One round over all files; a flood is cut short."""
        for name, tail in self._tails:
            shown = [text for line in tail.new_lines() if (text := interesting(line))]
            for text in shown[:_LINES_PER_ROUND]:
                self._say(f"{name:12} {text}")
            if len(shown) > _LINES_PER_ROUND:
                self._say(f"{name:12} … and {len(shown) - _LINES_PER_ROUND} more lines in its log")

    def _follow(self) -> None:
        while True:
            self.pass_on()
            time.sleep(_PAUSE_SECONDS)


class _Tail:
    """The whole lines that a file gains; it may be replaced by a new one meanwhile."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._offset = self._size()
        self._rest = b""

    def new_lines(self) -> list[bytes]:
        size = self._size()
        if size < self._offset:
            self._offset, self._rest = 0, b""
        if size == self._offset:
            return []
        with self._path.open("rb") as file:
            file.seek(self._offset)
            *lines, self._rest = (self._rest + file.read()).split(b"\n")
            self._offset = file.tell()
        return lines

    def _size(self) -> int:
        return self._path.stat().st_size if self._path.exists() else 0
