"""DP-07, DP-08: what the engineer's page is told, and what it sends: photos, a signature."""

import re
from base64 import b64encode
from datetime import timedelta
from typing import Any

import pytest
from msgspec import json

from aftercare_events.catalogue import decode
from aftercare_events.catalogue.archive import SiteRecorded
from aftercare_events.catalogue.sla import PolicyPublished
from aftercare_events.vault import Vault
from support.dispatch_cases import START, WRITTEN
from support.dispatch_company import READER, Company

CASE = "4F7K-Q2M9"
PATH = f"/v1/cases/{CASE}"
PNG = bytes.fromhex("89504e470d0a1a0a0000000d49484452") + b"picture of a fuse"
LIBRARY = SiteRecorded(
    site_id="S-1",
    customer_id="C-1",
    name="图书馆",
    city="上海",
    address="学府路 7 号",
    latitude=31.23,
    longitude=121.47,
)
ENGINEER = {"Authorization": "Bearer engineer-key-1"}


@pytest.fixture
async def company(company: Company) -> Company:
    """E-1 has one case on site S-1."""
    await company.engineer("E-1", name="赵磊", department="field")
    await company.say(LIBRARY)
    await company.report(CASE, site_id="S-1", summary="灯不亮")
    await company.post(f"{PATH}/assign", engineer_id="E-1")
    return company


def photo(content: bytes = PNG) -> str:
    return b64encode(content).decode()


async def mine(company: Company) -> Any:
    mark = await company.log.end()
    answer = await company.http.get(f"/me/cases?min_position={mark}", headers=ENGINEER)
    assert answer.status_code == 200, answer.text
    return json.decode(answer.content)


async def test_page_knows_what_is_next_and_where(company: Company) -> None:
    known = await mine(company)
    assert (known["engineer_id"], known["name"]) == ("E-1", "赵磊")
    (case,) = known["cases"]
    assert (case["case_id"], case["status"], case["summary"]) == (CASE, "assigned", "灯不亮")
    assert case["site"] == {
        name: getattr(LIBRARY, name)
        for name in ("name", "city", "address", "latitude", "longitude")
    }
    assert "cause" in case["needs"]
    assert "place" not in case["needs"]


async def test_page_offers_the_reasons_for_a_pause_that_the_contract_knows(
    company: Company,
) -> None:
    (case,) = (await mine(company))["cases"]
    assert case["pauses"] == ["customer_unavailable", "no_site_access", "force_majeure"]
    clocks = [
        {"clock": "onsite", "pauses": ["road_closed", "no_site_access"]},
        {"clock": "contact"},
    ]
    policy = {"severities": [{"id": "2"}], "clocks": clocks}
    await company.say(
        PolicyPublished(name="it-integration", version=2, policy=policy), service="sla"
    )
    (case,) = (await mine(company))["cases"]
    assert case["pauses"] == ["no_site_access", "road_closed"]


async def test_engineer_sees_his_own_cases_whatever_he_asks_for(company: Company) -> None:
    await company.engineer("E-2", name="徐婷")
    answer = await company.http.get("/me/cases?engineer=E-2", headers=ENGINEER)
    assert answer.json()["engineer_id"] == "E-1"
    answer = await company.http.get("/me/cases?engineer=E-2")
    assert (answer.json()["engineer_id"], answer.json()["cases"]) == ("E-2", [])


async def test_whoever_is_no_engineer_says_whose_page(company: Company) -> None:
    assert (await company.get("/me/cases", 404))["type"] == "/problems/not-found"
    assert (await company.get("/me/cases?engineer=E-9", 404))["type"] == "/problems/not-found"
    page = await company.http.get("/me")
    assert "赵磊" in page.text


async def test_what_he_is_at_comes_first_then_the_nearest_promise(company: Company) -> None:
    await company.report("CASE-2")
    await company.post("/v1/cases/CASE-2/assign", engineer_id="E-1", mode="hotline")
    await company.post("/v1/cases/CASE-2/accept")
    await company.post(f"{PATH}/arrive")
    assert [case["case_id"] for case in (await mine(company))["cases"]] == [CASE, "CASE-2"]
    await company.post(f"{PATH}/pause", reason="no_site_access")
    assert {case["paused_for"] for case in (await mine(company))["cases"]} == {
        None,
        "no_site_access",
    }
    await company.post(f"{PATH}/resume")
    await company.post(f"{PATH}/restore")
    await company.post(f"{PATH}/record", **WRITTEN)
    await company.post(f"{PATH}/resolve")
    await company.post(f"{PATH}/sign-off")
    assert [case["case_id"] for case in (await mine(company))["cases"]] == ["CASE-2"]


async def test_photo_is_kept_sealed_and_shown_to_readers(company: Company) -> None:
    late = START + timedelta(minutes=5)
    await company.clock.advance(timedelta(hours=2))
    body = {"photo": photo(), "occurred_at": late.isoformat()}
    once = {"Idempotency-Key": "photo-1"}
    for _ in range(2):
        answer = await company.http.post(f"{PATH}/photos", json=body, headers=once)
        assert answer.status_code == 200, answer.text
    (added,) = [one for one in await company.events("case", CASE) if "photo_added" in one.type]
    assert added.time == late
    shown = await company.http.get(f"{PATH}/photos/1", headers=READER)
    assert (shown.content, shown.headers["content-type"]) == (PNG, "image/png")
    kept = await company.log.objects().get(decode(added).photo)
    assert PNG not in kept
    assert (await company.case(CASE))["photos"] == 1
    assert (await company.get(f"{PATH}/photos/2", 404))["type"] == "/problems/not-found"


@pytest.mark.parametrize(
    ("sent", "code"),
    [
        ("%%%", "not-base64"),
        (photo(b"<html>"), "not-a-picture"),
        (photo(PNG + bytes(700 << 10)), "too-large"),
    ],
)
async def test_what_is_no_photo_is_refused(company: Company, sent: str, code: str) -> None:
    problem = await company.post(f"{PATH}/photos", 422, photo=sent)
    assert (problem["field"], problem["errors"][0]["code"]) == ("photo", code)
    assert "photo_added" not in await company.types("case", CASE)


async def test_signature_is_kept_for_who_signed(company: Company) -> None:
    await company.post(f"{PATH}/record", **WRITTEN)
    await company.post(f"{PATH}/resolve")
    problem = await company.post(f"{PATH}/sign-off", 422, signature=photo())
    assert problem["field"] == "signed_by"
    await company.post(f"{PATH}/sign-off", signed_by="王芳", signature=photo(), rating=5)
    assert (await company.case(CASE))["has_signature"]
    shown = await company.http.get(f"{PATH}/signature", headers=READER)
    assert shown.content == PNG
    signed = (await company.events("case", CASE))[-1]
    vault: Vault = company.app.state.dispatch.vault
    await vault.erase(decode(signed).signed_by.person)
    assert (await company.get(f"{PATH}/signature", 410))["type"] == "/problems/erased"


async def test_worker_may_answer_for_the_pages_below_me(company: Company) -> None:
    worker = await company.http.get("/me/worker.js", headers={"Authorization": ""})
    assert worker.headers["service-worker-allowed"] == "/me"
    assert re.match("text/javascript", worker.headers["content-type"])
