"""The clocks of a case over HTTP (SL-11)."""

from datetime import datetime
from typing import Any

import msgspec
from fastapi import Depends, Request
from pydantic import BaseModel

from aftercare_http import Id, MinPosition, Router, not_found, requires

from ..case_clocks import clocks_of
from ..domain.explain import Explanation
from ..domain.explain_text import as_text
from ..monitor import monitor_of

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
async def clocks(request: Request, case_id: Id) -> CaseClocks:
    """Every clock of a case with its due time, state and explanation."""
    found = await clocks_of(monitor_of(request), case_id)
    if found is None:
        raise not_found("case", case_id)
    return CaseClocks(case_id=case_id, clocks=[_view(explanation) for explanation in found])


def _view(explanation: Explanation) -> ClockView:
    data: dict[str, Any] = msgspec.to_builtins(explanation)
    record = data.pop("record")
    texts = {"text": as_text(explanation, "en"), "text_zh": as_text(explanation, "zh")}
    return ClockView(**record, explanation={**data, **texts})
