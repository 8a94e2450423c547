"""What became known of a report after it was made is written into its row."""

from collections.abc import Sequence
from typing import Any

import msgspec
from sqlalchemy import select, update
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlalchemy.sql.expression import cast

from aftercare_events.catalogue.case import CaseReclassified
from aftercare_events.catalogue.clerk import CaseSplit, CustomerAssigned
from aftercare_events.catalogue.warranty import GuaranteeAccepted

from . import tables


async def amend_reports(connection: AsyncConnection, said: Sequence[Any]) -> None:
    """After the rows of the batch itself: few events of many are of this kind."""
    for data in said:
        match data:
            case CustomerAssigned():
                await _assign(connection, data)
            case CaseReclassified():
                named = {name: getattr(data, name) for name in ("device_id", "use_affected")}
                known = {name: value for name, value in named.items() if value is not None}
                if known:
                    await _amend(connection, data.case_id, known)
            case CaseSplit():
                await _mark_split(connection, data)
            case GuaranteeAccepted():
                await _free(connection, data)
            case _:
                pass


async def _assign(connection: AsyncConnection, data: CustomerAssigned) -> None:
    known: dict[str, Any] = msgspec.to_builtins(data)
    known.pop("reason", None)
    await _amend(connection, data.case_id, known, customer_id=data.customer_id)


async def _free(connection: AsyncConnection, data: GuaranteeAccepted) -> None:
    """What the three guarantees grant is not charged (DP-15)."""
    table = tables.reports
    found = await connection.execute(
        select(table.c.report["entitlement"]).where(table.c.case_id == data.case_id)
    )
    known: dict[str, Any] | None = found.scalar_one_or_none()
    if known is not None:
        reasons = [*known.get("reasons", ()), "three-guarantees"]
        free = {**known, "chargeable": False, "reasons": reasons}
        await _amend(connection, data.case_id, {"entitlement": free})


async def _amend(
    connection: AsyncConnection, case_id: str, known: dict[str, Any], **columns: str
) -> None:
    table = tables.reports
    await connection.execute(
        update(table)
        .where(table.c.case_id == case_id)
        .values(report=table.c.report.op("||")(cast(known, JSONB)), **columns)
    )


async def _mark_split(connection: AsyncConnection, data: CaseSplit) -> None:
    table = tables.messages
    await connection.execute(
        update(table)
        .where(table.c.case_id == data.case_id, table.c.position == data.message)
        .values(split_into=data.into)
    )
