"""All engineers in columns, so that choosing among ten thousand costs a millisecond."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

import numpy as np
from numpy.typing import NDArray

from aftercare_events.catalogue.dispatch import Certificate, Duty
from aftercare_events.duty import ALWAYS, on_duty

from .geography import EARTH_RADIUS_KM, Direction

Flags = NDArray[np.bool_]
Numbers = NDArray[np.float64]
Days = NDArray[np.int64]

NEEDS_NO_CERTIFICATE = date.max.toordinal()
NEVER_CERTIFIED = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Engineer:
    """What the choice has to know of one engineer, apart from today's work."""

    engineer_id: str
    active: bool = True
    department: str | None = None
    level: int = 1
    skills: frozenset[str] = frozenset()
    certificates: tuple[Certificate, ...] = ()
    home: Direction | None = None
    duty: Duty = ALWAYS


@dataclass(frozen=True, slots=True)
class Staff:
    """Row *i* of every column is `engineers[i]`; `row` finds it by id."""

    engineers: Sequence[Engineer]
    row: Mapping[str, int]
    active: Flags
    level: Numbers
    home: Numbers
    skilled: Mapping[str, Flags]
    certified: Mapping[str | None, Days]
    duties: Mapping[Duty, Days] = field(repr=False)

    def __len__(self) -> int:
        return len(self.engineers)

    def has_skill(self, skill: str | None) -> Flags:
        if skill is None:
            return np.ones(len(self), dtype=np.bool_)
        return self.skilled.get(skill, np.zeros(len(self), dtype=np.bool_))

    def is_certified(self, skill: str | None, today: date) -> Flags:
        """Holds a certificate for `skill` that is good today, or is in a post that needs none."""
        until = self.certified.get(skill, self.certified[None])
        return until >= today.toordinal()

    def is_on_duty(self, at: datetime) -> Flags:
        present = np.zeros(len(self), dtype=np.bool_)
        for duty, rows in self.duties.items():
            present[rows] = on_duty(duty, at)
        return present

    def distance_km(self, where: Direction) -> Numbers:
        """NaN for those whose home is unknown."""
        return EARTH_RADIUS_KM * np.arccos(np.clip(self.home @ np.array(where), -1.0, 1.0))


def staff_of(engineers: Iterable[Engineer]) -> Staff:
    """The columns of these engineers, in the order of their ids."""
    rows = sorted(engineers, key=lambda engineer: engineer.engineer_id)
    nowhere = (np.nan, np.nan, np.nan)
    return Staff(
        engineers=rows,
        row={engineer.engineer_id: index for index, engineer in enumerate(rows)},
        active=np.array([engineer.active for engineer in rows], dtype=np.bool_),
        level=np.array([engineer.level for engineer in rows], dtype=np.float64),
        home=np.array([engineer.home or nowhere for engineer in rows], dtype=np.float64).reshape(
            -1, 3
        ),
        skilled=_skilled(rows),
        certified=_certified(rows),
        duties=_duties(rows),
    )


def _skilled(rows: Sequence[Engineer]) -> Mapping[str, Flags]:
    columns: dict[str, Flags] = {}
    for index, engineer in enumerate(rows):
        for skill in engineer.skills:
            columns.setdefault(skill, np.zeros(len(rows), dtype=np.bool_))[index] = True
    return columns


def _certified(rows: Sequence[Engineer]) -> Mapping[str | None, Days]:
    """The last day of each one's certificate, by the skill it is for; None is for all skills."""
    general = np.array([_general(engineer) for engineer in rows], dtype=np.int64)
    columns: dict[str | None, Days] = {None: general}
    for index, engineer in enumerate(rows):
        for one in engineer.certificates:
            if one.skill is not None:
                column = columns.setdefault(one.skill, general.copy())
                column[index] = max(int(column[index]), one.valid_until.toordinal())
    return columns


def _general(engineer: Engineer) -> int:
    if not engineer.certificates:
        return NEEDS_NO_CERTIFICATE
    days = (one.valid_until.toordinal() for one in engineer.certificates if one.skill is None)
    return max(days, default=NEVER_CERTIFIED)


def _duties(rows: Sequence[Engineer]) -> Mapping[Duty, Days]:
    by_duty: dict[Duty, list[int]] = {}
    for index, engineer in enumerate(rows):
        by_duty.setdefault(engineer.duty, []).append(index)
    return {duty: np.array(indices, dtype=np.int64) for duty, indices in by_duty.items()}
