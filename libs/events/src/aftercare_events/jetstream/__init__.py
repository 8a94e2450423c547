"""The log on NATS JetStream."""

import sys
from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager, suppress
from datetime import datetime
from typing import Self

import nats.errors

from ..envelope import Event, Recorded
from ..log import EVERYTHING, Expect, LogUnavailable
from ..objects import JetStreamObjects, ObjectStore
from ..unit import unit_of
from .appender import Appender
from .client import LeanClient
from .lookup import Lookup
from .reader import Reader
from .stream import StreamUnfit, open_stream

__all__ = ["JetStreamLog", "StreamUnfit"]

STREAM = "AFTERCARE"
PATIENCE_SECONDS = 10.0


class JetStreamLog:
    """The log on one connection; see `log.Log`. Build it with `connect`.

    `patience` in seconds: how long an append or a look waits for a server that does not answer
    before it fails with LogUnavailable. Following readers wait for ever.
    """

    def __init__(self, stream: str, patience: float) -> None:
        self._client = client = LeanClient(self._reconnected)
        self._stream, self._patience = stream, patience
        self._lookup = Lookup(client, stream, patience=patience)
        self._appender = Appender(client, self._lookup, patience=patience)
        self._readers: set[Reader] = set()

    @classmethod
    async def connect(
        cls,
        url: str,
        *,
        name: str,
        stream: str = STREAM,
        replicas: int = 1,
        patience: float = PATIENCE_SECONDS,
    ) -> Self:
        """Connect as `name`, and create the stream or check its settings.

        Raises LogUnavailable when no server answers within `patience`, StreamUnfit.
        """
        log = cls(stream, patience)
        try:
            await log._client.open(url, name=name, patience=patience)
            await open_stream(log._client, stream, replicas=replicas, patience=patience)
            await log._appender.start()
        except BaseException:
            await log._client.close()
            raise
        return log

    @property
    def connected(self) -> bool:
        return self._client.is_connected

    @property
    def nc(self) -> LeanClient:
        """The connection, for what is kept beside the log."""
        return self._client

    async def append(self, events: Sequence[Event], expect: Sequence[Expect] = ()) -> int:
        unit = unit_of(events, expect)
        if self._client.is_closed:
            raise LogUnavailable("the log was closed")
        return await self._appender.append(unit)

    async def read(
        self,
        after: int = 0,
        *,
        subject: str = EVERYTHING,
        until: int | None = None,
        follow: bool = False,
    ) -> AsyncGenerator[Sequence[Recorded], None]:
        if follow and until is not None:
            raise ValueError("following has no end")
        end = sys.maxsize if follow else await self._end(until)
        if after >= end:
            return
        async with self._reading(after, subject, None if follow else self._patience) as reader:
            while reader.position < end and (follow or not reader.at_end):
                if batch := _up_to(end, await reader.next()):
                    yield batch

    async def last(self, subject: str) -> Recorded | None:
        return await self._lookup.last(subject)

    async def end(self) -> int:
        return await self._lookup.end()

    async def position_at(self, instant: datetime) -> int:
        return await self._lookup.position_at(instant)

    async def tell(self, subject: str, data: bytes) -> None:
        with suppress(nats.errors.Error, OSError):
            await self._client.publish(subject, data)

    def objects(self, *, replicas: int = 1) -> ObjectStore:
        """The files kept beside the log; `replicas` counts when the bucket is created."""
        return JetStreamObjects(self._client, replicas=replicas, patience=self._patience)

    async def close(self) -> None:
        """Appends that are not answered yet fail with LogUnavailable."""
        self._appender.close()
        await self._client.close()

    async def _end(self, until: int | None) -> int:
        end = await self.end()
        return end if until is None else min(until, end)

    @asynccontextmanager
    async def _reading(
        self, after: int, subject: str, patience: float | None
    ) -> AsyncGenerator[Reader, None]:
        async with Reader(self._client, self._stream, after, subject, patience=patience) as reader:
            self._readers.add(reader)
            try:
                yield reader
            finally:
                self._readers.discard(reader)

    def _reconnected(self) -> None:
        self._appender.reconnected()
        for reader in self._readers:
            reader.renew()


def _up_to(end: int, batch: Sequence[Recorded]) -> Sequence[Recorded]:
    if batch and batch[-1].position <= end:
        return batch
    return [recorded for recorded in batch if recorded.position <= end]
