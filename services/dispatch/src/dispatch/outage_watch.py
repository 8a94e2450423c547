"""Keeps the open faults that a new one is compared with, and notes what looks like an outage.

Part of the projection: what it notes becomes a to-do item, and a worker says it in the log.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from sqlalchemy import RowMapping, delete, select
from sqlalchemy.ext.asyncio import AsyncConnection

from aftercare_events.catalogue.engineer import Point
from aftercare_events.catalogue.incident import IncidentJoined, IncidentProposed
from aftercare_events.sql import upsert
from aftercare_events.todo import Item, drop, put

from . import todos
from .aggregates import INCIDENT
from .domain.case_state import CaseState
from .domain.incident import Note
from .domain.outage import Fault, Rule, in_one_area, outage_around
from .tables import faults, incidents, infra, sites

# The newest of one category that a fault is compared with: bounded, whatever happens outside.
COMPARED = 500


async def follow(
    connection: AsyncConnection,
    changes: Sequence[todos.Change],
    rule: Rule,
) -> None:
    """Bring faults and items into line with what a batch changed."""
    noted = {case_id for change in changes for case_id in _noted(change.fact)}
    cases = _taken_together(one for one in changes if isinstance(one.after, CaseState))
    lone = {key: one for key, one in cases.items() if key not in noted and is_fault(one.after)}
    gone = noted | (cases.keys() - lone.keys())
    if gone:
        await connection.execute(delete(faults).where(faults.c.case_id.in_(gone)))
        await drop(connection, infra, [(todos.OUTAGE, case_id) for case_id in sorted(gone)])
    new = [one for one in lone.values() if _is_news(one)]
    await upsert(connection, faults, [_row(one.key, one.after) for one in new])
    items = [
        Item(todos.OUTAGE, one.key, one.after.reported_at, one.position)
        for one in new
        if await note_of(connection, one.key, rule) is not None
    ]
    await put(connection, infra, items)


def _taken_together(changes: Iterable[todos.Change]) -> Mapping[str, todos.Change]:
    """Each case before and after the batch: only what is left of a fault at its end is compared."""
    cases: dict[str, todos.Change] = {}
    for one in changes:
        first = cases.get(one.key, one)
        cases[one.key] = replace(one, before=first.before)
    return cases


def is_fault(state: CaseState) -> bool:
    """An open fault at a known site that belongs to no incident."""
    report = state.report
    return (
        report is not None
        and (state.stage, report.kind, state.incident) == ("open", "fault", None)
        and report.work is None
        and report.category is not None
        and report.site_id is not None
    )


async def note_of(connection: AsyncConnection, case_id: str, rule: Rule) -> Note | None:
    """What there is to say of this fault: it joins an incident, or makes one with others."""
    mine = _located().where(faults.c.case_id == case_id)
    row = (await connection.execute(mine)).mappings().one_or_none()
    if row is None:
        return None
    newest = _fault(row)
    known = await _incident_near(connection, newest, rule)
    if known is not None:
        return _note(known, [newest], rule)
    query = (
        _located()
        .where(faults.c.category == newest.category)
        .where(
            faults.c.reported_at.between(
                newest.reported_at - rule.window, newest.reported_at + rule.window
            )
        )
        .order_by(faults.c.reported_at.desc(), faults.c.case_id)
        .limit(COMPARED)
    )
    others = (await connection.execute(query)).mappings().all()
    alike = outage_around(newest, [_fault(one) for one in others], rule)
    return _note(f"MI-{alike[0].case_id}", alike, rule) if alike else None


async def _incident_near(connection: AsyncConnection, newest: Fault, rule: Rule) -> str | None:
    """One under way of the same category, in whose area the fault lies."""
    query = (
        select(incidents)
        .where(incidents.c.stage.in_(("proposed", "confirmed")))
        .where(incidents.c.category == newest.category)
        .order_by(incidents.c.since, incidents.c.incident_id)
    )
    for row in (await connection.execute(query)).mappings():
        found = INCIDENT.decoder.decode(row["state"]).found
        if found is None or newest.reported_at < found.since - rule.window:
            continue
        middle = Fault(
            case_id=row["incident_id"],
            category=found.category,
            reported_at=found.since,
            site_id=row["incident_id"],
            point=found.centre,
            city=found.city,
        )
        if in_one_area(newest, middle, rule.radius_km):
            return row["incident_id"]
    return None


def _note(incident_id: str, alike: Sequence[Fault], rule: Rule) -> Note:
    newest = alike[-1]
    return Note(
        incident_id=incident_id,
        category=newest.category,
        case_ids=[fault.case_id for fault in alike],
        since=alike[0].reported_at,
        centre=newest.point,
        city=newest.city,
        why={
            "cases": len(alike),
            "at_least": rule.cases,
            "within_min": int(rule.window.total_seconds() // 60),
            "radius_km": rule.radius_km,
        },
    )


def _noted(fact: object) -> Iterable[str]:
    match fact:
        case IncidentProposed():
            return fact.case_ids
        case IncidentJoined():
            return (fact.case_id,)
        case _:
            return ()


def _is_news(change: todos.Change) -> bool:
    before = change.before
    if before is None or not is_fault(before):
        return True
    return _row(change.key, before) != _row(change.key, change.after)


def _row(case_id: str, state: CaseState) -> dict[str, Any]:
    report = state.report
    return {
        "case_id": case_id,
        "category": report.category if report else None,
        "reported_at": state.reported_at,
        "site_id": report.site_id if report else None,
        "device_id": report.device_id if report else None,
    }


def _located() -> Any:
    return select(faults, sites.c.city, sites.c.latitude, sites.c.longitude).outerjoin(
        sites, sites.c.site_id == faults.c.site_id
    )


def _fault(row: RowMapping) -> Fault:
    point = None
    if row["latitude"] is not None:
        point = Point(latitude=row["latitude"], longitude=row["longitude"])
    return Fault(
        case_id=row["case_id"],
        category=row["category"],
        reported_at=row["reported_at"],
        site_id=row["site_id"],
        device_id=row["device_id"],
        point=point,
        city=row["city"],
    )
