"""Events into the rows that figures are computed from: outages, claimed losses, the archive."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import delete
from sqlalchemy.ext.asyncio import AsyncConnection

from aftercare_events.catalogue import decode
from aftercare_events.catalogue.archive import ContractRecorded, DeviceRecorded
from aftercare_events.catalogue.loss import LossClaimed
from aftercare_events.envelope import Recorded
from aftercare_events.sql import upsert

from . import tables
from .case_rows import CaseRow
from .domain.instants import from_micros
from .domain.outages import Outage, outages_of

Row = dict[str, Any]
Outages = Mapping[str, Sequence[Outage]]


@dataclass(slots=True)
class FigureRows:
    """What the events of a batch say of devices, contracts and losses."""

    devices: list[Row] = field(default_factory=list[Row])
    contracts: list[Row] = field(default_factory=list[Row])
    losses: list[Row] = field(default_factory=list[Row])

    def take(self, recorded: Recorded) -> None:
        if recorded.event.type in _GATHER:
            _GATHER[recorded.event.type](self, recorded)

    async def write(self, connection: AsyncConnection) -> None:
        await upsert(connection, tables.devices, self.devices)
        await upsert(connection, tables.contracts, self.contracts)
        await upsert(connection, tables.losses, self.losses)


def _device(rows: FigureRows, recorded: Recorded) -> None:
    said: DeviceRecorded = decode(recorded.event)
    rows.devices.append(
        {
            "device_id": said.device_id,
            "customer_id": said.customer_id,
            "site_id": said.site_id,
        }
    )


def _contract(rows: FigureRows, recorded: Recorded) -> None:
    said: ContractRecorded = decode(recorded.event)
    rows.contracts.append(
        {
            "contract_id": said.contract_id,
            "customer_id": said.customer_id,
            "policy": said.policy,
            "price": None if said.price is None else Decimal(str(said.price)),
            "currency": said.currency,
        }
    )


def _loss(rows: FigureRows, recorded: Recorded) -> None:
    said: LossClaimed = decode(recorded.event)
    rows.losses.append(
        {
            "loss_id": said.loss_id,
            "position": recorded.position,
            "case_id": said.case_id,
            "contract_id": said.contract_id,
            "customer_id": said.customer_id,
            "amount": Decimal(said.amount),
            "currency": said.currency,
            "claimed_by": said.claimed_by,
            "note": said.note,
            "occurred_at": recorded.event.time,
            "event_id": recorded.event.id,
        }
    )


_GATHER: Mapping[str, Callable[[FigureRows, Recorded], None]] = {
    "aftercare.device.recorded.v1": _device,
    "aftercare.contract.recorded.v1": _contract,
    "aftercare.case.loss_claimed.v1": _loss,
}


def outages_in(rows: Mapping[str, CaseRow]) -> Outages:
    return {case_id: outages_of(row.clocks) for case_id, row in rows.items()}


async def write_outages(
    connection: AsyncConnection, before: Outages, rows: Mapping[str, CaseRow]
) -> None:
    """Bring the outages of the cases in line; most events leave them as they are.

    A case can have fewer than before: it was withdrawn, or turned out to be no fault.
    """
    changed = {
        case_id: outages
        for case_id, outages in outages_in(rows).items()
        if outages != before.get(case_id, [])
    }
    gone = [case_id for case_id in changed if _cycles(before, case_id) - _cycles(changed, case_id)]
    if gone:
        await connection.execute(delete(tables.outages).where(tables.outages.c.case_id.in_(gone)))
    written = [
        _outage(rows[case_id], outage) for case_id, found in changed.items() for outage in found
    ]
    await upsert(connection, tables.outages, written)


def _cycles(outages: Outages, case_id: str) -> set[int]:
    return {outage.cycle for outage in outages.get(case_id, ())}


def _outage(row: CaseRow, outage: Outage) -> Row:
    return {
        "case_id": row.clocks.case_id,
        "cycle": outage.cycle,
        "device_id": outage.device_id,
        "customer_id": row.clocks.customer_id or "",
        "began_at": from_micros(outage.began_at),
        "responded_at": _instant(outage.responded_at),
        "restored_at": _instant(outage.restored_at),
    }


def _instant(micros: int | None) -> datetime | None:
    return None if micros is None else from_micros(micros)
