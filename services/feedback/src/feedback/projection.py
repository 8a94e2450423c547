"""Events into rows: cases, callbacks, corrective actions, registers, and the to-do list."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from types import UnionType
from typing import Any, get_args

import msgspec
from sqlalchemy import Table, select
from sqlalchemy.ext.asyncio import AsyncConnection

from aftercare_events import todo
from aftercare_events.catalogue import decode, entry_of
from aftercare_events.catalogue import feedback as f
from aftercare_events.catalogue.engineer import EngineerRegistered
from aftercare_events.catalogue.sla import PolicyPublished
from aftercare_events.envelope import Recorded
from aftercare_events.sql import upsert

from . import tables
from .domain.callback import Callback, CallbackFact
from .domain.case import CaseFact
from .domain.corrective_action import ActionFact
from .duties import duties
from .folding import Fact
from .states import ACTIONS, CALLBACKS, CASES

_REGISTERS = (f.OfficerRegistered, EngineerRegistered, PolicyPublished)
_READ = frozenset(
    entry_of(data).name
    for data in (*get_args(CaseFact), *get_args(CallbackFact), *get_args(ActionFact), *_REGISTERS)
)


class FeedbackProjection:
    """The read model of feedback."""

    name = "feedback"
    tables: Sequence[Table] = tables.READ_MODEL

    async def apply(self, connection: AsyncConnection, batch: Sequence[Recorded]) -> None:
        facts = [_fact_of(recorded) for recorded in batch if recorded.event.type in _READ]
        for fact in facts:
            await _register(connection, fact)
        await CASES.apply(connection, _about(CaseFact, facts))
        await CALLBACKS.apply(connection, _about(CallbackFact, facts))
        await ACTIONS.apply(connection, _about(ActionFact, facts))
        await _keep_list(connection, facts)


def _about(kind: UnionType, facts: Sequence[Fact]) -> Sequence[Fact]:
    return [fact for fact in facts if isinstance(fact.data, kind)]


def _fact_of(recorded: Recorded) -> Fact:
    event = recorded.event
    return Fact(recorded.position, event.aggregate_id, event.time, decode(event))


async def _register(connection: AsyncConnection, fact: Fact) -> None:
    """The rows that are no fold: registers, where the newest entry holds, and kept answers."""
    match fact.data:
        case f.OfficerRegistered():
            await upsert(connection, tables.officers, [_officer(fact.data)])
        case EngineerRegistered(engineer_id=engineer_id, department=department):
            row = {"engineer_id": engineer_id, "department": department}
            await upsert(connection, tables.engineers, [row])
        case PolicyPublished():
            await upsert(connection, tables.callback_rules, [_callback_rule(fact.data)])
        case f.CallbackAttempted():
            await upsert(connection, tables.attempts, [_attempt(fact.data, fact.at)])
        case f.CallbackCompleted():
            await upsert(connection, tables.answers, [_answers(fact.data)])
        case _:
            pass


def _officer(data: f.OfficerRegistered) -> dict[str, Any]:
    return {
        "officer_id": data.officer_id,
        "department": data.department,
        "name": _plain(data.name),
        "active": data.active,
    }


def _callback_rule(data: PolicyPublished) -> dict[str, Any]:
    not_by = data.policy.get("callback", {}).get("not_by", ())
    return {
        "policy": data.name,
        "version": data.version,
        "technical_barred": "technical_department" in not_by,
    }


def _attempt(data: f.CallbackAttempted, at: datetime) -> dict[str, Any]:
    return {
        "callback_id": data.callback_id,
        "attempt": data.attempt,
        "at": at,
        "officer_id": data.officer_id,
        "outcome": data.outcome,
        "next_attempt_at": data.next_attempt_at,
        "note": _plain(data.note),
    }


def _answers(data: f.CallbackCompleted) -> dict[str, Any]:
    scores = data.scores or f.Scores()
    return {
        "callback_id": data.callback_id,
        "engineer_id": data.engineer_id,
        "outcome": data.outcome,
        "technical_skill": scores.technical_skill,
        "attitude": scores.attitude,
        "timeliness": scores.timeliness,
        "suggestions": _plain(data.suggestions),
    }


def _plain(value: msgspec.Struct | None) -> Any:
    return None if value is None else msgspec.to_builtins(value)


async def _keep_list(connection: AsyncConnection, facts: Iterable[Fact]) -> None:
    """Put on the to-do list what the touched cases are owed now, and take off what is settled."""
    latest = {
        fact.data.case_id: fact for fact in facts if isinstance(fact.data, CaseFact | CallbackFact)
    }
    if not latest:
        return
    cases = await CASES.load(connection, latest)
    callbacks = await _callbacks_of(connection, latest)
    every = [
        duties(case_id, case, callbacks.get(case_id, ()), latest[case_id])
        for case_id, case in cases.items()
    ]
    await todo.put(connection, tables.infra, [item for each in every for item in each.owed])
    await todo.drop(connection, tables.infra, [key for each in every for key in each.settled])


async def _callbacks_of(
    connection: AsyncConnection, case_ids: Iterable[str]
) -> dict[str, list[Callback]]:
    table = tables.callbacks
    rows = await connection.execute(
        select(table.c.case_id, table.c.state).where(table.c.case_id.in_(set(case_ids)))
    )
    callbacks: dict[str, list[Callback]] = {}
    for case_id, state in rows:
        callbacks.setdefault(case_id, []).append(msgspec.convert(state, Callback))
    return callbacks
