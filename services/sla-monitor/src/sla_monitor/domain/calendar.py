"""Working time: when it opens and closes, how much was spent, and when a target is used up."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from aftercare_events.official_days import OfficialDays
from aftercare_events.opening_hours import CalendarSpec, DayPlan, never_opens

from .instants import DAY, SECOND, from_micros, span_micros, to_micros

Interval = tuple[int, int]
"""From one instant to a later one."""

_FOREVER = 1 << 62
_FIRST_YEAR = 2025
_FAR = 4 * 366 * DAY


class NeverOpens(ValueError):
    """The calendar has no lasting openings, so that a target might never be used up."""


class Calendar:
    """A contract's calendar, ready to compute with (SL-02).

    Openings are kept as parallel lists of instants in microseconds beside the working time
    spent up to each closing, so that a due time is two binary searches. Years are added when a
    computation reaches them. Everything is exact to the microsecond.

    Raises NeverOpens, zoneinfo.ZoneInfoNotFoundError.
    """

    def __init__(self, spec: CalendarSpec, official: OfficialDays | None = None) -> None:
        if never_opens(spec):
            raise NeverOpens("the calendar never opens")
        self.spec = spec
        self.always = spec.is_always_open()
        self._zone = ZoneInfo(spec.time_zone)
        self._plan = DayPlan(spec, official)
        self._midnights: dict[int, int] = {}
        self._known_from, self._known_until = -_FOREVER, _FOREVER
        if official is not None:
            self._known_from = self._new_year(min(official.years))
            self._known_until = self._new_year(official.last_known_year() + 1)
        self._begin_with(_FIRST_YEAR)

    def due(self, start: datetime, target: timedelta) -> datetime:
        """The earliest instant (UTC) at which exactly `target` has been spent since `start`."""
        return from_micros(self.due_micros(to_micros(start), span_micros(target)))

    def spent(self, start: datetime, end: datetime) -> timedelta:
        """The working time between two instants; negative when `end` comes first."""
        micros = self.spent_micros(to_micros(start), to_micros(end))
        return timedelta(microseconds=micros)

    def due_micros(self, start: int, target: int, pauses: Sequence[Interval] = ()) -> int:
        """The earliest instant at which `target` has been spent outside the pauses.

        They stand in order and do not overlap. One that begins at that instant or later changes
        nothing. `target` must not be negative.
        """
        if self.always:
            return _always_due(start, target, pauses)
        self._cover(start, pauses[-1][1] if pauses else start)
        at, needed = start, self._worked(start) + target
        for begin, end in pauses:
            if end <= at:
                continue
            before = self._worked(max(begin, at))
            if begin >= at and needed <= before:
                break
            needed += self._worked(end) - before
            at = end
        return max(self._instant_of(needed), start)

    def spent_micros(self, start: int, end: int) -> int:
        if self.always:
            return end - start
        if start > end:
            return -self.spent_micros(end, start)
        self._cover(start, end)
        return self._worked(end) - self._worked(start)

    def working_days_due(self, start: int, count: int) -> int:
        """The close of business of the `count`th working day after the local day of `start`."""
        self._cover(start, start)
        day = self.local(start).toordinal()
        while True:
            at = bisect_right(self._days, day) + count - 1
            if at < len(self._days):
                return self._day_closes[at]
            self._add_year()

    def is_provisional(self, start: int, due: int) -> bool:
        """Whether official holidays are not known yet for all of that time."""
        return due > self._known_until or start < self._known_from

    def openings(self, start: int, end: int) -> Iterator[tuple[int, int]]:
        """The stretches of working time between two instants, cut to them."""
        if self.always:
            yield start, end
            return
        self._cover(start, end)
        for at in range(bisect_right(self._closes, start), len(self._opens)):
            if self._opens[at] >= end:
                return
            yield max(start, self._opens[at]), min(end, self._closes[at])

    def local(self, micros: int) -> datetime:
        return from_micros(micros).astimezone(self._zone)

    def _worked(self, instant: int) -> int:
        """Working time from the beginning of the table, which covers it, to `instant`."""
        at = bisect_right(self._opens, instant) - 1
        closing = self._closes[at]
        return self._sums[at] if closing <= instant else self._sums[at] - closing + instant

    def _instant_of(self, worked: int) -> int:
        """The earliest instant by which that much has been worked, years added as needed."""
        while worked > self._sums[-1]:
            self._add_year()
        at = bisect_left(self._sums, worked)
        return self._closes[at] - self._sums[at] + worked

    def _cover(self, start: int, end: int) -> None:
        """Have the table hold `start` to `end`; one that lies far off gets a table of its own."""
        if not self._from <= start < self._until + _FAR:
            self._begin_with(from_micros(start).year - 1)
        while end >= self._until:
            self._add_year()

    def _begin_with(self, year: int) -> None:
        """Start the table anew, with one empty opening so that every search finds an index."""
        start = self._new_year(year)
        self._next_year = year
        # what began on the last day of the year before may go on for two days
        self._from, self._until = start + 2 * DAY, start
        self._opens, self._closes, self._sums = [start], [start], [0]
        self._days: list[int] = []
        self._day_closes: list[int] = []

    def _add_year(self) -> None:
        first = date(self._next_year, 1, 1).toordinal()
        self._next_year += 1
        end = date(self._next_year, 1, 1).toordinal()
        for ordinal in range(first, end):
            spans = self._plan.spans(date.fromordinal(ordinal))
            for opening, closing in spans:
                self._add(self._instant(ordinal, opening), self._instant(ordinal, closing))
            if spans:
                self._days.append(ordinal)
                self._day_closes.append(self._instant(ordinal, spans[-1][1]))
        self._until = self._midnight(end)
        self._midnights.clear()

    def _add(self, opening: int, closing: int) -> None:
        opening = max(opening, self._closes[-1])
        if closing <= opening:
            return
        spent = self._sums[-1] + closing - opening
        if opening == self._closes[-1]:
            self._closes[-1], self._sums[-1] = closing, spent
            return
        self._opens.append(opening)
        self._closes.append(closing)
        self._sums.append(spent)

    def _new_year(self, year: int) -> int:
        return self._midnight(date(year, 1, 1).toordinal())

    def _instant(self, ordinal: int, seconds: int) -> int:
        """When the wall clock first shows that time, or first shows a later one (DST)."""
        days, rest = divmod(seconds, 86_400)
        midnight = self._midnight(ordinal + days)
        if self._midnight(ordinal + days + 1) - midnight == DAY:
            return midnight + rest * SECOND
        return self._first_shown(ordinal + days, rest)

    def _midnight(self, ordinal: int) -> int:
        midnight = self._midnights.get(ordinal)
        if midnight is None:
            midnight = self._midnights[ordinal] = self._first_shown(ordinal, 0)
        return midnight

    def _first_shown(self, ordinal: int, seconds: int) -> int:
        midnight = datetime.combine(date.fromordinal(ordinal), time())
        wall = (midnight + timedelta(seconds=seconds)).replace(tzinfo=self._zone)
        instant = to_micros(wall.astimezone(UTC))
        if self._offset(instant) == wall.utcoffset():
            return instant
        return self._change_between(to_micros(wall.replace(fold=1).astimezone(UTC)), instant)

    def _change_between(self, before: int, after: int) -> int:
        """The second at which the wall clock was put forward."""
        offset = self._offset(after)
        while after - before > SECOND:
            middle = before + (after - before) // (2 * SECOND) * SECOND
            if self._offset(middle) == offset:
                after = middle
            else:
                before = middle
        return after

    def _offset(self, micros: int) -> timedelta | None:
        return self.local(micros).utcoffset()


def _always_due(start: int, target: int, pauses: Sequence[Interval]) -> int:
    at, due = start, start + target
    for begin, end in pauses:
        if begin >= due:
            break
        due += max(end - max(begin, at), 0)
        at = max(at, end)
    return due
