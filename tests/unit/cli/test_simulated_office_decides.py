"""What the system proposes on such a day is decided, and only what belongs to the day."""

import asyncio
from collections.abc import Mapping
from typing import Any

import httpx
import pytest

from aftercare_cli.simulate.books import Books
from aftercare_cli.simulate.history import History, Line
from aftercare_cli.simulate.office import Office, is_one_matter
from aftercare_cli.simulate.scene import Scene
from aftercare_cli.simulate.wire import Wire
from support.simulated import COMPANY

OURS, OTHERS = ("A", "B", "C"), ("X", "Y", "Z")
FAST = 1e9


def said_to(*lines: Line, struck: tuple[str, ...] = ()) -> list[tuple[str, Mapping[str, Any]]]:
    """The path and body of everything the office said after hearing `lines`."""
    said: list[tuple[str, Mapping[str, Any]]] = []

    def answer(request: httpx.Request) -> httpx.Response:
        said.append((request.url.path, httpx.Response(200, content=request.content).json()))
        return httpx.Response(200, json={"position": len(said)})

    asyncio.run(_heard(lines, struck, httpx.MockTransport(answer)))
    return said


async def _heard(
    lines: tuple[Line, ...], struck: tuple[str, ...], transport: httpx.MockTransport
) -> None:
    async with httpx.AsyncClient(transport=transport, base_url="http://dispatch") as client:
        history, books = History(client), Books(cases=set(OURS))
        for case_id in struck:
            history.of(case_id).struck = True
        scene = Scene(
            run="r",
            speed=FAST,
            company=COMPANY,
            wire=Wire({"dispatch": client}),
            history=history,
            books=books,
        )
        office = Office(scene)
        for line in lines:
            office.hear(line)
        working = asyncio.create_task(office.work())
        await office.finish(5)
        working.cancel()
        assert books.defects == []


def proposed(*case_ids: str) -> Line:
    data = {"incident_id": "MI-1", "category": "network", "case_ids": list(case_ids)}
    return Line(9, "aftercare.incident.proposed.v1", "incident/MI-1", data)


def returned(**more: Any) -> Line:
    data = {"unit_id": "U-1", "loan_id": "L", "depot_id": "D", **more}
    return Line(9, "aftercare.unit.returned.v1", "unit/U-1", data)


def test_outage_that_is_one_is_confirmed_announced_and_ended() -> None:
    said = said_to(proposed(*OURS), struck=OURS)
    assert [path for path, _ in said] == [
        f"/v1/incidents/MI-1/{step}" for step in ("confirm", "announce", "end")
    ]
    assert said[0][1]["title"] == "片区故障：network"
    assert said[1][1]["zh"]
    assert said[1][1]["en"]


def test_like_faults_by_chance_are_dismissed() -> None:
    assert [path for path, _ in said_to(proposed(*OURS))] == ["/v1/incidents/MI-1/dismiss"]


def test_what_joined_since_counts_too() -> None:
    joined = Line(
        10,
        "aftercare.incident.joined.v1",
        "incident/MI-1",
        {"incident_id": "MI-1", "case_id": "C"},
    )
    said = said_to(proposed("A", "B"), joined, struck=("B", "C"))
    assert said[0][0] == "/v1/incidents/MI-1/confirm"


def test_guarantee_with_its_evidence_is_granted() -> None:
    data = {"guarantee_id": "G-1", "case_id": "A", "device_id": "SW-1"}
    line = Line(9, "aftercare.guarantee.proposed.v1", "guarantee/G-1", data)
    assert [path for path, _ in said_to(line)] == ["/v1/guarantees/G-1/accept"]


def test_unit_is_inspected_where_its_return_did_not_say_how_it_is() -> None:
    said = said_to(returned(to_inspect=True), returned())
    assert [(path, body["fit"]) for path, body in said] == [("/v1/units/U-1/inspect", True)]


def test_matter_of_others_is_left_to_them() -> None:
    assert said_to(proposed(*OTHERS)) == []


@pytest.mark.parametrize(
    ("struck", "one"), [((True, True, False), True), ((True, False), False), ((), False)]
)
def test_most_of_the_cases_make_one_matter(struck: tuple[bool, ...], *, one: bool) -> None:
    assert is_one_matter(struck) is one
