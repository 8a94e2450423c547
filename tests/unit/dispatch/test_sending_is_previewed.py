"""What would come of sending somebody is known before it is done (DP-04, DP-06)."""

from collections.abc import Mapping
from datetime import timedelta
from typing import get_args

import pytest

from aftercare_events.catalogue.engineer import EngineerRegistered
from aftercare_http import Language, Pages
from aftercare_http.i18n import LANGUAGES
from dispatch.domain.assignment import Proposal
from dispatch.domain.engineer import Book, EngineerState, decide, evolve
from dispatch.domain.need import Obstacle
from dispatch.domain.preview import Preview, first_free, in_order, preview
from dispatch.domain.slot import Slot
from dispatch.domain.staff import Engineer
from dispatch.timeline import spans_when, window_at
from support.dispatch_cases import START, at


def proposed(
    engineer_id: str = "E-1", journey: int = 30, score: int = 30, *obstacles: Obstacle
) -> Proposal:
    slot = Slot(START, at(journey + 120))
    why = {"journey_min": journey, "score_min": score}
    return Proposal(Engineer(engineer_id=engineer_id), slot, why, obstacles)


def seen(proposal: Proposal, visits: Mapping[str, Slot] | None = None) -> Preview:
    return preview(proposal, visits or {}, {"onsite": at(60), "restore": at(20)})


def test_free_engineer_goes_at_once() -> None:
    look = seen(proposed())
    assert (look.slot, look.behind, look.arrives, look.late_min) == (
        Slot(START, at(150)),
        [],
        at(30),
        0,
    )


def test_booked_engineer_goes_after_the_visits_in_the_way() -> None:
    visits = {"B": Slot(at(200), at(300)), "A": Slot(at(-30), at(60)), "C": Slot(at(600), at(700))}
    look = seen(proposed(), visits)
    assert look.slot == Slot(at(300), at(450))
    assert look.behind == ["A", "B"]
    assert (look.arrives, look.late_min) == (at(330), 270)


def test_what_is_proposed_is_never_refused_by_the_engineers_day() -> None:
    state = EngineerState(entry=EngineerRegistered(engineer_id="E-1"))
    for number in range(4):
        slot, _ = first_free(Slot(START, at(150)), state.bookings)
        for fact in decide(
            Book(engineer_id="E-1", case_id=f"K-{number}", slot=slot, at=START), state
        ):
            state = evolve(state, fact, at(0))
    assert max(slot.end for slot in state.bookings.values()) == at(600)


def test_lateness_counts_begun_minutes_against_the_promised_arrival_alone() -> None:
    late = preview(proposed(), {}, {"onsite": at(29) + timedelta(seconds=30), "restore": at(1)})
    assert late.late_min == 1
    assert preview(proposed(), {}, {"restore": at(1)}).late_min == 0


def test_rules_ask_for_a_reason_but_a_full_day_only_for_patience() -> None:
    assert seen(proposed("E-1", 30, 30, "off_duty", "booked")).broken_rules == ["off_duty"]
    assert seen(proposed("E-1", 30, 30, "booked")).broken_rules == []
    assert not seen(proposed("E-1", 30, 30, "inactive")).is_possible


def test_those_who_can_simply_go_come_first() -> None:
    busy = {"A": Slot(at(-30), at(20))}
    looks = [
        seen(proposed("gone", 5, 5, "inactive")),
        seen(proposed("off", 5, 5, "off_duty")),
        seen(proposed("busy", 5, 5, "booked"), busy),
        seen(proposed("late", 90, 10)),
        seen(proposed("dear", 10, 90)),
        seen(proposed("good", 10, 20)),
    ]
    order = ["good", "dear", "late", "busy", "off", "gone"]
    assert [look.engineer_id for look in in_order(looks)] == order


def test_hotline_books_nobody() -> None:
    look = seen(Proposal(Engineer(engineer_id="E-1"), None, {"journey_min": 0, "score_min": 0}))
    assert (look.slot, look.arrives, look.late_min) == (None, None, 0)


@pytest.mark.parametrize(
    ("slot", "x", "width"),
    [
        (Slot(at(0), at(72)), 8.33, 10.0),
        (Slot(at(-600), at(-60)), None, None),
        (Slot(at(-600), at(0)), 0.0, 8.33),
        (Slot(at(600), at(900)), 91.67, 8.33),
    ],
)
def test_day_is_drawn_from_an_hour_ago_on(slot: Slot, x: float | None, width: float) -> None:
    bar = window_at(START + timedelta(minutes=59)).bar(slot)
    assert (bar.x, bar.width) == (x, width) if bar else x is None


def test_duty_is_drawn_in_spans() -> None:
    instants = [at(0), at(30), at(60), at(120), at(300)]
    spans = spans_when(lambda when: when != at(60), instants)
    assert spans == [Slot(at(0), at(60)), Slot(at(120), at(300))]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("rule", get_args(Obstacle))
def test_every_rule_can_be_said(rule: str, language: Language) -> None:
    words = Pages("dispatch").words(language)
    assert words(f"against.{rule}")
    assert "3" in words(f"left_out.{rule}", count=3)
