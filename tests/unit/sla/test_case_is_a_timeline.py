"""A case over time: lanes, pieces, marks and what happened (SL-08, SL-11, SL-13)."""

import json
from importlib.resources import files
from typing import get_args

import pytest

from sla_monitor.domain.facts import Fact, Milestone, Moved, name_of
from sla_monitor.domain.milestones import CALLED_BACK, ORDER
from support.clock_stories import local, reported, told
from support.timelines import Rung, at, lane_of, pieces, timeline_of

S0, S1, S4 = "software-maintenance", "equipment-warranty", "it-integration"


def test_lane_is_cut_at_closing_opening_and_now() -> None:
    story = timeline_of(
        reported(S0, "2026-09-30 15:00", severity="partial"), until="2026-10-08 10:00"
    )
    assert pieces(lane_of(story, "onsite")) == [
        ("2026-09-30 15:00", "spent", "working"),
        ("2026-09-30 17:00", "spent", "closed"),
        ("2026-10-08 09:00", "spent", "working"),
        ("2026-10-08 10:00", "ahead", "working"),
    ]


def test_pause_is_a_ground_of_its_own() -> None:
    story = timeline_of(
        reported(S0, "2026-11-02 10:00", severity="severe"),
        told("paused", "2026-11-02 11:00", reason="no_site_access"),
        told("resumed", "2026-11-02 12:30", reason="no_site_access"),
        until="2026-11-02 13:00",
    )
    onsite = lane_of(story, "onsite")
    assert pieces(onsite) == [
        ("2026-11-02 10:00", "spent", "working"),
        ("2026-11-02 11:00", "spent", "paused"),
        ("2026-11-02 12:30", "spent", "working"),
        ("2026-11-02 13:00", "ahead", "working"),
    ]
    assert at(onsite.due) == "2026-11-02 15:30"


def test_time_after_the_due_time_is_overrun_until_it_is_met() -> None:
    story = timeline_of(
        reported(S0, "2026-11-02 08:00", severity="severe"),
        told("responded", "2026-11-02 10:45"),
        until="2026-11-02 11:00",
    )
    respond = lane_of(story, "respond")
    assert pieces(respond) == [
        ("2026-11-02 08:00", "spent", "working"),
        ("2026-11-02 10:00", "overrun", "working"),
    ]
    assert (respond.state, at(respond.end)) == ("met_late", "2026-11-02 10:45")


def test_breached_lane_grows_until_now() -> None:
    story = timeline_of(
        reported(S0, "2026-11-02 08:00", severity="severe"), until="2026-11-02 10:30"
    )
    respond = lane_of(story, "respond")
    assert respond.state == "breached"
    assert at(respond.pieces[-1].end) == "2026-11-02 10:30"


def test_cancelled_lane_ends_where_it_was_cancelled() -> None:
    story = timeline_of(
        reported(S0, "2026-11-02 08:00", severity="severe"),
        told("restored", "2026-11-02 09:00"),
        until="2026-11-02 11:00",
    )
    onsite = lane_of(story, "onsite")
    assert (onsite.state, at(onsite.pieces[-1].end)) == ("cancelled", "2026-11-02 09:00")


def test_promise_broken_before_the_case_ended_stays_broken_and_ends() -> None:
    story = timeline_of(
        reported(S0, "2026-11-02 08:00", severity="severe"),
        told("withdrawn", "2026-11-02 10:30"),
        until="2026-11-02 15:00",
    )
    respond = lane_of(story, "respond")
    assert (respond.state, respond.is_open) == ("breached", False)
    assert at(respond.end) == at(respond.pieces[-1].end) == "2026-11-02 10:30"


def test_steps_are_ahead_fired_or_acknowledged() -> None:
    rung = (
        Rung("respond", "engineer", local("2026-11-02 09:00"), acknowledged_by="E-7"),
        Rung("respond", "pm", local("2026-11-02 09:36")),
    )
    event = reported(S4, "2026-11-02 08:00", severity="2", device_id="D1", place="local")
    raised = told("alert_raised", "2026-11-02 09:00", **_raised("engineer", "09:00"))
    again = told("alert_raised", "2026-11-02 09:36", **_raised("pm", "09:36"))
    story = timeline_of(event, raised, again, until="2026-11-02 09:40", rung=rung)
    assert [(m.step, at(m.at), m.notice) for m in lane_of(story, "respond").marks] == [
        ("engineer", "2026-11-02 09:00", "acknowledged"),
        ("pm", "2026-11-02 09:36", "fired"),
        ("leadership", "2026-11-02 10:00", "ahead"),
        ("executive", "2026-11-02 11:00", "ahead"),
    ]


def _raised(step: str, time: str) -> dict[str, object]:
    instant, due = (local(f"2026-11-02 {clock}").isoformat() for clock in (time, "10:00"))
    named = {"alert_id": f"A-{step}", "clock": "respond", "cycle": 1, "step": step}
    return named | {
        "threshold": 50,
        "due_at": due,
        "fire_at": instant,
        "late_by_s": 0,
        "recipient": step,
    }


def test_severity_change_leaves_the_former_due_time_in_sight() -> None:
    story = timeline_of(
        reported(S0, "2026-11-02 08:00", severity="severe"),
        told("severity_changed", "2026-11-02 08:30", severity="system_down"),
        until="2026-11-02 08:40",
    )
    onsite = lane_of(story, "onsite")
    assert at(onsite.due) == "2026-11-02 10:00"
    assert [at(due) for due in onsite.former_dues] == ["2026-11-02 12:00"]


def test_reopened_case_has_a_lane_for_each_cycle() -> None:
    story = timeline_of(
        reported(S4, "2026-11-02 08:00", severity="2", device_id="D1", place="local"),
        told("restored", "2026-11-02 09:00"),
        told("reopened", "2026-11-02 10:00", reason="again"),
        until="2026-11-02 10:30",
    )
    assert lane_of(story, "restore", 1).state == "met"
    assert at(lane_of(story, "restore", 2).start) == "2026-11-02 10:00"


def test_agreed_deadline_stands_below_the_contracts() -> None:
    story = timeline_of(
        reported(S4, "2026-11-02 08:00", severity="2", device_id="D1", place="local"),
        told(
            "deadline_agreed",
            "2026-11-02 08:30",
            clock="restore",
            due_at="2026-11-03T09:00:00+08:00",
            agreed_with="W",
            reason="R",
        ),
        until="2026-11-02 09:00",
    )
    names = [lane.clock for lane in story.lanes]
    assert names.index("restore/agreed") == names.index("restore") + 1


def test_happenings_stand_in_the_order_in_which_they_happened() -> None:
    story = timeline_of(
        reported(S0, "2026-11-02 08:00", severity="severe"),
        told("assigned", "2026-11-02 08:10", engineer_id="E-7"),
        told("arrived", "2026-11-02 09:30"),
        told("responded", "2026-11-02 08:20"),
        told("severity_changed", "2026-11-02 09:40", severity="partial"),
        told("reclassified", "2026-11-02 09:50", category="device"),
        told("paused", "2026-11-02 10:00", reason="no_site_access"),
        until="2026-11-02 11:00",
    )
    assert [(at(h.at)[-5:], h.name, h.detail) for h in story.happenings] == [
        ("08:00", "reported", ""),
        ("08:10", "assigned", "E-7"),
        ("08:20", "responded", ""),
        ("09:30", "arrived", ""),
        ("09:40", "severity_changed", "partial"),
        ("09:50", "reclassified", ""),
        ("10:00", "paused", "no_site_access"),
    ]


def test_picture_ends_with_the_last_thing_to_come() -> None:
    running = timeline_of(
        reported(S0, "2026-11-02 08:00", severity="severe"), until="2026-11-02 08:30"
    )
    assert at(running.end) == "2026-11-02 12:00"
    over = timeline_of(
        reported(S0, "2026-11-02 08:00", severity="severe"),
        told("withdrawn", "2026-11-02 08:20"),
        until="2026-11-05 08:00",
    )
    assert at(over.end) == "2026-11-02 08:20"


@pytest.mark.parametrize("language", ["zh", "en"])
def test_everything_that_can_happen_has_its_words(language: str) -> None:
    words = json.loads(files("sla_monitor").joinpath(f"messages.{language}.json").read_text())
    told_apart = (Milestone, Moved)
    names = {name_of(_blank(kind)) for kind in get_args(Fact) if kind not in told_apart}
    names |= {*ORDER, CALLED_BACK, "reported", "reclassified", "calendar_changed", "policy_changed"}
    assert {f"fact.{name}" for name in names} <= words.keys()


def _blank(kind: type) -> Fact:
    fields = dict.fromkeys(kind.__struct_fields__, 0)  # type: ignore[attr-defined]
    return kind(**fields)
