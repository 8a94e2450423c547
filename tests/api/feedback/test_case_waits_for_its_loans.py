"""DP-11 over HTTP: a case whose loan is out closes by itself when the loan ends, once."""

from aftercare_events.catalogue.case import CaseClosed
from aftercare_events.catalogue.loan import CaseLoanEnded, CaseLoanReserved
from support.feedback_cases import CASE
from support.feedback_company import Company

SATISFIED = {"officer_id": "O-LIN", "outcome": "satisfied"}
LENT = CaseLoanReserved(case_id=CASE, loan_id="L-1", unit_id="U-1")
BACK = CaseLoanEnded(case_id=CASE, loan_id="L-1", outcome="returned")


async def satisfied_while_the_loan_is_out(company: Company) -> str:
    callback_id = await company.resolve()
    await company.say(LENT)
    answer = await company.post(f"/v1/callbacks/{callback_id}/complete", **SATISFIED)
    assert (answer["case_became"], answer["waits_for_loans"]) == (None, ["L-1"])
    path = f"/v1/callbacks/{callback_id}?min_position={answer['position']}"
    case = (await company.get(path))["case"]
    assert (case["status"], case["waits_for_loans"]) == ("resolved", ["L-1"])
    return callback_id


async def test_case_closes_by_itself_when_the_loan_ends(company: Company) -> None:
    callback_id = await satisfied_while_the_loan_is_out(company)
    await company.say(BACK)
    events = await company.said("case", CASE, count=8)
    assert events[-1].type == "aftercare.case.closed.v1"
    case = (await company.get(f"/v1/callbacks/{callback_id}"))["case"]
    assert (case["status"], case["waits_for_loans"]) == ("closed", [])
    assert (await company.types("case", CASE)).count("closed") == 1


async def test_case_that_a_named_person_closed_stays_as_it_is(company: Company) -> None:
    callback_id = await satisfied_while_the_loan_is_out(company)
    position = await company.say(CaseClosed(case_id=CASE, reason="the loan is sold to them"), BACK)
    detail = await company.get(f"/v1/callbacks/{callback_id}?min_position={position}")
    assert detail["case"]["status"] == "closed"
    assert (await company.types("case", CASE)).count("closed") == 1


async def test_pages_say_that_the_case_waits_for_the_loan(company: Company) -> None:
    callback_id = await satisfied_while_the_loan_is_out(company)
    survey = (await company.get(f"/v1/callbacks/{callback_id}"))["survey_path"]
    for language, officer, customer in (
        ("zh", "以下备品归还后关闭", "备品归还后，本单将自动关闭"),
        ("en", "Closes when these loans are back", "as soon as the spare unit is back"),
    ):
        asked = {"Accept-Language": language}
        assert officer in (await company.http.get(f"/callbacks/{callback_id}", headers=asked)).text
        assert customer in (await company.http.get(survey, headers=asked)).text
