"""The archive as CSV: what is exported can be imported again, and computes nothing (IN-09)."""

import csv
from datetime import date
from typing import Any

import pytest

from aftercare_events.catalogue import decode
from aftercare_events.catalogue.archive import ContractRecorded
from support.intake_desk import READER, Desk

CSV = {"Accept": "text/csv"}
COLLECTIONS = ("customers", "sites", "devices", "contracts", "contacts")
LISTS: dict[str, dict[str, Any]] = {
    "contracts/CT-3": {
        "customer_id": "C-1",
        "policy": "it-integration",
        "starts_on": "2026-02-01",
        "devices": ["D-1", "D-2"],
        "sites": ["S-1"],
        "handover_required": True,
        "handover": ["project_plan", "acceptance_report"],
        "price": 120_000.5,
    },
    "contacts/P-3": {
        "customer_id": "C-1",
        "name": "Lin Yue",
        "phones": ["+86 138 5550 0121", "010-55500122"],
        "emails": ["lin@citylibrary.example"],
        "language": "en",
    },
}


@pytest.mark.parametrize("collection", COLLECTIONS)
async def test_export_can_be_imported_again_and_changes_nothing(
    desk: Desk, collection: str
) -> None:
    """IN-15: the lists of a contract too, in one cell each."""
    for path, entry in LISTS.items():
        answer = await desk.http.put(f"/v1/{path}", json=entry)
        assert answer.status_code == 201, answer.text
    exported = await desk.http.get(f"/v1/{collection}", headers=CSV)
    assert exported.headers["Content-Type"].startswith("text/csv")
    report = await desk.http.put(
        f"/v1/{collection}", content=exported.content, headers={"Content-Type": "text/csv"}
    )
    counts = report.json()
    assert (counts["created"], counts["changed"], counts["refused"]) == (0, 0, 0), report.text
    assert counts["unchanged"] > 0


async def test_trial_operation_of_a_contract_goes_out_and_comes_in(desk: Desk) -> None:
    """DP-18: as it is put, as a line of CSV, and as others read it in the log."""
    header = "contract_id,customer_id,policy,starts_on,trial_starts_on,trial_ends_on\n"
    sheet = header + (
        "CT-7,C-1,it-integration,2026-12-01,2026-11-10,2026-11-30\n"
        "CT-8,C-1,it-integration,2026-12-01,2026-11-10,2026-11-09\n"
        "CT-9,C-1,it-integration,2026-12-01,2026-11-10,\n"
    )
    report = await desk.http.put(
        "/v1/contracts", content=sheet, headers={"Content-Type": "text/csv"}
    )
    lines = report.json()["lines"]
    outcomes = [(one["id"], one["outcome"], one["field"]) for one in lines]
    assert outcomes == [
        ("CT-7", "created", None),
        ("CT-8", "refused", "trial_ends_on"),
        ("CT-9", "created", None),
    ]
    assert lines[1]["detail"] == "lies before trial_starts_on"
    last = await desk.log.last("ac.intake.contract.CT-7")
    assert last is not None
    said: ContractRecorded = decode(last.event)
    assert (said.trial_starts_on, said.trial_ends_on) == (date(2026, 11, 10), date(2026, 11, 30))
    [line] = [
        one
        for one in csv.DictReader((await desk.http.get("/v1/contracts", headers=CSV)).text.split())
        if one["contract_id"] == "CT-9"
    ]
    assert (line["trial_starts_on"], line["trial_ends_on"]) == ("2026-11-10", "")
    page = (await desk.http.get("/desk/customers/C-1?lang=en")).text
    assert "Trial operation 2026-11-10 – 2026-11-30" in page


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
