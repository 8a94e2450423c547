"""The visit: on the way, on site, paused, working again, and what is kept of it."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import assert_never

from aftercare_events.catalogue import case as c
from aftercare_events.decider import Refused

from . import acceptance, with_partner
from . import commands as cmd
from .case_facts import Fact
from .case_guards import done_by, held_by, must_be_first, must_be_open, must_have_been_open
from .case_state import Assignment, CaseState
from .slot import visit_from

MOST_PHOTOS = 30
LONGEST_WORK = timedelta(days=7)


def decide(command: cmd.Attending, state: CaseState) -> Sequence[Fact]:
    must_have_been_open(command.at, state)
    match command:
        case cmd.ExpectEnd():
            return expect_end(command, state)
        case cmd.Depart():
            return depart(command, state)
        case cmd.Arrive():
            return arrive(command, state)
        case cmd.Pause():
            return pause(command, state)
        case cmd.Resume():
            return resume(command, state)
        case cmd.Restore():
            return restore(command, state)
        case cmd.Record():
            must_be_open(state)
            return [c.MaintenanceRecorded(case_id=command.case_id, record=command.record)]
        case cmd.AddPhoto():
            return add_photo(command, state)
        case _:
            assert_never(command)


def expect_end(command: cmd.ExpectEnd, state: CaseState) -> Sequence[Fact]:
    """The visit is booked to the new end; whom that would book twice is refused (DP-06)."""
    must_be_open(state)
    held = held_by(command.engineer_id, state)
    start = held.slot.start if held.slot else held.at
    if not timedelta(0) < command.expected_end - start <= LONGEST_WORK:
        raise Refused("not-in-order", "work ends after it began, within a week", "expected_end")
    if held.expected_end == command.expected_end:
        return []
    return [
        c.EndExpected(
            case_id=command.case_id,
            engineer_id=held.engineer_id,
            expected_end=command.expected_end,
        )
    ]


def depart(command: cmd.Depart, state: CaseState) -> Sequence[Fact]:
    held = done_by(command.engineer_id, state, command.at)
    if _is_on_the_way(held):
        raise Refused("already-departed", f"{held.engineer_id} is on the way")
    start, end = _newly_booked(command, held, state)
    return [
        c.EngineerDeparted(
            case_id=command.case_id,
            engineer_id=held.engineer_id,
            slot_start=start,
            slot_end=end,
        )
    ]


def arrive(command: cmd.Arrive, state: CaseState) -> Sequence[Fact]:
    """Counts for whoever has the case, or had it then, and is able to handle it (DP-25).

    A departure need not have been reported.
    """
    if command.partner_id is not None:
        return with_partner.arrive(command, state.held_over or state.failed_partner)
    held = done_by(command.engineer_id, state, command.at)
    there = held.arrived_at is not None and not _is_on_the_way(held)
    if there and (command.lacks or not held.lacks):
        raise Refused("already-arrived", f"{held.engineer_id} is on site")
    start, end = _newly_booked(command, held, state)
    if command.lacks:
        return [
            c.EngineerAttended(
                case_id=command.case_id,
                engineer_id=held.engineer_id,
                lacks=tuple(command.lacks),
                slot_start=start,
                slot_end=end,
            )
        ]
    return [
        c.EngineerArrived(
            case_id=command.case_id,
            engineer_id=held.engineer_id,
            slot_start=start,
            slot_end=end,
        )
    ]


def _newly_booked(
    command: cmd.Depart | cmd.Arrive, held: Assignment, state: CaseState
) -> tuple[datetime, datetime] | tuple[None, None]:
    """From when to when somebody who goes without a booked visit is booked for it (DP-06)."""
    if held != state.assignment or held.slot is not None or state.done_on_site:
        return None, None
    slot = visit_from(command.at, command.next_visit)
    return slot.start, slot.end


def _is_on_the_way(held: Assignment) -> bool:
    if held.departed_at is None:
        return False
    return held.arrived_at is None or held.arrived_at < held.departed_at


def pause(command: cmd.Pause, state: CaseState) -> Sequence[Fact]:
    must_be_open(state)
    if state.paused_for is not None:
        raise Refused("already-paused", f"paused for {state.paused_for}")
    return [c.CasePaused(case_id=command.case_id, reason=command.reason)]


def resume(command: cmd.Resume, state: CaseState) -> Sequence[Fact]:
    if state.paused_for is None:
        raise Refused("not-paused", "the case is not paused")
    return [c.CaseResumed(case_id=command.case_id, reason=command.reason or state.paused_for)]


def add_photo(command: cmd.AddPhoto, state: CaseState) -> Sequence[Fact]:
    if len(state.photos) >= MOST_PHOTOS:
        raise Refused("too-many-photos", f"the case has {MOST_PHOTOS} photos already")
    return [c.PhotoAdded(case_id=command.case_id, photo=command.photo)]


def restore(command: cmd.Restore, state: CaseState) -> Sequence[Fact]:
    """Works again only as well as the acceptance figures ask, where there are some (DP-29)."""
    must_be_first(state, "restored")
    acceptance.check(command.figures, command.measured)
    measured = dict(command.measured)
    return [c.ServiceRestored(case_id=command.case_id, note=command.note, measured=measured)]
