"""The wall shows what its address asks for, and counts the rest (SL-03)."""

import re
from datetime import timedelta

import pytest

from aftercare_events.catalogue.archive import CustomerRecorded
from aftercare_events.catalogue.case import CaseAssigned
from support.monitors import Served, fault

LATE, SOON = "4F7K-Q2M9", "7H3P-X1Y2"


@pytest.fixture
async def wall(served: Served) -> Served:
    """One case at the highest rank, breached; another of somebody else's, not yet due."""
    await served.say(fault(LATE))
    await served.say(CaseAssigned(case_id=LATE, engineer_id="E-7"))
    await served.clock.advance(timedelta(minutes=9))
    await served.say(fault(SOON, customer_id="C-OTHER"))
    await served.clock.advance(timedelta(minutes=6))
    position = await served.rung(5)
    await served.http.get("/v1/alerts", params={"min_position": position})
    return served


async def shown(served: Served, query: str, part: str = "open") -> str:
    answer = await served.http.get(f"/wall?{query}", headers={"Accept-Language": "en"})
    assert answer.status_code == 200, answer.text
    found = re.search(rf'data-part="{part}".*?>(.*?)</[ou]l>', answer.text, re.DOTALL)
    assert found is not None
    return " ".join(re.sub(r"<[^>]*>", " ", found[1]).split())


ASKED: dict[str, set[str]] = {
    "": {LATE, SOON},
    "rank=executive": {LATE},
    "rank=engineer": {SOON},
    "standing=breached": {LATE},
    "standing=ahead": {SOON},
    "customer=C-OTHER": {SOON},
    "policy=it-integration": {LATE, SOON},
    "policy=portal-operations": set(),
    "holder=E-7": {LATE},
    "holder=-nobody": {SOON},
    "holder=-me": set(),
    "rank=&standing=&customer=&policy=&holder=": {LATE, SOON},
    "rank=executive&customer=C-OTHER": set(),
}


async def test_address_says_what_is_shown(wall: Served) -> None:
    for query, cases in ASKED.items():
        text = await shown(wall, query)
        assert {case for case in (LATE, SOON) if case in text} == cases, query
        assert ("of the kind you chose" in text) == (not cases), query


async def test_what_is_due_next_is_narrowed_too(wall: Served) -> None:
    text = await shown(wall, "customer=C-OTHER", "next")
    assert SOON in text
    assert LATE not in text


async def test_ranks_are_counted_whatever_rank_is_chosen(wall: Served) -> None:
    for query in ("", "rank=engineer"):
        tally = await shown(wall, query, "tally")
        assert "Executive 1" in tally
        assert "Engineer 1" in tally
    assert "Executive 0" in await shown(wall, "customer=C-OTHER", "tally")
    assert "Breached 0 About to breach 1" in await shown(wall, "rank=engineer", "tally")


async def test_count_is_a_link_to_what_it_counts_and_back(wall: Served) -> None:
    page = (await wall.http.get("/?customer=C-OTHER")).text
    assert 'href="/?rank=executive&amp;customer=C-OTHER"' in page
    chosen = (await wall.http.get("/?rank=executive&customer=C-OTHER")).text
    link = re.search(r'<a href="([^"]*)" data-filter aria-current="true"', chosen)
    assert link is not None
    assert link[1] == "/?customer=C-OTHER"


async def test_choices_are_what_is_open_and_what_is_chosen(wall: Served) -> None:
    position = await wall.say(CustomerRecorded(customer_id="C-OTHER", name="大连港湾"))
    await wall.http.get("/v1/alerts", params={"min_position": position})
    page = (await wall.http.get("/?policy=portal-operations&lang=en")).text
    options = re.findall(r'<option value="([^"]*)"( selected)?>([^<]*)<', page)
    values = {value: (bool(chosen), text) for value, chosen, text in options}
    assert values["C-OTHER"][1] == "大连港湾"
    assert values["portal-operations"][0]
    assert "E-7" in values
    assert "C-LIGHTING" not in values


async def test_nonsense_is_refused(wall: Served) -> None:
    for query in ("rank=boss", "standing=lost", "customer=%00", "holder=%0a"):
        assert (await wall.http.get(f"/?{query}")).status_code == 422, query
