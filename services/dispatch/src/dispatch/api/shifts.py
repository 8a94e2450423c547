"""Dated duty, leave, hand-over, and who is on duty at an instant (DP-04, DP-18)."""

from typing import Annotated

from fastapi import Path, Query
from pydantic import AfterValidator, AwareDatetime, BaseModel

from aftercare_events.catalogue.engineer import AbsenceKind
from aftercare_http import (
    Cursor,
    Id,
    Limit,
    MinPosition,
    Page,
    Router,
    decode_cursor,
    encode_cursor,
)

from ..domain import shifts
from ..tables import engineers
from .call import Call, Calling, Desk, Entered, Happening, Reader, Reason, or_nothing
from .instants import within_reason

router = Router(prefix="/v1", tags=["engineers"], dependencies=[MinPosition])

EngineerId = Annotated[Id, Path(examples=["E-TAN-WEI"])]
ShiftId = Annotated[Id, Path(examples=["SH-EXAMPLE"])]
AbsenceId = Annotated[Id, Path(examples=["AB-EXAMPLE"])]
Instant = Annotated[AwareDatetime, AfterValidator(within_reason)]


class ShiftBody(Happening):
    """From `start` up to, not including, `end`; at most a week."""

    start: Instant
    end: Instant


class AbsenceBody(Happening):
    """From `start` up to `end`; who has duty then is stood in for by `deputy`, if there is one."""

    start: Instant
    end: Instant
    kind: AbsenceKind = "leave"
    deputy: Id | None = None


class HandOverBody(Happening):
    """`to` is on duty from `start` (now unless said) until `until`, else the end of the duty."""

    to: Id
    start: Instant | None = None
    until: Instant | None = None
    note: Reason | None = None


class OnDuty(BaseModel):
    engineer_id: str
    department: str | None
    stands_in_for: list[str]


@router.put("/rosters/{engineer_id}/shifts/{shift_id}")
async def put_shift(
    engineer_id: EngineerId, shift_id: ShiftId, call: Calling, body: ShiftBody
) -> Entered:
    """On duty in this time, whatever the weekly duty says.

    Whoever has no weekly duty is from then on on duty in dated shifts only.
    """
    command = shifts.PlanShift(
        engineer_id=engineer_id, shift_id=shift_id, start=body.start, end=body.end
    )
    return await call.change_engineer(body, engineer_id, command)


@router.post("/rosters/{engineer_id}/shifts/{shift_id}/cancel")
async def cancel_shift(
    engineer_id: EngineerId,
    shift_id: ShiftId,
    call: Calling,
    body: Annotated[Happening, or_nothing(Happening)],
) -> Entered:
    command = shifts.CancelShift(engineer_id=engineer_id, shift_id=shift_id)
    return await call.change_engineer(body, engineer_id, command)


@router.put("/rosters/{engineer_id}/absences/{absence_id}")
async def put_absence(
    engineer_id: EngineerId, absence_id: AbsenceId, call: Calling, body: AbsenceBody
) -> Entered:
    """Not on duty in this time; nobody is sent who is absent."""
    return await absence(call, engineer_id, absence_id, body)


async def absence(call: Call, engineer_id: str, absence_id: str, body: AbsenceBody) -> Entered:
    await call.known(engineers, "deputy", body.deputy)
    command = shifts.RecordAbsence(
        engineer_id=engineer_id,
        absence_id=absence_id,
        start=body.start,
        end=body.end,
        kind=body.kind,
        deputy=body.deputy,
    )
    return await call.change_engineer(body, engineer_id, command)


@router.post("/rosters/{engineer_id}/absences/{absence_id}/cancel")
async def cancel_absence(
    engineer_id: EngineerId,
    absence_id: AbsenceId,
    call: Calling,
    body: Annotated[Happening, or_nothing(Happening)],
) -> Entered:
    command = shifts.CancelAbsence(engineer_id=engineer_id, absence_id=absence_id)
    return await call.change_engineer(body, engineer_id, command)


@router.post("/rosters/{engineer_id}/hand-over")
async def hand_over(engineer_id: EngineerId, call: Calling, body: HandOverBody) -> Entered:
    """One goes, the other comes: the time is off the one roster and on the other at once."""
    days = await call.desk.choosing.index.days()
    command = shifts.HandOver(
        engineer_id=engineer_id,
        shift_id=call.derive("HO"),
        to=body.to,
        start=body.start or call.by(body).at,
        until=body.until,
        days=days,
        note=body.note,
    )
    return await call.hand_over(body, command)


@router.get("/on-duty")
async def list_on_duty(
    desk: Desk,
    _: Reader,
    at: Annotated[Instant | None, Query(description="Now, unless said.")] = None,
    limit: Limit = 50,
    cursor: Cursor = None,
) -> Page[OnDuty]:
    """Who is on duty by roster, leave and hand-over, and whom they stand in for."""
    staff = (await desk.choosing.index.present(desk.clock.now())).staff
    attendance = staff.presence.at(at or desk.clock.now())
    after = decode_cursor(cursor, tuple[str])
    here = [
        one
        for row, one in enumerate(staff.engineers)
        if attendance.flags[row] and (after is None or one.engineer_id > after[0])
    ]
    items = [
        OnDuty(
            engineer_id=one.engineer_id,
            department=one.department,
            stands_in_for=list(attendance.stand_ins.get(one.engineer_id, ())),
        )
        for one in here[:limit]
    ]
    following = encode_cursor((items[-1].engineer_id,)) if len(here) > limit else None
    return Page(items=items, next=following)
