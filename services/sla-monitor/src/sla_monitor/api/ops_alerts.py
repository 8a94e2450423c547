"""Alerts for ops that are no case's (IN-03)."""

from typing import Annotated

from fastapi import Depends, Query, Request
from pydantic import BaseModel

from aftercare_http import MinPosition, Router, requires

from ..monitor import monitor_of
from ..ops_alerts import OpsAlert, find

router = Router(prefix="/v1", tags=["alerts"])
READ = Depends(requires("sla:read"))


class OpsAlerts(BaseModel):
    items: list[OpsAlert]


@router.get("/ops-alerts", dependencies=[READ, MinPosition])
async def list_ops_alerts(
    request: Request,
    open: Annotated[bool, Query(description="Not resolved yet.")] = False,  # noqa: A002
) -> OpsAlerts:
    """Where too few calls are answered, the newest first; one for each scope."""
    return OpsAlerts(items=list(await find(monitor_of(request).engine, open_only=open)))
