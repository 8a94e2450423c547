"""What happens by itself: which events put an item on the to-do list, and which take it off."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from aftercare_events.catalogue.case import CaseReported
from aftercare_events.catalogue.intake import (
    CallRecorded,
    FaxChecked,
    FaxRead,
    FaxReadingFailed,
    FaxReceived,
    MailReceived,
)
from aftercare_events.catalogue.mail import MailGivenUp, MailSent
from aftercare_events.catalogue.notice import NoticeIssued
from aftercare_events.catalogue.sla import CasePromised
from aftercare_events.envelope import Recorded
from aftercare_events.sealing import Sealed
from aftercare_events.todo import Item, drop, keep, put

from .domain.connect_rate import DAY, EVERYBODY, HOUR, window_of
from .domain.fax import ATTEMPTS, RETRY_AFTER
from .domain.return_call import ReturnCall
from .tables import infra, reports

READ_FAX = "read_fax"
"""A fax is read by machine; the key is the fax."""
SETTLE_RETURN_CALL = "settle_return_call"
"""A caller who gave up was spoken to since: so it is recorded; the key is the return call."""
WATCH_CONNECT_RATE = "watch_connect_rate"
"""Calls came in a window: it is judged; the key is whose calls, and the window."""

ACKNOWLEDGE = "acknowledge"
"""Whoever opened a case by mail or on the web is told its number; the key is the case."""

NOTIFY = "notify"
"""A person is told what all concerned are told; the key is the notice and the person."""

# A case that comes up again in a replay has been acknowledged, or nobody waits any more.
ACKNOWLEDGE_WITHIN = timedelta(hours=1)
# The monitor says what was promised within a second; without it the answer goes out all the same.
PATIENCE = timedelta(seconds=15)


async def follow(connection: AsyncConnection, said: Sequence[tuple[Recorded, Any]]) -> None:
    """Bring the to-do list into line with what a batch said."""
    wanted: dict[tuple[str, str], Item | None] = {}
    for recorded, data in said:
        match data:
            case FaxReceived(case_id=str()):
                item = Item(READ_FAX, data.fax_id, recorded.event.time, recorded.position)
                wanted[READ_FAX, data.fax_id] = item
            case FaxReadingFailed() if data.attempt < ATTEMPTS:
                due_at = recorded.event.time + RETRY_AFTER * data.attempt
                wanted[READ_FAX, data.fax_id] = Item(
                    READ_FAX, data.fax_id, due_at, recorded.position
                )
            case FaxRead() | FaxReadingFailed() | FaxChecked():
                wanted[READ_FAX, data.fax_id] = None
            case _:
                pass
    await keep(connection, infra, wanted)


async def follow_return_calls(
    connection: AsyncConnection, changed: Sequence[ReturnCall], position: int
) -> None:
    """Those whose caller was reached wait for the event that says so."""
    reached = [
        Item(SETTLE_RETURN_CALL, each.return_call_id, each.last_call_at, position)
        for each in changed
        if each.reached_by and not each.ended
    ]
    await put(connection, infra, reached)
    ended = [(SETTLE_RETURN_CALL, each.return_call_id) for each in changed if each.ended]
    await drop(connection, infra, ended)


async def follow_inbound(connection: AsyncConnection, said: Sequence[tuple[Recorded, Any]]) -> None:
    """The hour of each call is judged, and the day of its customer."""
    items = [
        _judged(recorded, data, customer_id)
        for recorded, data in said
        if isinstance(data, CallRecorded) and data.direction == "inbound"
        for customer_id in dict.fromkeys((None, data.customer_id))
    ]
    await put(connection, infra, items)


def _judged(recorded: Recorded, call: CallRecorded, customer_id: str | None) -> Item:
    window = window_of(call.started_at, DAY if customer_id else HOUR)
    key = f"{customer_id or EVERYBODY}/{window.start.isoformat()}"
    payload = {"customer_id": customer_id}
    return Item(WATCH_CONNECT_RATE, key, call.started_at, recorded.position, payload)


async def follow_acknowledgements(
    connection: AsyncConnection, said: Sequence[tuple[Recorded, Any]], now: datetime
) -> None:
    """Who opened a case lately waits to be told; once the promise is known, at once."""
    wanted: dict[tuple[str, str], Item | None] = {}
    promised: list[str] = []
    for recorded, data in said:
        match data:
            case (
                CaseReported(channel="web", contact=Sealed(), unanswered=None)
                | MailReceived(disposition="opened", unanswered=None)
            ) if data.case_id and recorded.event.time > now - ACKNOWLEDGE_WITHIN:
                key, due_at = data.case_id, recorded.event.time + PATIENCE
                wanted[ACKNOWLEDGE, key] = Item(ACKNOWLEDGE, key, due_at, recorded.position)
            case MailSent(notice_id=None) | MailGivenUp(notice_id=None):
                wanted[ACKNOWLEDGE, data.case_id] = None
            case CasePromised():
                promised.append(data.case_id)
            case _:
                pass
    await keep(connection, infra, wanted)
    await _hasten(connection, ACKNOWLEDGE, promised, now)


async def follow_notices(
    connection: AsyncConnection, said: Sequence[tuple[Recorded, Any]], now: datetime
) -> None:
    """A notice that comes up again in a replay was sent, or is no news any more."""
    news = {
        data.case_id: (recorded, data)
        for recorded, data in said
        if isinstance(data, NoticeIssued) and recorded.event.time > now - ACKNOWLEDGE_WITHIN
    }
    items = [
        Item(
            NOTIFY,
            f"{news[case_id][1].notice_id}/{person}",
            news[case_id][0].event.time,
            news[case_id][0].position,
            {"case_id": case_id, "notice_id": news[case_id][1].notice_id},
        )
        for case_id, person in (await _reporters(connection, news)).items()
    ]
    await put(connection, infra, items)
    sent = [data for _, data in said if isinstance(data, MailSent) and data.notice_id]
    told = [(NOTIFY, f"{data.notice_id}/{data.person_id}") for data in sent]
    await drop(connection, infra, told)


async def _reporters(connection: AsyncConnection, case_ids: Collection[str]) -> Mapping[str, str]:
    """Who opened each case, as the vault names them."""
    person = reports.c.report["contact"]["person"].astext
    query = select(reports.c.case_id, person).where(
        reports.c.case_id.in_(case_ids), person.is_not(None)
    )
    return {row[0]: row[1] for row in await connection.execute(query)} if case_ids else {}


async def _hasten(
    connection: AsyncConnection, kind: str, keys: Sequence[str], now: datetime
) -> None:
    """Nothing is left to wait for."""
    todo = infra.todo
    if keys:
        await connection.execute(
            update(todo)
            .where(todo.c.kind == kind, todo.c.key.in_(keys), todo.c.attempts == 0)
            .values(not_before=now)
        )
