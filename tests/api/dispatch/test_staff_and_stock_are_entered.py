"""`PUT/GET /v1/engineers`, `/rosters`, `/depots`, `/units`: one by one, in bulk, unchanged."""

from typing import Any

import pytest

from support.dispatch_company import BEIJING, Company

ENGINEER: dict[str, Any] = {
    "name": "赵磊",
    "phone": "+86 139 5550 0201",
    "email": "zhao.lei@aftercare.example",
    "department": "field",
    "level": 2,
    "skills": ["network", "device"],
    "certificates": [{"name": "上岗证", "valid_until": "2028-03-31", "skill": "network"}],
    "home": BEIJING,
}
ROSTER: dict[str, Any] = {
    "zone": "Asia/Shanghai",
    "spans": [{"days": [1, 2], "start": "09:00", "end": "18:00"}],
}
DEPOT: dict[str, Any] = {"name": "北京备件库", "district": "华北", "location": BEIJING}
UNIT: dict[str, Any] = {"depot_id": "DP-1", "model": "S7706", "category": "network", "grade": 2}

ENTRIES = [
    ("engineers", "E-1", ENGINEER),
    ("depots", "DP-1", DEPOT),
    ("units", "U-1", UNIT),
]


@pytest.mark.parametrize(("collection", "key", "entry"), ENTRIES)
async def test_entry_is_recorded_once(
    company: Company, collection: str, key: str, entry: dict[str, Any]
) -> None:
    await company.put("/v1/depots/DP-1", name="elsewhere")
    first = await company.put(f"/v1/{collection}/{key}", **entry)
    again = await company.put(f"/v1/{collection}/{key}", **entry)
    assert (first["changed"], again["changed"]) == (True, False)
    assert first["position"] == again["position"]


@pytest.mark.parametrize(("collection", "key", "entry"), ENTRIES)
async def test_entries_are_put_in_bulk_and_listed(
    company: Company, collection: str, key: str, entry: dict[str, Any]
) -> None:
    await company.put("/v1/depots/DP-1", name="elsewhere")
    name = f"{collection[:-1]}_id"
    other = f"{key}0"
    answer = await company.http.put(
        f"/v1/{collection}", json=[{name: one, **entry} for one in (other, key)]
    )
    assert answer.status_code == 200, answer.text
    page = await company.get(f"/v1/{collection}?limit=1")
    assert [one[name] for one in page["items"]] == [key]
    following = await company.get(f"/v1/{collection}?limit=1&cursor={page['next']}")
    assert [one[name] for one in following["items"]] == [other]


async def test_engineer_is_read_back_whole(company: Company) -> None:
    await company.put("/v1/engineers/E-1", **ENGINEER)
    await company.put("/v1/rosters/E-1", **ROSTER)
    read = await company.get("/v1/engineers/E-1")
    assert read["person"] == {name: ENGINEER[name] for name in ("name", "phone", "email")}
    assert {name: read[name] for name in ("department", "level", "certificates", "home")} == {
        name: ENGINEER[name] for name in ("department", "level", "certificates", "home")
    }
    assert read["skills"] == ["device", "network"]
    assert read["duty"] == ROSTER | {"around_the_clock": False, "official": None}
    assert (await company.get("/v1/rosters/E-1"))["duty"] == read["duty"]
    assert len((await company.get("/v1/rosters"))["items"]) == 1


async def test_erased_engineer_stays_without_a_name(company: Company) -> None:
    await company.put("/v1/engineers/E-1", **ENGINEER)
    vault = company.app.state.dispatch.vault
    await vault.erase(vault.person_id("engineer", "E-1"))
    assert (await company.get("/v1/engineers/E-1"))["person"] is None


async def test_roster_is_for_somebody_known(company: Company) -> None:
    problem = await company.put("/v1/rosters/E-9", 422, **ROSTER)
    assert problem["type"] == "/problems/unknown-engineer"


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/v1/engineers/E-1", {"level": 0}),
        ("/v1/engineers/E-1", {"skills": ["a b"]}),
        ("/v1/engineers/E-1", {"home": {"latitude": 91, "longitude": 0}}),
        ("/v1/engineers/E-1", {"certificates": [{"name": "x", "valid_until": "soon"}]}),
        ("/v1/engineers/E-1", {"name": "a\x00b"}),
        ("/v1/rosters/E-1", {"zone": "Mars/Olympus"}),
        ("/v1/rosters/E-1", {"zone": "../../etc/passwd"}),
        ("/v1/rosters/E-1", {"spans": [{"days": [8], "start": "09:00", "end": "18:00"}]}),
        ("/v1/rosters/E-1", {"spans": [{"days": [1], "start": "9", "end": "25:00"}]}),
        ("/v1/depots/DP-1", {}),
        ("/v1/units/U-1", {"depot_id": "DP-1", "model": "S7706", "grade": 2**70}),
        ("/v1/units/u.1", UNIT),
        ("/v1/units/U-1", UNIT | {"depot_id": "DP-9"}),
        ("/v1/units/U-1", UNIT | {"model": " "}),
    ],
)
async def test_bad_entry_is_refused(company: Company, path: str, body: dict[str, Any]) -> None:
    problem = await company.put(path, 422, **body)
    assert problem["field"]
    assert await company.log.end() == 0


async def test_strangers_are_not_found(company: Company) -> None:
    for collection, key, _ in ENTRIES:
        await company.get(f"/v1/{collection}/{key}", 404)
    await company.get("/v1/rosters/E-1", 404)
    await company.get("/v1/loans/L-1", 404)


async def refused_list(company: Company, collection: str, entries: list[dict[str, Any]]) -> Any:
    """The problem of a list of which nothing was taken."""
    end = await company.log.end()
    answer = await company.http.put(f"/v1/{collection}", json=entries)
    assert answer.status_code == 422, answer.text
    assert await company.log.end() == end
    return answer.json()


async def test_list_is_taken_whole_or_not_at_all(company: Company) -> None:
    """What one entry is refused for changes none of the others, and is named by its number."""
    await company.report("CASE-1")
    await company.put("/v1/depots/DP-1", **DEPOT)
    for unit_id in ("U-1", "U-2"):
        await company.unit(unit_id)
    await company.post("/v1/loans", 201, case_id="CASE-1", unit_id="U-2")
    entries = [
        {"unit_id": "U-1", **UNIT, "grade": 5},
        {"unit_id": "U-2", **UNIT, "grade": 5},
        {"unit_id": "U-3", **UNIT},
    ]
    problem = await refused_list(company, "units", entries)
    assert (problem["type"], problem["field"]) == ("/problems/unit-lent", "1")
    assert (await company.get("/v1/units/U-1"))["grade"] == 2
    await company.get("/v1/units/U-3", 404)
    [first, third] = (await company.http.put("/v1/units", json=entries[::2])).json()
    assert (first["changed"], third["position"] - first["position"]) == (True, 1)
    again = (await company.http.put("/v1/units", json=entries[::2])).json()
    assert [(one["changed"], one["position"]) for one in again] == [
        (False, first["position"]),
        (False, third["position"]),
    ]


async def test_what_a_list_is_refused_for_is_named_by_its_number(company: Company) -> None:
    await company.engineer("E-1")
    roster = [{"engineer_id": "E-1", **ROSTER}, {"engineer_id": "E-9", **ROSTER}]
    problem = await refused_list(company, "rosters", roster)
    assert (problem["type"], problem["field"]) == (
        "/problems/unknown-engineer",
        "1.engineer_id",
    )
    unit = [{"unit_id": "U-1", **UNIT, "depot_id": "DP-9"}]
    problem = await refused_list(company, "units", unit)
    assert (problem["type"], problem["field"]) == ("/problems/unknown-depot", "0.depot_id")
    late = [{"depot_id": "DP-1", **DEPOT, "occurred_at": "2030-01-01T00:00:00Z"}]
    assert (await refused_list(company, "depots", late))["field"] == "0.occurred_at"
    twice = [{"engineer_id": "E-2", **ENGINEER}] * 2
    problem = await refused_list(company, "engineers", twice)
    assert (problem["type"], problem["field"]) == ("/problems/named-twice", "1")
    assert (await company.http.put("/v1/engineers", json=[])).json() == []
