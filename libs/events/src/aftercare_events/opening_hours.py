"""Which spans of which days a calendar opens, by its own words and the official holidays."""

from datetime import date

import msgspec

from .official_days import OfficialDays

Span = tuple[int, int]
"""Opening and closing in seconds after local midnight; past midnight the closing exceeds 86400."""

FULL_DAY: Span = (0, 86_400)


class CalendarSpec(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A calendar as a contract words it (SL-02).

    `week` has the spans of Monday to Sunday. `official` names a set of holidays; `make_up_days`
    says whether its make-up days are worked. Keys of `days` and entries of `off` and `on` are
    `YYYY-MM-DD`, or `MM-DD` for every year.
    """

    time_zone: str
    week: tuple[tuple[Span, ...], ...]
    official: str | None = None
    make_up_days: bool = True
    make_up_hours: tuple[Span, ...] = ()
    off: frozenset[str] = frozenset()
    on: frozenset[str] = frozenset()
    days: dict[str, tuple[Span, ...]] = {}
    chosen: dict[str, str] = {}

    def is_always_open(self) -> bool:
        plain = not (self.official or self.off or self.days)
        return plain and all(spans == (FULL_DAY,) for spans in self.week)


class DayPlan:
    """The spans that begin on a day.

    A day with hours of its own comes first, then the calendar's own days on and off, then the
    official set, then the week. A day that is made a working day but has no spans in the week
    has the calendar's make-up hours: those of its first open weekday, unless it names others.
    """

    def __init__(self, spec: CalendarSpec, official: OfficialDays | None) -> None:
        self._spec = spec
        self._off: frozenset[date] = official.off if official else frozenset()
        self._on: frozenset[date] = official.on if official and spec.make_up_days else frozenset()
        self._make_up = spec.make_up_hours or next((s for s in spec.week if s), ())

    def spans(self, day: date) -> tuple[Span, ...]:
        iso = day.isoformat()
        for key in (iso, iso[5:]):
            if key in self._spec.days:
                return self._spec.days[key]
        if self._is_made_working_day(day, iso):
            return self._spec.week[day.weekday()] or self._make_up
        return () if self._is_off(day, iso) else self._spec.week[day.weekday()]

    def _is_made_working_day(self, day: date, iso: str) -> bool:
        spec = self._spec
        if iso in spec.on or iso[5:] in spec.on:
            return True
        return day in self._on and iso not in spec.off and iso[5:] not in spec.off

    def _is_off(self, day: date, iso: str) -> bool:
        return iso in self._spec.off or iso[5:] in self._spec.off or day in self._off


def never_opens(spec: CalendarSpec) -> bool:
    """Whether the openings of a calendar come to an end.

    Days named with their year are finite in number and cannot keep a promise running for ever.
    """
    yearly = {key: spans for key, spans in spec.days.items() if len(key) == len("MM-DD")}
    lasting = msgspec.structs.replace(
        spec, days=yearly, on=frozenset(day for day in spec.on if len(day) == len("MM-DD"))
    )
    plan = DayPlan(lasting, None)
    # the Gregorian calendar puts every date on every weekday within 28 years
    first, end = date(2104, 1, 1).toordinal(), date(2132, 1, 1).toordinal()
    return not any(plan.spans(date.fromordinal(ordinal)) for ordinal in range(first, end))
