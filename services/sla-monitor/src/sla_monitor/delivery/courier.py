"""Brings one message after the other; the log says when it is done.

Whoever dies between the sending and the log sends again, under the same id: at least once.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import msgspec
import structlog
from prometheus_client import Counter, Gauge
from sqlalchemy import select

from aftercare_events.catalogue import record
from aftercare_events.decider import see
from aftercare_events.envelope import Event, Recorded
from aftercare_events.log import Conflict, Expect
from aftercare_events.ndjson import line
from aftercare_events.todo import Item
from aftercare_events.vault import Vault

from ..domain.notification import Failure, Message, notification_id, settle
from ..domain.subscription import disable
from ..monitor import ACTOR, SERVICE, Monitor
from ..tables import deliveries, subscriptions, waiting
from .subscribers import KIND, entry_of
from .webhook import Endpoint, WebhookSender

logger = structlog.get_logger()

NOTIFICATIONS = Counter(
    "aftercare_notifications_total", "Attempts to tell somebody of alerts", ["kind", "outcome"]
)
FAILING = Gauge(
    "aftercare_subscription_failing", "1 while the last message failed", ["subscription"]
)


@dataclass(frozen=True, slots=True)
class Letter:
    """The first message of a lane, its movement, and whom it goes to."""

    message: Message
    moved: Recorded
    endpoint: Endpoint | None
    subscription_at: int


class WebhookCourier:
    def __init__(self, monitor: Monitor, vault: Vault, sender: WebhookSender) -> None:
        self._monitor = monitor
        self._vault = vault
        self._sender = sender

    async def bring(self, item: Item) -> None:
        """Send the first message of a lane, unless the log says that it has ended."""
        subscription_id, _, case_id = item.key.partition("/")
        subject = (
            f"ac.{SERVICE}.notification.{notification_id(KIND, subscription_id, item.position)}"
        )
        log = self._monitor.log
        position = (await see(log, self._monitor.projector, subject))[subject]
        letter = await self._read(item, case_id)
        if letter is None:
            return
        failure = await self._send(letter)
        events = self._events(letter, failure)
        expect = [Expect(subject, position)]
        if len(events) > 1:
            branch = f"ac.{SERVICE}.subscription.{subscription_id}"
            expect.append(Expect(branch, letter.subscription_at))
        try:
            await log.append(events, expect)
        except Conflict:
            # Another worker brought it as well, or the entry was changed: the log decides.
            logger.info("message ended otherwise", notification_id=letter.message.notification_id)
            return
        count(letter.message, failure)

    async def _send(self, letter: Letter) -> Failure | None:
        if letter.endpoint is None:
            return Failure("the signing secret was erased", final=True)
        body = line(letter.moved).rstrip(b"\n")
        return await self._sender.send(letter.endpoint, letter.message.notification_id, body)

    def _events(self, letter: Letter, failure: Failure | None) -> Sequence[Event]:
        message, now = letter.message, self._monitor.clock.now()
        facts: list[msgspec.Struct] = [settle(message, failure, now)]
        if failure is not None and failure.final:
            facts.append(disable(message.receiver, failure.error))
        return [record(fact, service=SERVICE, time=now, actor=ACTOR) for fact in facts]

    async def _read(self, item: Item, case_id: str) -> Letter | None:
        row = await self._row(item)
        if row is None:
            return None
        moved = await self._movement(item.position, case_id)
        entry = entry_of(row["entry"])
        opened = await self._vault.open(entry.endpoint)
        message = Message(
            kind=KIND,
            receiver=entry.subscription_id,
            lane=item.key,
            alerts=(row["alert_id"],),
            positions=(item.position,),
            tried=row["attempt"] or 0,
        )
        endpoint = Endpoint(opened["url"], opened["secrets"]) if opened else None
        return Letter(message, moved, endpoint, row["subscription_at"])

    async def _row(self, item: Item) -> Any:
        subscription_id = item.key.partition("/")[0]
        sent_as = notification_id(KIND, subscription_id, item.position)
        query = (
            select(
                waiting.c.alert_id,
                subscriptions.c.entry,
                subscriptions.c.position.label("subscription_at"),
                deliveries.c.attempt,
            )
            .join(subscriptions, subscriptions.c.subscription_id == waiting.c.receiver)
            .outerjoin(deliveries, deliveries.c.notification_id == sent_as)
            .where(
                waiting.c.kind == KIND,
                waiting.c.lane == item.key,
                waiting.c.position == item.position,
            )
        )
        async with self._monitor.engine.connect() as connection:
            return (await connection.execute(query)).mappings().one_or_none()

    async def _movement(self, position: int, case_id: str) -> Recorded:
        """What the receiver is told is what stands in the log, at each attempt the same."""
        subject = f"ac.{SERVICE}.case.{case_id}"
        async for batch in self._monitor.log.read(position - 1, subject=subject, until=position):
            return batch[0]
        raise LookupError(f"nothing about {case_id} stands at {position}")


def count(message: Message, failure: Failure | None) -> None:
    NOTIFICATIONS.labels(message.kind, "delivered" if failure is None else "failed").inc()
    if message.kind == KIND:
        FAILING.labels(message.receiver).set(failure is not None)
    if failure is not None:
        logger.warning(
            "message not delivered",
            kind=message.kind,
            receiver=message.receiver,
            notification_id=message.notification_id,
            attempt=message.tried + 1,
            error=failure.error,
        )
