"""The five worked examples of the contracts, to the second."""

import pytest

from support.clock_stories import reported, shown, story, told


def test_1_complaint_before_a_make_up_saturday() -> None:
    seen = story(
        reported("equipment-warranty", "2026-10-09 17:30", kind="complaint"),
        until="2026-10-09 17:31",
    )
    assert seen.due("first_reply") == "2026-10-12 10:30"
    assert seen.due("close") == "2026-10-15 18:00"
    assert seen.states() == {"first_reply": "running", "close": "running"}


def test_2_partial_fault_before_the_national_day_holidays() -> None:
    seen = story(
        reported("software-maintenance", "2026-09-30 15:00", severity="partial"),
        until="2026-09-30 15:01",
    )
    assert seen.due("onsite") == "2026-10-08 11:00"
    assert seen.due("respond") == "2026-09-30 17:00"
    assert seen.names() == ["onsite", "respond"]


def test_3_restored_at_the_very_instant_of_a_step() -> None:
    seen = story(
        reported("it-integration", "2026-11-02 08:00", severity="2", device_id="D1", place="local"),
        told("restored", "2026-11-02 11:00"),
        until="2026-11-02 12:00",
    )
    assert seen.alerts("restore") == [
        ("engineer", "2026-11-02 09:00"),
        ("pm", "2026-11-02 09:36"),
        ("leadership", "2026-11-02 10:00"),
    ]
    assert [at[-5:] for _, at in seen.alerts("contact")] == ["08:05", "08:08", "08:10", "08:15"]
    assert [at[-5:] for _, at in seen.alerts("respond")] == ["09:00", "09:36", "10:00"]
    assert seen.states() == {
        "contact": "met_late",
        "onsite": "cancelled",
        "report": "met",
        "resolve": "running",
        "respond": "met_late",
        "restore": "met_late",
    }
    restore = seen.clock("restore")
    assert shown(restore.due_at) == "2026-11-02 10:00"
    assert restore.met_at is not None
    assert shown(restore.met_at) == "2026-11-02 11:00"
    assert restore.breached_at is not None
    assert shown(restore.breached_at) == "2026-11-02 10:00"


def test_4_severity_raised_with_the_place_unchanged() -> None:
    seen = story(
        reported("equipment-warranty", "2026-11-02 09:00", severity="3", place="other"),
        told("onsite_required", "2026-11-02 10:00"),
        told("severity_changed", "2026-11-02 11:00", severity="1"),
        until="2026-11-02 11:30",
    )
    assert seen.due("onsite") == "2026-11-02 16:00"
    assert seen.due("onsite_limit") == "2026-11-03 09:00"
    assert seen.alerts("onsite") == seen.alerts("onsite_limit") == []


@pytest.mark.parametrize(
    ("reason", "due", "paused_s"),
    [("no_site_access", "2026-11-02 15:30", 5400), ("waiting_for_parts", "2026-11-02 14:00", 0)],
)
def test_5_only_listed_reasons_pause(reason: str, due: str, paused_s: int) -> None:
    seen = story(
        reported("software-maintenance", "2026-11-02 10:00", severity="severe"),
        told("paused", "2026-11-02 11:00", reason=reason),
        told("resumed", "2026-11-02 12:30", reason=reason),
        until="2026-11-02 13:00",
    )
    assert seen.due("onsite") == due
    assert seen.clock("onsite").paused_s == paused_s
