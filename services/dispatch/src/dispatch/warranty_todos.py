"""A repair that goes on or ends may change the warranty of its device."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy.ext.asyncio import AsyncConnection

from aftercare_events.catalogue import case as c
from aftercare_events.catalogue.clerk import CustomerAssigned
from aftercare_events.todo import Item, put

from .domain.case_state import CaseState
from .tables import infra
from .todos import Change

JUDGE = "judge_warranty"
"""What a repair means for warranty is found out (DP-13, DP-14, DP-15); the key is the case."""

_TELLING = (
    c.CaseReported
    | c.CaseReclassified
    | CustomerAssigned
    | c.CaseReopened
    | c.ServiceRestored
    | c.CaseResolved
    | c.MaintenanceRecorded
)


async def follow(
    connection: AsyncConnection,
    changes: Sequence[Change],
    happened: Sequence[tuple[Any, datetime, int]],
) -> None:
    """Bring the to-do list into line with what a batch changed."""
    faults = {change.key for change in changes if _is_fault_of_a_device(change.after)}
    await put(
        connection,
        infra,
        [
            Item(JUDGE, fact.case_id, at, position)
            for fact, at, position in happened
            if isinstance(fact, _TELLING) and fact.case_id in faults
        ],
    )


def _is_fault_of_a_device(state: Any) -> bool:
    report = state.report if isinstance(state, CaseState) else None
    return report is not None and report.kind == "fault" and report.device_id is not None
