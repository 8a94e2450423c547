"""Calendars: what opens when, and due times to the microsecond."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aftercare_events.official_days import OfficialDays
from aftercare_events.opening_hours import CalendarSpec, Span
from sla_monitor.domain.calendar import Calendar, NeverOpens
from sla_monitor.domain.instants import from_micros, to_micros
from sla_monitor.shipped import official_days
from support.clock_stories import SHANGHAI, local, shown

H = 3600
NINE_TO_FIVE: Span = (9 * H, 17 * H)
CN = official_days()["cn"]


def weekdays(*spans: Span, **more: object) -> CalendarSpec:
    week = (spans,) * 5 + ((), ())
    return CalendarSpec(**{"time_zone": "Asia/Shanghai", "week": week, **more})  # type: ignore[arg-type]


def every_day(*spans: Span, **more: object) -> CalendarSpec:
    return CalendarSpec(**{"time_zone": "Asia/Shanghai", "week": (spans,) * 7, **more})  # type: ignore[arg-type]


def at(text: str) -> int:
    return to_micros(local(text))


def due(spec: CalendarSpec, start: str, hours: float, official: OfficialDays | None = None) -> str:
    return shown(Calendar(spec, official).due(local(start), timedelta(hours=hours)))


def test_target_used_up_at_closing_is_due_at_closing() -> None:
    assert due(weekdays(NINE_TO_FIVE), "2026-11-02 15:00", 2) == "2026-11-02 17:00"


def test_microsecond_more_is_due_after_the_next_opening() -> None:
    calendar = Calendar(weekdays(NINE_TO_FIVE))
    instant = calendar.due(local("2026-11-02 15:00"), timedelta(hours=2, microseconds=1))
    assert instant == local("2026-11-03 09:00:00.000001")


@pytest.mark.parametrize("start", ["2026-11-06 17:00", "2026-11-07 12:00", "2026-11-09 08:59:59"])
def test_start_outside_counts_from_the_next_opening(start: str) -> None:
    assert due(weekdays(NINE_TO_FIVE), start, 1) == "2026-11-09 10:00"


def test_several_spans_a_day() -> None:
    spec = weekdays((9 * H, 12 * H), (13 * H, 17 * H))
    assert due(spec, "2026-11-02 11:00", 2) == "2026-11-02 14:00"


def test_span_across_midnight_belongs_to_the_day_it_begins_on() -> None:
    spec = weekdays((22 * H, 30 * H))
    assert due(spec, "2026-11-06 23:00", 7) == "2026-11-07 06:00"
    assert due(spec, "2026-11-06 23:00", 8) == "2026-11-09 23:00"


def test_day_may_end_at_midnight() -> None:
    spec = weekdays((18 * H, 24 * H))
    assert due(spec, "2026-11-02 23:00", 2) == "2026-11-03 19:00"


def test_holidays_are_off_and_make_up_days_on_or_off() -> None:
    worked = weekdays(NINE_TO_FIVE, official="cn")
    assert due(worked, "2026-09-30 16:00", 2, CN) == "2026-10-08 10:00"
    assert due(worked, "2026-10-09 16:00", 2, CN) == "2026-10-10 10:00"
    off = weekdays(NINE_TO_FIVE, official="cn", make_up_days=False)
    assert due(off, "2026-10-09 16:00", 2, CN) == "2026-10-12 10:00"


def test_make_up_day_may_have_hours_of_its_own() -> None:
    spec = weekdays(NINE_TO_FIVE, official="cn", make_up_hours=((10 * H, 12 * H),))
    assert due(spec, "2026-10-09 16:00", 3, CN) == "2026-10-10 12:00"


def test_dates_of_one_year_and_of_every_year() -> None:
    spec = weekdays(NINE_TO_FIVE, off=frozenset({"2026-11-03", "11-04"}))
    assert due(spec, "2026-11-02 16:00", 2) == "2026-11-05 10:00"
    assert due(spec, "2027-11-02 16:00", 2) == "2027-11-03 10:00"
    assert due(spec, "2027-11-03 16:00", 2) == "2027-11-05 10:00"


def test_day_with_hours_of_its_own_comes_before_everything() -> None:
    days: dict[str, tuple[Span, ...]] = {"2026-10-01": ((9 * H, 10 * H),), "11-03": ()}
    spec = weekdays(NINE_TO_FIVE, official="cn", days=days)
    assert due(spec, "2026-09-30 17:00", 1, CN) == "2026-10-01 10:00"
    assert due(spec, "2026-11-02 17:00", 1, CN) == "2026-11-04 10:00"


def test_own_working_day_comes_before_a_holiday() -> None:
    spec = weekdays(NINE_TO_FIVE, official="cn", on=frozenset({"2026-10-02"}))
    assert due(spec, "2026-09-30 17:00", 1, CN) == "2026-10-02 10:00"


def test_working_days_leave_out_the_day_of_receipt() -> None:
    calendar = Calendar(weekdays((9 * H, 18 * H), official="cn"), CN)
    for start, count, expected in (
        ("2026-10-09 17:30", 5, "2026-10-15 18:00"),
        ("2026-10-09 00:00", 1, "2026-10-10 18:00"),
        ("2026-10-03 12:00", 1, "2026-10-08 18:00"),
        ("2026-09-30 23:59:59", 1, "2026-10-08 18:00"),
    ):
        assert shown(from_micros(calendar.working_days_due(at(start), count))) == expected


def test_daylight_saving_makes_a_day_shorter_and_longer() -> None:
    zone = ZoneInfo("America/New_York")
    spec = every_day((0, 24 * H), time_zone="America/New_York", off=frozenset({"12-25"}))
    calendar = Calendar(spec)
    for day, hours in ((date(2026, 3, 8), 23), (date(2026, 11, 1), 25), (date(2026, 6, 1), 24)):
        start = datetime(day.year, day.month, day.day, tzinfo=zone)
        end = start + timedelta(days=1)
        assert calendar.spent(start, end) == timedelta(hours=hours)


def test_opening_in_the_hour_that_is_left_out_opens_after_it() -> None:
    zone = ZoneInfo("America/New_York")
    calendar = Calendar(every_day((9000, 6 * H), time_zone="America/New_York"))
    start = datetime(2026, 3, 8, tzinfo=zone)
    assert calendar.due(start, timedelta(hours=1)) == datetime(2026, 3, 8, 4, tzinfo=zone)


def test_calendar_that_never_opens_is_refused() -> None:
    for spec in (
        every_day(),
        every_day(days={"2026-11-02": (NINE_TO_FIVE,)}),
        every_day(on=frozenset({"2026-11-02"})),
    ):
        with pytest.raises(NeverOpens):
            Calendar(spec)


def test_unknown_year_is_computed_and_said_to_be_provisional() -> None:
    calendar = Calendar(weekdays(NINE_TO_FIVE, official="cn"), CN)
    start, end = at("2026-12-31 16:00"), at("2027-01-01 10:00")
    assert shown(calendar.due(from_micros(start), timedelta(hours=2))) == "2027-01-01 10:00"
    assert calendar.is_provisional(start, end)
    assert not calendar.is_provisional(start, at("2026-12-31 17:00"))
    assert calendar.is_provisional(at("2003-12-31 17:00"), start)


def test_calendar_without_official_days_is_never_provisional() -> None:
    calendar = Calendar(weekdays(NINE_TO_FIVE))
    assert not calendar.is_provisional(at("2026-01-01 00:00"), at("2050-01-01 00:00"))


def test_spent_is_negative_backwards() -> None:
    calendar = Calendar(weekdays(NINE_TO_FIVE))
    start, end = local("2026-11-02 16:00"), local("2026-11-03 10:00")
    assert calendar.spent(start, end) == timedelta(hours=2) == -calendar.spent(end, start)


@settings(max_examples=30, deadline=None)
@given(
    st.lists(
        st.datetimes(datetime.fromisoformat("2000-01-01"), datetime.fromisoformat("2035-01-01")),
        min_size=3,
        max_size=3,
    )
)
def test_order_of_questions_does_not_matter(instants: list[datetime]) -> None:
    spec = weekdays((9 * H, 12 * H), (22 * H, 26 * H), official="cn")
    asked = Calendar(spec, CN)
    for instant in instants:
        start = instant.replace(tzinfo=SHANGHAI)
        fresh = Calendar(spec, CN)
        span = timedelta(hours=20)
        assert asked.due(start, span) == fresh.due(start, span)
        assert asked.spent(start, start + span) == fresh.spent(start, start + span)
