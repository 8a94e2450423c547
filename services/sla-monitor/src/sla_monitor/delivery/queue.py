"""Which movements of alerts are still to be told to whom: the projection's side of delivery."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import timedelta
from itertools import groupby
from typing import Any

from sqlalchemy.ext.asyncio import AsyncConnection

from aftercare_events.catalogue import decode
from aftercare_events.clock import Clock
from aftercare_events.envelope import Recorded

from .. import alerts
from ..domain.notification import rings
from ..domain.subscription import admits
from . import lanes, outcomes, subscribers

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
        active = await subscribers.active(connection) if moved else ()
        if not active:
            return set()
        found = await alerts.by_id(connection, {alert_id for _, alert_id in moved})
        rows = [
            _row(subscription_id, alert, recorded)
            for recorded, alert_id in moved
            if (alert := found.get(alert_id)) is not None
            and rings(alert.late_by_s, recorded.event.time, now, self._limit)
            for subscription_id, wanted in active
            if admits(wanted, alert)
        ]
        return await lanes.wait(connection, rows)


def _row(subscription_id: str, alert: alerts.Alert, recorded: Recorded) -> dict[str, Any]:
    return {
        "kind": "webhook",
        "lane": f"{subscription_id}/{alert.case_id}",
        "position": recorded.position,
        "receiver": subscription_id,
        "alert_id": alert.alert_id,
        "moved_at": recorded.event.time,
    }
