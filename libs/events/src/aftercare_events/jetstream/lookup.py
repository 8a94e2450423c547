"""Single looks into the log, answered by the stream's leader (never by a lagging replica)."""

from datetime import UTC, datetime
from typing import Any

import msgspec

from ..envelope import Recorded, read_message
from ..log import EVERYTHING
from .api import NOT_FOUND, Refusal, ask
from .client import LeanClient
from .stream import stream_info


class Stored(msgspec.Struct):
    """A message as the API shows it."""

    seq: int
    time: datetime
    data: bytes = b""


class _Got(msgspec.Struct):
    message: Stored


class Lookup:
    def __init__(self, client: LeanClient, stream: str, *, patience: float) -> None:
        self._client, self._stream, self._patience = client, stream, patience

    async def end(self) -> int:
        info = await stream_info(self._client, self._stream, patience=self._patience)
        return info.state.last_seq

    async def last(self, subject: str) -> Recorded | None:
        return await self._get({"last_by_subj": subject})

    async def first_after(self, position: int, subject: str) -> Recorded | None:
        """The oldest event on `subject` (filters allowed) with a greater position."""
        return await self._get({"seq": position + 1, "next_by_subj": subject})

    async def position_at(self, instant: datetime) -> int:
        """Bisected, for timestamps only grow: some twenty looks for a million events."""
        low, high = 0, await self.end()
        while low < high:
            middle = (low + high) // 2
            stored = await self._stored({"seq": middle + 1, "next_by_subj": EVERYTHING})
            if stored is None or stored.time >= instant.astimezone(UTC):
                high = middle
            else:
                low = middle + 1
        return low

    async def _get(self, request: dict[str, Any]) -> Recorded | None:
        stored = await self._stored(request)
        return read_message(stored.seq, stored.data) if stored else None

    async def _stored(self, request: dict[str, Any]) -> Stored | None:
        subject = f"STREAM.MSG.GET.{self._stream}"
        try:
            got = await ask(self._client, subject, request, _Got, patience=self._patience)
        except Refusal as refusal:
            if refusal.err_code in NOT_FOUND:
                return None
            raise
        return got.message
