"""Webhook subscriptions as the projection keeps them and the worker finds them."""

from collections.abc import Sequence
from typing import Any

import msgspec
from sqlalchemy import delete, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from aftercare_events.catalogue import decode
from aftercare_events.catalogue.subscription import (
    SubscriptionDisabled,
    SubscriptionFilter,
    SubscriptionRegistered,
    SubscriptionRemoved,
)
from aftercare_events.envelope import Recorded
from aftercare_events.sql import upsert

from ..tables import subscriptions
from .lanes import Lane, clear

KIND = "webhook"
TYPES = (
    "aftercare.subscription.registered.v1",
    "aftercare.subscription.disabled.v1",
    "aftercare.subscription.removed.v1",
)


async def apply(connection: AsyncConnection, run: Sequence[Recorded]) -> set[Lane]:
    """Who is not told any more is not told what waits either: the log and the stream have it."""
    touched: set[Lane] = set()
    for recorded in run:
        said = decode(recorded.event)
        still_told = await _write(connection, said, recorded.position)
        if not still_told:
            touched |= await clear(connection, KIND, said.subscription_id)
    return touched


async def _write(connection: AsyncConnection, said: Any, position: int) -> bool:
    named = subscriptions.c.subscription_id == said.subscription_id
    match said:
        case SubscriptionRegistered():
            await upsert(connection, subscriptions, [_row(said, position)])
            return said.active
        case SubscriptionDisabled():
            disabled = {"position": position, "active": False, "disabled_reason": said.reason}
            await connection.execute(update(subscriptions).where(named).values(**disabled))
        case SubscriptionRemoved():
            await connection.execute(delete(subscriptions).where(named))
        case _:
            raise TypeError(f"not about a subscription: {said!r}")
    return False


def _row(said: SubscriptionRegistered, position: int) -> dict[str, Any]:
    return {
        "subscription_id": said.subscription_id,
        "position": position,
        "entry": msgspec.to_builtins(said),
        "active": said.active,
        "disabled_reason": None,
    }


async def active(connection: AsyncConnection) -> Sequence[tuple[str, SubscriptionFilter]]:
    """Those that are told, and of what."""
    query = select(subscriptions.c.entry).where(subscriptions.c.active)
    entries = [entry_of(entry) for entry in await connection.scalars(query)]
    return [(entry.subscription_id, entry.filter) for entry in entries]


def entry_of(stored: dict[str, Any]) -> SubscriptionRegistered:
    return msgspec.convert(stored, SubscriptionRegistered)
