"""Reading in order and without gaps, across lost connections and restarted servers."""

import asyncio
from collections.abc import AsyncGenerator, Sequence

import msgspec
import structlog

from ..envelope import Event, Recorded
from ..log import LogUnavailable
from .client import LeanClient
from .pull import HEARTBEAT_SECONDS, Delivery, Pull

SILENCE_SECONDS = 2.5 * HEARTBEAT_SECONDS

_logger = structlog.get_logger(__name__)
_decode = msgspec.json.Decoder(Event).decode


class Reader:
    """One pass over the log behind position `after`.

    Whatever goes wrong with a consumer, the answer is a new one behind the last event handed on.
    `patience` in seconds is how long a new one may take; None is for ever.
    """

    def __init__(
        self, client: LeanClient, stream: str, after: int, subject: str, *, patience: float | None
    ) -> None:
        self._client, self._stream, self._subject = client, stream, subject
        self._position, self._patience = after, patience
        self._woken = asyncio.Event()
        self._pull: Pull | None = None
        self._number = 0

    async def batches(self) -> AsyncGenerator[tuple[Sequence[Recorded], bool], None]:
        """Batches, each with whether it brought the reader to the present end."""
        try:
            pull = await self._renew()
            if not pull.remaining:
                yield (), True
            while True:
                pull = await self._ready()
                batch = self._checked(pull.take())
                yield batch, not pull.remaining and not pull.buffer
        finally:
            if self._pull is not None:
                await self._pull.stop()

    def renew(self) -> None:
        """The connection was lost and is back: what was on its way did not arrive."""
        if self._pull is not None:
            self._pull.lost = True
        self._woken.set()

    async def _ready(self) -> Pull:
        pull = self._pull or await self._renew()
        while not pull.ready():
            self._woken.clear()
            try:
                async with asyncio.timeout(SILENCE_SECONDS):
                    await self._woken.wait()
            except TimeoutError:
                pull.lost = True
            if pull.lost and not pull.buffer:
                pull = await self._renew()
        return pull

    async def _renew(self) -> Pull:
        if self._pull is not None:
            _logger.info("log_reader_renewed", position=self._position, subject=self._subject)
            await self._pull.stop()
        while True:
            self._pull = Pull(self._client, self._stream, self._woken.set)
            self._number = 0
            try:
                await self._pull.start(
                    self._position, self._subject, patience=self._patience or SILENCE_SECONDS
                )
                return self._pull
            except LogUnavailable:
                await self._pull.stop()
                if self._patience is not None or self._client.is_closed:
                    raise

    def _checked(self, deliveries: list[Delivery]) -> list[Recorded]:
        """The events up to the first gap in the consumer's count; a gap loses the consumer."""
        number = self._number
        for delivery in deliveries:
            number += 1
            if delivery.number != number:
                self._lose()
                deliveries = deliveries[: number - 1 - self._number]
                break
        self._number = number
        if deliveries:
            self._position = deliveries[-1].position
        return [Recorded(delivery.position, _decode(delivery.payload)) for delivery in deliveries]

    def _lose(self) -> None:
        pull = self._pull
        if pull is not None:
            pull.lost = True
            pull.buffer.clear()
