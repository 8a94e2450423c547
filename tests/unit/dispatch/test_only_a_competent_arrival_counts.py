"""DP-25: whoever cannot handle the fault is on site for the record, not for the clock."""

from datetime import date

import pytest

from aftercare_events.catalogue import case as c
from aftercare_events.catalogue.engineer import Certificate, EngineerRegistered
from dispatch.domain import commands as cmd
from dispatch.domain.case_state import status
from dispatch.domain.competence import Demand, lacks
from support.dispatch_cases import CASE, Given, after, assigned, at, reported

DEMAND = Demand(skill="network", level=2, today=date(2026, 11, 2))
GOOD = Certificate(name="HCIE", valid_until=date(2026, 11, 2), skill="network")
GONE = Certificate(name="HCIE", valid_until=date(2026, 11, 1), skill="network")
OTHER = Certificate(name="electrician", valid_until=date(2027, 1, 1), skill="lighting")
VISIT = {"slot_start": at(0), "slot_end": at(120)}
SENT = assigned(**VISIT)
ATTENDED = c.EngineerAttended(case_id=CASE, engineer_id="E-1", lacks=("skill",))
ARRIVED = c.EngineerArrived(case_id=CASE, engineer_id="E-1")


@pytest.mark.parametrize(
    ("skills", "certificates", "level", "short"),
    [
        (("network",), (GOOD,), 2, ()),
        (("network",), (), 3, ()),
        ((), (GOOD,), 2, ("skill",)),
        (("network",), (GONE,), 2, ("certificate",)),
        (("network",), (OTHER,), 2, ("certificate",)),
        (("network",), (GOOD,), 1, ("level",)),
        ((), (GONE,), 1, ("skill", "certificate", "level")),
    ],
)
def test_skill_certificate_and_level_make_somebody_able(
    skills: tuple[str, ...], certificates: tuple[Certificate, ...], level: int, short: object
) -> None:
    entry = EngineerRegistered(
        engineer_id="E-1", skills=skills, certificates=certificates, level=level
    )
    assert lacks(entry, DEMAND) == short


def test_somebody_whom_the_staff_list_does_not_know_is_not_taken_for_able() -> None:
    assert lacks(None, DEMAND) == ("unknown",)


def test_arrival_of_somebody_who_cannot_handle_it_is_recorded_and_does_not_count() -> None:
    came = cmd.Arrive(case_id=CASE, at=at(60), lacks=("skill",))
    Given(reported(), SENT).when(came).then(ATTENDED)
    Given(reported(), SENT, ATTENDED).when(came).refused("already-arrived")
    state = after(reported(), SENT, ATTENDED)
    assert status(state) == "on_site"
    assert "arrived" not in state.milestones


def test_able_engineer_who_comes_afterwards_arrives() -> None:
    arrive = cmd.Arrive(case_id=CASE, at=at(60))
    facts = (reported(), SENT, ATTENDED, assigned("E-2", **VISIT))
    Given(*facts).when(arrive).then(c.EngineerArrived(case_id=CASE, engineer_id="E-2"))


def test_arrival_counts_once_the_missing_skill_is_on_record() -> None:
    arrive = cmd.Arrive(case_id=CASE, at=at(60))
    Given(reported(), SENT, ATTENDED).when(arrive).then(ARRIVED)
    assert "arrived" in after(reported(), SENT, ATTENDED, ARRIVED).milestones
    Given(reported(), SENT, ATTENDED, ARRIVED).when(arrive).refused("already-arrived")
