"""What the log tells of engineers beside their entries: places, repairs, cases given, scores."""

from collections.abc import Sequence
from datetime import datetime
from statistics import mean
from typing import Any, NamedTuple

import msgspec
from sqlalchemy.ext.asyncio import AsyncConnection

from aftercare_events.catalogue.case import CaseAssigned, CaseResolved, EngineerArrived
from aftercare_events.catalogue.feedback import CallbackCompleted
from aftercare_events.sql import upsert

from . import tables
from .domain.case_state import CaseState

Telling = CaseAssigned | CaseResolved | EngineerArrived | CallbackCompleted


class Told(NamedTuple):
    """A fact, where it stands in the log, and the case right after it where it is about one."""

    fact: Telling
    at: datetime
    position: int
    case: CaseState | None


async def save(connection: AsyncConnection, told: Sequence[Told]) -> None:
    await upsert(connection, tables.given, [row for one in told if (row := _given(one))])
    await upsert(connection, tables.worked_on, [row for one in told if (row := _repaired(one))])
    # Of several arrivals in a batch the last is where somebody is.
    arrived = {row["engineer_id"]: row for one in told if (row := _arrived(one))}
    await upsert(connection, tables.whereabouts, list(arrived.values()))
    await upsert(connection, tables.scores, [row for one in told if (row := _scored(one))])


def _arrived(told: Told) -> dict[str, Any] | None:
    case = told.case
    if not isinstance(told.fact, EngineerArrived) or case is None:
        return None
    who = told.fact.engineer_id or (case.assignment and case.assignment.engineer_id)
    if who is None or told.fact.partner_id is not None:
        return None
    if case.report is None or not case.report.site_id:
        return None
    return {
        "engineer_id": who,
        "site_id": case.report.site_id,
        "at": told.at,
    }


def _given(told: Told) -> dict[str, Any] | None:
    if not isinstance(told.fact, CaseAssigned):
        return None
    return {"position": told.position, "engineer_id": told.fact.engineer_id, "at": told.at}


def _repaired(told: Told) -> dict[str, Any] | None:
    case = told.case
    if not isinstance(told.fact, CaseResolved) or case is None or case.assignment is None:
        return None
    if case.report is None or not case.report.device_id:
        return None
    return {"device_id": case.report.device_id, "engineer_id": case.assignment.engineer_id}


def _scored(told: Told) -> dict[str, Any] | None:
    fact = told.fact
    if not isinstance(fact, CallbackCompleted) or fact.scores is None or fact.engineer_id is None:
        return None
    given = [score for score in msgspec.structs.astuple(fact.scores) if score is not None]
    if not given:
        return None
    return {"engineer_id": fact.engineer_id, "position": told.position, "score": mean(given)}
