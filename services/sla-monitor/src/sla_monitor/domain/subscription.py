"""Whom a webhook subscription tells, and how its entry changes."""

from collections.abc import Sequence
from typing import Protocol

from aftercare_events.catalogue.case import Step
from aftercare_events.catalogue.subscription import (
    SubscriptionDisabled,
    SubscriptionFilter,
    SubscriptionRegistered,
    SubscriptionRemoved,
)

from .ladder import RANKS


class About(Protocol):
    """An alert as far as a filter cares."""

    @property
    def step(self) -> Step: ...
    @property
    def recipient(self) -> str: ...
    @property
    def policy(self) -> str: ...
    @property
    def customer_id(self) -> str: ...


def admits(wanted: SubscriptionFilter, alert: About) -> bool:
    return (
        (not wanted.steps or alert.step in wanted.steps)
        and (wanted.min_step is None or RANKS.index(alert.step) >= RANKS.index(wanted.min_step))
        and (wanted.audience is None or wanted.audience in (alert.step, alert.recipient))
        and (wanted.policy is None or wanted.policy == alert.policy)
        and (wanted.customer is None or wanted.customer == alert.customer_id)
    )


def register(
    entry: SubscriptionRegistered, known: SubscriptionRegistered | None, *, disabled: bool
) -> Sequence[SubscriptionRegistered]:
    """An unchanged entry records nothing, unless it takes up again what was disabled."""
    return () if entry == known and not disabled else (entry,)


def disable(subscription_id: str, reason: str) -> SubscriptionDisabled:
    return SubscriptionDisabled(subscription_id=subscription_id, reason=reason)


def remove(subscription_id: str, *, registered: bool) -> Sequence[SubscriptionRemoved]:
    """Removing what is not there says nothing."""
    return (SubscriptionRemoved(subscription_id=subscription_id),) if registered else ()
