"""The calendars of a policy file."""

from collections.abc import Mapping
from datetime import date
from itertools import pairwise
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from aftercare_events.official_days import OfficialDays
from aftercare_events.opening_hours import CalendarSpec, Span, never_opens

from .units import read_day, read_hours, read_weekdays
from .yaml_nodes import Node

CALENDAR_KEYS = (
    "time_zone",
    "week",
    "holidays",
    "make_up_days",
    "make_up_hours",
    "off",
    "on",
    "days",
    "chosen",
)
YEAR_KEYS = ("edition", "off", "on")
MAKE_UP_DAYS = ("worked", "off")


def read_time_zone(node: Node) -> str:
    name = node.text()
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise node.wrong(f"unknown time zone `{name}`") from None
    return name


def read_calendar(node: Node, time_zone: str, official: Mapping[str, OfficialDays]) -> CalendarSpec:
    """One calendar; `time_zone` is the policy's, unless the calendar has its own."""
    node.only(*CALENDAR_KEYS)
    own_zone, holidays = node.get("time_zone"), node.get("holidays")
    make_up, hours, days = node.get("make_up_days"), node.get("make_up_hours"), node.get("days")
    spec = CalendarSpec(
        time_zone=read_time_zone(own_zone) if own_zone else time_zone,
        week=_week(node.need("week")),
        official=holidays.one_of(official) if holidays else None,
        make_up_days=make_up is None or make_up.one_of(MAKE_UP_DAYS) == "worked",
        make_up_hours=_spans(hours) if hours else (),
        off=_days(node.get("off")),
        on=_days(node.get("on")),
        days={_day(d, key): _spans(d) for key, d in days.items()} if days else {},
        chosen=read_chosen(node),
    )
    if never_opens(spec):
        raise node.wrong(f"the calendar `{node.name}` never opens")
    return spec


def read_chosen(node: Node) -> dict[str, str]:
    chosen = node.get("chosen")
    return {key: value.text() for key, value in chosen.items()} if chosen else {}


def read_official(node: Node | None, known: Mapping[str, OfficialDays]) -> dict[str, OfficialDays]:
    """The official sets, with the years that the policy file adds or puts in their place."""
    official = dict(known)
    for name, years in node.items() if node else ():
        for year, days in years.items():
            official[name] = _with_year(official.get(name), _year(days, year), days)
    return official


def _with_year(known: OfficialDays | None, year: int, node: Node) -> OfficialDays:
    node.only(*YEAR_KEYS)
    off, on, edition = node.get("off"), node.get("on"), node.need("edition").text()
    before = known or OfficialDays(edition, (), frozenset(), frozenset())
    return OfficialDays(
        edition=f"{before.edition}; {edition}" if known else edition,
        years=tuple(sorted({*before.years, year})),
        off=frozenset(d for d in before.off if d.year != year) | _dates(off, year),
        on=frozenset(d for d in before.on if d.year != year) | _dates(on, year),
    )


def _year(node: Node, text: str) -> int:
    if not text.isdecimal() or not 1900 <= int(text) <= 2200:
        raise node.wrong(f"`{text}` is no year")
    return int(text)


def _dates(node: Node | None, year: int) -> frozenset[date]:
    dates: set[date] = set()
    for entry in node.entries() if node else ():
        try:
            day = date.fromisoformat(entry.text())
        except ValueError:
            raise entry.wrong(f"`{entry.text()}` is no date: write `{year}-10-01`") from None
        if day.year != year:
            raise entry.wrong(f"`{entry.text()}` does not lie in {year}")
        dates.add(day)
    return frozenset(dates)


def _week(node: Node) -> tuple[tuple[Span, ...], ...]:
    week: list[tuple[Span, ...]] = [()] * 7
    for name, hours in node.items():
        for day in hours.read(read_weekdays, name):
            if week[day]:
                raise hours.wrong(f"`{name}` names a weekday that has its hours already")
            week[day] = _spans(hours)
    return tuple(week)


def _spans(node: Node) -> tuple[Span, ...]:
    spans = sorted(entry.read(read_hours) for entry in node.entries())
    for earlier, later in pairwise(spans):
        if later[0] < earlier[1]:
            raise node.wrong(f"the spans of `{node.name}` overlap")
    return tuple(spans)


def _days(node: Node | None) -> frozenset[str]:
    return frozenset(_day(entry, entry.text()) for entry in node.entries()) if node else frozenset()


def _day(node: Node, text: str) -> str:
    return node.read(read_day, text)
