"""DP-17: many like cases in one area within a short time are one major incident."""

from collections.abc import Sequence
from datetime import timedelta
from functools import reduce
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aftercare_events.catalogue.engineer import Point
from aftercare_events.catalogue.incident import (
    CaseIncidentLinked,
    IncidentAnnounced,
    IncidentConfirmed,
    IncidentDismissed,
    IncidentEnded,
    IncidentJoined,
    IncidentProposed,
    ReserveCalled,
)
from aftercare_events.catalogue.notice import NoticeIssued
from aftercare_events.decider import Refused
from dispatch.domain import incident
from dispatch.domain.outage import Fault, Rule, outage_around
from support.dispatch_cases import at

HERE = Point(latitude=31.23, longitude=121.47)
NEAR = Point(latitude=31.25, longitude=121.50)
FAR = Point(latitude=39.90, longitude=116.40)
RULE = Rule(cases=3, window=timedelta(minutes=60), radius_km=10)
PROPOSED = IncidentProposed(
    incident_id="MI-1", category="lighting", case_ids=("A", "B", "C"), since=at(0)
)
CONFIRMED = IncidentConfirmed(incident_id="MI-1", title="道路照明大面积熄灭")


def fault(case_id: str, minutes: int = 0, **changes: Any) -> Fault:
    fields: dict[str, Any] = {
        "category": "lighting",
        "site_id": f"S-{case_id}",
        "point": HERE,
    }
    return Fault(case_id=case_id, reported_at=at(minutes), **(fields | changes))


def found(*faults: Fault, rule: Rule = RULE) -> Sequence[str]:
    return [one.case_id for one in outage_around(faults[-1], faults, rule)]


def test_like_faults_nearby_within_the_window_are_found_in_the_order_of_their_reports() -> None:
    assert found(fault("A"), fault("B", 20, point=NEAR), fault("C", 59)) == ["A", "B", "C"]


@pytest.mark.parametrize(
    "other",
    [
        fault("B", 20, category="network"),
        fault("B", 20, point=FAR),
        fault("B", -1),
        fault("B", 20, device_id="D-C"),
    ],
    ids=["another category", "far away", "too long ago", "the same device again"],
)
def test_too_few_like_faults_are_no_outage(other: Fault) -> None:
    assert found(fault("A"), other, fault("C", 60, device_id="D-C")) == []


def test_city_stands_for_a_place_that_is_unknown() -> None:
    lost: dict[str, Any] = {"point": None, "city": "上海"}
    assert found(fault("A", **lost), fault("B", **lost), fault("C", city="上海"))
    assert not found(fault("A", **lost), fault("B", **lost), fault("C", city="北京"))


@given(minutes=st.lists(st.integers(0, 300), min_size=1, max_size=30))
def test_newest_is_always_among_what_is_found_and_all_lie_in_the_window(minutes: list[int]) -> None:
    faults = [fault(f"C{number}", minute) for number, minute in enumerate(sorted(minutes))]
    cases = outage_around(faults[-1], faults, RULE)
    newest = faults[-1]
    assert not cases or newest in cases
    assert all(newest.reported_at - one.reported_at <= RULE.window for one in cases)
    alike = [one for one in faults if newest.reported_at - one.reported_at <= RULE.window]
    assert len(cases) == (len(alike) if len(alike) >= RULE.cases else 0)


def after(*facts: incident.Fact) -> incident.IncidentState:
    return reduce(incident.evolve, facts, incident.INITIAL)


def note(*case_ids: str) -> incident.Note:
    return incident.Note(
        incident_id="MI-1", category="lighting", case_ids=case_ids, since=at(0), city="上海"
    )


def told(case_id: str) -> NoticeIssued:
    return NoticeIssued(case_id=case_id, notice_id="A-1", zh="抢修中", en="Soon")


def refusal(command: incident.Command, *facts: incident.Fact) -> str:
    with pytest.raises(Refused) as refused:
        incident.decide(command, after(*facts))
    return refused.value.code


def test_what_the_machine_saw_is_proposed_once() -> None:
    assert list(incident.decide(note("A", "B", "C"), incident.INITIAL)) == [
        IncidentProposed(
            incident_id="MI-1",
            category="lighting",
            case_ids=("A", "B", "C"),
            since=at(0),
            city="上海",
        )
    ]
    assert list(incident.decide(note("A", "B", "C"), after(PROPOSED))) == []


def test_newcomer_joins_and_is_linked_once_a_person_has_confirmed() -> None:
    joined = IncidentJoined(incident_id="MI-1", case_id="D")
    assert list(incident.decide(note("B", "D"), after(PROPOSED))) == [joined]
    assert list(incident.decide(note("D"), after(PROPOSED, CONFIRMED))) == [
        CaseIncidentLinked(case_id="D", incident_id="MI-1"),
        joined,
    ]


def test_confirming_links_the_cases_and_calls_the_reserve_team() -> None:
    command = incident.Confirm(incident_id="MI-1", title=CONFIRMED.title, reserve=("E-7", "E-8"))
    facts = list(incident.decide(command, after(PROPOSED)))
    assert facts == [
        *(CaseIncidentLinked(case_id=case_id, incident_id="MI-1") for case_id in "ABC"),
        CONFIRMED,
        ReserveCalled(incident_id="MI-1", engineer_ids=("E-7", "E-8")),
    ]
    assert incident.stage_after(after(PROPOSED), facts) == "confirmed"
    assert refusal(command, PROPOSED, CONFIRMED) == "incident-confirmed"


def test_dismissed_incident_takes_nothing_in() -> None:
    command = incident.Dismiss(incident_id="MI-1", reason="不同原因")
    assert list(incident.decide(command, after(PROPOSED))) == [
        dismissed := IncidentDismissed(incident_id="MI-1", reason="不同原因")
    ]
    assert list(incident.decide(note("D"), after(PROPOSED, dismissed))) == []
    join = incident.Join(incident_id="MI-1", case_id="D")
    assert refusal(join, PROPOSED, dismissed) == "incident-dismissed"


def test_customers_are_told_each_word_once_and_only_of_what_is_confirmed() -> None:
    command = incident.Announce(incident_id="MI-1", announcement_id="A-1", zh="抢修中", en="Soon")
    said = IncidentAnnounced(incident_id="MI-1", announcement_id="A-1", zh="抢修中", en="Soon")
    assert list(incident.decide(command, after(PROPOSED, CONFIRMED))) == [
        *(
            NoticeIssued(case_id=case_id, notice_id="A-1", zh="抢修中", en="Soon")
            for case_id in "ABC"
        ),
        said,
    ]
    assert list(incident.decide(note("D"), after(PROPOSED, CONFIRMED, said))) == [
        CaseIncidentLinked(case_id="D", incident_id="MI-1"),
        told("D"),
        IncidentJoined(incident_id="MI-1", case_id="D"),
    ]
    assert list(incident.decide(command, after(PROPOSED, CONFIRMED, said))) == []
    assert refusal(command, PROPOSED) == "incident-proposed"


def test_reserve_team_goes_home_when_it_ends() -> None:
    called = ReserveCalled(incident_id="MI-1", engineer_ids=("E-7",))
    ended = IncidentEnded(incident_id="MI-1", reason="已恢复")
    command = incident.End(incident_id="MI-1", reason="已恢复")
    assert list(incident.decide(command, after(PROPOSED, CONFIRMED, called))) == [ended]
    state = after(PROPOSED, CONFIRMED, called, ended)
    assert (state.stage, state.reserve) == ("ended", ())
