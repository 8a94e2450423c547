"""What happens to loans by itself: who is served, who need not wait any more."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy.ext.asyncio import AsyncConnection

from aftercare_events.catalogue.dispatch import (
    LoanRequested,
    SafetyStockSet,
    UnitInspected,
    UnitRegistered,
    UnitReturned,
)
from aftercare_events.todo import Item, put

from .domain.case_state import CaseState
from .domain.loan_state import LoanState, overdue_due, reminder_due
from .domain.unit import UnitState
from .tables import infra
from .todos import Change, follow_one

SPARE = "spare"
"""A repair began: the contract may provide a spare for its time (DP-10); the key is the case."""
SERVE = "serve_waiting"
"""A unit came free, or somebody began to wait: those who wait are served; one item for all."""
CANCEL = "cancel_waiting"
"""The own device works again: nobody need wait for a spare; the key is the case."""

RECALL = "recall"
"""The own device works again: the loan is due back (DP-11); the key is the case."""
LIFT = "lift_due_back"
"""The fault is open again: the loan is due back on no day; the key is the case."""
REMIND = "remind_of_return"
"""Two days before it is due back; the key is the loan."""
OVERDUE = "loan_overdue"
"""The day on which it was due back is over; the key is the loan."""

WATCH_STOCK = "watch_stock"
"""Units of a depot changed: is there enough (DP-12)? The key is the depot."""

QUEUE = "queue"
_STIRS = (LoanRequested, UnitRegistered, UnitReturned, UnitInspected)


async def follow(
    connection: AsyncConnection,
    changes: Sequence[Change],
    happened: Sequence[tuple[Any, datetime, int]],
) -> None:
    """Bring the to-do list into line with what a batch changed."""
    cases = [change for change in changes if isinstance(change.after, CaseState)]
    await follow_one(connection, SPARE, _spare_due, cases)
    await follow_one(connection, CANCEL, _cancel_due, cases)
    await follow_one(connection, RECALL, _recall_due, cases)
    await follow_one(connection, LIFT, _lift_due, cases)
    # They stand for days, and must not tell where the log was cut: their day says all.
    loans = [replace(one, position=0) for one in changes if isinstance(one.after, LoanState)]
    await follow_one(connection, REMIND, reminder_due, loans)
    await follow_one(connection, OVERDUE, overdue_due, loans)
    await put(connection, infra, _stock_to_watch(changes, happened))
    stirred = [(at, position) for fact, at, position in happened if isinstance(fact, _STIRS)]
    if stirred:
        at, position = stirred[-1]
        await put(connection, infra, [Item(SERVE, QUEUE, at, position)])


def _spare_due(state: CaseState) -> datetime | None:
    """A fault of a device that is not mended from afar is repaired on site."""
    report = state.report
    if report is None or report.kind != "fault" or report.device_id is None:
        return None
    if state.stage != "open" or state.works_again:
        return None
    return state.milestones.get("onsite_required")


def _cancel_due(state: CaseState) -> datetime | None:
    over = state.ended or state.works_again
    return state.reported_at if over and state.loans_waiting else None


def _recall_due(state: CaseState) -> datetime | None:
    return state.works_again_since if state.loans else None


def _lift_due(state: CaseState) -> datetime | None:
    open_again = state.cycle > 1 and state.stage == "open" and not state.works_again
    return state.reported_at if open_again and state.loans else None


def _stock_to_watch(
    changes: Sequence[Change], happened: Sequence[tuple[Any, datetime, int]]
) -> Sequence[Item]:
    """One item for each depot in which a unit came, went, or changed."""
    if not happened:
        return []
    depots: dict[str, int] = {}
    for change in changes:
        for state in (change.before, change.after):
            if isinstance(state, UnitState) and state.entry is not None:
                depots[state.entry.depot_id] = change.position
    for fact, _, position in happened:
        if isinstance(fact, SafetyStockSet):
            depots[fact.depot_id] = position
    return [
        Item(WATCH_STOCK, depot_id, happened[-1][1], position)
        for depot_id, position in depots.items()
    ]
