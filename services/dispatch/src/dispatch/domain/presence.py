"""The same answer as `rota`, in columns: who is on duty among ten thousand, in a moment."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

import numpy as np
from numpy.typing import NDArray

from aftercare_events.catalogue.engineer import Duty
from aftercare_events.duty import next_start, on_duty
from aftercare_events.official_days import OfficialDays
from aftercare_events.rota import Rota, deputy_of

Flags = NDArray[np.bool_]
Rows = NDArray[np.int64]
Instants = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Spans:
    """Row `rows[i]` from `starts[i]` up to `ends[i]`, in seconds."""

    rows: Rows
    starts: Instants
    ends: Instants

    def covering(self, at: datetime) -> Flags:
        instant = at.timestamp()
        return (self.starts <= instant) & (instant < self.ends)

    def next_edge(self, after: float) -> float:
        later = [edges[edges > after] for edges in (self.starts, self.ends)]
        return min((float(edges.min()) for edges in later if len(edges)), default=np.inf)


@dataclass(frozen=True, slots=True)
class Attendance:
    """Who is on duty, row by row, and whom the deputies among them stand in for."""

    flags: Flags
    stand_ins: Mapping[str, Sequence[str]]


@dataclass(frozen=True, slots=True)
class Presence:
    """`dated` stand in the order in which a later one goes before an earlier one."""

    row: Mapping[str, int]
    rotas: Mapping[str, Rota]
    duties: Mapping[Duty, Rows]
    dated: Spans
    dated_on: Flags
    absences: Spans
    absent: Sequence[str]
    days: OfficialDays | None = None

    def at(self, instant: datetime) -> Attendance:
        flags = np.zeros(len(self.row), dtype=np.bool_)
        for duty, rows in self.duties.items():
            flags[rows] = on_duty(duty, instant, self.days)
        covering = np.flatnonzero(self.dated.covering(instant))
        # Where a row is named twice, the last assignment stands.
        flags[self.dated.rows[covering]] = self.dated_on[covering]
        away = np.flatnonzero(self.absences.covering(instant))
        missing = [self.absent[int(one)] for one in away if flags[self.absences.rows[one]]]
        flags[self.absences.rows[away]] = False
        stand_ins = self._stand_ins(missing, instant)
        flags[[self.row[deputy] for deputy in stand_ins]] = True
        return Attendance(flags, stand_ins)

    def _stand_ins(self, missing: Sequence[str], instant: datetime) -> Mapping[str, Sequence[str]]:
        stand_ins: dict[str, list[str]] = {}
        for who in sorted(set(missing)):
            if (deputy := deputy_of(who, self.rotas, instant)) is not None:
                stand_ins.setdefault(deputy, []).append(who)
        return stand_ins

    def next_start(self, after: datetime) -> datetime | None:
        """When somebody may next come to work; None where nothing ever changes."""
        starts = [next_start(duty, after, self.days) for duty in self.duties]
        edge = min(spans.next_edge(after.timestamp()) for spans in (self.dated, self.absences))
        if np.isfinite(edge):
            starts.append(datetime.fromtimestamp(edge, after.tzinfo))
        return min(filter(None, starts), default=None)


def presence_of(rotas: Mapping[str, Rota], days: OfficialDays | None = None) -> Presence:
    """The columns of these rosters, in their order."""
    duties: dict[Duty, list[int]] = {}
    dated: list[tuple[int, float, float]] = []
    dated_on: list[bool] = []
    absences: list[tuple[int, float, float]] = []
    absent: list[str] = []
    for row, (who, rota) in enumerate(rotas.items()):
        if not rota.active:
            continue
        duties.setdefault(rota.duty, []).append(row)
        for shift in rota.dated:
            dated.append((row, shift.start.timestamp(), shift.end.timestamp()))
            dated_on.append(shift.on)
        for absence in rota.absences:
            absences.append((row, absence.start.timestamp(), absence.end.timestamp()))
            absent.append(who)
    return Presence(
        row={who: row for row, who in enumerate(rotas)},
        rotas=rotas,
        duties={duty: np.array(rows, dtype=np.int64) for duty, rows in duties.items()},
        dated=_spans(dated),
        dated_on=np.array(dated_on, dtype=np.bool_),
        absences=_spans(absences),
        absent=absent,
        days=days,
    )


def _spans(entries: Sequence[tuple[int, float, float]]) -> Spans:
    return Spans(
        np.array([row for row, _, _ in entries], dtype=np.int64),
        np.array([start for _, start, _ in entries], dtype=np.float64),
        np.array([end for _, _, end in entries], dtype=np.float64),
    )
