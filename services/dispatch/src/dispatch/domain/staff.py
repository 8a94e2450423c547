"""All engineers in columns, so that choosing among ten thousand costs a millisecond."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

import numpy as np
from numpy.typing import NDArray

from aftercare_events.catalogue.engineer import Certificate, Duty, Residence
from aftercare_events.duty import ALWAYS
from aftercare_events.official_days import OfficialDays
from aftercare_events.rota import Absence, Dated, Rota

from .geography import EARTH_RADIUS_KM, Direction
from .presence import Presence, presence_of

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
    dated: tuple[Dated, ...] = ()
    absences: tuple[Absence, ...] = ()
    reserve: bool = False
    residence: Residence | None = None

    @property
    def rota(self) -> Rota:
        return Rota(active=self.active, duty=self.duty, dated=self.dated, absences=self.absences)


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
    reserve: Flags
    resident: Mapping[Residence, Days]
    presence: Presence = field(repr=False)

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
        return self.presence.at(at).flags

    def is_resident_at(self, customer_id: str | None, site_id: str | None) -> Flags:
        """That customer's own: at this site, or at all of them."""
        flags = np.zeros(len(self), dtype=np.bool_)
        for residence, rows in self.resident.items():
            if residence.customer_id == customer_id and residence.site_id in (None, site_id):
                flags[rows] = True
        return flags

    def is_resident_elsewhere(self, customer_id: str | None, site_id: str | None) -> Flags:
        flags = np.zeros(len(self), dtype=np.bool_)
        for rows in self.resident.values():
            flags[rows] = True
        return flags & ~self.is_resident_at(customer_id, site_id)

    def distance_km(self, where: Direction) -> Numbers:
        """From home; NaN for those whose home is unknown."""
        return distances_km(self.home, where)


def distances_km(places: Numbers, where: Direction) -> Numbers:
    """From each row of `places`."""
    return EARTH_RADIUS_KM * np.arccos(np.clip(places @ np.array(where), -1.0, 1.0))


def staff_of(engineers: Iterable[Engineer], days: OfficialDays | None = None) -> Staff:
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
        reserve=np.array([engineer.reserve for engineer in rows], dtype=np.bool_),
        resident=_resident(rows),
        presence=presence_of({one.engineer_id: one.rota for one in rows}, days),
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


def _resident(rows: Sequence[Engineer]) -> Mapping[Residence, Days]:
    by_place: dict[Residence, list[int]] = {}
    for index, engineer in enumerate(rows):
        if engineer.residence is not None:
            by_place.setdefault(engineer.residence, []).append(index)
    return {place: np.array(indices, dtype=np.int64) for place, indices in by_place.items()}
