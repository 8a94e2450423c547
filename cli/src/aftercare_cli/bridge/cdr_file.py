"""`Master.csv` as it grows: each call is told once its last leg has been there for a while."""

import json
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, BinaryIO
from zoneinfo import ZoneInfo

from .asterisk_cdr import Leg, NotCdr, fold, read_leg
from .moments import Numbering

Record = dict[str, Any]


@dataclass(slots=True)
class _Call:
    """The legs of a call read so far; `offset` is where its first line begins."""

    offset: int
    legs: list[Leg] = field(default_factory=list[Leg])
    seen_at: float = 0.0


@dataclass(frozen=True, slots=True)
class Place:
    """How far a file was told: lines before `offset` are done, and these calls behind it."""

    inode: int = 0
    offset: int = 0
    told: frozenset[str] = frozenset()


class CdrFile:
    """Follows one file from where it was left. A file that was rotated away is read to its end
    if we were there; one that was rotated while we were not is for `aftercare send`."""

    def __init__(
        self,
        file: Path,
        memory: Path,
        zone: ZoneInfo,
        numbering: Numbering,
        settle_seconds: float,
        say: Callable[[str], None],
        now: Callable[[], float] = time.monotonic,
    ) -> None:
        self._file = file
        self._memory = memory
        self._zone = zone
        self._numbering = numbering
        self._settle_seconds = settle_seconds
        self._say = say
        self._now = now
        self._calls: dict[str, _Call] = {}
        self._told: set[str] = set()
        self._opened: BinaryIO | None = None
        self._inode = 0

    def poll(self) -> Iterator[Record]:
        """The calls that are settled by now. `remember` once they are safe."""
        if self._opened is None:
            self._open(self._recalled())
        self._read()
        if self._was_rotated():
            yield from self._settled(everything=True)
            self._open(Place())
            self._read()
        yield from self._settled()

    def remember(self) -> None:
        """After a restart everything is told from here on."""
        if self._opened is None:
            return
        waiting = [call.offset for call in self._calls.values()]
        offset = min(waiting, default=self._opened.tell())
        told = sorted(self._told) if waiting else []
        self._told = set(told)
        place = {"inode": self._inode, "offset": offset, "told": told}
        part = self._memory.with_suffix(".part")
        part.write_text(json.dumps(place))
        part.replace(self._memory)

    def _recalled(self) -> Place:
        if not self._memory.exists():
            return Place()
        place = json.loads(self._memory.read_text())
        return Place(place["inode"], place["offset"], frozenset(place["told"]))

    def _open(self, place: Place) -> None:
        """Raises OSError while there is no file."""
        opened = self._file.open("rb")
        self._opened, self._inode = opened, self._file.stat().st_ino
        self._calls.clear()
        self._told = set()
        if place.inode == self._inode and place.offset <= self._file.stat().st_size:
            opened.seek(place.offset)
            self._told = set(place.told)

    def _was_rotated(self) -> bool:
        try:
            now = self._file.stat()
        except FileNotFoundError:
            return False
        at = self._opened.tell() if self._opened else 0
        return now.st_ino != self._inode or now.st_size < at

    def _read(self) -> None:
        """Every whole line that is there."""
        assert self._opened is not None
        while line := self._opened.readline():
            begins = self._opened.tell() - len(line)
            if not line.endswith(b"\n"):
                self._opened.seek(begins)
                return
            self._take(line.decode("utf-8", "replace").rstrip("\r\n"), begins)

    def _take(self, line: str, begins: int) -> None:
        if not line.strip():
            return
        try:
            leg = read_leg(line, self._zone)
        except NotCdr as error:
            self._say(f"{self._file.name}, byte {begins}: {error}")
            return
        if leg.call_id in self._told:
            return
        call = self._calls.setdefault(leg.call_id, _Call(begins))
        call.legs.append(leg)
        call.seen_at = self._now()

    def _settled(self, *, everything: bool = False) -> Iterator[Record]:
        before = self._now() - self._settle_seconds
        for call_id, call in list(self._calls.items()):
            if everything or call.seen_at <= before:
                del self._calls[call_id]
                self._told.add(call_id)
                if (record := fold(call.legs, self._numbering)) is not None:
                    yield record
