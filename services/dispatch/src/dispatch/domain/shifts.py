"""Dated duty and leave of one engineer: what may be said of it, and what follows (DP-04, DP-18)."""

from collections.abc import Iterator, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import assert_never

from aftercare_events.catalogue.engineer import (
    AbsenceKind,
    EngineerAbsenceCancelled,
    EngineerAbsenceRecorded,
    EngineerHandedOver,
    EngineerShiftCancelled,
    EngineerShiftPlanned,
)
from aftercare_events.decider import Refused
from aftercare_events.official_days import OfficialDays
from aftercare_events.rota import Rota, end_of_duty, is_here
from aftercare_events.rota_folding import absence_of, dated_of

LONGEST_SHIFT = timedelta(days=7)
LONGEST_ABSENCE = timedelta(days=366)
MOST = 2000

Fact = (
    EngineerShiftPlanned
    | EngineerShiftCancelled
    | EngineerHandedOver
    | EngineerAbsenceRecorded
    | EngineerAbsenceCancelled
)


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanShift:
    engineer_id: str
    shift_id: str
    start: datetime
    end: datetime
    taken_from: str | None = None
    note: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CancelShift:
    engineer_id: str
    shift_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class HandOver:
    """`to` has said yes: their side is planned in the same batch.

    Without `until` it goes to the end of the duty. `days` are the official ones of the day.
    """

    engineer_id: str
    shift_id: str
    to: str
    start: datetime
    until: datetime | None = None
    days: OfficialDays | None = None
    note: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordAbsence:
    engineer_id: str
    absence_id: str
    start: datetime
    end: datetime
    kind: AbsenceKind = "leave"
    deputy: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CancelAbsence:
    engineer_id: str
    absence_id: str


Command = PlanShift | CancelShift | HandOver | RecordAbsence | CancelAbsence


def decide(command: Command, rota: Rota) -> Sequence[Fact]:
    """Raises Refused."""
    match command:
        case PlanShift():
            return plan_shift(command, rota)
        case CancelShift():
            return cancel_shift(command, rota)
        case HandOver():
            return hand_over(command, rota)
        case RecordAbsence():
            return record_absence(command, rota)
        case CancelAbsence():
            known = any(one.absence_id == command.absence_id for one in rota.absences)
            cancelled = EngineerAbsenceCancelled(
                engineer_id=command.engineer_id, absence_id=command.absence_id
            )
            return [cancelled] if known else []
        case _:
            assert_never(command)


def no_longer(
    engineer_id: str, rota: Rota, entries: AbstractSet[str], now: datetime
) -> Iterator[Command]:
    """What takes these dated entries off from `now` on: of one that has begun, the rest."""
    for shift in rota.dated:
        if shift.shift_id not in entries:
            continue
        if shift.start >= now:
            yield CancelShift(engineer_id=engineer_id, shift_id=shift.shift_id)
        elif now < shift.end:
            yield PlanShift(
                engineer_id=engineer_id, shift_id=shift.shift_id, start=shift.start, end=now
            )
    for away in rota.absences:
        if away.absence_id not in entries:
            continue
        if away.start >= now:
            yield CancelAbsence(engineer_id=engineer_id, absence_id=away.absence_id)
        elif now < away.end:
            yield RecordAbsence(
                engineer_id=engineer_id,
                absence_id=away.absence_id,
                start=away.start,
                end=now,
                kind=away.kind,
                deputy=away.deputy,
            )


def plan_shift(command: PlanShift, rota: Rota) -> Sequence[Fact]:
    _in_order(command.start, command.end, LONGEST_SHIFT)
    planned = EngineerShiftPlanned(
        engineer_id=command.engineer_id,
        shift_id=command.shift_id,
        start=command.start,
        end=command.end,
        taken_from=command.taken_from,
        note=command.note,
    )
    if dated_of(planned) in rota.dated or (command.taken_from and _knows(rota, command.shift_id)):
        return []
    _room_for_one_more(rota.dated)
    return [planned]


def cancel_shift(command: CancelShift, rota: Rota) -> Sequence[Fact]:
    """What was handed over is not taken back by one side alone."""
    known = next((one for one in rota.dated if one.shift_id == command.shift_id), None)
    if known is None:
        return []
    if known.other is not None:
        raise Refused("handed-over", f"{known.shift_id} was handed over: hand it back instead")
    return [EngineerShiftCancelled(engineer_id=command.engineer_id, shift_id=command.shift_id)]


def hand_over(command: HandOver, rota: Rota) -> Sequence[Fact]:
    if _knows(rota, command.shift_id):
        return []
    if command.to == command.engineer_id:
        raise Refused("same-engineer", "a shift is handed over to somebody else", "to")
    end = _handed_over_until(command, rota)
    _in_order(command.start, end, LONGEST_SHIFT)
    _room_for_one_more(rota.dated)
    return [
        EngineerHandedOver(
            engineer_id=command.engineer_id,
            shift_id=command.shift_id,
            to=command.to,
            start=command.start,
            end=end,
            note=command.note,
        )
    ]


def _handed_over_until(command: HandOver, rota: Rota) -> datetime:
    """Until when whoever takes over has the duty."""
    if not is_here(rota, command.start, command.days):
        raise Refused("not-on-duty", "a duty that somebody has is handed over", "start")
    end = command.until or end_of_duty(rota, command.start, command.days)
    if end is None:
        raise Refused("until-required", "this duty has no end of its own: say until when", "until")
    return end


def record_absence(command: RecordAbsence, rota: Rota) -> Sequence[Fact]:
    _in_order(command.start, command.end, LONGEST_ABSENCE)
    if command.deputy == command.engineer_id:
        raise Refused("own-deputy", "nobody stands in for themselves", "deputy")
    recorded = EngineerAbsenceRecorded(
        engineer_id=command.engineer_id,
        absence_id=command.absence_id,
        start=command.start,
        end=command.end,
        kind=command.kind,
        deputy=command.deputy,
    )
    if absence_of(recorded) in rota.absences:
        return []
    _room_for_one_more(rota.absences)
    return [recorded]


def _knows(rota: Rota, shift_id: str) -> bool:
    return any(one.shift_id == shift_id for one in rota.dated)


def _in_order(start: datetime, end: datetime, longest: timedelta) -> None:
    if not timedelta(0) < end - start <= longest:
        raise Refused("not-in-order", f"ends after it starts, within {longest.days} days", "end")


def _room_for_one_more(entries: Sequence[object]) -> None:
    if len(entries) >= MOST:
        raise Refused("too-many", f"at most {MOST} dated entries for one engineer")
