"""Who answers for a rank, when, and where they are told (SL-03).

A recipient is a person: the name and the addresses are sealed, the rest is needed to choose.
"""

import msgspec

from ..sealing import Sealed
from .case import Step
from .engineer import Duty
from .registry import event_type


class QuietHours(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """When somebody is not to be rung, unless one of the steps `except_steps` fires.

    Quiet hours belong to people. They hold back a message, never a clock or an alert.
    """

    hours: Duty
    except_steps: tuple[Step, ...] = ("executive",)


@event_type("aftercare.recipient.registered.v1", key="recipient_id")
class RecipientRegistered(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """The whole entry as it stands from now on.

    `steps` are the ranks that are told; an engineer is entered under the engineer's own id.
    `customers` limits that to some customers, who then come before a recipient for all. Who is
    off duty is stood in for by `deputy`, another recipient. `duty` of None means always.
    `person` seals `name` and `channels`, the addresses (URLs of the notification library), of
    which there are `channels`.
    """

    recipient_id: str
    steps: tuple[Step, ...] = ()
    customers: tuple[str, ...] = ()
    deputy: str | None = None
    duty: Duty | None = None
    quiet: QuietHours | None = None
    person: Sealed | None = None
    channels: int = 0
    active: bool = True
