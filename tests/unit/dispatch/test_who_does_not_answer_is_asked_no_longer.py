"""DP-05: an offer is accepted, declined, or not answered in time; then the next one is asked."""

from typing import Any

import pytest

from aftercare_events.catalogue import case as c
from dispatch.domain import commands as cmd
from support.dispatch_cases import CASE, Given, after, assigned, at, recorded, reported

ASKED = assigned("E-1", answer_by=at(25), mode="hotline")
SILENT = c.CaseDeclined(case_id=CASE, engineer_id="E-1", unanswered=True)


def silence(minutes: int = 25, engineer_id: str = "E-1") -> cmd.NoAnswer:
    return cmd.NoAnswer(case_id=CASE, at=at(minutes), engineer_id=engineer_id)


def test_silence_until_the_time_gives_the_case_to_the_next() -> None:
    Given(reported(), ASKED).when(silence()).then(SILENT)
    state = after(reported(), ASKED, SILENT)
    assert (state.wanted, state.assignment, state.declined_by) == ("hotline", None, ("E-1",))


def test_nobody_is_silent_before_the_time() -> None:
    Given(reported(), ASKED).when(silence(24)).then()


@pytest.mark.parametrize(
    "answer",
    [
        c.CaseAccepted(case_id=CASE, engineer_id="E-1"),
        c.CustomerContacted(case_id=CASE),
        c.CaseResponded(case_id=CASE),
        c.EngineerDeparted(case_id=CASE, engineer_id="E-1"),
        c.EngineerArrived(case_id=CASE, engineer_id="E-1"),
        recorded(),
    ],
)
def test_whoever_works_on_it_has_answered(answer: Any) -> None:
    Given(reported(), ASKED, answer).when(silence()).then()
    assert after(reported(), ASKED, answer).answer_due is None


@pytest.mark.parametrize(
    "later",
    [
        c.CaseDeclined(case_id=CASE, engineer_id="E-1"),
        assigned("E-2"),
        c.OnsiteRequired(case_id=CASE),
        c.EscalatedToExpert(case_id=CASE, target="experts"),
        c.CaseResolved(case_id=CASE),
        c.CaseWithdrawn(case_id=CASE),
    ],
)
def test_silence_means_nothing_once_the_case_went_on(later: Any) -> None:
    Given(reported(), ASKED, later).when(silence()).then()


def test_pause_is_no_answer() -> None:
    Given(reported(), ASKED, c.CasePaused(case_id=CASE, reason="no_site_access")).when(
        silence()
    ).then(SILENT)


def test_whoever_was_asked_without_a_time_is_never_silent() -> None:
    Given(reported(), assigned("E-1")).when(silence(9_999)).then()
