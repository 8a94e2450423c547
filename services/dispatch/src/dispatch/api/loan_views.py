"""What a reader sees of loans."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from pydantic import BaseModel
from sqlalchemy import RowMapping

from aftercare_events.catalogue.loan import LoanCause, LoanRequested

from ..aggregates import LOAN
from ..domain import loan


class LoanView(BaseModel):
    """Unit, depot and `model` are what is lent, `wanted` is what a waiting loan waits for."""

    loan_id: str
    status: loan.Stage
    case_id: str
    unit_id: str | None
    depot_id: str | None
    model: str | None
    wanted: Mapping[str, Any] | None
    waiting_since: datetime | None
    due_back: date | None
    overdue: bool
    automatic: bool
    cause: LoanCause | None
    why: Mapping[str, Any] | None
    waybill: str | None
    condition: str | None
    position: int


def loan_view(row: RowMapping) -> LoanView:
    state = LOAN.decoder.decode(row["state"])
    terms, request = state.terms, state.request
    said = terms or request
    if said is None:
        raise ValueError(f"loan {row['loan_id']} was never asked for")
    return LoanView(
        loan_id=said.loan_id,
        status=state.stage,
        case_id=said.case_id,
        unit_id=terms.unit_id if terms else None,
        depot_id=terms.depot_id if terms else None,
        model=terms.model if terms else None,
        wanted=_wanted(request) if request and not terms else None,
        waiting_since=state.requested_at if state.stage == "waiting" else None,
        due_back=state.due_back,
        overdue=state.is_overdue,
        automatic=said.automatic,
        cause=said.cause,
        why=terms.why if terms else None,
        waybill=state.waybill,
        condition=state.condition,
        position=row["position"],
    )


def _wanted(request: LoanRequested) -> Mapping[str, Any]:
    names = ("model", "category", "grade", "family", "same_look", "depot_id")
    return {name: getattr(request, name) for name in names}
