"""The clocks of a case over HTTP (SL-11)."""

from datetime import datetime
from typing import Any

import msgspec
from fastapi import Depends, Request
from pydantic import BaseModel

from aftercare_events.sealing import Sealed
from aftercare_http import Id, MinPosition, Router, not_found, requires

from ..case_clocks import clocks_of
from ..domain.explain import Explanation
from ..domain.explain_text import as_text
from ..monitor import Monitor, monitor_of

router = Router(prefix="/v1", tags=["clocks"])
READ = Depends(requires("sla:read"))


class ClockView(BaseModel):
    """One clock as it stands; `explanation` says where its due time comes from."""

    case_id: str
    clock: str
    cycle: int
    state: str
    started_at: datetime
    due_at: datetime
    met_at: datetime | None
    breached_at: datetime | None
    paused_s: float
    policy: str
    policy_version: int
    provisional: bool
    explanation: dict[str, Any]


class CaseClocks(BaseModel):
    case_id: str
    clocks: list[ClockView]


@router.get("/cases/{case_id}/clocks", dependencies=[READ, MinPosition])
async def show_clocks(request: Request, case_id: Id) -> CaseClocks:
    """Every clock of a case with its due time, state and explanation."""
    monitor = monitor_of(request)
    found = await clocks_of(monitor, case_id)
    if found is None:
        raise not_found("case", case_id)
    views = [_view(explanation, await _agreed(monitor, explanation)) for explanation in found]
    return CaseClocks(case_id=case_id, clocks=views)


def _view(explanation: Explanation, agreement: dict[str, Any] | None) -> ClockView:
    data: dict[str, Any] = msgspec.to_builtins(explanation)
    record = data.pop("record")
    texts = {"text": as_text(explanation, "en"), "text_zh": as_text(explanation, "zh")}
    return ClockView(**record, explanation={**data, **texts, "agreement": agreement})


async def _agreed(monitor: Monitor, explanation: Explanation) -> dict[str, Any] | None:
    """Who agreed, in clear; a person who was erased is nobody."""
    agreement = explanation.agreement
    if agreement is None:
        return None
    name: str | None
    if isinstance(agreement.agreed_with, Sealed):
        opened = await monitor.vault.open(agreement.agreed_with)
        name = opened["name"] if opened else None
    else:
        name = agreement.agreed_with
    return {"at": agreement.at, "agreed_with": name, "reason": agreement.reason}
