"""DP-26: manufacturers, authorised services and partner firms take cases, or send them back."""

from datetime import date
from typing import Any

import pytest
from msgspec.structs import replace

from aftercare_events.catalogue import case as c
from aftercare_events.catalogue import partner as p
from aftercare_events.catalogue import work as w
from dispatch.domain import commands as cmd
from dispatch.domain import partner
from dispatch.todos import DUE, PARTNER_ANSWER
from support.dispatch_cases import CASE, START, Given, after, assigned, at, reported

PROMISE = p.PartnerPromise(
    agreement="TSA-7", valid_until=START.date(), answer_minutes=30, onsite_minutes=240
)
MAKER = p.PartnerRegistered(
    partner_id="P-1", kind="manufacturer", name="Maker", promise=PROMISE, models=("RS-1",)
)
PASSED = c.EscalatedToExpert(case_id=CASE, target="P-1", kind="vendor")
ASKED = p.PartnerAsked(
    case_id=CASE,
    partner_id="P-1",
    kind="manufacturer",
    agreement="TSA-7",
    answer_by=at(50),
    onsite_by=at(260),
)
TAKEN = p.PartnerAccepted(case_id=CASE, partner_id="P-1", reference="SR-118")
SILENT = p.PartnerSilent(case_id=CASE, partner_id="P-1")
WITH_MAKER = (reported(), assigned(), PASSED, ASKED)
take = cmd.AcceptHandOver(case_id=CASE, at=at(40), reference="SR-118")
silence = cmd.PartnerNoAnswer(case_id=CASE, at=at(50))


def hand_over(**changes: Any) -> cmd.EscalateToExpert:
    entry = replace(MAKER, **changes)
    return cmd.EscalateToExpert(case_id=CASE, at=at(20), target="P-1", partner=entry)


def test_case_goes_to_a_partner_by_what_they_promised() -> None:
    Given(reported(), assigned()).when(hand_over()).then(PASSED, ASKED)
    state = after(*WITH_MAKER)
    assert (state.holder, state.held_since) == ("P-1", at(20))
    assert state.held_over is not None
    assert (state.held_over.answer_by, state.held_over.onsite_by) == (at(50), at(260))


def test_free_word_is_a_target_as_before_and_promises_nothing() -> None:
    word = cmd.EscalateToExpert(case_id=CASE, at=at(20), target="G-EXPERTS")
    passed = c.EscalatedToExpert(case_id=CASE, target="G-EXPERTS")
    Given(reported(), assigned()).when(word).then(passed)
    assert DUE[PARTNER_ANSWER](after(reported(), assigned(), passed)) is None
    Given(reported(), assigned(), passed).when(take).refused("not-with-a-partner")


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"active": False}, "partner-inactive"),
        ({"promise": replace(PROMISE, valid_until=date(2026, 11, 1))}, "agreement-expired"),
    ],
)
def test_who_may_not_be_asked_is_refused_by_the_field(changes: Any, code: str) -> None:
    refused = Given(reported(), assigned()).when(hand_over(**changes)).refused(code)
    assert refused.field == "target"


def test_partner_takes_it_once_under_a_number_of_their_own() -> None:
    Given(reported(), assigned()).when(take).refused("not-with-a-partner")
    Given(*WITH_MAKER).when(take).then(TAKEN)
    Given(*WITH_MAKER, TAKEN).when(take).refused("already-accepted")
    held = after(*WITH_MAKER, TAKEN).held_over
    assert held is not None
    assert (held.reference, held.accepted_at) == ("SR-118", at(40))


def test_partner_sends_it_back_with_a_reason() -> None:
    unsaid = cmd.TakeBack(case_id=CASE, at=at(60))
    said = cmd.TakeBack(case_id=CASE, at=at(60), reason="not ours")
    back = w.TakenBack(case_id=CASE, reason="not ours")
    assert Given(*WITH_MAKER).when(unsaid).refused("reason-required").field == "reason"
    Given(*WITH_MAKER).when(said).then(back)
    state = after(*WITH_MAKER, back)
    (held,) = state.work.hand_overs
    assert (state.holder, state.held_over) == ("E-1", None)
    assert (held.given_back_at, held.given_back_reason) == (at(40), "not ours")


def test_answer_is_waited_for_until_it_comes_or_the_case_goes_elsewhere() -> None:
    due = DUE[PARTNER_ANSWER]
    assert due(after(*WITH_MAKER)) == at(50)
    for then in (
        TAKEN,
        SILENT,
        w.TakenBack(case_id=CASE),
        assigned("E-2"),
        c.CaseResolved(case_id=CASE),
        c.EscalatedToExpert(case_id=CASE, target="G-EXPERTS"),
    ):
        assert due(after(*WITH_MAKER, then)) is None


def test_silence_is_said_and_the_case_is_on_the_list_again() -> None:
    early = cmd.PartnerNoAnswer(case_id=CASE, at=at(49))
    Given(*WITH_MAKER).when(early).then()
    Given(*WITH_MAKER, TAKEN).when(silence).then()
    Given(*WITH_MAKER).when(silence).then(SILENT)
    state = after(*WITH_MAKER, SILENT)
    assert (state.holder, state.wanted, state.wanted_since) == (None, "onsite", at(40))
    assert state.work.hand_overs[0].silent_at == at(40)


def test_nobody_else_is_looked_for_while_a_partner_has_it() -> None:
    assert after(reported(), PASSED, ASKED).wanted is None
    back = w.TakenBack(case_id=CASE, reason="not ours")
    assert after(reported(), PASSED, ASKED, back).wanted == "hotline"


def test_unchanged_entry_says_nothing() -> None:
    state = partner.evolve(partner.INITIAL, MAKER)
    assert partner.decide(partner.Register(entry=MAKER), partner.INITIAL) == [MAKER]
    assert partner.decide(partner.Register(entry=MAKER), state) == []


def test_those_who_serve_the_device_are_proposed_by_their_promise() -> None:
    today = START.date()

    def one(name: str, answer: int, onsite: int | None = None, **changes: Any) -> Any:
        promise = replace(PROMISE, answer_minutes=answer, onsite_minutes=onsite)
        return replace(MAKER, partner_id=name, **({"promise": promise} | changes))

    ended = replace(PROMISE, valid_until=date(2026, 11, 1))
    known = [
        one("slow", 60, 120),
        one("unpromised", 15),
        one("category", 15, 480, models=(), categories=("server",)),
        one("fast", 15, 240),
        one("other", 1, models=("S7706",)),
        one("ended", 1, promise=ended),
        one("inactive", 1, active=False),
    ]
    fitting = partner.fitting(known, category="server", model="RS-1", today=today)
    assert [p.partner_id for p in fitting] == ["fast", "category", "unpromised", "slow"]
    assert partner.fitting(known, category=None, model=None, today=today) == []
