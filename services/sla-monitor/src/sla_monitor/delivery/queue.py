"""Which movements of alerts are still to be told to whom: the projection's side of delivery."""

from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from itertools import groupby
from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from aftercare_events.catalogue import decode
from aftercare_events.catalogue.notification import ReceiverKind
from aftercare_events.catalogue.sla import AlertRaised
from aftercare_events.catalogue.subscription import SubscriptionFilter
from aftercare_events.clock import Clock
from aftercare_events.envelope import Recorded

from .. import alerts
from ..domain.notification import rings
from ..domain.subscription import admits
from ..recipients import entry_of as recipient_of
from ..tables import recipients
from . import lanes, outcomes, subscribers

# Movements that are told to people as well.
RINGING = ("aftercare.case.alert_raised.v1", "aftercare.case.alert_reminded.v1")
Apply = Callable[[AsyncConnection, Sequence[Recorded]], Awaitable[set[lanes.Lane]]]


class DeliveryQueue:
    """`limit`: what is older when it is projected is not told any more (a replay never rings)."""

    def __init__(self, clock: Clock, limit: timedelta) -> None:
        self._clock = clock
        self._limit = limit
        self._appliers: Mapping[str, Apply] = {
            **dict.fromkeys(alerts.STREAMED, self._movements),
            **dict.fromkeys(subscribers.TYPES, subscribers.apply),
            **dict.fromkeys(outcomes.TYPES, outcomes.apply),
        }

    async def apply(self, connection: AsyncConnection, batch: Sequence[Recorded]) -> None:
        """In the order of the log: who subscribes later is not told of what was before."""
        touched: set[lanes.Lane] = set()
        concerned = (r for r in batch if r.event.type in self._appliers)
        for applier, run in groupby(concerned, key=lambda r: self._appliers[r.event.type]):
            touched |= await applier(connection, list(run))
        await lanes.refresh(connection, touched)

    async def _movements(
        self, connection: AsyncConnection, run: Sequence[Recorded]
    ) -> set[lanes.Lane]:
        now = self._clock.now()
        moved = [
            (recorded, decode(recorded.event).alert_id)
            for recorded in run
            if rings(0, recorded.event.time, now, self._limit)
        ]
        receivers = await Receivers.read(connection) if moved else Receivers()
        if not receivers:
            return set()
        found = await alerts.by_id(connection, {alert_id for _, alert_id in moved})
        rows = [
            _row(recorded, alert, kind, receiver)
            for recorded, alert_id in moved
            if (alert := found.get(alert_id)) is not None
            and rings(alert.late_by_s, recorded.event.time, now, self._limit)
            for kind, receiver in receivers.of(recorded, alert)
        ]
        return await lanes.wait(connection, rows)


@dataclass(frozen=True, slots=True)
class Receivers:
    """Who may be told: webhook subscriptions with what they want, and people with a channel."""

    subscriptions: Sequence[tuple[str, SubscriptionFilter]] = ()
    people: frozenset[str] = frozenset()

    @classmethod
    async def read(cls, connection: AsyncConnection) -> "Receivers":
        return cls(await subscribers.active(connection), await _people(connection))

    def __bool__(self) -> bool:
        return bool(self.subscriptions or self.people)

    def of(self, recorded: Recorded, alert: alerts.Alert) -> Iterator[tuple[ReceiverKind, str]]:
        for subscription_id, wanted in self.subscriptions:
            if admits(wanted, alert):
                yield "webhook", subscription_id
        if recorded.event.type in RINGING:
            said = decode(recorded.event)
            team = said.team if isinstance(said, AlertRaised) else ()
            for who in dict.fromkeys((said.recipient, *team)):
                if who in self.people:
                    yield "person", who


async def _people(connection: AsyncConnection) -> frozenset[str]:
    entries = [
        recipient_of(entry) for entry in await connection.scalars(select(recipients.c.entry))
    ]
    return frozenset(one.recipient_id for one in entries if one.active and one.channels)


def _row(
    recorded: Recorded, alert: alerts.Alert, kind: ReceiverKind, receiver: str
) -> dict[str, Any]:
    return {
        "kind": kind,
        # A webhook is told each case in its order, a person everything in one message.
        "lane": f"{receiver}/{alert.case_id}" if kind == "webhook" else receiver,
        "position": recorded.position,
        "receiver": receiver,
        "alert_id": alert.alert_id,
        "moved_at": recorded.event.time,
    }
