"""What else ops are told of: spares overdue (DP-11) or low (DP-12), nobody there (DP-18, DP-26)."""

from collections.abc import Callable, Mapping, Sequence, Set
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from pydantic import BaseModel
from sqlalchemy import select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from aftercare_events.catalogue import case as c
from aftercare_events.catalogue import decode, entry_of
from aftercare_events.catalogue.cover import CoverGapFound, CoverRestored
from aftercare_events.catalogue.depot import StockLow, StockRefilled
from aftercare_events.catalogue.loan import (
    LoanDueBackSet,
    LoanExtended,
    LoanOverdue,
    LoanReturned,
    LoanWrittenOff,
)
from aftercare_events.catalogue.partner import PartnerAbsent, PartnerSilent
from aftercare_events.envelope import Recorded

from . import cover_words
from .tables import ops_notices

MOST_SHOWN = 200


@dataclass(frozen=True, slots=True)
class Told:
    """A notice begins, with what it says, or ends where `says` is None."""

    kind: str
    subject: str
    says: Mapping[str, Any] | None = None


def _overdue(said: LoanOverdue) -> Told:
    says = {
        "case_id": said.case_id,
        "unit_id": said.unit_id,
        "due_back": said.due_back.isoformat(),
    }
    return Told("loan_overdue", said.loan_id, says)


def _no_longer_overdue(said: Any) -> Told:
    return Told("loan_overdue", said.loan_id)


def _subject(said: StockLow | StockRefilled) -> str:
    return f"{said.depot_id}/{said.model or said.category}"


def _short(said: StockLow) -> Told:
    says = {
        "depot_id": said.depot_id,
        "what": said.model or said.category,
        "free": said.free,
        "at_least": said.at_least,
    }
    return Told("stock_low", _subject(said), says)


def _refilled(said: StockRefilled) -> Told:
    return Told("stock_low", _subject(said))


def _not_covered(said: CoverGapFound) -> Told:
    says = {
        "customer_id": said.customer_id or "",
        "of": said.case_id or said.contract_id or "",
        "gaps": [{"start": gap.start.isoformat(), "end": gap.end.isoformat()} for gap in said.gaps],
    }
    return Told(f"{said.what}_missing", said.cover_id, says)


def _covered(said: CoverRestored) -> Told:
    return Told(f"{said.what}_missing", said.cover_id)


def _unanswered(said: PartnerSilent) -> Told:
    says = {"partner": said.partner_id, "case_id": said.case_id}
    return Told("partner_silent", said.case_id, says)


def _absent(said: PartnerAbsent) -> Told:
    says = {"partner": said.partner_id, "case_id": said.case_id}
    return Told("partner_absent", said.case_id, says)


TELLING: Mapping[type, Callable[[Any], Told]] = {
    LoanOverdue: _overdue,
    LoanReturned: _no_longer_overdue,
    LoanWrittenOff: _no_longer_overdue,
    LoanExtended: _no_longer_overdue,
    LoanDueBackSet: _no_longer_overdue,
    StockLow: _short,
    StockRefilled: _refilled,
    CoverGapFound: _not_covered,
    CoverRestored: _covered,
    PartnerSilent: _unanswered,
    PartnerAbsent: _absent,
}
TYPES = {entry_of(data).name: tell for data, tell in TELLING.items()}
# Somebody has the case again, or nobody needs to.
CARED_FOR = {
    entry_of(data).name
    for data in (
        *(c.CaseAssigned, c.EscalatedToExpert, c.EngineerArrived, c.ServiceRestored),
        *(c.CaseResolved, c.CaseClosed, c.CaseWithdrawn, c.CaseMerged),
    )
}
OF_PARTNERS = ("partner_silent", "partner_absent")


class OpsNotice(BaseModel):
    """`subject` is the id of what it is about; `says` holds the figures."""

    kind: str
    subject: str
    position: int
    since: datetime
    says: Mapping[str, Any]
    resolved_at: datetime | None


async def write(connection: AsyncConnection, batch: Sequence[Recorded]) -> None:
    """Bring the rows into line with what a batch says."""
    alarming = await _alarming(connection, batch)
    for recorded in batch:
        event = recorded.event
        if (tell := TYPES.get(event.type)) is not None:
            await _write_one(connection, recorded, tell(decode(event)))
        elif event.type in CARED_FOR and event.aggregate_id in alarming:
            for kind in OF_PARTNERS:
                await _write_one(connection, recorded, Told(kind, event.aggregate_id))


async def _alarming(connection: AsyncConnection, batch: Sequence[Recorded]) -> Set[str]:
    """The few cases of many that a partner failed, before this batch or within it."""
    if not any(one.event.type in CARED_FOR for one in batch):
        return frozenset()
    told = {one.event.aggregate_id for one in batch if one.event.type in TYPES}
    query = select(ops_notices.c.subject).where(ops_notices.c.resolved_at.is_(None))
    rows = await connection.execute(query.where(ops_notices.c.kind.in_(OF_PARTNERS)))
    return told | set(rows.scalars())


async def _write_one(connection: AsyncConnection, recorded: Recorded, told: Told) -> None:
    at, position = recorded.event.time, recorded.position
    if told.says is None:
        await connection.execute(
            update(ops_notices)
            .where(ops_notices.c.kind == told.kind, ops_notices.c.subject == told.subject)
            .where(ops_notices.c.resolved_at.is_(None))
            .values(resolved_at=at, position=position)
        )
        return
    values = {"position": position, "since": at, "says": dict(told.says), "resolved_at": None}
    statement = insert(ops_notices).values(kind=told.kind, subject=told.subject, **values)
    await connection.execute(
        statement.on_conflict_do_update(
            index_elements=[ops_notices.c.kind, ops_notices.c.subject], set_=values
        )
    )


def as_told(notice: OpsNotice, now: datetime) -> OpsNotice:
    """A notice with what the wall's sentence about it needs."""
    if "gaps" not in notice.says:
        return notice
    return notice.model_copy(update={"says": cover_words.left_of(notice.says, now)})


async def find(engine: AsyncEngine, *, open_only: bool) -> Sequence[OpsNotice]:
    """The newest first; there is one for each subject at most."""
    query = select(ops_notices).order_by(ops_notices.c.since.desc(), ops_notices.c.subject)
    if open_only:
        query = query.where(ops_notices.c.resolved_at.is_(None))
    async with engine.connect() as connection:
        rows = (await connection.execute(query.limit(MOST_SHOWN))).mappings()
        return [OpsNotice.model_validate(dict(row)) for row in rows]
