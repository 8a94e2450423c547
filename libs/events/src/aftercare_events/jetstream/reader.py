"""Reading in order and without gaps, across lost connections and restarted servers."""

import asyncio
from collections.abc import Sequence
from typing import Self

import structlog

from ..envelope import Recorded, read_message
from ..log import LogUnavailable
from .client import LeanClient
from .pull import HEARTBEAT_SECONDS, Delivery, Pull

SILENCE_SECONDS = 2.5 * HEARTBEAT_SECONDS

_logger = structlog.get_logger(__name__)


class Reader:
    """One pass over the log behind position `after`.

    Whatever goes wrong with a consumer, the answer is a new one behind the last event handed on.
    `patience` in seconds is how long a new one may take; None is for ever.
    """

    def __init__(
        self, client: LeanClient, stream: str, after: int, subject: str, *, patience: float | None
    ) -> None:
        self._client, self._stream, self._subject = client, stream, subject
        self.position, self._patience = after, patience
        self._woken = asyncio.Event()
        self._pull: Pull | None = None
        self._number = 0

    async def __aenter__(self) -> Self:
        await self._renew()
        return self

    async def __aexit__(self, *_: object) -> None:
        if self._pull is not None:
            self._pull.stop()

    @property
    def at_end(self) -> bool:
        """Whether everything that the server had left has been handed on."""
        pull = self._pull
        return pull is not None and not (pull.remaining or pull.buffer or pull.lost)

    async def next(self) -> Sequence[Recorded]:
        """The next events; none when reading had to begin again behind the last ones."""
        pull = self._pull
        while pull is None or not pull.ready():
            if pull is None or pull.lost:
                await self._renew()
                return ()
            pull.gather()
            await self._sign_of_life(pull)
        return self._checked(pull.take())

    def renew(self) -> None:
        """The connection was lost and is back: what was on its way did not arrive."""
        if self._pull is not None:
            self._pull.lost = True
        self._woken.set()

    async def _sign_of_life(self, pull: Pull) -> None:
        self._woken.clear()
        try:
            async with asyncio.timeout(SILENCE_SECONDS):
                await self._woken.wait()
        except TimeoutError:
            pull.lost = True

    async def _renew(self) -> None:
        """A new consumer behind the last event handed on."""
        while True:
            if self._pull is not None:
                _logger.info("log_reader_renewed", position=self.position, subject=self._subject)
                self._pull.stop()
            self._pull = Pull(self._client, self._stream, self._woken.set)
            self._number = 0
            try:
                await self._pull.start(
                    self.position, self._subject, patience=self._patience or SILENCE_SECONDS
                )
                return
            except LogUnavailable:
                if self._patience is not None or self._client.is_closed:
                    raise

    def _checked(self, deliveries: list[Delivery]) -> list[Recorded]:
        """The events up to the first gap in the consumer's count; a gap loses the consumer."""
        first = self._number + 1
        if deliveries and deliveries[-1].number != first + len(deliveries) - 1:
            self._lose()
            deliveries = [d for n, d in enumerate(deliveries, first) if d.number == n]
        self._number += len(deliveries)
        if deliveries:
            self.position = deliveries[-1].position
        return [read_message(delivery.position, delivery.payload) for delivery in deliveries]

    def _lose(self) -> None:
        pull = self._pull
        if pull is not None:
            pull.lost = True
            pull.buffer.clear()
