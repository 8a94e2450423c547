"""DP-19: work outside the agreed scope waits for the maintenance director."""

from typing import Any

from aftercare_events.catalogue import work as w
from dispatch.domain import commands as cmd
from support.dispatch_cases import CASE, Given, after, at, recorded, reported

ASKED = w.ScopeAsked(case_id=CASE, number=1, description="move the rack")


def decided(approved: bool) -> w.ScopeDecided:
    return w.ScopeDecided(
        case_id=CASE, number=1, approved=approved, decided_by="D-1", reason="in the budget"
    )


def decide(**changes: Any) -> cmd.DecideScope:
    said: dict[str, Any] = {
        "number": 1,
        "approved": True,
        "decided_by": "D-1",
        "reason": "in the budget",
    }
    return cmd.DecideScope(case_id=CASE, at=at(60), **(said | changes))


def test_requests_are_numbered_within_the_case() -> None:
    ask = cmd.AskScope(case_id=CASE, at=at(60), description="move the rack")
    Given(reported()).when(ask).then(ASKED)
    second = w.ScopeAsked(case_id=CASE, number=2, description="move the rack")
    Given(reported(), ASKED).when(ask).then(second)


def test_director_decides_once_with_name_and_reason() -> None:
    Given(reported(), ASKED).when(decide()).then(decided(True))
    Given(reported(), ASKED).when(decide(approved=False)).then(decided(False))
    Given(reported(), ASKED, decided(False)).when(decide()).refused("scope-decided")
    Given(reported(), ASKED).when(decide(number=2)).refused("scope-unknown")
    (kept,) = after(reported(), ASKED, decided(True)).work.scope
    assert (kept.decided_by, kept.reason, kept.decided_at) == ("D-1", "in the budget", at(20))


def test_case_is_not_resolved_and_nothing_charged_while_it_waits() -> None:
    resolve = cmd.Resolve(case_id=CASE, at=at(60))
    charge = cmd.RecordCosts(case_id=CASE, at=at(60), currency="CNY", labour_cents=100)
    for command in (resolve, charge):
        Given(reported(), recorded(), ASKED).when(command).refused("scope-pending")
        assert Given(reported(), recorded(), ASKED, decided(False)).when(command).decided()


def test_only_approved_work_is_charged_as_out_of_scope() -> None:
    charge = cmd.RecordCosts(case_id=CASE, at=at(60), currency="CNY", labour_cents=100, scope=1)
    Given(reported(), ASKED, decided(False)).when(charge).refused("scope-not-approved")
    Given(reported(), ASKED, decided(True)).when(charge).then(
        w.CostsRecorded(
            case_id=CASE, number=1, currency="CNY", charged=True, labour_cents=100, scope=1
        )
    )
