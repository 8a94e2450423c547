"""Alerts for ops that are no case's (IN-03, DP-11)."""

from typing import Annotated

from fastapi import Depends, Query, Request
from pydantic import BaseModel

from aftercare_http import MinPosition, Router, requires

from .. import ops_notices
from ..monitor import monitor_of
from ..ops_alerts import OpsAlert, find
from ..ops_notices import OpsNotice

router = Router(prefix="/v1", tags=["alerts"])
READ = Depends(requires("sla:read"))


class OpsAlerts(BaseModel):
    """`items` are about the connect rate; `notices` about what else runs short or is overdue."""

    items: list[OpsAlert]
    notices: list[OpsNotice]


@router.get("/ops-alerts", dependencies=[READ, MinPosition])
async def list_ops_alerts(
    request: Request,
    open: Annotated[bool, Query(description="Not resolved yet.")] = False,  # noqa: A002
) -> OpsAlerts:
    """Where too few calls are answered and what is overdue, each the newest first."""
    engine = monitor_of(request).engine
    return OpsAlerts(
        items=list(await find(engine, open_only=open)),
        notices=list(await ops_notices.find(engine, open_only=open)),
    )
