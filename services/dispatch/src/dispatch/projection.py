"""The log as dispatch reads it: events fold into rows, rows that want doing become to-do items."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import msgspec
from sqlalchemy import Table, Text, bindparam, select
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.ext.asyncio import AsyncConnection

from aftercare_events import catalogue
from aftercare_events.catalogue.archive import (
    ContractRecorded,
    CustomerRecorded,
    DeviceRecorded,
    SiteRecorded,
)
from aftercare_events.catalogue.case import (
    CaseAssigned,
    CaseResolved,
    EngineerArrived,
    EngineerRejected,
)
from aftercare_events.catalogue.depot import DepotRegistered
from aftercare_events.catalogue.feedback import CallbackCompleted
from aftercare_events.catalogue.sla import PolicyPublished
from aftercare_events.catalogue.terms import CalendarPublished
from aftercare_events.command_key import CommandKey, read_key
from aftercare_events.envelope import Recorded
from aftercare_events.official_days import edition_of
from aftercare_events.sql import upsert

from . import experience, loan_todos, outage_watch, tables, todos, warranty_todos
from .aggregates import AGGREGATES, Aggregate
from .domain import installation
from .domain.case_state import CaseState, status
from .domain.guarantee import GuaranteeState
from .domain.incident import IncidentState
from .domain.loan import LoanState
from .domain.outage import Rule
from .domain.unit import UnitState
from .policy_document import terms_of

Entry = CustomerRecorded | SiteRecorded | DeviceRecorded | ContractRecorded | DepotRegistered
ENTRIES: Mapping[type, Table] = {
    CustomerRecorded: tables.customers,
    SiteRecorded: tables.sites,
    DeviceRecorded: tables.devices,
    ContractRecorded: tables.contracts,
    DepotRegistered: tables.depots,
}
_BY_FACT: Mapping[type, Aggregate[Any]] = {
    fact: aggregate for aggregate in AGGREGATES for fact in aggregate.facts
}
RELEVANT = frozenset(
    catalogue.entry_of(data).name
    for data in (*_BY_FACT, *ENTRIES, PolicyPublished, CalendarPublished, CallbackCompleted)
)

Answered = CaseState | LoanState | UnitState | GuaranteeState | IncidentState

# One array parameter keeps the statement the same for batches of any size.
_ANY_KEY = bindparam("keys", type_=ARRAY(Text)).any_()


@dataclass(frozen=True, slots=True)
class Happened:
    """A decoded event that dispatch projects."""

    position: int
    at: datetime
    subject: str
    identifier: str
    key: CommandKey | None
    fact: Any


@dataclass(slots=True)
class Working:
    """The aggregates of one kind that a batch touches, as they were and as they become."""

    before: Mapping[str, Any]
    after: dict[str, Any] = field(default_factory=dict[str, Any])
    position: dict[str, int] = field(default_factory=dict[str, int])


class DispatchProjection:
    """Everything in it follows from the log: a rebuild gives the same rows again."""

    name = "dispatch"
    tables: Sequence[Table] = tables.PROJECTED

    def __init__(self, outage: Rule | None = None) -> None:
        self._outage = outage or Rule()

    async def apply(self, connection: AsyncConnection, batch: Sequence[Recorded]) -> None:
        happened = [_happened(recorded) for recorded in batch if recorded.event.type in RELEVANT]
        await _save_entries(connection, happened)
        await _save_policies(connection, happened)
        await _save_calendars(connection, happened)
        answers: dict[str, dict[str, Any]] = {}
        told: list[experience.Told] = []
        changes: list[todos.Change] = []
        for aggregate in AGGREGATES:
            mine = [one for one in happened if type(one.fact) in aggregate.facts]
            working = await _load(connection, aggregate, mine)
            for one in mine:
                change = _fold(aggregate, working, one)
                changes.append(change)
                _note_answer(answers, one, change.after)
                if isinstance(one.fact, CaseAssigned | CaseResolved | EngineerArrived):
                    told.append(_told(one, change.after))
            await _save(connection, aggregate, working)
        changes.sort(key=lambda change: change.position)
        await _save_rejections(connection, changes)
        await _save_staff_complaints(connection, changes)
        await _save_installations(connection, changes)
        told.extend(_told(one) for one in happened if isinstance(one.fact, CallbackCompleted))
        await experience.save(connection, told)
        await upsert(connection, tables.answers, list(answers.values()))
        await todos.follow(connection, changes)
        agreed = [(x.fact, x.at, x.position) for x in happened if type(x.fact) is ContractRecorded]
        await todos.follow_contracts(connection, agreed)
        await outage_watch.follow(connection, changes, self._outage)
        await loan_todos.follow(connection, changes)
        await warranty_todos.follow(connection, changes)


def _happened(recorded: Recorded) -> Happened:
    event = recorded.event
    return Happened(
        position=recorded.position,
        at=event.time,
        subject=event.subject,
        identifier=event.aggregate_id,
        key=read_key(event.id),
        fact=catalogue.decode(event),
    )


def _told(one: Happened, case: CaseState | None = None) -> experience.Told:
    return experience.Told(one.fact, one.at, one.position, case)


async def _load(
    connection: AsyncConnection, aggregate: Aggregate[Any], happened: Sequence[Happened]
) -> Working:
    identifiers = {one.identifier for one in happened}
    if not identifiers:
        return Working({})
    column = aggregate.table.c[aggregate.key]
    known = select(column, aggregate.table.c.state).where(column == _ANY_KEY)
    rows = await connection.execute(known, {"keys": sorted(identifiers)})
    return Working({row[0]: aggregate.decoder.decode(row[1]) for row in rows})


def _fold(aggregate: Aggregate[Any], working: Working, one: Happened) -> todos.Change:
    key = one.identifier
    before = working.after.get(key) or working.before.get(key)
    after = aggregate.evolve(before or aggregate.initial, one.fact, one.at)
    working.after[key] = after
    working.position[key] = one.position
    return todos.Change(aggregate.name, key, before, after, one.position, one.at, one.fact)


async def _save(connection: AsyncConnection, aggregate: Aggregate[Any], working: Working) -> None:
    """A case of which only later events are known cannot be listed, and is left out."""
    await upsert(
        connection,
        aggregate.table,
        [
            aggregate.row(identifier, state, working.position[identifier])
            for identifier, state in working.after.items()
            if not (isinstance(state, CaseState) and state.report is None)
        ],
    )


def _note_answer(answers: dict[str, dict[str, Any]], one: Happened, state: Any) -> None:
    """The last event of a command is about what it was given to, and tells what was answered."""
    if one.key is None or not isinstance(state, Answered):
        return
    known = answers.get(one.key.identity)
    if known is not None and known["position"] > one.position:
        return
    answers[one.key.identity] = {
        "identity": one.key.identity,
        "body_digest": one.key.body_digest,
        "subject": one.subject,
        "status": _status_of(state),
        "position": one.position,
    }


def _status_of(state: Answered) -> str:
    match state:
        case CaseState():
            return status(state)
        case LoanState() | GuaranteeState() | IncidentState():
            return state.stage
        case UnitState():
            return state.status


async def _save_entries(connection: AsyncConnection, happened: Sequence[Happened]) -> None:
    for kind, table in ENTRIES.items():
        newest = {
            one.identifier: _entry_row(table, one) for one in happened if type(one.fact) is kind
        }
        await upsert(connection, table, list(newest.values()))


async def _save_policies(connection: AsyncConnection, happened: Sequence[Happened]) -> None:
    rows = [
        {
            "policy": one.fact.name,
            "version": one.fact.version,
            "terms": msgspec.json.encode(terms_of(one.fact), order="sorted").decode(),
        }
        for one in happened
        if isinstance(one.fact, PolicyPublished)
    ]
    await upsert(connection, tables.policies, rows)


async def _save_calendars(connection: AsyncConnection, happened: Sequence[Happened]) -> None:
    rows = [
        {
            "name": one.fact.name,
            "number": one.fact.number,
            "days": msgspec.json.encode(edition_of(one.fact)).decode(),
        }
        for one in happened
        if isinstance(one.fact, CalendarPublished)
    ]
    await upsert(connection, tables.calendars, rows)


def _entry_row(table: Table, one: Happened) -> Mapping[str, Any]:
    values: dict[str, Any] = {**msgspec.structs.asdict(one.fact), "position": one.position}
    if isinstance(one.fact, ContractRecorded):
        values["covers"] = msgspec.json.encode([one.fact.devices, one.fact.sites]).decode()
        options = msgspec.json.encode(one.fact.policy_options, order="sorted")
        values["policy_options"] = options.decode()
    if location := values.get("location"):
        values |= msgspec.structs.asdict(location)
    return {column.name: values.get(column.name) for column in table.columns}


async def _save_rejections(connection: AsyncConnection, changes: Iterable[todos.Change]) -> None:
    rejected = [
        {"customer_id": customer, "engineer_id": change.fact.engineer_id}
        for change in changes
        if isinstance(change.fact, EngineerRejected)
        and change.after.report
        and (customer := change.after.report.customer_id)
    ]
    await upsert(connection, tables.rejections, rejected)


async def _save_staff_complaints(
    connection: AsyncConnection, changes: Iterable[todos.Change]
) -> None:
    rows = [
        {
            "case_id": change.key,
            "customer_id": change.after.report.customer_id,
            "reported_at": change.after.reported_at,
        }
        for change in changes
        if isinstance(change.after, CaseState)
        and change.after.report
        and change.after.report.kind == "supervision_complaint"
    ]
    await upsert(connection, tables.staff_complaints, rows)


async def _save_installations(connection: AsyncConnection, changes: Iterable[todos.Change]) -> None:
    rows = [
        {
            "case_id": change.key,
            "contract_id": change.after.report.contract_id,
            "begins_at": begins,
            "is_open": change.after.stage == "open",
            "ended_at": installation.ended_at(change.after),
        }
        for change in changes
        if isinstance(change.after, CaseState)
        and change.after.report
        and (begins := installation.begins_at(change.after))
    ]
    await upsert(connection, tables.installations, rows)
