"""Availability of devices and of all devices of a customer (SL-09)."""

from datetime import UTC, datetime, timedelta
from typing import Annotated

from fastapi import Depends, Query, Request
from pydantic import AwareDatetime, BaseModel

from aftercare_http import (
    Cursor,
    Id,
    Limit,
    MinPosition,
    Router,
    decode_cursor,
    encode_cursor,
    requires,
    unprocessable,
)

from ..availability import Wanted, measure
from ..domain.availability import Figures
from ..domain.instants import seconds
from ..monitor import monitor_of

router = Router(prefix="/v1", tags=["figures"])
READ = Depends(requires("sla:read"))
DEFAULT_PERIOD = timedelta(days=30)
LONGEST_PERIOD = timedelta(days=3660)

From = Annotated[
    AwareDatetime | None, Query(alias="from", description="Default: 30 days before `until`.")
]
Until = Annotated[AwareDatetime | None, Query(description="Default and latest: now.")]


class AvailabilityFigures(BaseModel):
    """Seconds and per cent over the period; of a system, over the sum of its devices' time."""

    observed_s: float
    downtime_s: float
    faults: int
    failures: int
    mean_time_to_respond_s: float | None
    mean_time_to_restore_s: float | None
    mean_time_between_failures_s: float | None
    availability_percent: float


class DeviceAvailability(AvailabilityFigures):
    device_id: str


class AvailabilityReport(BaseModel):
    """`system` is all devices together, whatever the page; `all_up_percent` the share of the
    period in which none of them was down. Both are null where there is no device."""

    begin: datetime
    until: datetime
    system: AvailabilityFigures | None
    all_up_percent: float | None
    items: list[DeviceAvailability]
    next: str | None = None


@router.get("/availability", dependencies=[READ, MinPosition])
async def show_availability(
    request: Request,
    device: Id | None = None,
    customer: Id | None = None,
    site: Id | None = None,
    start: From = None,
    until: Until = None,
    limit: Limit = 50,
    cursor: Cursor = None,
) -> AvailabilityReport:
    """Downtime, MTTR, MTBF and availability of devices, and of them all; at least one filter."""
    if device is None and customer is None and site is None:
        raise unprocessable("customer", "missing", "a device, a customer or a site is expected")
    monitor = monitor_of(request)
    begin, end = _period(start, until, monitor.clock.now())
    found = await measure(monitor.engine, Wanted(device, customer, site), begin, end)
    after = decode_cursor(cursor, tuple[str])
    names = [name for name in found.devices if after is None or name > after[0]]
    shown = names[:limit]
    return AvailabilityReport(
        begin=begin,
        until=end,
        system=_shown(found.system) if found.system else None,
        all_up_percent=found.all_up_percent,
        items=[
            DeviceAvailability(device_id=name, **_shown(found.devices[name]).model_dump())
            for name in shown
        ],
        next=encode_cursor((shown[-1],)) if len(names) > limit else None,
    )


def _period(
    start: datetime | None, until: datetime | None, now: datetime
) -> tuple[datetime, datetime]:
    """Raises Problem 422 for a period that is empty, too long, or not over."""
    try:
        end = now if until is None else until.astimezone(UTC)
        begin = end - DEFAULT_PERIOD if start is None else start.astimezone(UTC)
    except OverflowError:
        raise unprocessable("from", "out-of-range", "is beyond what can be counted") from None
    if end > now:
        raise unprocessable("until", "in-the-future", "lies in the future")
    if begin >= end:
        raise unprocessable("from", "empty-period", "must lie before `until`")
    if end - begin > LONGEST_PERIOD:
        raise unprocessable("from", "too-long", f"at most {LONGEST_PERIOD.days} days are counted")
    return begin, end


def _shown(figures: Figures) -> AvailabilityFigures:
    return AvailabilityFigures(
        observed_s=seconds(figures.observed),
        downtime_s=seconds(figures.downtime),
        faults=figures.faults,
        failures=figures.failures,
        mean_time_to_respond_s=_seconds(figures.mean_time_to_respond),
        mean_time_to_restore_s=_seconds(figures.mean_time_to_restore),
        mean_time_between_failures_s=_seconds(figures.mean_time_between_failures),
        availability_percent=figures.availability_percent,
    )


def _seconds(micros: int | None) -> float | None:
    return None if micros is None else seconds(micros)
