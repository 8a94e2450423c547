"""DP-04: what somebody who left, or is on leave then, has not begun is somebody else's."""

from typing import Any

import pytest

from aftercare_events.catalogue import case as c
from dispatch.domain import commands as cmd
from dispatch.domain.slot import Slot
from support.dispatch_cases import CASE, Given, after, assigned, at, reported

SENT = assigned("E-1", slot_start=at(120), slot_end=at(240))
AWAY = c.CaseDeclined(case_id=CASE, engineer_id="E-1", away=True)


def take(absence: Slot | None = None, said_at: int = 60) -> cmd.TakeFromAway:
    return cmd.TakeFromAway(
        case_id=CASE, at=at(60), engineer_id="E-1", said_at=at(said_at), absence=absence
    )


def test_whoever_left_has_it_no_longer() -> None:
    Given(reported(), SENT).when(take()).then(AWAY)
    Given(reported(), assigned("E-1", mode="hotline")).when(take()).then(AWAY)
    state = after(reported(), SENT, AWAY)
    assert (state.holder, state.wanted, state.declined_by) == (None, "onsite", ())


@pytest.mark.parametrize(("start", "end", "taken"), [(0, 121, True), (240, 600, False)])
def test_leave_takes_the_visits_that_lie_in_it(start: int, end: int, taken: bool) -> None:
    Given(reported(), SENT).when(take(Slot(at(start), at(end)))).then(*([AWAY] if taken else []))
    hotline = assigned("E-1", mode="hotline")
    Given(reported(), hotline).when(take(Slot(at(start), at(end)))).then()


@pytest.mark.parametrize(
    "facts",
    [
        (SENT, c.EngineerDeparted(case_id=CASE)),
        (SENT, c.EngineerArrived(case_id=CASE)),
        (SENT, c.ServiceRestored(case_id=CASE)),
        (SENT, c.CaseWithdrawn(case_id=CASE)),
        (assigned("E-2"),),
        (),
    ],
)
def test_what_has_begun_or_is_not_theirs_stays(facts: tuple[Any, ...]) -> None:
    Given(reported(), *facts).when(take()).then()


def test_whoever_was_chosen_although_it_was_known_keeps_it() -> None:
    Given(reported(), SENT).when(take(said_at=5)).then()
