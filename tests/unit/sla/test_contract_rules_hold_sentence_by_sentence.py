"""Sentences of the contracts' shared rules that no other story tells."""

import pytest

from aftercare_events.catalogue import record
from aftercare_events.catalogue.sla import AlertRaised
from sla_monitor.domain.decide import decide_due
from sla_monitor.domain.event_lines import read_event
from sla_monitor.domain.evolve import evolve
from sla_monitor.domain.policy_reader import read_policy
from sla_monitor.domain.terms import Policies
from sla_monitor.run import run
from sla_monitor.shipped import official_days
from support.clock_stories import Story, called_back, local, reported, shown, story, told

S0, S1, S2 = "software-maintenance", "equipment-warranty", "portal-operations"
S3, S4 = "lighting-maintenance", "it-integration"
MONDAY = "2026-11-02 10:00"


def times(alerts: list[tuple[str, str]]) -> list[str]:
    return [at[-5:] for _, at in alerts]


def level(severity: str, at: str) -> bytes:
    return told("severity_changed", at, severity=severity)


# -- severity change ----------------------------------------------------------------------------


def test_undone_breach_comes_back_with_a_second_change() -> None:
    """5 h are over at 13:00; 24 h undo it at 14:00; back to 5 h at 15:00 it is broken at once."""
    seen = story(
        reported(S4, "2026-11-02 08:00", severity="1"),
        level("2", "2026-11-02 14:00"),
        level("1", "2026-11-02 15:00"),
        until="2026-11-03 00:00",
    )
    onsite = seen.clock("onsite")
    assert (onsite.state, seen.due("onsite")) == ("breached", "2026-11-02 13:00")
    assert onsite.breached_at == local("2026-11-02 15:00")
    assert seen.alerts("onsite") == [
        ("engineer", "2026-11-02 10:30"),
        ("pm", "2026-11-02 12:00"),
        ("leadership", "2026-11-02 13:00"),
        # armed again at 14:00, they have passed at 15:00
        ("engineer", "2026-11-02 15:00"),
        ("pm", "2026-11-02 15:00"),
        ("leadership", "2026-11-02 15:00"),
        ("executive", "2026-11-02 15:30"),
    ]


def test_clock_met_after_the_change_that_undid_its_breach_is_met_in_time() -> None:
    seen = story(
        reported(S4, "2026-11-02 08:00", severity="1"),
        level("3", "2026-11-02 14:00"),
        told("arrived", "2026-11-03 09:00"),
        until="2026-11-04 00:00",
    )
    assert (seen.state("onsite"), seen.due("onsite")) == ("met", "2026-11-04 08:00")


def test_change_replays_a_pause_that_came_after_the_old_due_time() -> None:
    """2 h were over at 10:00; under 4 h the pause from 11:00 counts."""
    seen = story(
        reported(S0, "2026-11-02 08:00", severity="system_down"),
        told("paused", "2026-11-02 11:00", reason="force_majeure"),
        level("severe", "2026-11-02 11:30"),
        told("resumed", "2026-11-02 12:00", reason="force_majeure"),
        until="2026-11-02 12:10",
    )
    assert (seen.state("onsite"), seen.due("onsite")) == ("running", "2026-11-02 13:00")
    assert seen.clock("onsite").paused_s == 3600


def test_change_to_a_target_used_up_before_the_open_pause_breaches_at_the_change() -> None:
    seen = story(
        reported(S0, "2026-11-02 08:00", severity="severe"),
        told("paused", "2026-11-02 11:00", reason="force_majeure"),
        level("system_down", "2026-11-02 11:30"),
        until="2026-11-02 11:40",
    )
    onsite = seen.clock("onsite")
    assert (onsite.state, seen.due("onsite")) == ("breached", "2026-11-02 10:00")
    assert onsite.breached_at == local("2026-11-02 11:30")
    # 4 h: 10:00. Of 2 h everything has passed at 11:30; the engineer has been told
    assert seen.alerts("onsite") == [
        ("engineer", "2026-11-02 10:00"),
        ("pm", "2026-11-02 11:30"),
        ("leadership", "2026-11-02 11:30"),
        ("executive", "2026-11-02 11:30"),
    ]


def test_inapplicable_clock_that_was_breached_is_cancelled_and_may_come_back() -> None:
    seen = story(
        reported(S0, "2026-11-02 08:00", severity="system_down"),
        level("severe", "2026-11-02 13:00"),
        level("system_down", "2026-11-02 14:00"),
        until="2026-11-02 15:00",
    )
    restore = seen.clock("restore")
    assert (restore.state, seen.due("restore")) == ("breached", "2026-11-02 12:00")
    assert restore.breached_at == local("2026-11-02 14:00")
    # every step had fired, and none of them lies ahead
    assert times(seen.alerts("restore")) == ["09:00", "10:00", "11:12", "12:00"]


def test_milestone_reached_while_a_clock_did_not_apply_meets_it_when_it_does_again() -> None:
    seen = story(
        reported(S0, "2026-11-02 08:00", severity="system_down"),
        level("severe", "2026-11-02 09:00"),
        told("restored", "2026-11-02 09:10"),
        level("system_down", "2026-11-02 09:20"),
        until="2026-11-02 15:00",
    )
    assert seen.state("restore") == "met"
    assert times(seen.alerts("restore")) == []


def test_answer_in_time_under_the_old_target_stays_in_time() -> None:
    seen = story(
        reported(S4, "2026-11-02 08:00", severity="2"),
        told("responded", "2026-11-02 09:30"),
        level("1", "2026-11-02 10:00"),
        until="2026-11-02 11:00",
    )
    assert (seen.state("respond"), seen.due("respond")) == ("met", "2026-11-02 10:00")


def test_change_of_device_from_one_to_another_changes_no_clock() -> None:
    seen = story(
        reported(S4, "2026-11-02 08:00", severity="2", device_id="D1", place="local"),
        told("reclassified", "2026-11-02 09:30", device_id="D2"),
        until="2026-11-02 10:00",
    )
    assert seen.due("restore") == "2026-11-02 10:00"
    assert times(seen.alerts("restore")) == ["09:00", "09:36", "10:00"]


def test_change_of_place_after_the_breach_undoes_it() -> None:
    seen = story(
        reported(S4, "2026-11-02 08:00", severity="2", device_id="D1", place="local"),
        told("reclassified", "2026-11-02 10:30", place="other"),
        told("restored", "2026-11-02 11:59"),
        until="2026-11-02 13:00",
    )
    assert (seen.state("restore"), seen.due("restore")) == ("met", "2026-11-02 12:00")
    # 4 h: 50 % at 10:00 has passed and fired; 80 % at 11:12 fires again
    assert times(seen.alerts("restore")) == ["09:00", "09:36", "10:00", "11:12"]


def test_complaint_that_turns_out_a_fault_starts_its_clocks_at_the_report() -> None:
    seen = story(
        reported(S1, "2026-11-02 09:00", kind="complaint", severity="2", place="local"),
        told("reclassified", "2026-11-02 09:20", kind="fault"),
        until="2026-11-02 09:25",
    )
    assert seen.states() == {
        "close": "cancelled",
        "first_reply": "cancelled",
        "onsite_limit": "running",
        "respond": "running",
    }
    # 50 % of 30 min had passed at 09:15, 80 % come at 09:24
    assert times(seen.alerts("respond")) == ["09:20", "09:24"]


# -- pauses -------------------------------------------------------------------------------------


def test_pause_before_the_moved_due_time_counts_though_it_lies_behind_the_first_one() -> None:
    seen = story(
        reported(S0, "2026-11-02 10:00", severity="severe"),
        told("paused", "2026-11-02 13:30", reason="no_site_access"),
        told("resumed", "2026-11-02 14:00", reason="no_site_access"),
        told("paused", "2026-11-02 14:15", reason="no_site_access"),
        told("resumed", "2026-11-02 14:20", reason="no_site_access"),
        told("paused", "2026-11-02 14:35", reason="no_site_access"),
        told("resumed", "2026-11-02 15:00", reason="no_site_access"),
        until="2026-11-02 16:00",
    )
    # 14:00 moves to 14:30, then to 14:35; the third pause begins at that due time
    assert seen.due("onsite") == "2026-11-02 14:35"
    assert seen.state("onsite") == "breached"


@pytest.mark.parametrize("policy", [S0, S1, S2, S3, S4])
def test_parts_of_the_provider_pause_nothing(policy: str) -> None:
    data = {"severity": "1", "device_id": "D1", "place": "local", "category": "device"}
    seen = story(
        reported(policy, "2026-11-02 08:00", **data),
        told("onsite_required", "2026-11-02 08:00"),
        told("paused", "2026-11-02 08:01", reason="waiting_for_parts"),
        until="2026-11-02 08:02",
    )
    assert "paused" not in seen.states().values()


def test_withdrawal_during_a_pause_cancels() -> None:
    seen = story(
        reported(S0, "2026-11-02 10:00", severity="severe"),
        told("paused", "2026-11-02 13:00", reason="no_site_access"),
        told("withdrawn", "2026-11-02 18:00"),
        until="2026-11-03 00:00",
    )
    assert seen.state("onsite") == "cancelled"


# -- milestones and ends ------------------------------------------------------------------------


def test_dispatch_overdue_when_the_fault_is_cleared_stays_breached() -> None:
    seen = story(
        reported(S2, "2026-11-02 08:00", severity="catastrophic"),
        told("restored", "2026-11-02 08:40"),
        until="2026-11-02 12:00",
    )
    assert seen.state("dispatch") == "breached"
    assert times(seen.alerts("dispatch")) == ["08:15", "08:24", "08:30"]


def test_arrival_after_the_fault_was_cleared_leaves_the_visit_cancelled() -> None:
    seen = story(
        reported(S3, "2026-11-02 08:00", severity="urgent"),
        told("restored", "2026-11-02 09:00"),
        told("arrived", "2026-11-02 10:00"),
        until="2026-11-04 00:00",
    )
    assert (seen.state("onsite"), seen.state("onsite_limit")) == ("cancelled", "cancelled")


def test_complaint_closed_without_a_word_answers_it_too() -> None:
    seen = story(
        reported(S1, "2026-11-02 09:00", kind="complaint"),
        told("closed", "2026-11-02 12:00"),
        until="2026-11-10 00:00",
    )
    assert seen.states() == {"close": "met", "first_reply": "met_late"}


def test_supervision_complaint_climbs_within_minutes() -> None:
    seen = story(
        reported(S4, "2026-11-02 08:00", kind="supervision_complaint"), until="2026-11-02 09:00"
    )
    assert times(seen.alerts("first_reply")) == ["08:10", "08:16", "08:20", "08:30"]


@pytest.mark.parametrize(("at", "state"), [("12:00", "cancelled"), ("12:00:01", "breached")])
def test_merged_at_the_due_time_or_after_it(at: str, state: str) -> None:
    seen = story(
        reported(S0, "2026-11-02 08:00", severity="severe"),
        told("merged", f"2026-11-02 {at}", into="C2"),
        until="2026-11-03 00:00",
    )
    assert seen.state("onsite") == state
    assert ("executive", "2026-11-02 14:00") not in seen.alerts("onsite")


def test_reporting_duty_stays_reported_whatever_the_case_becomes() -> None:
    seen = story(
        reported(S4, "2026-11-02 08:00", severity="1"),
        told("reclassified", "2026-11-02 11:00", kind="question"),
        told("withdrawn", "2026-11-02 12:00"),
        until="2026-11-03 00:00",
    )
    assert seen.state("report") == "reported"
    assert seen.state("resolve") == "cancelled"


# -- reopening ----------------------------------------------------------------------------------


def test_callback_runs_anew_with_its_own_ladder_after_each_resolution() -> None:
    seen = story(
        reported(S4, "2026-11-02 08:00", severity="2"),
        told("resolved", "2026-11-02 17:00"),
        told("reopened", "2026-11-03 13:30"),
        told("resolved", "2026-11-03 17:00"),
        called_back("2026-11-04 17:00"),
        until="2026-11-06 00:00",
    )
    # 10 h each: half of it at 13:00 of the next day, 80 % at 16:00
    assert seen.alerts("callback", 1) == [("engineer", "2026-11-03 13:00")]
    assert seen.alerts("callback", 2) == [
        ("engineer", "2026-11-04 13:00"),
        ("pm", "2026-11-04 16:00"),
    ]
    assert (seen.state("callback", 1), seen.state("callback", 2)) == ("cancelled", "met")


def test_callback_for_the_first_solution_does_not_answer_for_the_second() -> None:
    seen = story(
        reported(S4, "2026-11-02 08:00", severity="2"),
        told("resolved", "2026-11-02 09:00"),
        told("reopened", "2026-11-02 10:00"),
        called_back("2026-11-02 10:30"),
        told("resolved", "2026-11-02 11:00"),
        until="2026-11-02 12:00",
    )
    assert (seen.state("callback", 1), seen.state("callback", 2)) == ("cancelled", "running")


def test_pause_goes_on_into_the_new_cycle() -> None:
    seen = story(
        reported(S4, "2026-11-02 08:00", severity="2", device_id="D1", place="local"),
        told("restored", "2026-11-02 09:00"),
        told("paused", "2026-11-02 09:30", reason="customer_unavailable"),
        told("reopened", "2026-11-02 10:00"),
        told("resumed", "2026-11-02 11:00", reason="customer_unavailable"),
        until="2026-11-02 11:00",
    )
    assert seen.due("restore", 2) == "2026-11-02 13:00"
    assert seen.clock("restore", 2).paused_s == 3600


# -- ladders ------------------------------------------------------------------------------------

EARLY = """\
policy: early
version: 1
title: {zh: 早, en: Early}
time_zone: Asia/Shanghai
severities: {}
calendars:
  office: {week: {mon-fri: 09:00-17:00}}
ladders:
  default: {engineer: 3 h before due, pm: 30 min before due, leadership: 100 %}
clocks:
  - {clock: onsite, met_by: arrived, target: 2 h, calendar: office}
callback: {not_by: [engineer]}
"""


def early(*events: bytes, until: str) -> Story:
    policies = Policies([read_policy(EARLY, "early.yaml", official_days())])
    return Story(run(events, policies, local(until)))


def test_step_that_lies_before_the_start_fires_at_the_start() -> None:
    seen = early(reported("early", "2026-11-02 10:00"), until="2026-11-02 18:00")
    assert seen.alerts("onsite") == [
        ("engineer", "2026-11-02 10:00"),
        ("pm", "2026-11-02 11:30"),
        ("leadership", "2026-11-02 12:00"),
    ]


SHIFTING = """\
policy: shifting
version: 1
title: {zh: 变, en: Shifting}
time_zone: Asia/Shanghai
severities:
  two: {zh: 二, en: Two hours}
  eight: {zh: 八, en: Eight hours}
  quiet: {zh: 静, en: Eight hours and nobody below leadership}
  sixteen: {zh: 十六, en: Sixteen hours}
calendars:
  always: {week: {mon-sun: 00:00-24:00}}
ladders:
  default: {pm: 50 %, leadership: 100 %}
  quiet: {leadership: 100 %}
clocks:
  - {clock: onsite, when: {severity: two}, met_by: arrived, target: 2 h, calendar: always}
  - {clock: onsite, when: {severity: eight}, met_by: arrived, target: 8 h, calendar: always}
  - clock: onsite
    when: {severity: quiet}
    met_by: arrived
    target: 8 h
    calendar: always
    ladder: quiet
  - {clock: onsite, when: {severity: sixteen}, met_by: arrived, target: 16 h, calendar: always}
callback: {not_by: [engineer]}
"""


def test_step_that_a_ladder_left_out_for_a_while_is_armed_again_as_another_alert() -> None:
    policies = Policies([read_policy(SHIFTING, "shifting.yaml", official_days())])
    terms = policies.of("shifting")
    assert terms is not None
    raised: list[tuple[str, str]] = []
    state = evolve(None, read_event(reported("shifting", MONDAY, severity="two")), policies)
    for event, look in [
        (told("contacted", "2026-11-02 10:01"), "2026-11-02 11:00"),
        (level("eight", "2026-11-02 11:10"), "2026-11-02 14:00"),
        (level("quiet", "2026-11-02 14:10"), "2026-11-02 14:15"),
        (level("eight", "2026-11-02 14:20"), "2026-11-02 14:25"),
        (level("sixteen", "2026-11-02 14:30"), "2026-11-02 18:00"),
    ]:
        state = evolve(state, read_event(event), policies)
        assert state is not None
        for said in decide_due(state, local(look), terms):
            if isinstance(said, AlertRaised):
                raised.append((said.alert_id, shown(said.fire_at)[-5:]))
            event = record(said, service="sla", time=local(look), actor="sla")
            state = evolve(state, event, policies)
            assert state is not None
    assert raised == [
        ("C1-onsite-1-pm-0", "11:00"),
        ("C1-onsite-1-pm-1", "14:00"),
        ("C1-onsite-1-pm-2", "18:00"),
    ]
