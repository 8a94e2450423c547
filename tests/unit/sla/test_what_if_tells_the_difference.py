"""The history against another contract: what would have changed (RP-03)."""

from datetime import timedelta

import msgspec
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from sla_monitor.domain.difference import Difference, compare
from sla_monitor.domain.event_lines import read_event
from sla_monitor.domain.instants import HOUR, MINUTE, to_micros
from sla_monitor.domain.policy import Penalty, Policy, Target
from sla_monitor.domain.standing import clocks_at
from sla_monitor.domain.what_if import WhatIf
from sla_monitor.run import run
from sla_monitor.shipped import shipped_policies
from support.clock_stories import POLICIES, local, reported, told

S4 = "it-integration"
SHIPPED = next(policy for policy in shipped_policies() if policy.name == S4)
UNTIL = "2026-11-03 08:00"


def with_target(clock: str, micros: int, policy: Policy = SHIPPED) -> Policy:
    rows = tuple(
        replace(row, target=Target(micros=micros)) if row.clock == clock else row
        for row in policy.clocks
    )
    return replace(policy, clocks=rows)


def explored(policy: Policy, *events: bytes, replaced: str = S4, until: str = UNTIL) -> WhatIf:
    what_if = WhatIf(POLICIES, policy, replaced, to_micros(local(until)))
    what_if.take(read_event(line) for line in events)
    return what_if


def difference(policy: Policy, *events: bytes, replaced: str = S4, limit: int = 10) -> Difference:
    return compare(explored(policy, *events, replaced=replaced), limit=limit)


def life(case: str = "C1", policy: str = S4, responded: str = "2026-11-02 08:40") -> list[bytes]:
    return [
        reported(policy, "2026-11-02 08:00", case=case, severity="2", place="local"),
        told("contacted", "2026-11-02 08:05", case=case),
        told("responded", responded, case=case),
        told("restored", "2026-11-02 09:00", case=case),
        told("resolved", "2026-11-02 09:00", case=case),
    ]


def test_same_contract_changes_nothing() -> None:
    found = difference(SHIPPED, *life())
    assert (found.cases_compared, found.cases_changed, found.cases) == (1, 0, [])
    assert all(clock.before == clock.after for clock in found.clocks)


def test_shorter_target_breaks_what_was_kept() -> None:
    found = difference(with_target("respond", 30 * MINUTE), *life())

    respond = next(clock for clock in found.clocks if clock.clock == "respond")
    assert (respond.before.breaches, respond.after.breaches) == (0, 1)
    assert respond.before.alerts["leadership"] == 0
    assert respond.after.alerts["engineer"] == respond.after.alerts["leadership"] == 1
    [change] = found.cases
    [clock] = change.clocks
    assert clock.before is not None
    assert clock.after is not None
    assert (clock.before.state, clock.after.state) == ("met", "met_late")
    assert clock.after.due_at == local("2026-11-02 08:30")
    assert clock.before.met_at == clock.after.met_at == local("2026-11-02 08:40")


def test_due_time_alone_is_no_change_of_a_result() -> None:
    assert difference(with_target("respond", 3 * HOUR), *life()).cases_changed == 0


def test_penalties_are_added_up_under_the_cap() -> None:
    strict = replace(
        with_target("respond", 30 * MINUTE),
        penalty=Penalty(percent_per_breach=2, max_percent=3),
    )
    found = difference(strict, *life("C1"), *life("C2"))
    assert found.penalties_before.percent_due == 0
    assert (found.penalties_after.percent_due, found.penalties_after.percent_applied) == (4, 3)


def test_only_cases_of_the_replaced_contract_are_compared() -> None:
    other = life("C2", "lighting-maintenance")
    assert difference(SHIPPED, *life("C1"), *other).cases_compared == 1


def test_contract_of_another_name_is_applied_to_the_cases_of_one() -> None:
    mine = replace(with_target("respond", 30 * MINUTE), name="mine")
    found = difference(mine, *life())
    assert (found.replaced, found.policy, found.cases_changed) == (S4, "mine", 1)


def test_changed_cases_come_page_by_page() -> None:
    policy = with_target("respond", 30 * MINUTE)
    what_if = explored(policy, *life("C1"), *life("C2"), *life("C3"))
    first = compare(what_if, limit=2)
    rest = compare(what_if, limit=2, after_case="C2")
    assert [case.case_id for case in (*first.cases, *rest.cases)] == ["C1", "C2", "C3"]
    assert first.cases_changed == rest.cases_changed == 3


def test_case_reported_before_the_part_looked_at_is_left_out() -> None:
    assert difference(SHIPPED, *life()[1:]).cases_compared == 0


def test_invalid_event_is_counted_and_stops_nothing() -> None:
    first, *rest = life()
    broken = told("paused", "2026-11-02 08:10", reason=7)
    found = difference(SHIPPED, first, broken, *rest)
    assert (found.events_refused, found.cases_compared) == (1, 1)


def test_reopened_case_is_woken_from_its_rest() -> None:
    events = [
        *life(),
        told("called_back", "2026-11-02 10:00", callback_id="B1", outcome="unsolved"),
        told("reopened", "2026-11-02 10:00", reason="again"),
    ]
    found = difference(with_target("resolve", HOUR), *events)
    resolve = next(clock for clock in found.clocks if clock.clock == "resolve")
    assert resolve.before.clocks == 2
    assert (resolve.before.breaches, resolve.after.breaches) == (0, 1)


STEPS = ("contacted", "responded", "onsite_required", "arrived", "restored", "resolved")


@st.composite
def histories(draw: st.DrawFn) -> list[bytes]:
    """Cases whose events are told in any order, some late."""
    events: list[tuple[int, bytes]] = []
    for number in range(draw(st.integers(1, 3))):
        case, start = f"C{number}", draw(st.integers(0, 300))
        begin = local("2026-11-02 08:00") + timedelta(minutes=start)
        at = f"{begin:%Y-%m-%d %H:%M}"
        events.append((start, reported(S4, at, case=case, severity="1", place="local")))
        for step in draw(st.lists(st.sampled_from(STEPS), max_size=5)):
            happened, late = draw(st.integers(0, 400)), draw(st.integers(0, 90))
            when = f"{begin + timedelta(minutes=happened):%Y-%m-%d %H:%M}"
            line = told(step, when, case=case, reason="needed")
            events.append((start + happened + late, line))
    return [line for _, line in sorted(events, key=lambda one: one[0])]


@given(histories())
def test_the_side_before_is_what_the_core_says(lines: list[bytes]) -> None:
    until = local("2026-11-04 08:00")
    what_if = explored(SHIPPED, *lines, until="2026-11-04 08:00")
    terms = POLICIES.of(S4)
    assert terms is not None
    sides = list(what_if.cases())

    expected = run(lines, POLICIES, until)

    for side in ("before", "after"):
        states = [getattr(one, side) for one in sides]
        clocks = [c for state in states for c in clocks_at(state, to_micros(until), terms)]
        alerts = [
            (state.case_id, alert.clock, alert.cycle, alert.step, alert.fire_at)
            for state in states
            for alert in state.alerts
        ]
        assert clocks == expected.clocks
        assert sorted(alerts) == sorted(
            (a.case_id, a.clock, a.cycle, a.step, to_micros(a.fire_at)) for a in expected.alerts
        )


def test_difference_turns_to_json_and_says_both_sides() -> None:
    found = msgspec.to_builtins(difference(with_target("respond", 30 * MINUTE), *life()))
    assert found["cases"][0]["clocks"][0]["after"]["state"] == "met_late"
