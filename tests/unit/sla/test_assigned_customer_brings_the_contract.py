"""A case held for verification runs from its report; its customer's contract follows (IN-08)."""

from typing import Any

import pytest

from sla_monitor.domain.event_lines import read_event
from sla_monitor.domain.evolve import evolve
from sla_monitor.domain.explain import explain
from sla_monitor.domain.moving import newest_terms, terms_changed
from sla_monitor.domain.state import from_bytes, to_bytes
from sla_monitor.run import InvalidLine
from support.clock_stories import POLICIES, Story, local, reported, run, shown, told

FALLBACK, CONTRACT = "it-integration", "software-maintenance"
LEVEL_2 = reported(FALLBACK, "2026-11-02 08:00", severity="2", place="local", device_id="D-1")


def assigned(at: str, policy: str = CONTRACT, **more: Any) -> bytes:
    data = {"customer_id": "C-9", "contract_id": "CT-9", "policy": policy, "reason": "known voice"}
    return told("customer_assigned", at, **{**data, **more})


def story(*events: bytes, until: str) -> Story:
    return Story(run(events, POLICIES, local(until)))


def test_clocks_are_recalculated_from_the_report_under_the_customers_contract() -> None:
    before = story(LEVEL_2, until="2026-11-02 08:30")
    after = story(
        LEVEL_2,
        told("severity_changed", "2026-11-02 08:30", severity="severe"),
        assigned("2026-11-02 08:30"),
        until="2026-11-02 08:31",
    )
    assert (before.due("restore"), before.clock("restore").policy) == (
        "2026-11-02 10:00",
        FALLBACK,
    )
    onsite = after.clock("onsite")
    assert (shown(onsite.started_at), shown(onsite.due_at), onsite.policy) == (
        "2026-11-02 08:00",
        "2026-11-02 12:00",
        CONTRACT,
    )
    assert after.state("restore") == "cancelled"


def test_what_was_met_before_stays_met_under_the_terms_of_its_time() -> None:
    seen = story(
        LEVEL_2,
        told("contacted", "2026-11-02 08:05"),
        assigned("2026-11-02 08:30"),
        until="2026-11-02 09:00",
    )
    contact = seen.clock("contact")
    assert (contact.state, contact.policy) == ("met", FALLBACK)


def test_same_contract_changes_nothing_and_rings_nobody_again() -> None:
    alone = story(LEVEL_2, until="2026-11-02 12:00")
    same = story(LEVEL_2, assigned("2026-11-02 09:50", FALLBACK), until="2026-11-02 12:00")
    assert same.alerts("restore") == alone.alerts("restore")
    assert same.due("restore") == alone.due("restore")


def test_site_and_device_that_became_known_start_the_clocks_that_ask_for_them() -> None:
    unknown = reported(FALLBACK, "2026-11-02 08:00", severity="2")
    far = story(
        unknown,
        assigned("2026-11-02 08:10", FALLBACK, place="other", device_id="D-9"),
        until="2026-11-02 08:11",
    )
    assert "restore" not in {
        c.clock for c in story(unknown, until="2026-11-02 08:11").outcome.clocks
    }
    assert far.due("restore") == "2026-11-02 12:00"


def test_contract_that_nobody_published_is_refused() -> None:
    with pytest.raises(InvalidLine, match="line 2: unknown policy nowhere"):
        story(LEVEL_2, assigned("2026-11-02 09:00", "nowhere"), until="2026-11-02 10:00")


def test_live_monitor_says_whose_case_it_is_and_goes_on_from_there() -> None:
    state = None
    for event in (LEVEL_2, assigned("2026-11-02 08:30")):
        state = evolve(state, read_event(event), POLICIES)
        assert state is not None
        state = from_bytes(to_bytes(state))
    assert state is not None
    assert (state.customer_id, state.contract_id, state.governing) == ("C-9", "CT-9", CONTRACT)
    terms = POLICIES.of_case(state.policy, state.stages)
    assert terms is not None
    moves = {
        move.cause
        for clock in explain(state, local("2026-11-02 08:31"), terms)
        for move in clock.moved_by
    }
    assert moves == {"customer_assigned"}
    assert newest_terms(state, POLICIES) is None
    said = terms_changed(state, state.stages[-1], cause="policy", reason="r", by="b")
    assert said.policy == CONTRACT
