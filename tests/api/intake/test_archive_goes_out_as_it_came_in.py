"""The archive as CSV: what is exported can be imported again, and computes nothing (IN-09)."""

import pytest

from support.intake_desk import READER, Desk

CSV = {"Accept": "text/csv"}
COLLECTIONS = ("customers", "sites", "devices", "contracts", "contacts")


@pytest.mark.parametrize("collection", COLLECTIONS)
async def test_export_can_be_imported_again_and_changes_nothing(
    desk: Desk, collection: str
) -> None:
    exported = await desk.http.get(f"/v1/{collection}", headers=CSV)
    assert exported.headers["Content-Type"].startswith("text/csv")
    report = await desk.http.put(
        f"/v1/{collection}", content=exported.content, headers={"Content-Type": "text/csv"}
    )
    counts = report.json()
    assert (counts["created"], counts["changed"], counts["refused"]) == (0, 0, 0), report.text
    assert counts["unchanged"] > 0


@pytest.mark.parametrize("name", ["=1+1", "@SUM(A1)", "'quoted", "-5", 'a;b, "c"\n'.strip()])
async def test_no_cell_is_a_formula_and_every_name_comes_back(desk: Desk, name: str) -> None:
    await desk.http.put("/v1/customers/C-9", json={"name": name})
    exported = await desk.http.get("/v1/customers", headers=CSV)
    [line] = [line for line in exported.text.splitlines() if line.startswith("C-9")]
    assert line.split(",", 1)[1].strip('"')[0] not in "=@+-"
    report = await desk.http.put(
        "/v1/customers", content=exported.content, headers={"Content-Type": "text/csv"}
    )
    assert report.json()["unchanged"] == 3


async def test_contacts_are_for_those_who_may_read_them(desk: Desk) -> None:
    refused = await desk.http.get("/v1/contacts", headers=CSV | READER)
    assert refused.status_code == 403
