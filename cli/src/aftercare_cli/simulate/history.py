"""What the running system says happens, followed live: lives wait for it instead of asking."""

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import httpx
import msgspec

from ..history_reading import PATH

RETRY_SECONDS = 0.3
# A reader that hears nothing for so long asks again behind what it heard last.
SILENCE_SECONDS = 20.0


class Line(msgspec.Struct):
    """What counts here of an event in the history."""

    sequence: int
    type: str
    subject: str
    data: dict[str, Any]

    @property
    def name(self) -> str:
        """`aftercare.case.alert_raised.v1` is `case.alert_raised`."""
        return ".".join(self.type.split(".")[1:3])


@dataclass(slots=True)
class Case:
    """A case as far as its history was heard.

    `watched`: ops acknowledge its alerts. `struck`: it is one of many that an outage of its area
    brought.
    """

    case_id: str
    engineer_id: str | None = None
    onsite: bool = False
    accepted: bool = False
    callback_id: str | None = None
    loans: list[str] = field(default_factory=list[str])
    ended: str | None = None
    watched: bool = False
    struck: bool = False
    moved: asyncio.Event = field(default_factory=asyncio.Event)

    async def until(self, true: Callable[["Case"], bool], seconds: float) -> bool:
        """Wait for something to be heard of this case; False when `seconds` did not suffice."""
        try:
            async with asyncio.timeout(seconds):
                while not true(self):
                    self.moved.clear()
                    await self.moved.wait()
        except TimeoutError:
            return False
        return True


class History:
    """Follows `GET /v1/events` across lost connections."""

    def __init__(self, client: httpx.AsyncClient) -> None:
        self._client = client
        self._listeners: list[Callable[[Line], None]] = []
        self._cases: dict[str, Case] = {}
        self.position = 0

    def on_line(self, listener: Callable[[Line], None]) -> None:
        """Call back with every line, once."""
        self._listeners.append(listener)

    def of(self, case_id: str) -> Case:
        return self._cases.setdefault(case_id, Case(case_id))

    async def follow(self, since: datetime) -> None:
        """For ever, from what was recorded at `since` on."""
        start: str = since.isoformat()
        while True:
            try:
                async for line in lines(self._client, {"from": start, "follow": "true"}):
                    self._take(line)
            except httpx.HTTPError:
                await asyncio.sleep(RETRY_SECONDS)
            if self.position:
                start = str(self.position + 1)

    def _take(self, line: Line) -> None:
        self.position = line.sequence
        case_id = line.data.get("case_id")
        if isinstance(case_id, str):
            case = self.of(case_id)
            tell(case, line)
            case.moved.set()
        for listener in self._listeners:
            listener(line)


def tell(case: Case, line: Line) -> None:
    """Fold one event into what is known of its case."""
    match line.name:
        case "case.assigned":
            case.engineer_id, case.accepted = line.data["engineer_id"], False
            case.onsite = line.data.get("mode", "onsite") == "onsite"
        case "case.accepted":
            case.accepted = True
        case "case.declined" | "case.engineer_rejected":
            case.engineer_id = None
        case "case.loan_reserved":
            case.loans.append(line.data["loan_id"])
        case "case.loan_ended":
            case.loans = [one for one in case.loans if one != line.data["loan_id"]]
        case "callback.scheduled":
            case.callback_id = line.data["callback_id"]
        case "callback.completed" | "callback.cancelled":
            case.callback_id = None
        case "case.reopened":
            case.ended = case.engineer_id = None
        case "case.closed" | "case.withdrawn" | "case.merged":
            case.ended = line.name.partition(".")[2]
        case _:
            return


async def lines(client: httpx.AsyncClient, query: Mapping[str, str]) -> AsyncIterator[Line]:
    """The history as the monitor gives it out. Raises httpx.HTTPError."""
    decode = msgspec.json.Decoder(Line).decode
    patience = httpx.Timeout(10.0, read=SILENCE_SECONDS)
    async with client.stream("GET", PATH, params=query, timeout=patience) as answer:
        answer.raise_for_status()
        async for text in answer.aiter_lines():
            yield decode(text)
