"""When people are rung: quiet hours hold a message back, a storm becomes a few messages."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import msgspec
import pytest

from aftercare_events.catalogue.duty import QuietHours, RecipientRegistered
from aftercare_events.catalogue.engineer import Duty, DutySpan
from sla_monitor.domain.directory import Directory
from sla_monitor.domain.ringing import (
    CALM,
    LONGEST_WINDOW,
    Hold,
    quiet_until,
    ring_at,
    told,
)

EVERY_DAY = tuple(range(1, 8))
SHANGHAI, BERLIN = "Asia/Shanghai", "Europe/Berlin"
NOON = datetime(2026, 11, 2, 12, tzinfo=UTC)


def night(zone: str = SHANGHAI) -> QuietHours:
    hours = Duty(zone=zone, spans=(DutySpan(days=EVERY_DAY, start="22:00", end="07:00"),))
    return QuietHours(hours=hours)


def boss(**changes: object) -> RecipientRegistered:
    entry = RecipientRegistered(recipient_id="BOSS", quiet=night(), deputy="VICE", channels=1)
    return msgspec.structs.replace(entry, **changes)


def vice(**changes: object) -> RecipientRegistered:
    entry = RecipientRegistered(recipient_id="VICE", channels=1)
    return msgspec.structs.replace(entry, **changes)


def directory(*entries: RecipientRegistered) -> Directory:
    return Directory({entry.recipient_id: entry for entry in entries})


def at(text: str, zone: str = SHANGHAI) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone)).astimezone(UTC)


@pytest.mark.parametrize("zone", [SHANGHAI, BERLIN])
@pytest.mark.parametrize(
    ("now", "until"),
    [
        ("2026-11-02 22:00", "2026-11-03 07:00"),
        ("2026-11-02 23:59", "2026-11-03 07:00"),
        ("2026-11-03 00:00", "2026-11-03 07:00"),
        ("2026-11-03 06:59", "2026-11-03 07:00"),
    ],
)
def test_message_waits_for_the_end_of_the_night_where_the_person_is(
    zone: str, now: str, until: str
) -> None:
    people = directory(boss(quiet=night(zone), deputy=None))
    assert told(people, "BOSS", {"leadership"}, at(now, zone)) == Hold(at(until, zone))


@pytest.mark.parametrize("now", ["2026-11-02 07:00", "2026-11-02 12:00", "2026-11-02 21:59"])
def test_by_day_the_person_is_told(now: str) -> None:
    assert told(directory(boss(), vice()), "BOSS", {"leadership"}, at(now)) == "BOSS"


def test_one_instant_is_night_here_and_day_there() -> None:
    now = at("2026-11-03 04:00")
    here, there = (directory(boss(quiet=night(zone))) for zone in (SHANGHAI, BERLIN))
    assert isinstance(told(here, "BOSS", {"pm"}, now), Hold)
    assert told(there, "BOSS", {"pm"}, now) == "BOSS"


def test_night_in_which_clocks_change_ends_by_the_wall_clock() -> None:
    """In Berlin the night to 2026-10-25 is an hour longer."""
    begin = datetime(2026, 10, 24, 22, tzinfo=ZoneInfo(BERLIN)).astimezone(UTC)
    assert quiet_until(night(BERLIN), begin) == datetime(2026, 10, 25, 6, tzinfo=UTC)


def test_some_ranks_ring_at_night() -> None:
    people = directory(boss(), vice())
    assert told(people, "BOSS", {"executive"}, at("2026-11-02 23:00")) == "BOSS"
    assert told(people, "BOSS", {"pm", "executive"}, at("2026-11-02 23:00")) == "BOSS"


def test_deputy_who_is_awake_is_told_instead() -> None:
    assert told(directory(boss(), vice()), "BOSS", {"pm"}, at("2026-11-02 23:00")) == "VICE"


@pytest.mark.parametrize(
    "deputy",
    [vice(quiet=night()), vice(channels=0), vice(active=False), vice(duty=Duty())],
    ids=["asleep", "without a channel", "gone", "off duty"],
)
def test_deputy_who_cannot_be_reached_is_not(deputy: RecipientRegistered) -> None:
    found = told(directory(boss(), deputy), "BOSS", {"pm"}, at("2026-11-02 23:00"))
    assert found == Hold(at("2026-11-03 07:00"))


def test_hours_that_touch_are_one_night() -> None:
    spans = (
        DutySpan(days=EVERY_DAY, start="20:00", end="24:00"),
        DutySpan(days=EVERY_DAY, start="00:00", end="08:00"),
    )
    quiet = QuietHours(hours=Duty(spans=spans))
    assert quiet_until(quiet, at("2026-11-02 21:00")) == at("2026-11-03 08:00")


def test_quiet_that_never_ends_goes_to_the_deputy_or_holds_nothing_back() -> None:
    always = boss(quiet=QuietHours(hours=Duty(around_the_clock=True)))
    assert told(directory(always, vice()), "BOSS", {"pm"}, NOON) == "VICE"
    assert told(directory(always), "BOSS", {"pm"}, NOON) == "BOSS"


def test_first_alert_rings_at_once_and_the_next_are_gathered_for_a_minute() -> None:
    assert ring_at(NOON, []) == NOON
    later = NOON + timedelta(seconds=5)
    assert ring_at(later, [NOON]) == NOON + timedelta(minutes=1)


def test_what_waited_long_enough_rings_at_once() -> None:
    later = NOON + timedelta(minutes=5)
    assert ring_at(later, [NOON]) == later


def test_windows_double_while_the_storm_lasts() -> None:
    rung, waits = [NOON], list[timedelta]()
    for _ in range(8):
        next_at = ring_at(rung[0] + timedelta(seconds=1), rung)
        waits.append(next_at - rung[0])
        rung.insert(0, next_at)
    minutes = [wait.total_seconds() / 60 for wait in waits]
    assert minutes == [1, 2, 4, 8, 16, 16, 16, 16]
    assert waits[-1] == LONGEST_WINDOW


def test_after_a_calm_the_first_rings_at_once_again() -> None:
    storm = [NOON - timedelta(minutes=one) for one in range(5)]
    later = NOON + CALM
    assert ring_at(later, storm) == later
    assert ring_at(later + timedelta(seconds=1), [later, *storm]) == later + timedelta(minutes=1)


def test_three_hundred_alerts_of_one_outage_are_a_few_messages_that_lose_none() -> None:
    """One alert every two seconds for ten minutes."""
    alerts = [NOON + timedelta(seconds=2 * number) for number in range(300)]
    rung: list[datetime] = []
    covered: list[list[datetime]] = []
    left = alerts
    while left:
        now = ring_at(left[0], rung)
        covered.append([one for one in left if one <= now])
        left = [one for one in left if one > now]
        rung.insert(0, now)

    assert [one for message in covered for one in message] == alerts
    assert len(covered) <= 6
    assert len(covered[0]) == 1
