"""The same seed, company and size plan the same day, and it could be one."""

from collections import Counter

from aftercare_cli.simulate.acts import CallBack, Lend, Milestone, MoveLoans, PutRight, Withdraw
from aftercare_cli.simulate.company import Area
from aftercare_cli.simulate.plan import Life, Plan, make_plan
from support.simulated import COMPANY


def planned(cases: int = 400, seed: int = 7, rate: float = 60) -> Plan:
    return make_plan(COMPANY, cases=cases, rate=rate, seed=seed)


def test_same_seed_same_day() -> None:
    assert planned() == planned()


def test_another_seed_another_day() -> None:
    assert planned(seed=8) != planned()


def test_longer_day_begins_like_a_shorter_one() -> None:
    assert planned(400).lives[:100] == planned(100).lives


def test_requests_come_in_order_at_about_the_rate_that_was_asked_for() -> None:
    times = [life.request.at for life in planned(rate=120).lives]
    assert times == sorted(times)
    assert 1.5 * 3600 < times[199] < 3 * 3600


def test_every_door_is_used_by_those_who_can_use_it() -> None:
    requests = [life.request for life in planned().lives]
    assert {request.door for request in requests} == {"phone", "email", "fax", "web", "letter"}
    for request in requests:
        assert request.contact.email or request.door != "email"
        assert request.contact.phone or request.door not in ("phone", "fax")


def test_severity_is_one_of_the_contract() -> None:
    scales = {customer.customer_id: customer.severities for customer in COMPANY.customers}
    for request in (life.request for life in planned().lives):
        assert request.severity is None or request.severity in scales[request.customer_id]


def test_each_life_ends_with_answers_or_a_withdrawal() -> None:
    ends = Counter(type(life.course[-1]) for life in planned().lives)
    assert ends.keys() == {CallBack, PutRight, Withdraw}
    assert ends[CallBack] > 4 * (ends[PutRight] + ends[Withdraw])


def test_unsolved_is_reopened_and_satisfied_in_the_end() -> None:
    twice = [calls for life in planned().lives if len(calls := callbacks(life)) == 2]
    assert twice
    assert all([call.outcome for call in calls] == ["unsolved", "satisfied"] for calls in twice)


def test_something_of_everything_happens() -> None:
    lives = planned().lives
    commands = {act.command for life in lives for act in life.course if isinstance(act, Milestone)}
    assert commands >= {"decline", "reject-engineer", "remote-start", "pause", "escalate-expert"}
    assert any(isinstance(act, Lend) for life in lives for act in life.course)
    assert any(life.request.resent for life in lives)
    assert any(life.request.lay_s for life in lives)
    assert {call.outcome for call in planned().calls} == {"abandoned", "answered", "transferred"}


def test_work_on_site_is_agreed_charged_handed_over_and_swapped() -> None:
    acts = [act for life in planned().lives for act in life.course]
    commands = [act.command for act in acts if isinstance(act, Milestone)]
    assert commands.count("escalate-expert") == commands.count("take-back") > 0
    assert commands.count("ask-scope") == commands.count("decide-scope") > 0
    assert commands.count("claim-defect") == commands.count("decide-defect") > 0
    assert "costs" in commands
    moves = [act for act in acts if isinstance(act, MoveLoans)]
    assert {act.command for act in moves} == {"ship", "receive", "swap", "return"}
    assert {"fit" in act.body for act in moves if act.command == "return"} == {True, False}


def test_confirmed_defect_is_replaced_in_every_record_of_its_case() -> None:
    lives = [[a for a in life.course if isinstance(a, Milestone)] for life in planned(1500).lives]
    defective = [
        [act.body for act in acts if act.command == "record"]
        for acts in lives
        if any(act.command == "decide-defect" and act.body["confirmed"] for act in acts)
    ]
    assert any(len(records) == 2 for records in defective)
    assert all(record["replaced"] for records in defective for record in records)


def test_outage_strikes_one_area_by_requests_in_a_row() -> None:
    struck = [life.request for life in planned().lives if life.request.area]
    assert [request.number for request in struck] == [
        *range(40, 47),
        *range(190, 197),
        *range(340, 347),
    ]
    for request in struck:
        assert (request.kind, request.device, request.customer_id) == ("fault", None, "C-NETWORK")
        assert request.area == Area("S-CENTRE", "network")


def test_who_falls_ill_is_stood_in_for_by_somebody_who_can_do_as_much() -> None:
    absences = planned().absences
    assert len(absences) == 4
    assert {(one.engineer_id, one.deputy) for one in absences} == {("E-1", "E-2")}


def test_whoever_is_sent_by_hand_knows_the_kind_of_device() -> None:
    assert COMPANY.able("software") == ["E-2"]
    assert COMPANY.able(None) == COMPANY.able("lighting") == COMPANY.engineers


def test_nothing_happens_before_its_time() -> None:
    assert all(act.after >= 0 for life in planned().lives for act in life.course)


def callbacks(life: Life) -> list[CallBack]:
    return [act for act in life.course if isinstance(act, CallBack)]
