"""Who is told of alerts by webhook, and which of them."""

import msgspec

from ..sealing import Sealed
from .case import Step
from .registry import event_type


class SubscriptionFilter(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Every field that is given must agree; `audience` is a rank or one recipient."""

    steps: tuple[Step, ...] = ()
    min_step: Step | None = None
    audience: str | None = None
    policy: str | None = None
    customer: str | None = None


@event_type("aftercare.subscription.registered.v1")
class SubscriptionRegistered(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """The whole entry as it stands from now on.

    `endpoint` seals `url` and `secrets`, the signing secrets from the newest to the oldest;
    `fingerprints` tell which they are without telling them. `host` is where messages go.
    """

    subscription_id: str
    host: str
    endpoint: Sealed
    fingerprints: tuple[str, ...]
    filter: SubscriptionFilter = SubscriptionFilter()
    active: bool = True


@event_type("aftercare.subscription.disabled.v1")
class SubscriptionDisabled(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """The receiver wants nothing more; it is told again once it is registered again."""

    subscription_id: str
    reason: str


@event_type("aftercare.subscription.removed.v1")
class SubscriptionRemoved(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    subscription_id: str
