"""Events become rows: the archive as it stands, cases with what was said of them, arrivals.

The one event that is more than a row is that of an erasure: it takes keys out of the vault.
"""

from collections import defaultdict
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import msgspec
from sqlalchemy import Table, delete, func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from aftercare_events.catalogue import decode
from aftercare_events.catalogue.archive import (
    ContactRecorded,
    ContractRecorded,
    CustomerRecorded,
    DeviceRecorded,
    LineRecorded,
    SiteRecorded,
)
from aftercare_events.catalogue.case import CaseReported, MessageAdded
from aftercare_events.catalogue.intake import CallRecorded, FaxReceived, MailReceived
from aftercare_events.catalogue.mail import MailSent
from aftercare_events.catalogue.notice import NoticeIssued
from aftercare_events.catalogue.person import PersonErased
from aftercare_events.catalogue.sla import CasePromised, PolicyPublished
from aftercare_events.catalogue.warranty import WarrantyExtended, WarrantyRestarted
from aftercare_events.clock import Clock
from aftercare_events.envelope import Recorded
from aftercare_events.sql import upsert
from aftercare_events.vault import destroy

from . import tables, todos
from .amendments import amend_reports
from .arrival_rows import arrival_row, settle_arrivals
from .case_rows import Row, fold_cases
from .device_history import fact_row
from .domain.duplicates import WINDOW
from .domain.likeness import likeness
from .domain.progress import milestone_of
from .domain.report import LOCAL
from .duplicates import follow_duplicates
from .fax.rows import follow_faxes
from .lines import reached_at
from .phone.rows import call_row, follow_calls
from .policy_document import terms_of

# Every replica listens here, to forget what it remembers of the archive.
ARCHIVE_CHANGED = "intake_archive_changed"
Rows = dict[Table, dict[tuple[Any, ...], Row]]

ARCHIVE: dict[type[msgspec.Struct], Table] = {
    CustomerRecorded: tables.customers,
    SiteRecorded: tables.sites,
    DeviceRecorded: tables.devices,
    ContractRecorded: tables.contracts,
    ContactRecorded: tables.contacts,
    LineRecorded: tables.lines,
}

REMEMBERED = frozenset(
    (*ARCHIVE, PolicyPublished, WarrantyExtended, WarrantyRestarted, PersonErased)
)


class IntakeProjection:
    """Projects the whole log into the tables of intake.

    By `acknowledging` those who open a case are answered; without it nobody is.
    """

    name = "intake"
    tables: Sequence[Table] = (
        tables.customers,
        tables.sites,
        tables.devices,
        tables.contracts,
        tables.warranty_changes,
        tables.contacts,
        tables.contact_keys,
        tables.lines,
        tables.policies,
        tables.reports,
        tables.cases,
        tables.promises,
        tables.sent_mails,
        tables.notices,
        tables.milestones,
        tables.case_facts,
        tables.device_versions,
        tables.messages,
        tables.duplicates,
        tables.attachments,
        tables.calls,
        tables.return_calls,
        tables.arrivals,
        tables.faxes,
    )

    def __init__(
        self, duplicates_within: timedelta = WINDOW, acknowledging: Clock | None = None
    ) -> None:
        self._duplicates_within = duplicates_within
        self._acknowledging = acknowledging

    async def apply(self, connection: AsyncConnection, batch: Sequence[Recorded]) -> None:
        said = [(recorded, decode(recorded.event)) for recorded in batch if _concerns(recorded)]
        rows: Rows = defaultdict(dict)
        for recorded, data in said:
            _collect(rows, recorded, data)
        cases, attached = await fold_cases(connection, [one for one in said if _is_case(one[0])])
        rows[tables.cases] = {(row["case_id"],): row for row in cases}
        rows[tables.attachments] = {(row["case_id"], row["number"]): row for row in attached}
        contacts = rows.get(tables.contacts, {})
        await _forget_keys(connection, [row["contact_id"] for row in contacts.values()])
        for table, collected in rows.items():
            await upsert(connection, table, [_stored(table, row) for row in collected.values()])
        await amend_reports(connection, [data for _, data in said])
        await follow_duplicates(connection, said, self._duplicates_within)
        await settle_arrivals(connection, said)
        await follow_faxes(connection, said)
        await todos.follow(connection, said)
        if self._acknowledging is not None:
            now = self._acknowledging.now()
            await todos.follow_acknowledgements(connection, said, now)
            await todos.follow_notices(connection, said, now)
        waiting = await follow_calls(connection, said)
        await todos.follow_return_calls(connection, waiting, batch[-1].position)
        await todos.follow_inbound(connection, said)
        await _erase(connection, [data for _, data in said if isinstance(data, PersonErased)])
        if any(type(data) in REMEMBERED for _, data in said):
            await connection.execute(select(func.pg_notify(ARCHIVE_CHANGED, "")))


_AGGREGATES = frozenset(
    [
        *("case", "customer", "site", "device", "contract", "contact", "line", "policy"),
        *("call", "return_call", "fax", "mail", "arrival", "person", "warranty", "guarantee"),
    ]
)


def _concerns(recorded: Recorded) -> bool:
    return recorded.event.aggregate in _AGGREGATES


def _is_case(recorded: Recorded) -> bool:
    return recorded.event.aggregate == "case"


def _collect(rows: Rows, recorded: Recorded, data: Any) -> None:
    """The rows that follow from one event alone; the last event of an entry wins."""
    match data:
        case (
            CustomerRecorded()
            | SiteRecorded()
            | DeviceRecorded()
            | ContractRecorded()
            | ContactRecorded()
            | LineRecorded()
        ):
            _collect_entry(rows, recorded, data)
        case PolicyPublished():
            terms = terms_of(data)
            row = {"policy": terms.policy, "version": terms.version, "document": plain(terms)}
            rows[tables.policies][(terms.policy,)] = row
        case CallRecorded():
            rows[tables.calls][(data.call_id,)] = call_row(data)
        case FaxReceived():
            rows[tables.arrivals][(data.fax_id,)] = arrival_row(data.fax_id, "fax", data)
        case MailReceived():
            rows[tables.arrivals][(data.mail_id,)] = arrival_row(data.mail_id, "email", data)
        case CaseReported():
            rows[tables.reports][(data.case_id,)] = _report(recorded, data)
        case _:
            # The other events of a case are folded into its row.
            _collect_told(rows, recorded, data)
            _collect_course(rows, recorded, data)
            _collect_warranty(rows, recorded, data)


def _collect_told(rows: Rows, recorded: Recorded, data: Any) -> None:
    """What passed between us and the customer."""
    match data:
        case CasePromised():
            row = {"case_id": data.case_id, "entry": plain(data)}
            rows[tables.promises][(data.case_id,)] = row
        case MailSent():
            rows[tables.sent_mails][(data.mail_id,)] = _sent(recorded, data)
        case NoticeIssued():
            rows[tables.notices][(data.case_id, data.notice_id)] = _notice(recorded, data)
        case MessageAdded():
            rows[tables.messages][(data.case_id, recorded.position)] = _message(recorded, data)
        case _:
            pass


def _collect_warranty(rows: Rows, recorded: Recorded, data: Any) -> None:
    """A new part leaves the warranty of its device as it is."""
    if isinstance(data, WarrantyExtended) or (
        isinstance(data, WarrantyRestarted) and data.part is None
    ):
        key = (data.device_id, recorded.position)
        rows[tables.warranty_changes][key] = _changed(recorded, data)


def _changed(recorded: Recorded, data: WarrantyExtended | WarrantyRestarted) -> Row:
    match data:
        case WarrantyExtended():
            on_day, days = data.waited_until.astimezone(LOCAL).date(), data.days
        case WarrantyRestarted():
            on_day, days = data.starts_on, None
    key = {"device_id": data.device_id, "position": recorded.position}
    return {**key, "on_day": on_day, "days": days}


def _collect_course(rows: Rows, recorded: Recorded, data: Any) -> None:
    """What its customer is told of the case, and the history of its device."""
    if (milestone := milestone_of(data, recorded.event.time)) is not None:
        row = {"case_id": data.case_id, "position": recorded.position, "entry": plain(milestone)}
        rows[tables.milestones][(data.case_id, recorded.position)] = row
    if (fact := fact_row(recorded, data)) is not None:
        rows[tables.case_facts][(data.case_id, recorded.position)] = fact


def _collect_entry(rows: Rows, recorded: Recorded, data: Any) -> None:
    table = ARCHIVE[type(data)]
    values = msgspec.structs.asdict(data)
    if isinstance(data, DeviceRecorded):
        values["likeness"] = likeness(data.serial) if data.serial else None
    if isinstance(data, LineRecorded):
        values["reached_at"] = reached_at(data)
    columns = [column.name for column in table.columns if column.name != "entry"]
    row = {name: values[name] for name in columns} | {"entry": plain(data)}
    rows[table][(row[columns[0]],)] = row
    if isinstance(data, DeviceRecorded):
        version = {**row, "position": recorded.position, "at": recorded.event.time}
        rows[tables.device_versions][(data.device_id, recorded.position)] = version
    if isinstance(data, ContactRecorded):
        keys = rows[tables.contact_keys]
        for stale in [key for key in keys if key[1] == data.contact_id]:
            del keys[stale]
        for known_by in data.known_by:
            keys[known_by, data.contact_id] = {
                "known_by": known_by,
                "contact_id": data.contact_id,
            }


def _report(recorded: Recorded, data: CaseReported) -> Row:
    return {
        "case_id": data.case_id,
        "reported_at": recorded.event.time,
        "customer_id": data.customer_id,
        "report": plain(data),
    }


def _sent(recorded: Recorded, data: MailSent) -> Row:
    return {
        "mail_id": data.mail_id,
        "case_id": data.case_id,
        "person_id": data.person_id,
        "sent_at": recorded.event.time,
    }


def _notice(recorded: Recorded, data: NoticeIssued) -> Row:
    return {
        "case_id": data.case_id,
        "notice_id": data.notice_id,
        "issued_at": recorded.event.time,
        "zh": data.zh,
        "en": data.en,
    }


def _message(recorded: Recorded, data: MessageAdded) -> Row:
    return {
        "case_id": data.case_id,
        "position": recorded.position,
        "added_at": recorded.event.time,
        "channel": data.channel,
        "actor": recorded.event.actor or None,
        "identity": data.identity,
        "body_digest": data.body_digest,
        "text": plain(data.text),
    }


async def _forget_keys(connection: AsyncConnection, contact_ids: Sequence[str]) -> None:
    """A contact's old numbers no longer name her."""
    if contact_ids:
        keys = tables.contact_keys
        await connection.execute(delete(keys).where(keys.c.contact_id.in_(contact_ids)))


async def _erase(connection: AsyncConnection, erased: Sequence[PersonErased]) -> None:
    """What the log says was erased is erased, whichever backup the keys came from."""
    for person in erased:
        await destroy(connection, person.person_id, person.key_made_at)


def _stored(table: Table, row: Row) -> Row:
    """A row with every column of its table: `upsert` wants them all alike."""
    return {column.name: row.get(column.name) for column in table.columns}


def plain(value: Any) -> Any:
    """A struct as JSON columns take it."""
    return None if value is None or value is msgspec.UNSET else msgspec.to_builtins(value)
