"""One message about alerts: what it is known by, and what follows from an attempt to bring it."""

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from aftercare_events.catalogue.notification import (
    NotificationDelivered,
    NotificationFailed,
    NotificationGivenUp,
    ReceiverKind,
)

FIRST_WAIT = timedelta(seconds=10)
GROWTH = 4
LONGEST_WAIT = timedelta(hours=12)
# With the waits above: about two and a half days.
ATTEMPTS = 12
_ID_LENGTH = 24

Fact = NotificationDelivered | NotificationFailed | NotificationGivenUp


@dataclass(frozen=True, slots=True)
class Message:
    """What one message tells to whom. `tried` counts the attempts that came to nothing."""

    kind: ReceiverKind
    receiver: str
    lane: str
    alerts: tuple[str, ...]
    positions: tuple[int, ...]
    tried: int = 0

    @property
    def notification_id(self) -> str:
        return notification_id(self.kind, self.receiver, self.positions[0])


@dataclass(frozen=True, slots=True)
class Failure:
    """Why nobody took it; `final` when asking again is of no use. Holds no address or secret."""

    error: str
    final: bool = False


def notification_id(kind: ReceiverKind, receiver: str, position: int) -> str:
    """The same message has the same id whoever brings it, and however often.

    `position` is that of the oldest movement it tells.
    """
    digest = hashlib.sha256(f"{kind}\0{receiver}\0{position}".encode()).hexdigest()
    return f"msg_{digest[:_ID_LENGTH]}"


def settle(message: Message, failure: Failure | None, now: datetime) -> Fact:
    """What is to be said of an attempt that ended at `now`."""
    attempt = message.tried + 1
    told: dict[str, Any] = {
        "notification_id": message.notification_id,
        "kind": message.kind,
        "receiver": message.receiver,
        "lane": message.lane,
        "alerts": message.alerts,
        "positions": message.positions,
        "attempt": attempt,
    }
    if failure is None:
        return NotificationDelivered(**told)
    if failure.final or attempt >= ATTEMPTS:
        return NotificationGivenUp(**told, error=failure.error)
    return NotificationFailed(**told, error=failure.error, next_at=now + wait_after(attempt))


def wait_after(attempt: int) -> timedelta:
    """How long to wait after the `attempt`th failure: each time four times as long, up to 12 h."""
    return min(FIRST_WAIT * GROWTH ** (attempt - 1), LONGEST_WAIT)


def rings(late_by_s: float, at: datetime, now: datetime, limit: timedelta) -> bool:
    """Whether what happened to an alert `at` is still told (a replay or import never rings).

    Neither the event may be older than `limit`, nor the alert have been raised later than
    `limit` after its instant.
    """
    return late_by_s <= limit.total_seconds() and now - at <= limit
