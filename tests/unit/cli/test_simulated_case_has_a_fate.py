"""Of every case of the day it is told what became of it; one that fits nothing is a defect."""

from typing import Any

import pytest

from aftercare_cli.simulate.books import Books, Entry
from aftercare_cli.simulate.fates import Fates
from aftercare_cli.simulate.history import Line
from aftercare_cli.simulate.plan import Plan
from aftercare_cli.simulate.proof import prove
from aftercare_cli.simulate.summary import summary, text


def line(name: str, case_id: str = "A", **data: Any) -> Line:
    return Line(1, f"aftercare.{name}.v1", f"case/{case_id}", {"case_id": case_id, **data})


REPORTED = line("case.reported")
ASSIGNED = line("case.assigned", engineer_id="E-1")
UNATTENDED = line("case.unattended", left_out={"skill": 9, "off_duty": 3})
LENT = line("case.loan_reserved", loan_id="L")
ALERT = line("case.alert_raised", alert_id="A-respond")


def told(*lines: Line) -> Fates:
    fates = Fates.of(["A"])
    for one in lines:
        fates.hear(one)
    return fates


@pytest.mark.parametrize(
    ("history", "fate"),
    [
        ([ASSIGNED], "assigned"),
        ([ASSIGNED, line("case.restored")], "repaired"),
        ([ASSIGNED, line("case.resolved"), line("case.closed")], "repaired"),
        ([ASSIGNED, line("case.resolved"), line("case.reopened"), ASSIGNED], "assigned"),
        ([ASSIGNED, line("case.declined"), ALERT], "escalated"),
        ([line("case.escalated_to_expert", target="vendor-support")], "escalated"),
        ([LENT], "lent to"),
        ([ASSIGNED, line("case.withdrawn")], "explained"),
        ([line("case.merged", into="B")], "explained"),
        ([UNATTENDED], "explained"),
        ([UNATTENDED, ASSIGNED], "assigned"),
    ],
)
def test_fate_is_how_the_case_stands_at_the_end(history: list[Line], fate: str) -> None:
    fates = told(REPORTED, *history)
    assert {name: count for name, count in fates.counts.items() if count} == {fate: 1}
    assert fates.forgotten == []


@pytest.mark.parametrize(
    "history",
    [
        [],
        [ASSIGNED, line("case.declined", engineer_id="E-1")],
        [ASSIGNED, line("case.engineer_rejected", engineer_id="E-1")],
        [ASSIGNED, line("case.resolved"), line("case.reopened")],
        [LENT, line("case.loan_ended", loan_id="L")],
        [UNATTENDED, ASSIGNED, line("case.declined")],
    ],
)
def test_case_that_nobody_has_and_nothing_explains_is_forgotten(history: list[Line]) -> None:
    fates = told(REPORTED, *history)
    last = [REPORTED, *history][-1].name
    assert fates.forgotten == [f"case A came to nothing: the last that is told of it is {last}"]
    assert sum(fates.counts.values()) == 0


def test_waiting_is_explained_by_what_spoke_against_everybody() -> None:
    assert told(REPORTED, UNATTENDED).explanations == {
        "nobody could be sent: 9 skill, 3 off_duty": 1
    }
    assert told(REPORTED, line("case.withdrawn")).explanations == {"withdrawn": 1}


def test_stations_on_the_way_count_once_for_each_case() -> None:
    way = told(REPORTED, ASSIGNED, line("case.declined"), ASSIGNED, ALERT, ALERT, LENT).on_the_way
    assert way == {"assigned": 1, "declined": 1, "alerted": 1, "lent to": 1}


def test_what_is_about_other_cases_or_no_case_is_not_heard() -> None:
    fates = told(
        REPORTED, line("case.assigned", "B", engineer_id="E-1"), line("callback.scheduled")
    )
    assert len(fates.forgotten) == 1


def test_forgotten_case_is_a_defect_of_the_day() -> None:
    entry = Entry(what="web", about="case/A", position=1, identity="k", opens=True)
    books = Books(entries=[entry])
    proof = prove(books.entries, [REPORTED])
    day = summary(7, Plan((), ()), books, proof, 1.0)
    assert day["defects"] == [
        "case A came to nothing: the last that is told of it is case.reported"
    ]
    assert day["fates"] == {"A": None}
    assert "DEFECT       case A came to nothing" in text(day)
