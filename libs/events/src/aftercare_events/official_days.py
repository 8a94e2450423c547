"""Official holidays and make-up working days: as shipped, and as later editions amend them."""

from datetime import date
from functools import cache
from importlib.metadata import version
from typing import cast

import msgspec
from chinese_calendar import constants

from .catalogue.terms import CalendarPublished

CN = "cn"
SATURDAY = 5


class OfficialDays(msgspec.Struct, frozen=True, omit_defaults=True):
    """An official set of holidays and make-up working days, for the years it knows.

    `edition` says where it was taken from, so that a later notice is told from an earlier one.
    """

    edition: str
    years: tuple[int, ...]
    off: frozenset[date]
    on: frozenset[date]

    def amended(self, edition: "OfficialDays") -> "OfficialDays":
        """These days with the years that `edition` names put in their place."""
        years = frozenset(edition.years)
        return OfficialDays(
            edition=edition.edition,
            years=tuple(sorted(years.union(self.years))),
            off=edition.off | {day for day in self.off if day.year not in years},
            on=edition.on | {day for day in self.on if day.year not in years},
        )

    def is_worked(self, day: date) -> bool:
        """In years it does not know: Monday to Friday."""
        return day in self.on or (day.weekday() < SATURDAY and day not in self.off)

    def last_known_year(self) -> int:
        """The end of the first unbroken run of known years."""
        last = min(self.years)
        while last + 1 in self.years:
            last += 1
        return last


def edition_of(published: CalendarPublished) -> OfficialDays:
    """What an event says of official days; it names no day twice."""
    return OfficialDays(
        edition=published.edition,
        years=published.years,
        off=frozenset(published.off),
        on=frozenset(published.on),
    )


@cache
def shipped() -> OfficialDays:
    """The State Council's days as `chinesecalendar` has them."""
    off = frozenset(cast("dict[date, str]", constants.holidays))
    on = frozenset(cast("dict[date, str]", constants.workdays))
    years = tuple(sorted({day.year for day in off}))
    return OfficialDays(f"chinesecalendar {version('chinesecalendar')}", years, off, on)
