from typing import Any

from support.intake_desk import ARCHIVE, READER, Desk, fields

CONTRACT = {"customer_id": "C-1", "policy": "it-integration", "starts_on": "2026-02-01"}


async def test_entry_is_created_changed_and_left_alone(empty_desk: Desk) -> None:
    http = empty_desk.http
    answers = [
        await http.put("/v1/customers/C-1", json={"name": "Library"}),
        await http.put("/v1/customers/C-1", json={"name": "Library"}),
        await http.put("/v1/customers/C-1", json={"name": "City library"}),
    ]
    assert [answer.status_code for answer in answers] == [201, 200, 200]
    positions = [int(answer.headers["X-Log-Position"]) for answer in answers]
    assert positions == [1, 1, 2]
    assert await empty_desk.log.end() == 2
    assert (await http.get("/v1/customers/C-1")).json()["name"] == "City library"


async def test_every_collection_is_read_back_as_it_was_put(desk: Desk) -> None:
    for path, entry in ARCHIVE.items():
        shown = (await desk.http.get(f"/v1/{path}")).json()
        assert {name: shown[name] for name in entry if name in shown} == {
            name: value for name, value in entry.items() if name in shown
        }


async def test_lists_page_by_cursor(desk: Desk) -> None:
    first = (await desk.http.get("/v1/sites", params={"limit": 1})).json()
    second = (await desk.http.get("/v1/sites", params={"cursor": first["next"]})).json()
    assert [page["items"][0]["site_id"] for page in (first, second)] == ["S-1", "S-2"]
    assert second["next"] is None


async def test_contact_is_sealed_and_recorded_once(desk: Desk) -> None:
    end = await desk.log.end()
    answer = await desk.http.put("/v1/contacts/P-1", json=ARCHIVE["contacts/P-1"])
    assert answer.status_code == 200
    assert await desk.log.end() == end
    assert answer.json()["phones"] == ["+86 138 5550 0119"]
    for event in await desk.events("contact.recorded"):
        text = bytes(event.data).decode()
        assert "李静" not in text
        assert "5550" not in text


async def test_contact_is_known_by_new_numbers_and_no_longer_by_old_ones(desk: Desk) -> None:
    changed = ARCHIVE["contacts/P-1"] | {"phones": ["+86 138 5550 0177"]}
    await desk.http.put("/v1/contacts/P-1", json=changed)
    await desk.request(contact={"phone": "13855500177"})
    await desk.request(contact={"phone": "13855500119"})
    held = [fields(event).get("held_for") for event in await desk.events("case.reported")]
    assert held == [None, "unknown-contact"]


async def test_contact_keeps_the_key_of_her_first_day(desk: Desk) -> None:
    changed = ARCHIVE["contacts/P-1"] | {"phones": ["+86 138 5550 0177"], "emails": []}
    await desk.http.put("/v1/contacts/P-1", json=changed)
    persons = {
        fields(event)["details"]["person"]
        for event in await desk.events("contact.recorded")
        if event.subject == "contact/P-1"
    }
    assert len(persons) == 1


async def test_entries_name_only_what_exists(desk: Desk) -> None:
    bad: list[tuple[str, dict[str, Any], str]] = [
        ("sites/S-9", {"customer_id": "C-9", "name": "x"}, "customer_id"),
        ("devices/D-9", {"customer_id": "C-2", "site_id": "S-1"}, "site_id"),
        (
            "contracts/K",
            {"customer_id": "C-9", "policy": "p", "starts_on": "2026-01-01"},
            "customer_id",
        ),
        (
            "contracts/K",
            {"customer_id": "C-1", "policy": "unheard-of", "starts_on": "2026-01-01"},
            "policy",
        ),
        ("sites/S-9", {"customer_id": "C-1", "name": "x", "latitude": 91}, "latitude"),
        ("customers/C-9", {"name": ""}, "name"),
        ("customers/C-9", {"name": "x", "key_account": "yes"}, "key_account"),
        ("sites/S-9", {"customer_id": "C-1", "name": "x", "latitude": "40"}, "latitude"),
        ("devices/D-9", {"customer_id": "C-1", "accepted_on": 0}, "accepted_on"),
        ("devices/D-9", {"customer_id": "C-1", "accepted_on": "soon"}, "accepted_on"),
        ("devices/D-9", {"customer_id": "C-1", "accepted_on": "9998-01-15"}, "accepted_on"),
        ("devices/D-9", {"customer_id": "C-1", "warranty_from": "0001-01-01"}, "warranty_from"),
        ("contracts/K", CONTRACT | {"ends_on": "9999-12-31"}, "ends_on"),
        ("customers/C-9", {"name": "a\nb"}, "name"),
        ("customers/C-9", {}, "name"),
        ("customers/C-9", {"name": "x", "nmae": "y"}, "nmae"),
        ("devices/D-9", {"customer_id": "C-1", "quantity": 2**70}, "quantity"),
        (
            "contracts/K",
            {
                "customer_id": "C-1",
                "policy": "p",
                "starts_on": "2026-02-01",
                "ends_on": "2026-01-01",
            },
            "ends_on",
        ),
        (
            "contracts/K",
            CONTRACT | {"trial_starts_on": "2026-03-02", "trial_ends_on": "2026-03-01"},
            "trial_ends_on",
        ),
        ("contracts/K", CONTRACT | {"trial_ends_on": "2026-03-01"}, "trial_ends_on"),
        ("contracts/K", CONTRACT | {"trial_starts_on": "soon"}, "trial_starts_on"),
    ]
    end = await desk.log.end()
    for path, body, field in bad:
        answer = await desk.http.put(f"/v1/{path}", json=body)
        assert (answer.status_code, answer.json()["field"]) == (422, field), answer.text
    assert await desk.log.end() == end


async def test_refusal_is_worded_for_whoever_reads_it(desk: Desk) -> None:
    lapsed = CONTRACT | {"trial_starts_on": "2026-03-02", "trial_ends_on": "2026-03-01"}
    answer = (await desk.http.put("/v1/contracts/K", json=lapsed)).json()
    assert answer["detail"] == "trial_ends_on: lies before trial_starts_on"
    assert [error["detail"] for error in answer["errors"]] == ["lies before trial_starts_on"]


async def test_ids_are_fit_for_the_log(desk: Desk) -> None:
    for bad in ("a b", "a.b", "*", "%3E", "-x", "x" * 65):
        answer = await desk.http.put(f"/v1/customers/{bad}", json={"name": "x"})
        assert answer.status_code == 422, bad
    assert (await desk.http.get("/v1/customers/C-9")).status_code == 404


async def test_spreadsheet_is_loaded_with_a_report_per_line(empty_desk: Desk) -> None:
    await empty_desk.load({"customers/C-1": ARCHIVE["customers/C-1"]})
    sheet = (
        "customer_id,name,key_account\r\n"
        "C-1,Library,\r\n"
        "C-2,港湾广场,true\r\n"
        "C 3,bad id,\r\n"
        "C-4,,\r\n"
        "C-5,one,true,two\r\n"
    )
    for encoding in ("utf-8-sig", "gb18030"):
        answer = await empty_desk.http.put(
            "/v1/customers", content=sheet.encode(encoding), headers={"Content-Type": "text/csv"}
        )
        assert answer.status_code == 200, answer.text
        report = answer.json()
        assert [line["line"] for line in report["lines"]] == [2, 3, 4, 5, 6]
        assert report["refused"] == 3
        assert [line["field"] for line in report["lines"]] == [
            None,
            None,
            "customer_id",
            "name",
            None,
        ]
    assert report["unchanged"] == 2
    assert (await empty_desk.http.get("/v1/customers/C-2")).json()["name"] == "港湾广场"


async def test_lists_stand_in_one_cell(desk: Desk) -> None:
    sheet = (
        "contract_id,customer_id,policy,starts_on,devices,policy_options\n"
        "CT-7,C-1,it-integration,2026-01-01,D-1;D-2,connect_rate=95\n"
    )
    headers = {"Content-Type": "text/csv"}
    answer = await desk.http.put("/v1/contracts", content=sheet, headers=headers)
    assert answer.json()["created"] == 1, answer.text
    contract = (await desk.http.get("/v1/contracts/CT-7")).json()
    assert contract["devices"] == ["D-1", "D-2"]
    assert contract["policy_options"] == {"connect_rate": "95"}


async def test_what_is_no_sheet_is_refused(desk: Desk) -> None:
    csv = {"Content-Type": "text/csv"}
    wrong_names = await desk.http.put("/v1/sites", content="a,b\n1,2\n", headers=csv)
    quotes = await desk.http.put("/v1/sites", content='site_id,name\n"a"b,c\n', headers=csv)
    as_json = await desk.http.put("/v1/sites", json=[])
    assert [a.status_code for a in (wrong_names, quotes, as_json)] == [422, 422, 415]


async def test_reading_the_archive_takes_the_scope(desk: Desk) -> None:
    answer = await desk.http.get("/v1/contacts/P-1", headers=READER)
    assert answer.status_code == 403


async def test_entry_counts_at_once_for_what_names_it(desk: Desk) -> None:
    for number in range(10):
        customer = {"name": "A customer of this moment"}
        contract = {
            "customer_id": f"C-NOW-{number}",
            "policy": "it-integration",
            "starts_on": "2026-01-01",
        }
        request = {
            "channel": "web",
            "kind": "question",
            "customer_id": f"C-NOW-{number}",
            "summary": "hello",
            "contact": {"name": "Q"},
        }
        assert (await desk.http.put(f"/v1/customers/C-NOW-{number}", json=customer)).is_success
        assert (await desk.http.put(f"/v1/contracts/CT-NOW-{number}", json=contract)).is_success
        answer = await desk.http.post("/v1/requests", json=request)
        assert answer.status_code == 202, answer.text
