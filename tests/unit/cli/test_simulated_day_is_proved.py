"""At the end the books are held against the history, and nothing is taken on trust."""

from typing import Any

from aftercare_cli.simulate.books import Entry
from aftercare_cli.simulate.history import Case, Line, tell
from aftercare_cli.simulate.proof import prove


def line(position: int, name: str, subject: str = "case/A", **data: Any) -> Line:
    return Line(position, f"aftercare.{name}.v1", subject, data)


def reported(position: int, case_id: str = "A") -> Line:
    return line(position, "case.reported", f"case/{case_id}", case_id=case_id)


def entry(position: int, about: str = "case/A", *, opens: bool = False) -> Entry:
    return Entry(what="web", about=about, position=position, identity="k", opens=opens)


def test_acknowledged_and_there_once_is_well() -> None:
    books = [entry(1, opens=True), entry(3), entry(4, "loan/L")]
    history = [
        reported(1),
        line(3, "callback.completed", "callback/CB", case_id="A"),
        line(4, "loan.shipped", "loan/L", loan_id="L"),
    ]
    proof = prove(books, history)
    assert (proof.found, proof.missing, proof.doubled) == (3, [], [])


def test_acknowledged_and_not_there_is_lost() -> None:
    proof = prove([entry(1, opens=True), entry(2)], [reported(1)])
    assert proof.missing == ["web about case/A was acknowledged at 2: there is nothing (k)"]


def test_something_else_in_its_place_is_lost_too() -> None:
    proof = prove([entry(1, opens=True)], [reported(1, "B"), reported(2)])
    assert proof.missing == [
        "web about case/A was acknowledged at 1: there is aftercare.case.reported.v1 of case/B (k)"
    ]


def test_case_opened_twice_and_alert_raised_twice_are_found() -> None:
    alert = line(3, "case.alert_raised", case_id="A", alert_id="A-respond")
    history = [reported(1), reported(2), alert, alert]
    assert prove([entry(1, opens=True)], history).doubled == [
        "case A was opened 2 times",
        "alert A-respond was raised 2 times",
    ]


def test_cases_of_others_are_not_counted() -> None:
    closed = line(2, "case.closed", "case/B", case_id="B")
    assert prove([entry(1, opens=True)], [reported(1), closed]).told["closed"] == 0


def test_case_is_known_as_far_as_it_was_told() -> None:
    case = Case("A")
    for said in (
        line(1, "case.assigned", engineer_id="E-1", mode="hotline"),
        line(2, "case.accepted"),
        line(3, "case.assigned", engineer_id="E-2", mode="onsite"),
        line(4, "case.loan_reserved", loan_id="L"),
        line(5, "callback.scheduled", "callback/CB", callback_id="CB"),
    ):
        tell(case, said)
    assert (case.engineer_id, case.onsite, case.accepted) == ("E-2", True, False)
    assert (case.loans, case.callback_id) == (["L"], "CB")
