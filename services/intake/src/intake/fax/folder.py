"""Faxes that a fax server leaves in a folder, as HylaFAX does in its `recvq`."""

import asyncio
import fcntl
import os
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path
from secrets import token_hex
from typing import Annotated

import msgspec
import structlog

from aftercare_events.clock import Clock
from aftercare_http import Principal, Problem, when_it_happened

from ..opening import Said
from .decode import MAX_BYTES
from .receive import FaxRoom

logger: structlog.stdlib.BoundLogger = structlog.get_logger("intake.fax")
ACTOR = "fax"
LOOK_SECONDS = 5.0
# A fax server writes page by page, and a line may be silent for a while between two of them.
SETTLED = timedelta(seconds=15)
SUFFIXES = frozenset({".tif", ".tiff", ".pdf"})
DONE = "done"
DOOR = Principal(ACTOR, frozenset({"intake:write"}))


class _SideCar(msgspec.Struct):
    """`fax000001234.json` beside `fax000001234.tif`: what the fax itself does not say."""

    sender: str | None = None
    received_at: Annotated[datetime, msgspec.Meta(tz=True)] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Found:
    content: bytes
    job_id: str
    sender: str | None
    received_at: datetime
    refused: str | None


class FaxFolder:
    """Each fax is taken once and moved to `done/`, which only happens when the log has it.

    A crash in between is no harm: the same file is the same fax, by its name and content.
    """

    def __init__(self, folder: Path, faxroom: FaxRoom, clock: Clock) -> None:
        self._folder = folder
        self._faxroom = faxroom
        self._clock = clock
        self._troubled: frozenset[str] = frozenset()

    async def run(self) -> None:
        """Look for ever."""
        while True:
            await self.look()
            await asyncio.sleep(LOOK_SECONDS)

    async def look(self) -> None:
        """Take what has settled. What cannot be taken now stays for the next look."""
        troubled: dict[str, Exception] = {}
        try:
            settled = await asyncio.to_thread(self._settled)
        except OSError as error:
            settled = []
            troubled[str(self._folder)] = error
        for path in settled:
            try:
                await self._take(path)
            except Exception as error:  # noqa: BLE001 - one fax must not stop the others
                troubled[path.name] = error
        for name in troubled.keys() - self._troubled:
            logger.error("fax not taken", file=name, exc_info=troubled[name])
        self._troubled = frozenset(troubled)

    def _settled(self) -> list[Path]:
        """Faxes that nobody writes to any more, the oldest first."""
        before = (self._clock.now() - SETTLED).timestamp()
        with os.scandir(self._folder) as entries:
            found = [
                (entry.stat(follow_symlinks=False).st_mtime, Path(entry.path))
                for entry in entries
                if entry.is_file(follow_symlinks=False)
                and not entry.name.startswith(".")
                and Path(entry.name).suffix.lower() in SUFFIXES
            ]
        return [path for at, path in sorted(found) if at <= before]

    async def _take(self, path: Path) -> None:
        if await asyncio.to_thread(_is_locked, path):
            return
        found = await asyncio.to_thread(_found, path)
        received_at, doubted = _came_in(found, self._clock.now())
        said = Said(received_at, ACTOR, token_hex(12))
        arrived = await self._faxroom.receive(
            found.content, found.sender, found.job_id, said, found.refused or doubted
        )
        await asyncio.to_thread(_put_away, path)
        logger.info("fax taken", case_id=arrived.case_id, disposition=arrived.disposition)


def _is_locked(path: Path) -> bool:
    """HylaFAX holds a lock on the file for as long as it receives."""
    with path.open("rb") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
        return False


def _came_in(found: _Found, now: datetime) -> tuple[datetime, str | None]:
    """In UTC, and why a clerk should look first: clocks that begin too far back alert everybody.

    The clock of a fax server may be ahead of ours.
    """
    at = min(found.received_at, now)
    try:
        return when_it_happened(at, now=now, who=DOOR, field="received_at"), None
    except Problem as problem:
        return now, f"its received_at {str(problem.detail).partition(';')[0]}"


def _found(path: Path) -> _Found:
    """Without a word beside it, a fax came in when its last page was written."""
    status, beside = path.stat(), _side_car(path)
    at = datetime.fromtimestamp(status.st_mtime, UTC)
    too_large = status.st_size > MAX_BYTES
    content = b"" if too_large else path.read_bytes()
    # Numbers begin anew on a new fax server; its name alone does not tell a fax.
    told = sha256(content + f"{at}".encode() if too_large else content).hexdigest()[:16]
    return _Found(
        content=content,
        job_id=f"{path.name}:{told}",
        sender=beside.sender,
        received_at=beside.received_at or at,
        refused=f"larger than {MAX_BYTES >> 20} MB, kept by the fax server" if too_large else None,
    )


def _side_car(path: Path) -> _SideCar:
    """Empty where there is none; one that cannot be understood leaves the fax without a sender."""
    beside = path.with_suffix(".json")
    try:
        return msgspec.json.decode(beside.read_bytes(), type=_SideCar)
    except FileNotFoundError:
        return _SideCar()
    except msgspec.MsgspecError as error:
        logger.warning("side-car not understood", file=beside.name, error=str(error))
        return _SideCar()


def _put_away(path: Path) -> None:
    """Another replica may have been faster."""
    done = path.parent / DONE
    done.mkdir(exist_ok=True)
    for one in (path, path.with_suffix(".json")):
        with suppress(FileNotFoundError):
            one.replace(done / one.name)
