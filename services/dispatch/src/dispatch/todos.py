"""What happens by itself: which changes put an item on the to-do list, and which take it off."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from aftercare_events.catalogue.archive import ContractRecorded
from aftercare_events.catalogue.engineer import (
    EngineerAbsenceCancelled,
    EngineerAbsenceRecorded,
    EngineerRegistered,
    EngineerReleased,
    EngineerRostered,
)
from aftercare_events.catalogue.incident import CaseIncidentLinked
from aftercare_events.todo import NEVER, Item, keep, put

from .domain import with_partner
from .domain.case_state import CaseState
from .domain.cover import HORIZON
from .domain.engineer import EngineerState
from .domain.installation import begins_at
from .tables import infra

ASSIGN = "assign"
"""Somebody is looked for; the key is the case."""
LEND = "lend"
"""The contract lends a device at a breach (DP-10); the key is the case."""
SEND_AT_ONCE = "send_at_once"
"""The severity or the contract changed: perhaps somebody has to go now; the key is the case."""
CERTIFICATE = "certificate"
"""A certificate ends soon and somebody is to be reminded (DP-04); the key is the engineer."""
ANSWER = "answer"
"""Whoever was asked has to answer by then (DP-05); the key is the case."""
AWAY = "away"
"""Somebody left or is on leave: work not begun is somebody else's (DP-04).

The key is the engineer, or for leave `{engineer}/{absence}`.
"""
PARTNER_ANSWER = "partner_answer"
"""The partner who has it promised to answer by then (DP-26); the key is the case."""
PARTNER_ONSITE = "partner_onsite"
"""The partner who took it promised to be on site by then (DP-26); the key is the case."""
END_REMOTE = "end_remote"
"""Remote access still ran when another service ended the case (DP-03); the key is the case."""
RELEASE = "release"
"""Another service ended the case, or made it the business lead's, while a visit was booked."""

OUTAGE = "outage"
"""Like faults nearby that no incident has yet (DP-17); the key is the newest case."""

COVER = "cover"
"""Somebody has to be there all the time (DP-18).

The key says where: `resident-{contract}`, `senior-{case}`, `trial-{contract}`, `duty-company`.
"""
ON_DUTY = "duty-company"

# Somebody may be there now for a case that found nobody.
MAY_BRING_SOMEBODY = (
    EngineerReleased,
    EngineerRegistered,
    EngineerRostered,
    CaseIncidentLinked,
)

# Whoever came free can take one case, not all of them: so many are looked at again, together.
WOKEN = 200
REMINDED_BEFORE = timedelta(days=30)
# Within that time from its beginning somebody is sent to an installation, or nobody is found.
CHOSEN_WITHIN = timedelta(minutes=15)
COMPANY_ZONE = ZoneInfo("Asia/Shanghai")


Wanted = Mapping[tuple[str, str], Item | None]
"""Items by kind and key as they are to stand on the list; None is taken off."""


@dataclass(frozen=True, slots=True)
class Change:
    """One aggregate before and after the event at `position`, which happened at `at`."""

    aggregate: str
    key: str
    before: Any
    after: Any
    position: int
    at: datetime
    fact: Any


async def follow(connection: AsyncConnection, changes: Sequence[Change]) -> None:
    """Bring the to-do list into line with what a batch changed, given in the log's order.

    Each event counts for itself, so that an item does not tell where the log was cut.
    """
    await follow_each(connection, changes, _wanted)
    await _look_again(connection, _under_trial(changes))
    if any(isinstance(one.fact, MAY_BRING_SOMEBODY) for one in changes):
        await _wake(connection, ASSIGN)
    if any(_roster_changed(one) for one in changes):
        await _look_again(connection)


async def follow_each(
    connection: AsyncConnection, changes: Sequence[Change], wanted_by: Callable[[Change], Wanted]
) -> None:
    """What a later change wants goes before what an earlier one does."""
    wanted: dict[tuple[str, str], Item | None] = {}
    for change in changes:
        wanted |= wanted_by(change)
    await keep(connection, infra, wanted)


def _wanted(change: Change) -> Wanted:
    wanted: dict[tuple[str, str], Item | None] = {}
    match change.after:
        case CaseState():
            for kind, due in DUE.items():
                wanted |= dated(kind, due, change)
            wanted |= _cover(change)
        case EngineerState():
            wanted |= dated(CERTIFICATE, certificate_due, change)
            wanted |= _away(change)
            if isinstance(change.fact, EngineerReleased):
                wanted[RELEASE, change.fact.case_id] = None
        case _:
            pass
    return wanted


def _away(change: Change) -> Wanted:
    match change.fact:
        case EngineerRegistered():
            key, is_away = change.key, not change.fact.active
        case EngineerAbsenceRecorded():
            key, is_away = f"{change.key}/{change.fact.absence_id}", True
        case EngineerAbsenceCancelled():
            key, is_away = f"{change.key}/{change.fact.absence_id}", False
        case _:
            return {}
    return {(AWAY, key): Item(AWAY, key, change.at, change.position) if is_away else None}


def dated(kind: str, due: Callable[[Any], datetime | None], change: Change) -> Wanted:
    """Put an item on while `due` says when, and take it off once it says nothing."""
    was = due(change.before) if change.before else None
    due_at = due(change.after)
    if due_at == was:
        return {}
    item = due_at and Item(kind, change.key, due_at, change.position)
    return {(kind, change.key): item}


def _roster_changed(change: Change) -> bool:
    """Who is there when; visits come and go without changing that."""
    before, after = change.before, change.after
    if not isinstance(after, EngineerState):
        return False
    return before is None or any(
        getattr(before, name) != getattr(after, name)
        for name in ("entry", "duty", "dated", "absences")
    )


def _cover(change: Change) -> Wanted:
    """Ahead, once somebody has the installation: until its day nobody is sent by itself."""
    begins = begins_at(change.after)
    if begins is None:
        return {}
    key = f"senior-{change.key}"
    due_at = begins - HORIZON if change.after.assignment else begins + CHOSEN_WITHIN
    return {(COVER, key): Item(COVER, key, due_at, change.position)}


def _under_trial(changes: Sequence[Change]) -> Sequence[str]:
    """Trial operation whose installation changed: it asks for less while that goes on."""
    cases = [one.after for one in changes if isinstance(one.after, CaseState)]
    return [
        f"trial-{case.report.contract_id}"
        for case in cases
        if case.report and case.report.contract_id and begins_at(case)
    ]


async def follow_contracts(
    connection: AsyncConnection, told: Sequence[tuple[ContractRecorded, datetime, int]]
) -> None:
    """What a contract asks for is looked at from the moment that it says so."""
    asked = [
        (f"{what}-{said.contract_id}", is_asked, at, position)
        for said, at, position in told
        for what, is_asked in (
            ("resident", said.resident_engineer_id is not None),
            ("trial", said.trial_starts_on is not None),
        )
    ]
    items = [Item(COVER, key, at, position) for key, is_asked, at, position in asked if is_asked]
    duty = [Item(COVER, ON_DUTY, at, position) for _, at, position in told]
    await put(connection, infra, [*items, *duty])
    await _look_again(connection, [key for key, is_asked, *_ in asked if not is_asked])


def _assign_due(state: CaseState) -> datetime | None:
    return state.wanted_since


def _lend_due(state: CaseState) -> datetime | None:
    return state.reported_at if state.loan_wanted else None


def _answer_due(state: CaseState) -> datetime | None:
    return state.answer_due


def _partner_answer_due(state: CaseState) -> datetime | None:
    return with_partner.answer_due(state.held_over) if state.stage == "open" else None


def _partner_onsite_due(state: CaseState) -> datetime | None:
    if state.stage != "open" or "restored" in state.milestones:
        return None
    return with_partner.onsite_due(state.held_over)


def _release_due(state: CaseState) -> datetime | None:
    over = state.ended or state.commercial
    return state.reported_at if over and state.visit is not None else None


def _end_remote_due(state: CaseState) -> datetime | None:
    return state.remote_since if state.ended else None


def _send_at_once_due(state: CaseState) -> datetime | None:
    return state.regraded_at if state.stage == "open" and not state.onsite_required else None


def certificate_due(state: EngineerState) -> datetime | None:
    """When the first of those that nobody was reminded of is near its end."""
    if state.entry is None or not state.entry.active:
        return None
    ends = [one.valid_until for one in state.entry.certificates if one not in state.reminded]
    first = min(ends, default=None)
    return first and datetime.combine(first - REMINDED_BEFORE, time(), COMPANY_ZONE)


DUE: dict[str, Callable[[CaseState], datetime | None]] = {
    ASSIGN: _assign_due,
    LEND: _lend_due,
    ANSWER: _answer_due,
    PARTNER_ANSWER: _partner_answer_due,
    PARTNER_ONSITE: _partner_onsite_due,
    RELEASE: _release_due,
    END_REMOTE: _end_remote_due,
    SEND_AT_ONCE: _send_at_once_due,
}


async def _wake(connection: AsyncConnection, kind: str) -> None:
    """Items that found nobody need not wait for their next retry."""
    todo = infra.todo
    oldest = (
        select(todo.c.key)
        .where(todo.c.kind == kind, todo.c.not_before < NEVER)
        .order_by(todo.c.due_at, todo.c.key)
        .limit(WOKEN)
    )
    await connection.execute(
        update(todo)
        .where(todo.c.kind == kind, todo.c.key.in_(oldest.scalar_subquery()))
        .values(not_before=todo.c.due_at)
    )


async def _look_again(connection: AsyncConnection, keys: Sequence[str] | None = None) -> None:
    """At whatever is still watched, or at these, whether they are or not."""
    todo = infra.todo
    if keys is not None and not keys:
        return
    which = todo.c.not_before < NEVER if keys is None else todo.c.key.in_(keys)
    await connection.execute(
        update(todo).where(todo.c.kind == COVER, which).values(not_before=todo.c.due_at)
    )
