"""What happens by itself: which changes put an item on the to-do list, and which take it off."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import delete, select, tuple_, update
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from aftercare_events.catalogue.archive import ContractRecorded
from aftercare_events.catalogue.dispatch import (
    EngineerRegistered,
    EngineerReleased,
    EngineerRostered,
)
from aftercare_events.catalogue.incident import CaseIncidentLinked
from aftercare_events.todo import Item, drop, put

from .domain import with_partner
from .domain.case_state import CaseState
from .domain.engineer import EngineerState
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
PARTNER_ANSWER = "partner_answer"
"""The partner who has it promised to answer by then (DP-26); the key is the case."""
PARTNER_ONSITE = "partner_onsite"
"""The partner who took it promised to be on site by then (DP-26); the key is the case."""
RELEASE = "release"
"""Another service ended the case, or made it the business lead's, while a visit was booked."""

OUTAGE = "outage"
"""Like faults nearby that no incident has yet (DP-17); the key is the newest case."""

COVER = "cover"
"""Somebody has to be there all the time (DP-18); the key says of what: `resident-…`, `senior-…`."""
WITH_SENIOR = frozenset({"installation", "commissioning"})

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
COMPANY_ZONE = ZoneInfo("Asia/Shanghai")


@dataclass(frozen=True, slots=True)
class Change:
    """One aggregate before and after a batch, and the position that changed it last."""

    aggregate: str
    key: str
    before: Any
    after: Any
    position: int


async def follow(
    connection: AsyncConnection, changes: Sequence[Change], facts: Sequence[object]
) -> None:
    """Bring the to-do list into line with what a batch changed."""
    cases = [change for change in changes if isinstance(change.after, CaseState)]
    for kind, due in DUE.items():
        await follow_one(connection, kind, due, cases)
    engineers = [change for change in changes if isinstance(change.after, EngineerState)]
    # It stands for years, and must not tell where the log was cut: its day says all.
    dated = [replace(one, position=0) for one in engineers]
    await follow_one(connection, CERTIFICATE, certificate_due, dated)
    await put(connection, infra, [item for one in cases for item in _cover(one)])
    freed = {fact.case_id for fact in facts if isinstance(fact, EngineerReleased)}
    await drop(connection, infra, [(RELEASE, case_id) for case_id in freed])
    if any(isinstance(fact, MAY_BRING_SOMEBODY) for fact in facts):
        await _wake(connection, ASSIGN)
    if any(_roster_changed(one) for one in engineers):
        await _wake(connection, COVER)


def _roster_changed(change: Change) -> bool:
    """Who is there when; visits come and go without changing that."""
    before, after = change.before, change.after
    return before is None or any(
        getattr(before, name) != getattr(after, name)
        for name in ("entry", "duty", "dated", "absences")
    )


def _cover(change: Change) -> Sequence[Item]:
    """From the day of an installation on, and anew with whoever gets it."""
    state: CaseState = change.after
    if state.report is None or state.report.work not in WITH_SENIOR or state.reported_at is None:
        return ()
    due_at = state.report.planned_for or state.reported_at
    return (Item(COVER, f"senior-{change.key}", due_at, change.position),)


async def follow_contracts(
    connection: AsyncConnection, told: Sequence[tuple[ContractRecorded, datetime, int]]
) -> None:
    """Whether a resident is there is looked at from the moment that the contract names one."""
    items = [
        Item(COVER, f"resident-{said.contract_id}", at, position)
        for said, at, position in told
        if said.resident_engineer_id
    ]
    await put(connection, infra, items)


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
    SEND_AT_ONCE: _send_at_once_due,
}


async def follow_one(
    connection: AsyncConnection,
    kind: str,
    due: Callable[[Any], datetime | None],
    changes: Sequence[Change],
) -> None:
    """Put an item on while `due` says when, and take it off once it says nothing."""
    items: list[Item] = []
    gone: list[tuple[str, str]] = []
    for change in changes:
        was = due(change.before) if change.before else None
        due_at = due(change.after)
        if due_at is not None and due_at != was:
            items.append(Item(kind, change.key, due_at, change.position, {}))
        elif due_at is None and was is not None:
            gone.append((kind, change.key))
    await put(connection, infra, items)
    await drop(connection, infra, gone)


async def rest(
    engine: AsyncEngine, items: Sequence[Item], *, now: datetime, until: datetime
) -> None:
    """Nothing can be done before `until`, unless the projection wakes the item (or just did)."""
    todo = infra.todo
    mine = [(item.kind, item.key, item.position) for item in items]
    async with engine.begin() as connection:
        await connection.execute(
            update(todo)
            .where(tuple_(todo.c.kind, todo.c.key, todo.c.position).in_(mine))
            .where(todo.c.not_before > now)
            .values(not_before=until)
        )


async def finish(engine: AsyncEngine, item: Item) -> None:
    """Take an item off that needs no event to say so, unless the projection renewed it."""
    todo = infra.todo
    async with engine.begin() as connection:
        await connection.execute(
            delete(todo)
            .where(todo.c.kind == item.kind, todo.c.key == item.key)
            .where(todo.c.position == item.position)
        )


async def _wake(connection: AsyncConnection, kind: str) -> None:
    """Items that found nobody need not wait for their next retry."""
    todo = infra.todo
    oldest = (
        select(todo.c.key)
        .where(todo.c.kind == kind)
        .order_by(todo.c.due_at, todo.c.key)
        .limit(WOKEN)
    )
    await connection.execute(
        update(todo)
        .where(todo.c.kind == kind, todo.c.key.in_(oldest.scalar_subquery()))
        .values(not_before=todo.c.due_at)
    )
