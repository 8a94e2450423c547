"""One call as a telephone system tells of it, moment by moment, and the record it ends as.

Pure: every source (CDR, AMI, ARI) tells the same moments.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, assert_never

WITHHELD = "anonymous"
# `PJSIP/agent-07-0000001c`, `SIP/8002`, `Local/8002@from-queue-00000001;1`, `Local/8002@queue/n`.
_CHANNEL = re.compile(
    r"(?:\w+/)?(?P<account>[A-Za-z0-9][A-Za-z0-9_.-]*?)(?:@[^;/]*)?(?:-[0-9a-f]{8})?(?:/n)?(?:;\d)?"
)
_OUTSIDE = re.compile(r"\+?\d{7,}")
# What a record may say of a queue, and how long an address may be.
_QUEUE = re.compile(r"[^\r\n\x00]{1,200}")
LONGEST_ADDRESS = 2000


@dataclass(frozen=True, slots=True)
class Began:
    """`number` is the one outside; `agent` is who dialled, in an outbound call."""

    call_id: str
    at: datetime
    number: str
    agent: str | None = None


@dataclass(frozen=True, slots=True)
class Queued:
    call_id: str
    queue: str


@dataclass(frozen=True, slots=True)
class Connected:
    """Both sides talk; a second agent has taken the call over."""

    call_id: str
    at: datetime
    agent: str | None


@dataclass(frozen=True, slots=True)
class HandedOver:
    call_id: str
    to: str | None


@dataclass(frozen=True, slots=True)
class Ended:
    call_id: str
    at: datetime
    recording: str | None = None


Moment = Began | Queued | Connected | HandedOver | Ended


@dataclass(frozen=True, slots=True)
class CallSoFar:
    began: Began
    queue: str | None = None
    answered_at: datetime | None = None
    agent: str | None = None
    is_transferred: bool = False
    transferred_to: str | None = None


def evolve(call: CallSoFar, moment: Queued | Connected | HandedOver) -> CallSoFar:
    match moment:
        case Queued():
            return replace(call, queue=call.queue or moment.queue)
        case Connected() if call.answered_at is None:
            agent = call.began.agent or moment.agent
            return replace(call, answered_at=max(moment.at, call.began.at), agent=agent)
        case Connected() if call.began.agent is None and moment.agent not in (None, call.agent):
            return replace(call, is_transferred=True, transferred_to=moment.agent)
        case Connected():
            return call
        case HandedOver():
            to = moment.to or call.transferred_to
            return replace(call, is_transferred=True, transferred_to=to)
        case _:
            assert_never(moment)


def record(call: CallSoFar, ended: Ended) -> dict[str, Any]:
    """The body of `POST /v1/calls`. What intake would refuse of it is left out, never the call."""
    began = call.began
    queue, recording = call.queue or "", ended.recording or ""
    if call.answered_at is None:
        outcome, transferred_to = "abandoned", None
    else:
        outcome = "transferred" if call.is_transferred else "answered"
        transferred_to = call.transferred_to
    body = {
        "call_id": began.call_id,
        "direction": "inbound" if began.agent is None else "outbound",
        "caller": began.number,
        "agent": call.agent or began.agent,
        "started_at": began.at.isoformat(),
        "answered_at": call.answered_at and call.answered_at.isoformat(),
        "ended_at": max(ended.at, call.answered_at or began.at).isoformat(),
        "outcome": outcome,
        "queue": queue if _QUEUE.fullmatch(queue) else None,
        "transferred_to": transferred_to,
        "recording_url": recording if 0 < len(recording) <= LONGEST_ADDRESS else None,
    }
    return {name: value for name, value in body.items() if value is not None}


class Exchange:
    """The calls that go on now."""

    def __init__(self) -> None:
        self._calls: dict[str, CallSoFar] = {}

    def take(self, moments: list[Moment]) -> Iterator[dict[str, Any]]:
        """The records of the calls that end with these moments. Calls whose beginning nobody
        told are left to the switchboard's own records."""
        for moment in moments:
            if isinstance(moment, Began):
                self._calls.setdefault(moment.call_id, CallSoFar(moment))
                continue
            call = self._calls.get(moment.call_id)
            if call is None:
                continue
            if isinstance(moment, Ended):
                del self._calls[moment.call_id]
                yield record(call, moment)
            else:
                self._calls[moment.call_id] = evolve(call, moment)


@dataclass(frozen=True, slots=True)
class Numbering:
    """Numbers of up to `internal_digits` digits are extensions; a longer one is outside."""

    internal_digits: int = 5

    def began(self, call_id: str, at: datetime, caller: str, dialled: str) -> Began | None:
        """None for a call between extensions, which is nobody's business."""
        if not self._is_extension(caller):
            return Began(call_id, at, caller if any(map(str.isdigit, caller)) else WITHHELD)
        if not any(map(str.isdigit, dialled)) or self._is_extension(dialled):
            return None
        return Began(call_id, at, dialled, agent=caller)

    def _is_extension(self, number: str) -> bool:
        return number.isdigit() and len(number) <= self.internal_digits


def account(channel: str | None) -> str | None:
    """Whose channel it is; None for a number outside, which is nobody's account."""
    match = _CHANNEL.fullmatch(channel or "")
    name = match["account"][:64] if match else None
    return None if name is None or _OUTSIDE.match(name) else name


def is_half(channel: str) -> bool:
    """A Local channel leads to the one that rings."""
    return channel.startswith("Local/")
