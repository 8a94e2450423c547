"""DP-27: engineers called together for a critical case are rung at that moment, each of them."""

from aftercare_events.catalogue import record
from aftercare_events.catalogue.sla import AlertRaised
from aftercare_events.envelope import Recorded
from sla_monitor.alerts import Alert
from sla_monitor.delivery.queue import Receivers
from sla_monitor.domain.decide import decide_due
from sla_monitor.domain.event_lines import read_event
from sla_monitor.domain.evolve import evolve
from sla_monitor.domain.state import CaseClocks
from support.clock_stories import POLICIES, local, reported, told
from support.random_histories import terms_of

NIGHT, LATER, LATEST = "2026-11-02 23:00", "2026-11-02 23:01", "2026-11-02 23:20"
TEAM = [{"role": "lead", "engineer_ids": ["E-1", "E-2"]}, {"role": "net", "engineer_ids": ["E-2"]}]


def case(*events: bytes) -> CaseClocks:
    state: CaseClocks | None = None
    for event in events:
        state = evolve(state, read_event(event), POLICIES)
    assert state is not None
    return state


def urgent() -> bytes:
    options = {"hours": "5x8"}
    return reported("lighting-maintenance", NIGHT, severity="urgent", policy_options=options)


def called(at: str) -> bytes:
    return told("team_called", at, plan_id="EP-1", team=TEAM)


def raised(state: CaseClocks, at: str) -> list[AlertRaised]:
    said = decide_due(state, local(at), terms_of(state))
    return [one for one in said if isinstance(one, AlertRaised) and one.step == "engineer"]


def heard(state: CaseClocks, at: str) -> CaseClocks:
    for data in decide_due(state, local(at), terms_of(state)):
        event = record(data, service="sla", time=local(at), actor="sla")
        state = evolve(state, event, POLICIES) or state
    return state


def test_team_is_rung_at_the_call_and_not_at_half_the_time() -> None:
    assert raised(case(urgent()), LATER) == []
    (alert,) = raised(case(urgent(), called(LATER)), LATER)
    assert (alert.clock, alert.recipient, alert.team) == ("respond", "duty-desk", ("E-1", "E-2"))


def test_team_that_is_called_after_the_step_rang_is_rung_all_the_same() -> None:
    state = heard(case(urgent()), LATEST)
    rung = [alert for alert in state.alerts if alert.step == "engineer"]
    assert [alert.arm for alert in rung] == [0]
    event = read_event(called("2026-11-02 23:21"))
    state = evolve(state, event, POLICIES) or state
    (alert,) = raised(state, "2026-11-02 23:21")
    assert (alert.arm, alert.team) == (1, ("E-1", "E-2"))
    assert raised(heard(state, "2026-11-02 23:21"), "2026-11-02 23:22") == []


def test_each_of_the_team_who_can_be_reached_is_told_beside_the_recipient() -> None:
    (alert,) = raised(case(urgent(), called(LATER)), LATER)
    event = record(alert, service="sla", time=local(LATER), actor="sla")
    receivers = Receivers(people=frozenset({"duty-desk", "E-2", "E-3"}))
    found = receivers.of(
        Recorded(position=7, event=event), Alert.model_construct(alert_id=alert.alert_id)
    )
    assert list(found) == [("person", "duty-desk"), ("person", "E-2")]
