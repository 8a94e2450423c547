"""SL-03: a recipient is a role, resolved when the alert is raised."""

from datetime import datetime
from typing import Any

import pytest

from aftercare_events.catalogue.case import Step
from aftercare_events.catalogue.duty import RecipientRegistered
from aftercare_events.catalogue.engineer import Duty, DutySpan
from aftercare_events.rota import Rota
from sla_monitor.domain.directory import NOBODY_ENTERED, Directory, Occasion, resolve
from sla_monitor.domain.staff import staff_of

NOON = datetime.fromisoformat("2026-11-02T12:00:00+08:00")
NIGHT = datetime.fromisoformat("2026-11-02T23:00:00+08:00")
OFFICE = Duty(spans=(DutySpan(days=(1, 2, 3, 4, 5), start="09:00", end="18:00"),))
NEVER = Duty()


def entered(recipient_id: str, **more: Any) -> RecipientRegistered:
    return RecipientRegistered(recipient_id=recipient_id, **more)


def directory(*entries: RecipientRegistered, **engineers: Rota) -> Directory:
    return Directory({one.recipient_id: one for one in entries}, staff_of(engineers))


def told(who: Directory, step: Step, at: datetime = NOON, *, engineer: str | None = "Zhao") -> str:
    return resolve(who, Occasion(step, "C-LIGHTING", engineer, at))


@pytest.mark.parametrize(
    ("step", "engineer", "recipient"),
    [
        ("engineer", "Zhao", "Zhao"),
        ("engineer", None, "duty-desk"),
        ("pm", "Zhao", "pm"),
        ("leadership", None, "leadership"),
        ("executive", None, "executive"),
    ],
)
def test_where_nobody_is_entered_the_role_itself_is_told(
    step: Step, engineer: str | None, recipient: str
) -> None:
    assert told(NOBODY_ENTERED, step, engineer=engineer) == recipient


def test_engineer_off_duty_is_stood_in_for_by_the_deputy() -> None:
    who = directory(entered("Zhao", deputy="Xu"), Zhao=Rota(duty=OFFICE), Xu=Rota())
    assert told(who, "engineer") == "Zhao"
    assert told(who, "engineer", NIGHT) == "Xu"


@pytest.mark.parametrize(
    "deputies",
    [
        [],
        [entered("Zhao", deputy="nobody-knows")],
        [entered("Zhao", deputy="Xu"), entered("Xu", deputy="Zhao", duty=NEVER)],
        [entered("Zhao", deputy="Xu"), entered("Xu", active=False)],
    ],
)
def test_duty_desk_is_told_where_no_deputy_answers(deputies: list[RecipientRegistered]) -> None:
    who = directory(*deputies, Zhao=Rota(duty=NEVER))
    assert told(who, "engineer") == "duty-desk"


def test_engineer_who_left_is_not_told() -> None:
    assert told(directory(Zhao=Rota(active=False)), "engineer") == "duty-desk"


def test_duty_desk_may_be_a_recipient_with_a_deputy() -> None:
    who = directory(entered("duty-desk", duty=OFFICE, deputy="guard"), entered("guard"))
    assert told(who, "engineer", engineer=None) == "duty-desk"
    assert told(who, "engineer", NIGHT, engineer=None) == "guard"


def test_recipient_for_the_customer_comes_before_one_for_all() -> None:
    general = entered("Lin", steps=("pm",))
    theirs = entered("Tan", steps=("pm",), customers=("C-LIGHTING",), duty=OFFICE)
    another = entered("Ai", steps=("pm",), customers=("C-PORTAL",))
    who = directory(another, general, theirs)
    assert told(who, "pm") == "Tan"
    assert told(who, "pm", NIGHT) == "Lin"


def test_somebody_on_duty_comes_before_the_deputy_of_somebody_who_is_not() -> None:
    who = directory(
        entered("A", steps=("pm",), duty=NEVER, deputy="D"),
        entered("B", steps=("pm",)),
        entered("D"),
    )
    assert told(who, "pm") == "B"


def test_deputy_of_the_deputy_is_told_when_both_are_off_duty() -> None:
    who = directory(
        entered("A", steps=("executive",), duty=OFFICE, deputy="B"),
        entered("B", duty=OFFICE, deputy="C"),
        entered("C"),
    )
    assert told(who, "executive", NIGHT) == "C"


def test_rank_nobody_answers_for_keeps_its_name() -> None:
    ring = directory(
        entered("A", steps=("pm",), duty=NEVER, deputy="B"), entered("B", duty=NEVER, deputy="A")
    )
    assert told(ring, "pm") == "pm"
    assert told(directory(entered("A", steps=("pm",), active=False)), "pm") == "pm"
