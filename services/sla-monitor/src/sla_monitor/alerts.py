"""Alerts as they are read: a list, a live stream, and the one that is acknowledged."""

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from pydantic import BaseModel
from sqlalchemy import ColumnElement, Select, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from aftercare_events.catalogue import decode
from aftercare_events.catalogue.case import Step
from aftercare_events.envelope import Recorded
from aftercare_events.log import Log

from .domain.ladder import RANKS
from .tables import alerts, cases, customers

MONITOR_BRANCH = "ac.sla.case.*"
STREAMED = {
    "aftercare.case.alert_raised.v1": "alert_raised",
    "aftercare.case.alert_acknowledged.v1": "alert_acknowledged",
    "aftercare.case.alert_reminded.v1": "alert_reminded",
    "aftercare.case.alert_resolved.v1": "alert_resolved",
}


class Alert(BaseModel):
    """One step of one ladder that fired, and what became of it.

    `reminded` is who was told last when it rang again, for the `reminders`th time.
    """

    alert_id: str
    position: int
    case_id: str
    clock: str
    cycle: int
    step: Step
    threshold: float
    due_at: datetime
    fire_at: datetime
    late_by_s: float
    recipient: str
    policy: str
    customer_id: str
    customer: str | None
    summary: str
    acknowledged_by: str | None
    acknowledged_at: datetime | None
    promised_until: datetime | None
    reminders: int
    reminded: str | None
    reminded_at: datetime | None
    resolved_at: datetime | None
    resolution: str | None

    @property
    def audience(self) -> tuple[str | None, ...]:
        return (self.step, self.recipient, self.reminded)


@dataclass(frozen=True, slots=True)
class Filter:
    """`audience` is a rank or whoever was told; `min_step` is a rank and all above it."""

    audience: str | None = None
    step: Step | None = None
    min_step: Step | None = None
    open: bool | None = None

    def admits(self, alert: Alert) -> bool:
        return (
            (
                self.audience is None
                or self.audience in (alert.step, alert.recipient, alert.reminded)
            )
            and (self.step is None or self.step == alert.step)
            and (self.min_step is None or alert.step in at_least(self.min_step))
            and (self.open is None or self.open == (alert.resolved_at is None))
        )

    def conditions(self) -> Sequence[ColumnElement[bool]]:
        conditions: list[ColumnElement[bool]] = []
        if self.audience is not None:
            conditions.append(
                or_(
                    alerts.c.step == self.audience,
                    alerts.c.recipient == self.audience,
                    alerts.c.reminded == self.audience,
                )
            )
        if self.step is not None:
            conditions.append(alerts.c.step == self.step)
        if self.min_step is not None:
            conditions.append(alerts.c.step.in_(at_least(self.min_step)))
        if self.open is not None:
            ended = alerts.c.resolved_at.is_not(None)
            conditions.append(~ended if self.open else ended)
        return conditions


def at_least(step: Step) -> tuple[Step, ...]:
    return RANKS[RANKS.index(step) :]


def select_alerts() -> Select[Any]:
    return (
        select(
            alerts,
            cases.c.policy,
            cases.c.customer_id,
            cases.c.summary,
            customers.c.name.label("customer"),
        )
        .join(cases, cases.c.case_id == alerts.c.case_id)
        .outerjoin(customers, customers.c.customer_id == cases.c.customer_id)
    )


async def find(
    engine: AsyncEngine, wanted: Filter, *, before: int | None, limit: int
) -> Sequence[Alert]:
    """The newest first, those with a position smaller than `before`."""
    query = select_alerts().where(*wanted.conditions()).order_by(alerts.c.position.desc())
    if before is not None:
        query = query.where(alerts.c.position < before)
    return await _fetch(engine, query.limit(limit))


async def one(engine: AsyncEngine, alert_id: str) -> Alert | None:
    found = await _fetch(engine, select_alerts().where(alerts.c.alert_id == alert_id))
    return found[0] if found else None


async def of_case(engine: AsyncEngine, case_id: str) -> Sequence[Alert]:
    query = select_alerts().where(alerts.c.case_id == case_id).order_by(alerts.c.position)
    return await _fetch(engine, query)


async def _fetch(engine: AsyncEngine, query: Select[Any]) -> Sequence[Alert]:
    async with engine.connect() as connection:
        rows = (await connection.execute(query)).mappings()
        return [Alert.model_validate(dict(row)) for row in rows]


@dataclass(frozen=True, slots=True)
class Moved:
    """What happened to an alert, as recorded, and the alert as it stands since."""

    recorded: Recorded
    what: str
    alert: Alert

    @property
    def position(self) -> int:
        return self.recorded.position


class Visible(Protocol):
    async def wait_for(self, position: int, timeout: float = ...) -> bool: ...  # noqa: ASYNC109


async def stream(
    log: Log, engine: AsyncEngine, visible: Visible, after: int
) -> AsyncIterator[Moved]:
    """Every movement of an alert after a position, in order, for ever.

    The log says what moved; the read model, waited for, says what the alert is.
    """
    async for batch in log.read(after, subject=MONITOR_BRANCH, follow=True):
        movements = [recorded for recorded in batch if recorded.event.type in STREAMED]
        if not movements:
            continue
        while not await visible.wait_for(movements[-1].position):
            pass
        async with engine.connect() as connection:
            known = await by_id(connection, {_alert_id(recorded) for recorded in movements})
        for recorded in movements:
            alert = known.get(_alert_id(recorded))
            if alert is not None:
                yield Moved(recorded, STREAMED[recorded.event.type], alert)


async def by_id(connection: AsyncConnection, wanted: set[str]) -> dict[str, Alert]:
    """Alerts as they stand in this transaction."""
    query = select_alerts().where(alerts.c.alert_id.in_(wanted))
    rows = (await connection.execute(query)).mappings()
    return {row["alert_id"]: Alert.model_validate(dict(row)) for row in rows}


def _alert_id(recorded: Recorded) -> str:
    return decode(recorded.event).alert_id
