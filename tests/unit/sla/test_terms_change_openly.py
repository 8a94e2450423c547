"""Editions of the official days and newer contracts: running cases move by an event (SL-01)."""

from typing import Any

import pytest
from msgspec.structs import replace

from aftercare_events.catalogue import record
from aftercare_events.catalogue.sla import AlertRaised, BreachWithdrawn, PenaltyWithdrawn
from sla_monitor.domain.decide import decide_due
from sla_monitor.domain.event_lines import published_calendar, read_event
from sla_monitor.domain.evolve import evolve
from sla_monitor.domain.explain import explain
from sla_monitor.domain.policy import Policy, Target
from sla_monitor.domain.state import CaseClocks, from_bytes, to_bytes
from sla_monitor.domain.terms import Policies
from sla_monitor.run import InvalidLine, run
from sla_monitor.shipped import official_days, shipped_policies
from support.clock_stories import Story, line, local, reported, shown, told

S0 = "software-maintenance"
CN = official_days()["cn"]
DAYS_2026 = {
    "off": sorted(day.isoformat() for day in CN.off if day.year == 2026),
    "on": sorted(day.isoformat() for day in CN.on if day.year == 2026),
}


def notice(at: str, *, number: int = 1, off: list[str], **more: Any) -> bytes:
    """A notice that takes days off besides those of 2026."""
    data = {
        "name": "cn",
        "number": number,
        "edition": f"notice {number}",
        "years": [2026],
        "off": [*DAYS_2026["off"], *off],
        "on": DAYS_2026["on"],
        **more,
    }
    return line("aftercare.calendar.published.v1", "calendar/cn", at, data)


def moved(at: str, *, version: int = 1, cause: str = "calendar", case: str = "C1", **editions: int):
    return told(
        "terms_changed",
        at,
        case=case,
        policy=S0,
        policy_version=version,
        calendar_editions=editions,
        cause=cause,
        reason="the notice",
        by="admin",
    )


def stricter() -> Policy:
    """Version 2 of the contract: on site within 3 h, and nothing about answers."""
    [policy] = [policy for policy in shipped_policies() if policy.name == S0]
    clocks = [
        replace(row, target=Target(micros=3 * 3_600_000_000)) if row.clock == "onsite" else row
        for row in policy.clocks
        if row.clock != "respond"
    ]
    return replace(policy, version=2, clocks=tuple(clocks))


POLICIES = Policies([*shipped_policies(), stricter()])


def first_version(at: str, severity: str = "severe") -> bytes:
    return reported(S0, at, severity=severity, policy_version=1)


def story(*events: bytes, until: str) -> Story:
    return Story(run(events, POLICIES, local(until)))


# -- editions of the official days --------------------------------------------------------------


def test_case_reported_after_a_notice_uses_it_and_one_before_does_not() -> None:
    seen = story(
        reported(S0, "2026-09-30 16:00", severity="partial", policy_version=1),
        notice("2026-10-02 10:00", off=["2026-10-08"]),
        reported(S0, "2026-10-03 10:00", case="C2", severity="partial", policy_version=1),
        until="2026-10-03 10:00",
    )
    assert shown(seen.clock("onsite", case="C1").due_at) == "2026-10-08 12:00"
    assert shown(seen.clock("onsite", case="C2").due_at) == "2026-10-09 13:00"


def test_running_case_moves_by_an_event_and_its_steps_are_armed_again() -> None:
    seen = story(
        reported(S0, "2026-09-30 16:00", severity="partial", policy_version=1),
        notice("2026-10-08 09:50", off=["2026-10-08"]),
        moved("2026-10-08 11:30", cn=1),
        until="2026-10-12 00:00",
    )
    assert seen.due("onsite") == "2026-10-09 12:00"
    assert seen.alerts("onsite") == [
        ("engineer", "2026-10-08 10:00"),
        ("pm", "2026-10-08 11:12"),
        ("engineer", "2026-10-09 10:00"),
        ("pm", "2026-10-09 11:12"),
        ("leadership", "2026-10-09 12:00"),
        ("executive", "2026-10-09 14:00"),
    ]


def test_years_the_notice_does_not_name_stay_as_the_contract_knows_them() -> None:
    data: dict[str, Any] = {"years": [2027], "off": ["2027-01-04"], "on": []}
    seen = story(
        notice("2026-09-01 00:00", **data),
        partial_of_version_1("2026-09-30 16:00", "C1"),
        partial_of_version_1("2027-01-03 16:00", "C2"),
        until="2027-01-03 16:00",
    )
    assert shown(seen.clock("onsite", case="C1").due_at) == "2026-10-08 12:00"
    second = seen.clock("onsite", case="C2")
    assert (shown(second.due_at), second.provisional) == ("2027-01-05 13:00", False)


def partial_of_version_1(at: str, case: str) -> bytes:
    return reported(S0, at, case=case, severity="partial", policy_version=1)


def test_second_notice_takes_the_place_of_the_first() -> None:
    seen = story(
        partial_of_version_1("2026-09-30 16:00", "C1"),
        notice("2026-10-02 10:00", off=["2026-10-08"]),
        moved("2026-10-02 10:01", cn=1),
        notice("2026-10-04 10:00", number=2, off=["2026-10-08", "2026-10-09"]),
        moved("2026-10-04 10:01", cn=2),
        until="2026-10-04 11:00",
    )
    # Saturday the 10th is worked
    assert seen.due("onsite") == "2026-10-10 12:00"


# -- newer contracts ----------------------------------------------------------------------------


def test_case_keeps_its_version_until_it_is_moved() -> None:
    kept = story(first_version("2026-11-02 08:00"), until="2026-11-02 09:00")
    assert (kept.due("onsite"), kept.clock("onsite").policy_version) == ("2026-11-02 12:00", 1)
    seen = story(
        first_version("2026-11-02 08:00"),
        moved("2026-11-02 09:00", version=2, cause="policy"),
        until="2026-11-02 09:00",
    )
    assert (seen.due("onsite"), seen.clock("onsite").policy_version) == ("2026-11-02 11:00", 2)
    assert seen.state("respond") == "cancelled"


def test_clock_met_before_the_move_stays_under_the_version_it_was_met_under() -> None:
    seen = story(
        first_version("2026-11-02 08:00"),
        told("arrived", "2026-11-02 11:30"),
        moved("2026-11-02 11:40", version=2, cause="policy"),
        until="2026-11-02 12:00",
    )
    onsite = seen.clock("onsite")
    assert (onsite.state, shown(onsite.due_at), onsite.policy_version) == (
        "met",
        "2026-11-02 12:00",
        1,
    )


def test_target_that_has_passed_under_the_new_version_breaches_at_the_move() -> None:
    seen = story(
        first_version("2026-11-02 08:00"),
        moved("2026-11-02 11:30", version=2, cause="policy"),
        until="2026-11-02 11:30",
    )
    assert seen.clock("onsite").breached_at == local("2026-11-02 11:30")
    assert seen.alerts("onsite")[-1] == ("leadership", "2026-11-02 11:30")


def test_milestone_told_late_is_judged_by_the_terms_of_its_time() -> None:
    seen = story(
        first_version("2026-11-02 08:00"),
        moved("2026-11-02 11:50", version=2, cause="policy"),
        told("arrived", "2026-11-02 11:40"),
        until="2026-11-02 12:30",
    )
    assert (seen.state("onsite"), seen.due("onsite")) == ("met", "2026-11-02 12:00")


def test_change_after_the_move_is_followed_under_the_new_version() -> None:
    seen = story(
        first_version("2026-11-02 08:00", severity="partial"),
        moved("2026-11-02 08:30", version=2, cause="policy"),
        told("severity_changed", "2026-11-02 08:40", severity="severe"),
        until="2026-11-02 09:00",
    )
    assert seen.due("onsite") == "2026-11-02 11:00"


def test_move_back_to_the_version_it_began_with() -> None:
    seen = story(
        first_version("2026-11-02 08:00"),
        moved("2026-11-02 09:00", version=2, cause="policy"),
        moved("2026-11-02 09:10", version=1, cause="policy"),
        until="2026-11-02 09:30",
    )
    assert (seen.state("respond"), seen.due("onsite")) == ("running", "2026-11-02 12:00")


@pytest.mark.parametrize(
    "event", [moved("2026-11-02 09:00", version=9), moved("2026-11-02 09:00", cn=3)]
)
def test_terms_that_nobody_published_are_refused(event: bytes) -> None:
    with pytest.raises(InvalidLine, match="line 2: unknown policy software-maintenance"):
        story(first_version("2026-11-02 08:00"), event, until="2026-11-02 10:00")


def test_edition_that_leaves_one_out_is_refused() -> None:
    with pytest.raises(InvalidLine, match="edition 2 of cn comes after 0"):
        story(notice("2026-11-02 08:00", number=2, off=[]), until="2026-11-02 10:00")


# -- as the live monitor says it ----------------------------------------------------------------


def fold(state: CaseClocks | None, policies: Policies, *events: bytes) -> CaseClocks:
    for told_line in events:
        event = read_event(told_line)
        published = published_calendar(event)
        if published:
            policies.publish(*published)
        else:
            state = evolve(state, event, policies)
    assert state is not None
    return from_bytes(to_bytes(state))


def test_breach_that_an_edition_undoes_is_withdrawn_openly() -> None:
    policies = POLICIES.copied()
    state = fold(None, policies, partial_of_version_1("2026-09-30 16:00", "C1"))
    terms = policies.of_case(S0, state.stages)
    assert terms is not None
    for said in decide_due(state, local("2026-10-08 12:30"), terms):
        event = record(said, service="sla", time=local("2026-10-08 12:30"), actor="sla")
        after = evolve(state, event, policies)
        assert after is not None
        state = after
    state = fold(
        state,
        policies,
        notice("2026-10-08 13:00", off=["2026-10-08"]),
        moved("2026-10-08 13:01", cn=1),
    )
    terms = policies.of_case(S0, state.stages)
    assert terms is not None
    said = decide_due(state, local("2026-10-08 13:01"), terms)
    withdrawn = [d for d in said if isinstance(d, BreachWithdrawn)]
    assert [(d.clock, d.reason) for d in withdrawn] == [("onsite", "recalculated")]
    assert [d.clock for d in said if isinstance(d, PenaltyWithdrawn)] == ["onsite"]
    assert not any(isinstance(d, AlertRaised) for d in said)


def test_explanation_says_that_the_terms_moved_it() -> None:
    policies = POLICIES.copied()
    state = fold(
        None,
        policies,
        partial_of_version_1("2026-09-30 16:00", "C1"),
        notice("2026-10-02 10:00", off=["2026-10-08"]),
        moved("2026-10-02 10:01", cn=1),
        moved("2026-10-02 11:00", cn=1, version=2, cause="policy"),
    )
    terms = policies.of_case(S0, state.stages)
    assert terms is not None
    [onsite] = [
        e for e in explain(state, local("2026-10-03 00:00"), terms) if e.record.clock == "onsite"
    ]
    assert [(m.cause, m.reason, shown(m.due_at)) for m in onsite.moved_by] == [
        ("calendar_changed", "the notice", "2026-10-09 12:00"),
        ("policy_changed", "the notice", "2026-10-09 11:00"),
    ]
    assert (onsite.target, onsite.record.policy_version) == ("3 h", 2)
