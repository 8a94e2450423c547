"""Needs PostgreSQL: each row of intake is what the log says, and migrations make the tables."""

import json
from datetime import timedelta

from aftercare_events.catalogue.sla import PromisedTime
from aftercare_events.sql import create_engine, upgrade
from aftercare_events.testing import assert_migrations_match, diff_tables, fold_into
from intake import tables
from intake.projection import IntakeProjection
from support.intake_desk import SAMPLES, START, Desk, desk


async def live_a_day(at: Desk) -> None:
    await at.publish()
    await at.load()
    for file in sorted(SAMPLES.glob("*.eml")):
        await at.mail(file.read_bytes())
    for file in sorted(SAMPLES.glob("2*.json")):
        call = json.loads(file.read_bytes())
        call.pop("request", None)
        times = {
            name: call[name].replace("2026-10-12", "2026-11-01")
            for name in ("started_at", "answered_at", "ended_at")
            if name in call
        }
        assert (await at.http.post("/v1/calls", json=call | times)).status_code == 202
    case_id = (await at.request()).json()["case_id"]
    other = (await at.request()).json()["case_id"]
    await at.promise(case_id, PromisedTime(clock="respond", due_at=START + timedelta(hours=2)))
    path = f"/v1/cases/{case_id}"
    await at.http.patch(path, json={"severity": "1", "category": "staff", "reason": "r"})
    await at.http.post(f"{path}/messages", json={"channel": "phone", "text": "still"})
    await at.http.post(f"{path}/merge", json={"into": other})
    await at.http.post(f"/v1/cases/{other}/withdraw", json={})
    await at.http.put("/v1/contacts/P-1", json={"customer_id": "C-1", "name": "x", "phones": ["1"]})


async def test_rows_are_the_fold_of_the_log(database_url: str) -> None:
    async with desk(database_url) as at:
        await live_a_day(at)
        assert await at.intake.projector.wait_for(await at.log.end())
        truth = create_engine(database_url, schema="truth")
        await upgrade(truth, "intake", "truth")
        await fold_into(truth, IntakeProjection(), tables.infra, at.log)
        every = (*IntakeProjection.tables, tables.infra.poison)
        assert await diff_tables(at.intake.engine, truth, every) == []
        await truth.dispose()


async def test_migrations_make_the_tables(database_url: str) -> None:
    await assert_migrations_match("intake", tables.metadata, database_url)
