"""Each message about alerts that was brought to somebody, or was not.

A message has a subject of its own, so that its end is recorded once whoever brings it.
"""

from datetime import datetime
from typing import Literal

import msgspec

from .registry import event_type

ReceiverKind = Literal["webhook", "person"]


class _Notification(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    notification_id: str
    kind: ReceiverKind
    receiver: str
    lane: str
    alerts: tuple[str, ...]
    positions: tuple[int, ...]
    attempt: int


@event_type("aftercare.notification.delivered.v1")
class NotificationDelivered(_Notification, frozen=True, kw_only=True, omit_defaults=True):
    """The receiver took the message at the `attempt`th try.

    `receiver` is a subscription's or a recipient's id; `positions` are the movements of `alerts`
    in the log that the message told. Messages of one `lane` are brought in their order.
    """


@event_type("aftercare.notification.failed.v1")
class NotificationFailed(_Notification, frozen=True, kw_only=True, omit_defaults=True):
    """An attempt came to nothing; the next one is due at `next_at`."""

    error: str
    next_at: datetime


@event_type("aftercare.notification.given_up.v1")
class NotificationGivenUp(_Notification, frozen=True, kw_only=True, omit_defaults=True):
    """Nobody will be told by this message any more."""

    error: str
