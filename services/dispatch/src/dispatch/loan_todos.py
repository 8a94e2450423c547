"""What happens to loans by itself: who is served, who need not wait any more."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncConnection

from aftercare_events.catalogue.depot import SafetyStockSet
from aftercare_events.catalogue.loan import LoanRequested
from aftercare_events.catalogue.unit import UnitInspected, UnitRegistered, UnitReturned
from aftercare_events.todo import Item

from .domain.case_state import CaseState
from .domain.loan_state import LoanState, overdue_due, reminder_due
from .domain.unit import UnitState
from .todos import Change, Wanted, dated, follow_each

SPARE = "spare"
"""A repair began: the contract may provide a spare for its time (DP-10); the key is the case."""
SERVE = "serve_waiting"
"""A unit came free, or somebody began to wait: those who wait are served; one item for all."""
CANCEL = "cancel_waiting"
"""The own device works again: nobody need wait for a spare; the key is the case."""

RECALL = "recall"
"""The own device works again, or the case was withdrawn: the loan is due back (DP-11); the key is
the case."""
LIFT = "lift_due_back"
"""The fault is open again: the loan is due back on no day; the key is the case."""
MOVE = "move_loans"
"""The case was merged: its loans go on for the one that it became; the key is the case."""
REMIND = "remind_of_return"
"""Two days before it is due back; the key is the loan."""
OVERDUE = "loan_overdue"
"""The day on which it was due back is over; the key is the loan."""

WATCH_STOCK = "watch_stock"
"""Units of a depot changed: is there enough (DP-12)? The key is the depot."""

QUEUE = "queue"
_STIRS = (LoanRequested, UnitRegistered, UnitReturned, UnitInspected)


async def follow(connection: AsyncConnection, changes: Sequence[Change]) -> None:
    """Bring the to-do list into line with what a batch changed."""
    await follow_each(connection, changes, _wanted)


def _wanted(change: Change) -> Wanted:
    wanted: dict[tuple[str, str], Item | None] = {}
    match change.after:
        case CaseState():
            for kind, due in _OF_A_CASE.items():
                wanted |= dated(kind, due, change)
            wanted |= _of_its_loans(RECALL, _recall_due, change)
            wanted |= _of_its_loans(LIFT, _lift_due, change)
            wanted |= _loans_to_move(change)
        case LoanState():
            wanted |= dated(REMIND, reminder_due, change)
            wanted |= dated(OVERDUE, overdue_due, change)
        case _:
            wanted |= _stock_to_watch(change)
    if isinstance(change.fact, _STIRS):
        wanted[SERVE, QUEUE] = Item(SERVE, QUEUE, change.at, change.position)
    return wanted


def _of_its_loans(kind: str, due: Callable[[CaseState], datetime | None], change: Change) -> Wanted:
    """About the loans that the case has just then: those of later are lent knowing how it is."""
    wanted = dated(kind, due, change)
    if not change.after.loans:
        return dict.fromkeys(wanted)
    return {
        key: item and replace(item, payload={"loans": change.after.loans})
        for key, item in wanted.items()
    }


def _spare_due(state: CaseState) -> datetime | None:
    """A fault of a device that is not mended from afar is repaired on site.

    One that comes again is so from its beginning: that it has to be, was said before.
    """
    report = state.report
    if report is None or report.kind != "fault" or report.device_id is None:
        return None
    if state.stage != "open" or state.works_again:
        return None
    if not state.onsite_required:
        return None
    return state.milestones.get("onsite_required") or state.failed_at


def _cancel_due(state: CaseState) -> datetime | None:
    over = state.ended or state.works_again
    return state.reported_at if over and state.loans_waiting else None


def _recall_due(state: CaseState) -> datetime | None:
    return state.needless_since


def _loans_to_move(change: Change) -> Wanted:
    """Those of a merged case, and those that reach it later from one merged into it before."""
    before, after = change.before, change.after
    if after.merged_into is None or (before and _to_move(before) == _to_move(after)):
        return {}
    payload = {"into": after.merged_into, "loans": after.loans}
    item = Item(MOVE, change.key, change.at, change.position, payload)
    return {(MOVE, change.key): item if after.loans else None}


def _to_move(state: CaseState) -> tuple[str | None, tuple[str, ...]]:
    return state.merged_into, state.loans


def _lift_due(state: CaseState) -> datetime | None:
    open_again = state.cycle > 1 and state.stage == "open" and not state.works_again
    return state.failed_at if open_again else None


_OF_A_CASE = {SPARE: _spare_due, CANCEL: _cancel_due}


def _stock_to_watch(change: Change) -> Wanted:
    """Each depot in which a unit came, went, or changed, or which is to keep more or less."""
    depots = [
        state.entry.depot_id
        for state in (change.before, change.after)
        if isinstance(state, UnitState) and state.entry is not None
    ]
    if isinstance(change.fact, SafetyStockSet):
        depots.append(change.fact.depot_id)
    return {
        (WATCH_STOCK, depot_id): Item(WATCH_STOCK, depot_id, change.at, change.position)
        for depot_id in depots
    }
