"""A repair that goes on or ends may change the warranty of its device."""

from collections.abc import Sequence

from sqlalchemy.ext.asyncio import AsyncConnection

from aftercare_events.catalogue import case as c
from aftercare_events.catalogue.clerk import CustomerAssigned
from aftercare_events.todo import Item

from .domain.case_state import CaseState
from .todos import Change, Wanted, follow_each

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


async def follow(connection: AsyncConnection, changes: Sequence[Change]) -> None:
    """Bring the to-do list into line with what a batch changed."""
    await follow_each(connection, changes, _wanted)


def _wanted(change: Change) -> Wanted:
    if not isinstance(change.fact, _TELLING) or not _is_fault_of_a_device(change.after):
        return {}
    return {(JUDGE, change.key): Item(JUDGE, change.key, change.at, change.position)}


def _is_fault_of_a_device(state: CaseState) -> bool:
    report = state.report
    return report is not None and report.kind == "fault" and report.device_id is not None
