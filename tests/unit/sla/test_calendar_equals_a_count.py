"""Calendars against a brute-force count: spans, midnights, DST, yearly days, make-up days (SL-02).

Forward (due times, across pauses too) and backward (time spent between two instants).
"""

from datetime import UTC, datetime, timedelta

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from aftercare_events.opening_hours import CalendarSpec, Span
from sla_monitor.domain.calendar import Calendar
from sla_monitor.domain.instants import from_micros, span_micros, to_micros
from sla_monitor.shipped import official_days
from support.counting import due_by_counting, spent_by_counting

CN = official_days()["cn"]
DAY = 86_400
MINUTE, SECOND = timedelta(minutes=1), timedelta(seconds=1)
# around the days on which something changes; UTC
CHANGES = {
    "Asia/Shanghai": ["2026-09-30", "2026-10-07", "2026-10-09", "2026-09-19"],
    "Europe/Berlin": ["2026-03-28", "2026-10-24", "2026-03-29", "2026-10-25"],
    "America/New_York": ["2026-03-07", "2026-10-31", "2026-03-08", "2026-11-01"],
    "Australia/Lord_Howe": ["2026-04-04", "2026-10-03"],
    "America/Havana": ["2026-03-07", "2026-10-31"],
}
DAYS = sorted({day for days in CHANGES.values() for day in days})
NAMED_DAYS = st.sampled_from([*DAYS, *(day[5:] for day in DAYS)])


@st.composite
def days_of_spans(draw: st.DrawFn, step: int) -> tuple[Span, ...]:
    """Up to three spans in order; the last may end at 24:00 or run over midnight."""
    edges = sorted(draw(st.sets(st.integers(0, DAY // step), max_size=6)))
    edges = edges[: len(edges) // 2 * 2]
    spans = [(a * step, b * step) for a, b in zip(edges[::2], edges[1::2], strict=True)]
    if spans and draw(st.booleans()):
        opening, _ = spans.pop()
        spans.append((opening, DAY + draw(st.integers(0, 12 * 3600 // step)) * step))
    return tuple((a, b) for a, b in spans if a < DAY and a < b <= a + DAY)


@st.composite
def calendars(draw: st.DrawFn, step: int) -> tuple[CalendarSpec, datetime]:
    """A calendar, and an instant near a day on which its clock or its days change."""
    zone = draw(st.sampled_from(sorted(CHANGES)))
    named_days = st.frozensets(NAMED_DAYS, max_size=3)
    week = [draw(days_of_spans(step)) for _ in range(7)]
    if not any(week):
        # whoever counts has no patience for a calendar that opens once a year
        week[2] = ((DAY - step, DAY + step),)
    spec = CalendarSpec(
        time_zone=zone,
        week=tuple(week),
        official=draw(st.sampled_from([None, "cn"])),
        make_up_days=draw(st.booleans()),
        make_up_hours=draw(st.just(()) | days_of_spans(step)),
        off=draw(named_days),
        on=draw(named_days),
        days=draw(st.dictionaries(NAMED_DAYS, days_of_spans(step), max_size=2)),
    )
    day = datetime.fromisoformat(draw(st.sampled_from(CHANGES[zone]))).replace(tzinfo=UTC)
    return spec, day + timedelta(seconds=draw(st.integers(0, DAY // step)) * step)


def _opened(spec: CalendarSpec) -> Calendar:
    return Calendar(spec, CN if spec.official else None)


@settings(max_examples=25, deadline=None)
@given(calendars(60), st.integers(0, 2 * 1440))
def test_time_spent_equals_a_count_of_minutes(
    chosen: tuple[CalendarSpec, datetime], minutes: int
) -> None:
    spec, start = chosen
    end = start + minutes * MINUTE
    counted = spent_by_counting(spec, CN if spec.official else None, start, end, MINUTE)
    assert _opened(spec).spent(start, end) == counted
    assert _opened(spec).spent(end, start) == -counted


@settings(max_examples=15, deadline=None)
@given(calendars(1), st.integers(0, 7200))
def test_time_spent_equals_a_count_of_seconds(
    chosen: tuple[CalendarSpec, datetime], seconds: int
) -> None:
    spec, start = chosen
    end = start + seconds * SECOND
    counted = spent_by_counting(spec, CN if spec.official else None, start, end, SECOND)
    assert _opened(spec).spent(start, end) == counted


@settings(max_examples=25, deadline=None)
@given(
    calendars(60),
    st.integers(1, 600),
    st.lists(st.tuples(st.integers(0, 2000), st.integers(1, 900)), max_size=3),
)
def test_due_time_equals_a_count_of_minutes_outside_the_pauses(
    chosen: tuple[CalendarSpec, datetime], minutes: int, drawn: list[tuple[int, int]]
) -> None:
    spec, start = chosen
    pauses, free_from = list[tuple[datetime, datetime]](), 0
    for gap, length in drawn:
        begin = free_from + gap
        free_from = begin + length
        pauses.append((start + begin * MINUTE, start + free_from * MINUTE))
    official, target = CN if spec.official else None, minutes * MINUTE
    intervals = [(to_micros(begin), to_micros(end)) for begin, end in pauses]
    micros = _opened(spec).due_micros(to_micros(start), span_micros(target), intervals)
    computed = from_micros(micros)
    # A calendar that opens a few days a year would be counted for minutes.
    assume(computed - start < timedelta(days=30))
    assert due_by_counting(spec, official, start, target, pauses, MINUTE) == computed


@settings(max_examples=15, deadline=None)
@given(calendars(1), st.integers(1, 3600))
def test_due_time_equals_a_count_of_seconds(
    chosen: tuple[CalendarSpec, datetime], seconds: int
) -> None:
    spec, start = chosen
    target, computed = seconds * SECOND, _opened(spec).due(start, seconds * SECOND)
    if computed - start > timedelta(hours=6):
        start = computed - timedelta(hours=1)
        target = _opened(spec).spent(start, computed)
    counted = due_by_counting(spec, CN if spec.official else None, start, target, [], SECOND)
    assert counted == computed


@settings(max_examples=40, deadline=None)
@given(
    calendars(60),
    st.datetimes(datetime.fromisoformat("2025-06-01"), datetime.fromisoformat("2027-06-01")),
    st.integers(1, 10**12),
)
def test_due_time_is_the_earliest_that_has_spent_the_target(
    chosen: tuple[CalendarSpec, datetime], at: datetime, micros: int
) -> None:
    start, target = at.replace(tzinfo=UTC), timedelta(microseconds=micros)
    calendar = _opened(chosen[0])
    instant = calendar.due(start, target)
    assert calendar.spent(start, instant) == target
    assert calendar.spent(start, instant - timedelta(microseconds=1)) < target
