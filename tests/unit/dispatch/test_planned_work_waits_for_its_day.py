"""Installation, commissioning and expansion have a date and an engineer on site (IN-17)."""

from aftercare_events.catalogue import case as c
from aftercare_events.catalogue.clerk import CustomerAssigned
from dispatch.domain.case_folding import evolve
from dispatch.domain.case_state import INITIAL
from dispatch.todos import DUE
from support.dispatch_cases import CASE, assigned, at, reported

DAY = 24 * 60


def test_somebody_is_looked_for_on_the_planned_day_and_not_before() -> None:
    planned = reported(kind="service_request", work="installation", planned_for=at(5 * DAY))
    case = evolve(INITIAL, planned, at(0))
    assert (case.wanted, DUE["assign"](case)) == ("onsite", at(5 * DAY))
    done = evolve(case, assigned(), at(5 * DAY))
    assert DUE["assign"](done) is None


def test_work_without_a_date_is_looked_for_at_once() -> None:
    case = evolve(INITIAL, reported(kind="upgrade", work="expansion"), at(0))
    assert (case.wanted, DUE["assign"](case)) == ("onsite", at(0))


def test_customer_found_later_brings_place_and_contract() -> None:
    """IN-08: whoever is sent goes where the customer is."""
    case = evolve(INITIAL, reported(customer_id="", severity=None, category="device"), at(0))
    found = CustomerAssigned(
        case_id=CASE, customer_id="C-9", policy="lighting-maintenance", site_id="S-9", place="other"
    )
    after = evolve(case, found, at(5))
    assert isinstance(after.report, c.CaseReported)
    assert (after.report.customer_id, after.report.site_id, after.report.place) == (
        "C-9",
        "S-9",
        "other",
    )
    assert (after.report.policy, after.report.category) == ("lighting-maintenance", "device")
    assert after.wanted_since == at(0)
