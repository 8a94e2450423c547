"""Who is on duty at an instant (DP-04, DP-18): weekly duty, dated shifts, absences, deputies."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

import msgspec

from .catalogue.engineer import AbsenceKind, Duty
from .duty import ALWAYS, edges_of, on_duty
from .official_days import OfficialDays

WEEK = timedelta(days=7)


class Dated(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """From `start` up to `end` on duty or, once it was handed over, not; goes before the week."""

    shift_id: str
    start: datetime
    end: datetime
    on: bool = True
    other: str | None = None

    def covers(self, at: datetime) -> bool:
        return self.start <= at < self.end


class Absence(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """From `start` up to `end` not on duty, whatever a roster says."""

    absence_id: str
    start: datetime
    end: datetime
    kind: AbsenceKind = "leave"
    deputy: str | None = None

    def covers(self, at: datetime) -> bool:
        return self.start <= at < self.end


class Rota(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """When one person is on duty; without a weekly duty around the clock.

    Of what is `dated`, the later entry goes before the earlier one. Who is not `active` has left:
    no duty, and nobody's deputy. `rostered` tells that the week was settled: by a weekly duty, or
    by a dated shift before any, from which on that person works by dated shifts alone.
    """

    active: bool = True
    duty: Duty = ALWAYS
    rostered: bool = False
    dated: tuple[Dated, ...] = ()
    absences: tuple[Absence, ...] = ()


def is_scheduled(rota: Rota, at: datetime, days: OfficialDays | None = None) -> bool:
    """Whether the roster has somebody on duty, absent or not."""
    if not rota.active:
        return False
    entry = dated_at(rota, at)
    return on_duty(rota.duty, at, days) if entry is None else entry.on


def is_here(rota: Rota, at: datetime, days: OfficialDays | None = None) -> bool:
    """On duty by their own roster; whom they stand in for besides is not asked."""
    return is_scheduled(rota, at, days) and absence_at(rota, at) is None


def dated_at(rota: Rota, at: datetime) -> Dated | None:
    """What goes before the week then, if anything does."""
    return next((one for one in reversed(rota.dated) if one.covers(at)), None)


def handed_over_to(rota: Rota, at: datetime) -> str | None:
    """Who took over the duty of that instant (交接班)."""
    entry = dated_at(rota, at)
    return None if entry is None or entry.on else entry.other


def absence_at(rota: Rota, at: datetime) -> Absence | None:
    return next((one for one in rota.absences if one.covers(at)), None)


def end_of_duty(rota: Rota, at: datetime, days: OfficialDays | None = None) -> datetime | None:
    """When the duty of `at` is over; None for somebody without one, or with no end in a week."""
    if not is_scheduled(rota, at, days):
        return None
    later = edges(rota, at, at + WEEK, days)
    return next((edge for edge in later if not is_scheduled(rota, edge, days)), None)


def edges(
    rota: Rota, start: datetime, end: datetime, days: OfficialDays | None = None
) -> Sequence[datetime]:
    """The instants between two at which the answer may change, in order."""
    found = {edge for one in (*rota.dated, *rota.absences) for edge in (one.start, one.end)}
    found |= set(edges_of(rota.duty, start, end, days))
    return sorted(edge for edge in found if start < edge < end)


def edges_of_duty(
    who: str,
    rotas: Mapping[str, Rota],
    start: datetime,
    end: datetime,
    days: OfficialDays | None = None,
) -> Sequence[datetime]:
    """The instants between two at which it may change who does the duty of `who`."""
    known: dict[str, Sequence[datetime]] = {}
    left = [who]
    while left:
        one = left.pop()
        if one in known or one not in rotas:
            continue
        known[one] = edges(rotas[one], start, end, days)
        left += [entry.other for entry in rotas[one].dated if entry.other and not entry.on]
        left += [absence.deputy for absence in rotas[one].absences if absence.deputy]
    return sorted({edge for found in known.values() for edge in found})


def serving(
    who: str, rotas: Mapping[str, Rota], at: datetime, days: OfficialDays | None = None
) -> str | None:
    """Who does the duty that `who` has by the roster: they, whoever took it over, or a deputy.

    None where there is no duty, or nobody to do it.
    """
    passed: set[str] = set()
    one = who
    while one not in passed:
        rota = rotas.get(one)
        if rota is None:
            return None
        to = handed_over_to(rota, at)
        if to is None:
            return deputy_of(one, rotas, at) if is_scheduled(rota, at, days) else None
        passed.add(one)
        one = to
    return None


def deputy_of(who: str, rotas: Mapping[str, Rota], at: datetime) -> str | None:
    """Who does the duty of `who`: they themselves, or the first deputy who is not absent too."""
    asked: set[str] = set()
    one: str | None = who
    while one is not None and one not in asked:
        rota = rotas.get(one)
        if rota is None or not rota.active:
            return None
        absence = absence_at(rota, at)
        if absence is None:
            return one
        asked.add(one)
        one = absence.deputy
    return None
