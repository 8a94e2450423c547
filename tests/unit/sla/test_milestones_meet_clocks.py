"""Which milestone meets, implies, cancels or leaves which clock."""

import pytest

from support.clock_stories import called_back, reported, shown, story, told

S0, S1, S2 = "software-maintenance", "equipment-warranty", "portal-operations"
S3, S4 = "lighting-maintenance", "it-integration"


def fault(policy: str = S4, at: str = "2026-11-02 08:00", **data: object) -> bytes:
    return reported(policy, at, **{"severity": "2", "device_id": "D1", "place": "local", **data})


def after(*names: str, until: str = "2026-11-02 08:05") -> dict[str, str]:
    """The clocks of a level-2 fault after these milestones at 08:05."""
    events = [told(name, "2026-11-02 08:05", **_data(name)) for name in names]
    return story(fault(), *events, until=until).states()


def _data(name: str) -> dict[str, str]:
    return {"engineer_id": "E1"} if name == "assigned" else {}


ALL = {
    "contact": "running",
    "onsite": "running",
    "report": "running",
    "resolve": "running",
    "respond": "running",
    "restore": "running",
}
ANSWERED = {**ALL, "contact": "met", "respond": "met"}
RESTORED = {**ANSWERED, "restore": "met", "report": "met", "onsite": "cancelled"}
RESOLVED = {**RESTORED, "resolve": "met", "callback": "running"}


@pytest.mark.parametrize(
    ("names", "expected"),
    [
        (["assigned"], ALL),
        (["accepted"], ALL),
        (["departed"], ALL),
        (["contacted"], {**ALL, "contact": "met"}),
        (["responded"], ANSWERED),
        (["diagnosed"], ANSWERED),
        (["arrived"], {**ANSWERED, "onsite": "met"}),
        (["restored"], RESTORED),
        (["arrived", "restored"], {**RESTORED, "onsite": "met"}),
        (["resolved"], RESOLVED),
        (["signed_off"], {k: v for k, v in RESOLVED.items() if k != "callback"}),
        (["closed"], {k: v for k, v in RESOLVED.items() if k != "callback"}),
    ],
)
def test_later_milestone_meets_the_earlier_clocks(
    names: list[str], expected: dict[str, str]
) -> None:
    assert after(*names) == expected


def test_milestone_at_the_due_time_is_in_time_and_silences_its_step() -> None:
    seen = story(
        fault(S2, severity="general"),
        told("responded", "2026-11-02 10:00"),
        until="2026-11-03 00:00",
    )
    assert seen.state("respond") == "met"
    assert [step for step, _ in seen.alerts("respond")] == ["engineer", "pm"]


def test_microsecond_late_is_late() -> None:
    seen = story(
        fault(S2, severity="general"),
        told("responded", "2026-11-02 10:00:00.000001"),
        until="2026-11-03 00:00",
    )
    assert seen.state("respond") == "met_late"
    assert [step for step, _ in seen.alerts("respond")] == ["engineer", "pm", "leadership"]


def test_first_of_two_reports_of_a_milestone_counts() -> None:
    seen = story(
        fault(),
        told("contacted", "2026-11-02 08:05"),
        told("contacted", "2026-11-02 09:00"),
        until="2026-11-02 09:00",
    )
    met_at = seen.clock("contact").met_at
    assert met_at is not None
    assert shown(met_at) == "2026-11-02 08:05"


def test_dispatch_is_met_by_an_assignment() -> None:
    seen = story(
        fault(S2, severity="catastrophic"),
        told("contacted", "2026-11-02 08:10"),
        told("assigned", "2026-11-02 08:20", engineer_id="E1"),
        until="2026-11-02 08:20",
    )
    assert seen.state("dispatch") == "met"


def test_dispatch_is_met_by_an_arrival() -> None:
    seen = story(
        fault(S2, severity="catastrophic"),
        told("arrived", "2026-11-02 08:20"),
        until="2026-11-02 08:20",
    )
    assert seen.state("dispatch") == "met"


@pytest.mark.parametrize("name", ["restored", "resolved", "signed_off", "closed"])
def test_dispatch_is_cancelled_when_cleared_with_nobody_assigned(name: str) -> None:
    seen = story(
        fault(S2, severity="catastrophic"),
        told("responded", "2026-11-02 08:10"),
        told(name, "2026-11-02 08:30"),
        until="2026-11-02 12:00",
    )
    assert seen.state("dispatch") == "cancelled"
    assert [step for step, _ in seen.alerts("dispatch")] == ["engineer", "pm"]


def test_clock_cancelled_after_its_due_time_stays_breached_and_its_ladder_ends() -> None:
    seen = story(
        fault(S3),
        told("restored", "2026-11-02 11:30"),
        until="2026-11-03 12:00",
    )
    assert seen.state("onsite") == "breached"
    assert seen.state("onsite_limit") == "cancelled"
    assert [at[-5:] for _, at in seen.alerts("onsite")] == ["09:30", "10:24", "11:00"]
    assert seen.alerts("onsite_limit") == []


@pytest.mark.parametrize("name", ["withdrawn", "merged"])
def test_end_of_the_case_cancels_its_clocks(name: str) -> None:
    seen = story(
        fault(),
        told(name, "2026-11-02 09:00", into="C2", reason="twice"),
        told("restored", "2026-11-02 09:30"),
        until="2026-11-05 00:00",
    )
    assert seen.states() == {
        **dict.fromkeys(ALL, "cancelled"),
        "contact": "breached",
    }
    # 09:00 is the instant of two steps, and the end of the case wins
    assert seen.alerts("respond") == seen.alerts("restore") == []
    assert [at[-5:] for _, at in seen.alerts("contact")] == ["08:05", "08:08", "08:10", "08:15"]


def test_end_of_the_case_at_the_due_time_wins() -> None:
    seen = story(fault(), told("withdrawn", "2026-11-02 08:10"), until="2026-11-02 09:00")
    assert seen.state("contact") == "cancelled"
    assert [step for step, _ in seen.alerts("contact")] == ["engineer", "pm"]


def test_reporting_duty_becomes_reported_and_stays_so() -> None:
    seen = story(
        fault(severity="1"), told("restored", "2026-11-02 11:00"), until="2026-11-02 12:00"
    )
    assert seen.state("report") == "reported"
    assert seen.alerts("report") == [("leadership", "2026-11-02 10:00")]
    assert seen.clock("report").met_at is None
    assert seen.clock("report").breached_at is None


def test_reporting_duty_is_met_by_restoration_at_its_very_instant() -> None:
    seen = story(
        fault(severity="1"), told("restored", "2026-11-02 10:00"), until="2026-11-02 12:00"
    )
    assert seen.state("report") == "met"
    assert seen.alerts("report") == []


def test_reporting_duty_is_cancelled_with_its_case() -> None:
    seen = story(fault(), told("withdrawn", "2026-11-02 09:00"), until="2026-11-04 09:00")
    assert seen.state("report") == "cancelled"


def test_callback_goes_on_after_the_case_is_closed() -> None:
    seen = story(
        fault(),
        told("resolved", "2026-11-02 09:00"),
        told("closed", "2026-11-02 10:00"),
        until="2026-11-02 18:00",
    )
    assert seen.state("callback") == "running"
    assert seen.due("callback") == "2026-11-03 18:00"


def test_callback_completed_before_the_resolution_does_not_count() -> None:
    seen = story(
        fault(),
        told("restored", "2026-11-02 08:30"),
        called_back("2026-11-02 08:40"),
        told("resolved", "2026-11-02 09:00"),
        until="2026-11-02 18:00",
    )
    assert seen.state("callback") == "running"


def test_called_back_of_the_case_says_the_same_as_the_callback() -> None:
    seen = story(
        fault(),
        told("resolved", "2026-11-02 09:00"),
        told("called_back", "2026-11-02 10:00", callback_id="B1", outcome="satisfied"),
        until="2026-11-02 18:00",
    )
    assert seen.state("callback") == "met"


def test_arrival_before_the_visit_was_required_meets_the_visit() -> None:
    seen = story(
        fault(S1),
        told("arrived", "2026-11-02 08:20"),
        told("onsite_required", "2026-11-02 08:30"),
        until="2026-11-02 18:00",
    )
    assert seen.state("onsite") == "met"
    assert seen.alerts("onsite") == []
