"""IN-11: what the service tracking card tells follows from the log alone."""

import json
from pathlib import Path
from typing import Any

import pytest

import intake
from aftercare_events.catalogue import case as c
from aftercare_events.catalogue import decode, entries, sla
from aftercare_events.envelope import Recorded
from intake.card.sheet import Names, People, Section, Sheet, sheet_of
from intake.domain.card import Card, card_of
from support.full_case import CASE, REPORT, SAID, at, recorded, say

FOLDER = Path(intake.__file__).parent
SHARED = FOLDER.parents[3] / "libs" / "http" / "src" / "aftercare_http"
NOBODY = People(contact=None, messages=None, signed_by=None, reported_by=None)
OPENED = People(
    contact={"name": "李静", "phone": "13855500119"},
    messages=[{"text": "still down"}],
    signed_by="李静",
    reported_by="王五",
)


def words(language: str) -> dict[str, str]:
    files = (folder / f"messages.{language}.json" for folder in (SHARED, FOLDER))
    return {key: text for file in files for key, text in json.loads(file.read_text()).items()}


def card(*more: Any) -> Card:
    found = card_of(recorded(*more))
    assert found is not None
    return found


def sheet(people: People, language: str = "en") -> Sheet:
    known = words(language)

    def t(key: str, **values: Any) -> str:
        return known[key].format(**values)

    return sheet_of(card(), Names(), people, t=t, language=language, now=at(5000))


def section(sheet: Sheet, title: str) -> Section:
    return next(one for one in sheet.sections if one.title == title)


def test_promise_is_kept_unless_the_log_says_that_it_was_not() -> None:
    verdicts = {one.clock: (one.verdict, one.done_at) for one in card().promises}
    assert verdicts == {
        "contact": ("kept", at(6)),
        "onsite": ("missed", at(71)),
        "restore": ("kept", at(100)),
        "callback": ("kept", at(1500)),
    }


def test_breach_that_was_withdrawn_is_none() -> None:
    withdrawn = sla.BreachWithdrawn(case_id=CASE, clock="onsite", cycle=1, reason="met_in_time")
    promises = {one.clock: one for one in card(say(withdrawn, "sla", 2000)).promises}
    assert promises["onsite"].verdict == "kept"


def test_promise_of_a_case_that_goes_on_is_open() -> None:
    early = [one for one in recorded() if one[0].event.time <= at(50)]
    found = card_of(early)
    assert found is not None
    assert {one.clock: one.verdict for one in found.promises}["restore"] == "open"


def told(*said: tuple[Any, str, float]) -> dict[str, tuple[str, Any]]:
    """The verdicts on a case of which no more than this was said."""
    found = card_of(
        (Recorded(number, event), decode(event))
        for number, event in enumerate([say(REPORT, "intake", 0), *(say(*one) for one in said)], 1)
    )
    assert found is not None
    return {one.clock: (one.verdict, one.due_at) for one in found.promises}


def promised(**minutes: float) -> tuple[Any, str, float]:
    times = [sla.PromisedTime(clock=clock, due_at=at(due)) for clock, due in minutes.items()]
    said = sla.CasePromised(case_id=CASE, policy="p", policy_version=1, promised=tuple(times))
    return said, "sla", min(minutes.values()) - 10


def test_promises_are_those_that_run_now() -> None:
    """A fax whose severity a clerk set later is promised other times than it began with."""
    verdicts = told(
        promised(contact=10, first_reply=40, resolve=500),
        (c.CustomerContacted(case_id=CASE), "dispatch", 6),
        (c.SeverityChanged(case_id=CASE, severity="1"), "intake", 20),
        promised(respond=60, restore=90, resolve=200),
        (c.CaseResponded(case_id=CASE), "dispatch", 55),
    )
    assert verdicts == {
        "contact": ("kept", at(10)),
        "respond": ("kept", at(60)),
        "restore": ("open", at(90)),
        "resolve": ("open", at(200)),
    }


def test_what_was_not_done_is_never_kept() -> None:
    """Nobody came to a case that was taken back, and nobody was late."""
    verdicts = told(
        promised(contact=10, onsite=60, resolve=500),
        (c.CustomerContacted(case_id=CASE), "dispatch", 6),
        (c.CaseWithdrawn(case_id=CASE), "intake", 20),
    )
    assert {clock: verdict for clock, (verdict, _) in verdicts.items()} == {
        "contact": "kept",
        "onsite": "lapsed",
        "resolve": "lapsed",
    }


def test_what_came_with_something_later_is_done_but_nobody_arrives_by_telephone() -> None:
    verdicts = told(
        promised(contact=10, respond=20, dispatch=30, onsite=60, restore=70),
        (c.ServiceRestored(case_id=CASE), "dispatch", 5),
        (c.CaseClosed(case_id=CASE), "feedback", 40),
    )
    assert {clock for clock, (verdict, _) in verdicts.items() if verdict == "kept"} == {
        *("contact", "respond", "restore"),
    }


def test_attributes_are_those_of_today() -> None:
    changed = card(
        say(c.SeverityChanged(case_id=CASE, severity="1", previous="2"), "intake", 30),
        say(c.CaseReclassified(case_id=CASE, category="storage"), "intake", 31),
    )
    assert (changed.report.severity, changed.report.category) == ("1", "storage")


def test_history_is_in_order_of_time_whatever_the_order_of_the_log() -> None:
    backwards = card_of(reversed(recorded()))
    assert backwards is not None
    assert [entry.what for entry in backwards.history] == [e.what for e in card().history]
    assert len(backwards.history) == len(SAID)


def test_case_that_nobody_reported_has_no_card() -> None:
    assert card_of(recorded()[1:]) is None


def test_reader_without_the_scope_gets_the_case_without_the_person() -> None:
    shown = json.dumps([s.rows or s.facts for s in sheet(NOBODY).sections], ensure_ascii=False)
    assert "Shown only to those who handle requests" in shown
    assert "电源模块老化" in shown
    for personal in ("李静", "13855500119", "still down", "王五"):
        assert personal not in shown


def test_reader_with_the_scope_gets_both() -> None:
    shown = json.dumps([s.rows or s.facts for s in sheet(OPENED).sections], ensure_ascii=False)
    for personal in ("李静", "13855500119", "still down", "王五"):
        assert personal in shown


def test_erased_person_is_said_to_be_erased() -> None:
    erased = People(contact={}, messages=[{}], signed_by=None, reported_by=None)
    assert section(sheet(erased), "Reported by").facts == [("Reported by", "Erased")]
    assert section(sheet(erased), "Messages").rows[0][-1] == "Erased"


def test_sign_off_and_callback_stand_side_by_side() -> None:
    facts = dict(section(sheet(OPENED), "Sign-off and callback").facts)
    assert facts["Rating on the spot"] == "5 / 5"
    assert facts["Callback"] == "satisfied · skill 5 / 5 · attitude 5 / 5 · timeliness 4 / 5"


@pytest.mark.parametrize("language", ["zh", "en"])
def test_everything_that_can_happen_to_a_case_has_a_word(language: str) -> None:
    names = {
        name.split(".")[2]
        for name, entry in entries().items()
        if entry.aggregate in ("case", "loan", "callback")
    }
    assert {f"card.event.{name}" for name in names} - words(language).keys() == set()
