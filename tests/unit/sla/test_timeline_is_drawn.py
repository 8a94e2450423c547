"""The drawing of a timeline: where everything stands, in per cent and rem."""

from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sla_monitor.axis import Axis, axis_of
from sla_monitor.domain.instants import DAY, HOUR, MINUTE
from sla_monitor.domain.timeline import Happening, Timeline
from sla_monitor.drawing import LABEL_WIDTH, Drawing, draw
from support.clock_stories import SHANGHAI, reported, told
from support.timelines import at, micros, timeline_of

S0, S4 = "software-maintenance", "it-integration"
MORNING = micros("2026-11-02 08:00")


def drawn(begin: str, end: str, story: Timeline) -> Drawing:
    return draw(story, Axis(micros(begin), micros(end), SHANGHAI))


def severe(until: str) -> Timeline:
    return timeline_of(reported(S0, "2026-11-02 08:00", severity="severe"), until=until)


def test_instants_are_per_cent_of_the_width() -> None:
    axis = Axis(MORNING, MORNING + 4 * HOUR, SHANGHAI)
    assert [axis.x(MORNING + n * HOUR) for n in (0, 1, 4)] == [0, 25, 100]


def test_bars_stand_end_to_end() -> None:
    [respond, _] = drawn("2026-11-02 08:00", "2026-11-02 12:00", severe("2026-11-02 11:00")).rows
    assert [(bar.x, bar.width, bar.piece.phase) for bar in respond.bars] == [
        (0, 50, "spent"),
        (50, 25, "overrun"),
    ]
    assert respond.due_x == 50


def test_what_lies_beyond_the_edges_is_cut_or_left_out() -> None:
    drawing = drawn("2026-11-02 09:00", "2026-11-02 10:30", severe("2026-11-02 12:00"))
    respond, onsite = drawing.rows
    assert (respond.bars[0].x, respond.due_x) == (0, pytest.approx(66.667))
    assert (onsite.due_x, onsite.goes_on) == (None, True)
    assert (drawing.labels, drawing.now_x) == ((), None)


def test_short_pieces_stay_visible() -> None:
    drawing = drawn("2026-11-01 00:00", "2027-02-01 00:00", severe("2026-11-02 08:01"))
    assert all(bar.width > 0 for row in drawing.rows for bar in row.bars)


@given(st.lists(st.integers(0, 1000), min_size=1, max_size=30))
def test_labels_never_cover_one_another(minutes: list[int]) -> None:
    happenings = tuple(Happening(MORNING + m * MINUTE, "paused") for m in sorted(minutes))
    axis = Axis(MORNING, MORNING + 1000 * MINUTE, SHANGHAI)
    labels = draw(Timeline(MORNING, happenings, ()), axis).labels
    assert len(labels) == len(minutes)
    for y in {label.y for label in labels}:
        lefts = sorted(label.x - LABEL_WIDTH * label.leftwards for label in labels if label.y == y)
        assert all(right - left >= LABEL_WIDTH - 0.001 for left, right in pairwise(lefts))
        assert lefts[-1] + LABEL_WIDTH <= 100 + 0.001


def test_lanes_stand_below_all_labels() -> None:
    drawing = drawn("2026-11-02 08:00", "2026-11-02 12:00", severe("2026-11-02 09:00"))
    assert max(label.y for label in drawing.labels) < drawing.axis_y < drawing.lanes_y
    assert drawing.lanes_y == drawing.rows[0].y < drawing.rows[1].y < drawing.height


@given(st.integers(10 * MINUTE, 3 * 365 * DAY), st.integers(0, 365 * DAY))
def test_ticks_can_be_read_beside_one_another(span: int, offset: int) -> None:
    ticks = Axis(MORNING + offset, MORNING + offset + span, SHANGHAI).ticks()
    assert len(ticks) <= 11
    assert all(0 <= tick.x <= 100 for tick in ticks)
    assert all(one.x < other.x for one, other in pairwise(ticks))


def test_ticks_stand_at_round_local_times() -> None:
    axis = Axis(micros("2026-11-02 08:10"), micros("2026-11-03 09:00"), SHANGHAI)
    ticks = axis.ticks()
    assert [tick.at.strftime("%H:%M") for tick in ticks][:3] == ["09:00", "12:00", "15:00"]
    assert [tick.at.strftime("%d") for tick in ticks if tick.is_midnight] == ["03"]


def test_ticks_keep_wall_times_when_clocks_change() -> None:
    berlin = ZoneInfo("Europe/Berlin")
    begin = micros("2026-10-24 12:00")
    ticks = Axis(begin, begin + 3 * DAY, berlin).ticks()
    assert {tick.at.hour % 12 for tick in ticks} == {0}


def test_first_view_shows_the_first_hours_and_now_those_around_it() -> None:
    story = timeline_of(
        reported(S4, "2026-11-02 08:00", severity="2", device_id="D1", place="local"),
        told("contacted", "2026-11-02 08:05"),
        until="2026-11-03 12:00",
    )
    whole, first, around = (axis_of(story, view, SHANGHAI) for view in ("all", "first", "now"))
    assert whole.shows(story.begin)
    assert whole.shows(story.end)
    assert at(first.end)[:13] == "2026-11-02 14"
    assert around.x(story.now) == 50


def test_view_around_now_of_a_young_case_begins_with_its_report() -> None:
    story = severe("2026-11-02 09:00")
    axis = axis_of(story, "now", SHANGHAI)
    assert at(axis.begin)[:13] == "2026-11-02 07"
    assert at(axis.end)[:13] == "2026-11-02 12"
