"""What the log says of a roster, folded: the same for every service that asks who is on duty."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import TypeVar, assert_never

from msgspec.structs import replace

from .catalogue.engineer import (
    Duty,
    EngineerAbsenceCancelled,
    EngineerAbsenceRecorded,
    EngineerHandedOver,
    EngineerRegistered,
    EngineerRostered,
    EngineerShiftCancelled,
    EngineerShiftPlanned,
)
from .rota import Absence, Dated, Rota

# What is over is forgotten when something is planned two months later; the log keeps it.
REMEMBERED = timedelta(days=62)

Fact = (
    EngineerRegistered
    | EngineerRostered
    | EngineerShiftPlanned
    | EngineerShiftCancelled
    | EngineerHandedOver
    | EngineerAbsenceRecorded
    | EngineerAbsenceCancelled
)
E = TypeVar("E", Dated, Absence)


def evolve(rota: Rota, fact: Fact, at: datetime) -> Rota:
    """The roster after a fact that was recorded `at` (any zone)."""
    match fact:
        case EngineerRegistered():
            return replace(rota, active=fact.active)
        case EngineerRostered():
            return replace(rota, duty=fact.duty, rostered=True)
        case EngineerShiftPlanned():
            planned = rota if rota.rostered else replace(rota, duty=Duty(), rostered=True)
            return _with_dated(planned, dated_of(fact), at)
        case EngineerHandedOver():
            return _with_dated(rota, dated_of(fact), at)
        case EngineerShiftCancelled():
            return replace(rota, dated=tuple(_without(rota.dated, fact.shift_id)))
        case EngineerAbsenceRecorded():
            absences = [*_but(rota.absences, fact.absence_id), absence_of(fact)]
            return replace(rota, absences=_recent(absences, at))
        case EngineerAbsenceCancelled():
            return replace(rota, absences=tuple(_but(rota.absences, fact.absence_id)))
        case _:
            assert_never(fact)


def dated_of(fact: EngineerShiftPlanned | EngineerHandedOver) -> Dated:
    on = isinstance(fact, EngineerShiftPlanned)
    other = fact.taken_from if isinstance(fact, EngineerShiftPlanned) else fact.to
    return Dated(shift_id=fact.shift_id, start=fact.start, end=fact.end, on=on, other=other)


def absence_of(fact: EngineerAbsenceRecorded) -> Absence:
    return Absence(
        absence_id=fact.absence_id,
        start=fact.start,
        end=fact.end,
        kind=fact.kind,
        deputy=fact.deputy,
    )


def _with_dated(rota: Rota, entry: Dated, at: datetime) -> Rota:
    return replace(rota, dated=_recent([*_without(rota.dated, entry.shift_id), entry], at))


def _without(dated: Sequence[Dated], shift_id: str) -> Sequence[Dated]:
    return [one for one in dated if one.shift_id != shift_id]


def _but(absences: Sequence[Absence], absence_id: str) -> Sequence[Absence]:
    return [one for one in absences if one.absence_id != absence_id]


def _recent(entries: Sequence[E], at: datetime) -> tuple[E, ...]:
    return tuple(one for one in entries if one.end > at - REMEMBERED)
