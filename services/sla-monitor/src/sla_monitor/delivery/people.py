"""Tells people of their alerts: many of them in one message, and none in quiet hours."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import structlog
from sqlalchemy import Select, select

from aftercare_events.catalogue import record
from aftercare_events.catalogue.case import Step
from aftercare_events.decider import see
from aftercare_events.log import Conflict, Expect
from aftercare_events.todo import Item, rest

from .. import alerts
from ..domain.directory import Directory
from ..domain.notification import Failure, Message, notification_id, settle
from ..domain.ringing import Hold, ring_at, told
from ..domain.wording import text, title
from ..monitor import ACTOR, SERVICE, Monitor
from ..tables import deliveries, infra, waiting
from .channels import ring
from .courier import count

logger = structlog.get_logger()

KIND = "person"
# One message covers at most so many; more of them wait for the next.
GATHERED = 500
_RUNG = 12


@dataclass(frozen=True, slots=True)
class Gathered:
    """Everything that waits for one person, and the alerts it is about."""

    message: Message
    alerts: Sequence[alerts.Alert]
    oldest: datetime
    rung: Sequence[datetime]


class PeopleCourier:
    def __init__(self, monitor: Monitor) -> None:
        self._monitor = monitor

    async def bring(self, item: Item) -> None:
        """Ring somebody, unless it is too early for that or the log says that it was done."""
        sent_as = notification_id(KIND, item.key, item.position)
        subject = f"ac.{SERVICE}.notification.{sent_as}"
        log, now = self._monitor.log, self._monitor.clock.now()
        position = (await see(log, self._monitor.projector, subject))[subject]
        directory = await self._monitor.roll.current()
        gathered = await self._gather(item)
        if gathered is None or item.key not in directory.recipients:
            return
        steps: set[Step] = {alert.step for alert in gathered.alerts}
        whom = told(directory, item.key, steps, now)
        until = whom.until if isinstance(whom, Hold) else ring_at(gathered.oldest, gathered.rung)
        if isinstance(whom, Hold) or until > now:
            await rest(self._monitor.engine, infra, [item], now=now, until=until)
            return
        failure = await self._ring(directory, whom, gathered, now)
        await self._settle(gathered.message, failure, Expect(subject, position))

    async def _ring(
        self, directory: Directory, whom: str, gathered: Gathered, now: datetime
    ) -> Failure | None:
        person = await self._monitor.recipients.person(directory.recipients[whom])
        channels: Sequence[str] = person.get("channels", ())
        if not channels:
            return Failure("the channels were erased", final=True)
        return await ring(channels, title(gathered.alerts), text(gathered.alerts, now))

    async def _settle(self, message: Message, failure: Failure | None, expect: Expect) -> None:
        now = self._monitor.clock.now()
        fact = settle(message, failure, now)
        try:
            event = record(fact, service=SERVICE, time=now, actor=ACTOR)
            await self._monitor.log.append([event], [expect])
        except Conflict:
            logger.info("message ended otherwise", notification_id=message.notification_id)
            return
        count(message, failure)

    async def _gather(self, item: Item) -> Gathered | None:
        rows = (
            select(waiting.c.position, waiting.c.alert_id, waiting.c.moved_at)
            .where(waiting.c.kind == KIND, waiting.c.lane == item.key)
            .order_by(waiting.c.position)
            .limit(GATHERED)
        )
        sent_as = notification_id(KIND, item.key, item.position)
        tried = select(deliveries.c.attempt).where(deliveries.c.notification_id == sent_as)
        async with self._monitor.engine.connect() as connection:
            found = (await connection.execute(rows)).all()
            if not found or found[0].position != item.position:
                return None
            known = await alerts.by_id(connection, {row.alert_id for row in found})
            attempts = await connection.scalar(tried) or 0
            rung = list(await connection.scalars(_rung(item.key)))
        message = Message(
            kind=KIND,
            receiver=item.key,
            lane=item.key,
            alerts=tuple(row.alert_id for row in found),
            positions=tuple(row.position for row in found),
            tried=attempts,
        )
        return Gathered(message, list(known.values()), found[0].moved_at, rung)


def _rung(recipient: str) -> Select[Any]:
    """When somebody was told last, the newest first."""
    done = deliveries.c.state == "delivered"
    return (
        select(deliveries.c.attempted_at)
        .where(deliveries.c.kind == KIND, deliveries.c.receiver == recipient, done)
        .order_by(deliveries.c.attempted_at.desc())
        .limit(_RUNG)
    )
