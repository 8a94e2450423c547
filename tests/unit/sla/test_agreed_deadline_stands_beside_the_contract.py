"""A due time agreed with the customer for one case (SL-13): both shown, both judged."""

from support.clock_stories import local, reported, story, told

S0 = "software-maintenance"


def agreed(at: str, due: str, clock: str = "onsite") -> bytes:
    return told(
        "deadline_agreed",
        at,
        clock=clock,
        due_at=local(due).isoformat(),
        agreed_with="the customer's desk",
        reason="the door opens at noon",
    )


REPORT = reported(S0, "2026-11-02 08:00", severity="severe")


def test_both_are_judged() -> None:
    seen = story(
        REPORT,
        agreed("2026-11-02 09:00", "2026-11-02 17:00"),
        told("arrived", "2026-11-02 16:00"),
        until="2026-11-02 18:00",
    )
    assert (seen.state("onsite"), seen.due("onsite")) == ("met_late", "2026-11-02 12:00")
    assert (seen.state("onsite/agreed"), seen.due("onsite/agreed")) == ("met", "2026-11-02 17:00")


def test_its_ladder_climbs_between_the_agreement_and_the_due_time() -> None:
    seen = story(REPORT, agreed("2026-11-02 09:00", "2026-11-02 11:00"), until="2026-11-02 18:00")
    alerts = [at[-5:] for _, at in seen.alerts("onsite/agreed")]
    assert alerts == ["10:00", "10:36", "11:00", "12:00"]
    assert seen.state("onsite/agreed") == "breached"


def test_nothing_moves_it() -> None:
    seen = story(
        REPORT,
        agreed("2026-11-02 09:00", "2026-11-02 11:00"),
        told("paused", "2026-11-02 09:30", reason="no_site_access"),
        told("severity_changed", "2026-11-02 10:00", severity="partial"),
        until="2026-11-02 10:15",
    )
    assert (seen.state("onsite/agreed"), seen.due("onsite/agreed")) == (
        "running",
        "2026-11-02 11:00",
    )


def test_later_agreement_takes_its_place() -> None:
    seen = story(
        REPORT,
        agreed("2026-11-02 09:00", "2026-11-02 11:00"),
        agreed("2026-11-02 10:30", "2026-11-02 20:30"),
        until="2026-11-02 16:00",
    )
    assert seen.alerts("onsite/agreed") == [
        ("engineer", "2026-11-02 10:00"),
        ("engineer", "2026-11-02 15:30"),
    ]
    assert seen.due("onsite/agreed") == "2026-11-02 20:30"


def test_clock_the_contract_does_not_have_cannot_be_judged() -> None:
    seen = story(
        REPORT, agreed("2026-11-02 09:00", "2026-11-02 11:00", "diagnose"), until="2026-11-02 12:00"
    )
    assert "diagnose/agreed" not in seen.names()
