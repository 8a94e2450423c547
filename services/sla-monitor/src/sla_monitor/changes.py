"""What a batch of events says to the tables beside the cases, gathered and then written."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import msgspec
from sqlalchemy import bindparam, update
from sqlalchemy.ext.asyncio import AsyncConnection

from aftercare_events.catalogue import decode
from aftercare_events.catalogue.archive import CustomerRecorded
from aftercare_events.catalogue.duty import RecipientRegistered
from aftercare_events.catalogue.sla import (
    AlertAcknowledged,
    AlertRaised,
    AlertReminded,
    AlertResolved,
    PenaltyAccrued,
    PenaltyWithdrawn,
    PolicyPublished,
)
from aftercare_events.catalogue.terms import CalendarPublished
from aftercare_events.envelope import Recorded
from aftercare_events.sql import upsert
from aftercare_events.todo import Item, put

from . import tables
from .figure_rows import FigureRows
from .shelf import Shelf

SWEEP = "editions"

Row = dict[str, Any]


@dataclass(slots=True)
class Changes:
    """What a batch changes, gathered by table and in the order in which it must be written."""

    customers: list[Row] = field(default_factory=list[Row])
    policies: list[Row] = field(default_factory=list[Row])
    calendars: list[Row] = field(default_factory=list[Row])
    todo: list[Item] = field(default_factory=list[Item])
    raised: list[Row] = field(default_factory=list[Row])
    held: list[Row] = field(default_factory=list[Row])
    reminded: list[Row] = field(default_factory=list[Row])
    resolved: list[Row] = field(default_factory=list[Row])
    accrued: list[Row] = field(default_factory=list[Row])
    withdrawn: list[Row] = field(default_factory=list[Row])
    recipients: list[Row] = field(default_factory=list[Row])
    figures: FigureRows = field(default_factory=FigureRows)


def _customer(_: Shelf, changes: Changes, recorded: Recorded) -> None:
    said: CustomerRecorded = decode(recorded.event)
    changes.customers.append({"customer_id": said.customer_id, "name": said.name})


def _policy(shelf: Shelf, changes: Changes, recorded: Recorded) -> None:
    said: PolicyPublished = decode(recorded.event)
    shelf.take(said)
    changes.policies.append({"name": said.name, "version": said.version, "document": said.policy})


def _calendar(shelf: Shelf, changes: Changes, recorded: Recorded) -> None:
    said: CalendarPublished = decode(recorded.event)
    shelf.take_edition(said)
    at = recorded.event.time
    document = msgspec.to_builtins(said)
    changes.calendars.append(
        {"name": said.name, "number": said.number, "document": document, "published_at": at}
    )
    changes.todo.append(Item(SWEEP, said.name, at, recorded.position))


def _raised(_: Shelf, changes: Changes, recorded: Recorded) -> None:
    said: AlertRaised = decode(recorded.event)
    changes.raised.append(
        {
            "alert_id": said.alert_id,
            "position": recorded.position,
            "case_id": said.case_id,
            "clock": said.clock,
            "cycle": said.cycle,
            "step": said.step,
            "threshold": said.threshold,
            "due_at": said.due_at,
            "fire_at": said.fire_at,
            "late_by_s": said.late_by_s,
            "recipient": said.recipient,
        }
    )


def _acknowledged(_: Shelf, changes: Changes, recorded: Recorded) -> None:
    said: AlertAcknowledged = decode(recorded.event)
    changes.held.append(_held(said.alert_id, said.by, recorded.event.time, said.until))


def _reminded(_: Shelf, changes: Changes, recorded: Recorded) -> None:
    said: AlertReminded = decode(recorded.event)
    changes.reminded.append(
        {
            "id": said.alert_id,
            "reminders": said.reminder,
            "reminded": said.recipient,
            "reminded_at": recorded.event.time,
        }
    )
    changes.held.append(_held(said.alert_id, None, None, None))


def _held(alert_id: str, by: str | None, at: datetime | None, until: datetime | None) -> Row:
    """Who has an alert from now on, or that nobody has it."""
    return {"id": alert_id, "acknowledged_by": by, "acknowledged_at": at, "promised_until": until}


def _resolved(_: Shelf, changes: Changes, recorded: Recorded) -> None:
    said: AlertResolved = decode(recorded.event)
    changes.resolved.append(
        {"id": said.alert_id, "resolved_at": recorded.event.time, "resolution": said.reason}
    )


def _accrued(_: Shelf, changes: Changes, recorded: Recorded) -> None:
    said: PenaltyAccrued = decode(recorded.event)
    changes.accrued.append(
        {
            "position": recorded.position,
            "case_id": said.case_id,
            "clock": said.clock,
            "cycle": said.cycle,
            "percent": said.percent,
            "max_percent": said.max_percent,
            "clause": said.clause,
            "contract_id": said.contract_id,
            "customer_id": said.customer_id,
            "accrued_at": recorded.event.time,
            "due_at": said.due_at,
            "breached_at": said.breached_at,
            "policy": said.policy,
            "policy_version": said.policy_version,
        }
    )


def _withdrawn(_: Shelf, changes: Changes, recorded: Recorded) -> None:
    said: PenaltyWithdrawn = decode(recorded.event)
    changes.withdrawn.append(
        {
            "of_case": said.case_id,
            "of_clock": said.clock,
            "of_cycle": said.cycle,
            "withdrawn_at": recorded.event.time,
        }
    )


def _recipient(_: Shelf, changes: Changes, recorded: Recorded) -> None:
    said: RecipientRegistered = decode(recorded.event)
    entry = {"position": recorded.position, "entry": msgspec.to_builtins(said)}
    changes.recipients.append({"recipient_id": said.recipient_id, **entry})


_GATHER: Mapping[str, Callable[[Shelf, Changes, Recorded], None]] = {
    "aftercare.customer.recorded.v1": _customer,
    "aftercare.policy.published.v1": _policy,
    "aftercare.recipient.registered.v1": _recipient,
    "aftercare.calendar.published.v1": _calendar,
    "aftercare.case.alert_raised.v1": _raised,
    "aftercare.case.alert_acknowledged.v1": _acknowledged,
    "aftercare.case.alert_reminded.v1": _reminded,
    "aftercare.case.alert_resolved.v1": _resolved,
    "aftercare.case.penalty_accrued.v1": _accrued,
    "aftercare.case.penalty_withdrawn.v1": _withdrawn,
}


def gather(shelf: Shelf, changes: Changes, recorded: Recorded) -> None:
    """Add what one event says. Raises InvalidEvent."""
    changes.figures.take(recorded)
    if recorded.event.type in _GATHER:
        _GATHER[recorded.event.type](shelf, changes, recorded)


async def write(connection: AsyncConnection, changes: Changes) -> None:
    alerts, penalties = tables.alerts, tables.penalties
    await upsert(connection, tables.customers, changes.customers)
    await upsert(connection, tables.policies, changes.policies)
    await upsert(connection, tables.recipients, changes.recipients)
    await upsert(connection, tables.calendars, changes.calendars)
    await put(connection, tables.infra, changes.todo)
    await upsert(connection, alerts, changes.raised)
    for rows in (changes.held, changes.reminded, changes.resolved):
        if rows:
            await connection.execute(
                update(alerts).where(alerts.c.alert_id == bindparam("id")), rows
            )
    await upsert(connection, penalties, changes.accrued)
    if changes.withdrawn:
        await connection.execute(
            update(penalties)
            .where(penalties.c.case_id == bindparam("of_case"))
            .where(penalties.c.clock == bindparam("of_clock"))
            .where(penalties.c.cycle == bindparam("of_cycle"))
            .where(penalties.c.withdrawn_at.is_(None)),
            changes.withdrawn,
        )
    await changes.figures.write(connection)
