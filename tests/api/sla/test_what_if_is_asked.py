"""The history against another contract over HTTP (RP-03)."""

from datetime import timedelta
from importlib.resources import files
from typing import Any

import pytest

from support.monitors import CASE, READER, Served, fault

TEXT = (files("sla_monitor") / "policies" / "it-integration.yaml").read_text("utf-8")
STRICT = TEXT.replace("target: 10 min", "target: 5 min")


async def asked(served: Served, **question: Any) -> Any:
    answer = await served.http.post("/v1/what-if", json=question)
    assert answer.status_code == 200, answer.text
    return answer.json()


async def test_difference_is_told_and_nothing_is_written(served: Served) -> None:
    assert STRICT != TEXT
    await served.say(fault(), fault("CASE-2"))
    await served.clock.advance(timedelta(minutes=7))
    await served.rung(2)
    await served.promised(CASE, "CASE-2")
    end = await served.log.end()

    found = await asked(served, text=STRICT, limit=1)

    contact = next(clock for clock in found["clocks"] if clock["clock"] == "contact")
    assert (contact["before"]["breaches"], contact["after"]["breaches"]) == (0, 2)
    assert found["cases_changed"] == 2
    assert len(found["cases"]) == 1
    rest = await asked(served, text=STRICT, after_case=found["cases"][0]["case_id"])
    assert len(rest["cases"]) == 1
    assert await served.log.end() == end


async def test_part_of_the_history_is_looked_at(served: Served) -> None:
    position = await served.say(fault())
    await served.say(fault("CASE-2"))
    found = await asked(served, text=STRICT, **{"from": str(position + 1)})
    assert found["cases_compared"] == 1


async def test_another_calendar_is_another_contract(served: Served) -> None:
    calendar = "official:\n  cn:\n    2026: {edition: none, off: [2026-11-02]}\n"
    assert (await asked(served, text=TEXT, calendar=calendar))["policy"] == "it-integration"


@pytest.mark.parametrize(
    ("question", "field"),
    [
        ({"text": "policy: mine\n"}, "text"),
        ({"text": TEXT, "calendar": "official: {cn: {next: {}}}"}, "calendar"),
        ({"text": TEXT, "as": "nobodys"}, "as"),
        ({"text": TEXT, "from": "yesterday"}, "from"),
        ({"text": TEXT, "until": "2026-11-02"}, "until"),
    ],
)
async def test_bad_question_names_its_field(
    served: Served, question: dict[str, str], field: str
) -> None:
    answer = await served.http.post("/v1/what-if", json=question)
    assert (answer.status_code, answer.json()["field"]) == (422, field)


async def test_question_takes_the_right_to_read_the_history(served: Served) -> None:
    answer = await served.http.post("/v1/what-if", json={"text": TEXT}, headers=READER)
    assert answer.status_code == 403
