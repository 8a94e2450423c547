"""One event as it travels and rests: CloudEvents 1.0 in structured JSON."""

from datetime import UTC, datetime
from typing import Literal

import msgspec
from msgspec import UNSET, UnsetType


class Event(msgspec.Struct, frozen=True, kw_only=True):
    """A CloudEvents 1.0 event whose `data` stays undecoded until the catalogue is asked.

    `time` is when the thing happened, not when it was recorded. `source` is
    `/aftercare/<service>`, `subject` is `<aggregate>/<id>`; together they name the log subject.
    """

    id: str
    source: str
    type: str
    subject: str
    time: datetime
    data: msgspec.Raw
    actor: str | UnsetType = UNSET
    correlationid: str | UnsetType = UNSET
    causationid: str | UnsetType = UNSET
    specversion: Literal["1.0"] = "1.0"
    datacontenttype: Literal["application/json"] = "application/json"

    @property
    def service(self) -> str:
        return self.source.rsplit("/", 1)[-1]

    @property
    def aggregate(self) -> str:
        return self.subject.partition("/")[0]

    @property
    def aggregate_id(self) -> str:
        return self.subject.partition("/")[2]

    @property
    def log_subject(self) -> str:
        """The literal subject of this event's aggregate and service: `ac.<service>.<a>.<id>`."""
        aggregate, _, aggregate_id = self.subject.partition("/")
        return f"ac.{self.service}.{aggregate}.{aggregate_id}"


class Recorded(msgspec.Struct, frozen=True):
    """An event at its position in the log (positions count from 1 and never repeat)."""

    position: int
    event: Event


UNREADABLE = "aftercare.message.unreadable"
_decode = msgspec.json.Decoder(Event).decode
_NEVER = datetime.fromtimestamp(0, UTC)


def read_message(position: int, payload: bytes) -> Recorded:
    """The event in a message of the log; a message that holds none is told as one that does not.

    Whoever may publish can also publish nonsense, and nobody may stop at it.
    """
    try:
        return Recorded(position, _decode(payload))
    except (msgspec.MsgspecError, UnicodeDecodeError) as error:
        return Recorded(position, _unreadable(position, str(error)))


def _unreadable(position: int, reason: str) -> Event:
    return Event(
        id=f"message-{position}",
        source="/aftercare/unknown",
        type=UNREADABLE,
        subject=f"message/{position}",
        time=_NEVER,
        data=msgspec.Raw(msgspec.json.encode({"reason": reason})),
    )
