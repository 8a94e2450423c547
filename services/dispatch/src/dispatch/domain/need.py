"""What a waiting case asks for, and what the engineers have to do: the input of a choice."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Literal

import numpy as np

from aftercare_events.catalogue.case import Mode
from aftercare_events.catalogue.choosing import ChoosingWeights

from .geography import Direction
from .slot import Slot
from .staff import Days, Numbers, Staff

Obstacle = Literal[
    "inactive",
    "declined",
    "rejected",
    "concerned",
    "reserve",
    "resident_elsewhere",
    "skill",
    "certificate",
    "level",
    "off_duty",
    "booked",
]
NOBODY: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Need:
    """What a case asks for at instant `at`; `today` is the date there, for certificates.

    `declined` gave this case up, `rejected` are unwelcome at this customer's (DP-16), and a
    complaint is about the `concerned`. Of the reserve team the `called` may be sent. `waived` names
    the hard rules that a person may put aside. The visit is promised by `arrive_by`; `version` is
    that of the weights.
    """

    at: datetime
    today: date
    mode: Mode
    skill: str | None = None
    level: int = 1
    where: Direction | None = None
    customer_id: str | None = None
    site_id: str | None = None
    arrive_by: datetime | None = None
    declined: frozenset[str] = NOBODY
    rejected: frozenset[str] = NOBODY
    concerned: frozenset[str] = NOBODY
    knows_device: frozenset[str] = NOBODY
    knows_model: frozenset[str] = NOBODY
    called: frozenset[str] = NOBODY
    waived: frozenset[Obstacle] = frozenset()
    weights: ChoosingWeights = field(default_factory=ChoosingWeights)
    version: int = 0


@dataclass(frozen=True, slots=True)
class Workload:
    """Open cases by engineer, the visits they are booked for, and how they have fared of late.

    `places` is where somebody was last today, for whom the next way begins there, not at home.
    `recent` counts the cases given to each in the last days; `scores` is the mean of the last
    ones that customers gave.
    """

    open_cases: Mapping[str, int]
    visits: Sequence[tuple[str, Slot]] = ()
    recent: Mapping[str, int] = field(default_factory=dict[str, int])
    scores: Mapping[str, float] = field(default_factory=dict[str, float])
    places: Mapping[str, Direction] = field(default_factory=dict[str, Direction])


@dataclass(frozen=True, slots=True)
class Work:
    """The workload in columns beside those of the staff; visits by row, in seconds.

    The rows `away` are at `places`.
    """

    load: Numbers
    recent: Numbers
    scores: Numbers
    away: Days
    places: Numbers
    visitors: Days
    starts: Numbers
    ends: Numbers


def work_of(staff: Staff, workload: Workload) -> Work:
    known = [(staff.row[who], slot) for who, slot in workload.visits if who in staff.row]
    away = [(staff.row[who], place) for who, place in workload.places.items() if who in staff.row]
    return Work(
        load=_column(staff, workload.open_cases, 0.0),
        recent=_column(staff, workload.recent, 0.0),
        scores=_column(staff, workload.scores, np.nan),
        away=np.array([row for row, _ in away], dtype=np.int64),
        places=np.array([place for _, place in away], dtype=np.float64).reshape(-1, 3),
        visitors=np.array([row for row, _ in known], dtype=np.int64),
        starts=np.array([slot.start.timestamp() for _, slot in known], dtype=np.float64),
        ends=np.array([slot.end.timestamp() for _, slot in known], dtype=np.float64),
    )


def _column(staff: Staff, values: Mapping[str, float], blank: float) -> Numbers:
    column = np.full(len(staff), blank, dtype=np.float64)
    rows = np.array([staff.row.get(engineer_id, -1) for engineer_id in values], dtype=np.int64)
    known = rows >= 0
    column[rows[known]] = np.array(list(values.values()), dtype=np.float64)[known]
    return column
