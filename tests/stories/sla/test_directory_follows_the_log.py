"""The directory of who is told: rows that follow from the log alone, read again only when changed.

SL-03. The rosters of engineers are folded by the same rules as in dispatch.
"""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import msgspec
from alembic import command
from sqlalchemy import Connection, event, select, update

from aftercare_events.catalogue.engineer import (
    Duty,
    DutySpan,
    EngineerAbsenceCancelled,
    EngineerAbsenceRecorded,
    EngineerBooked,
    EngineerHandedOver,
    EngineerRegistered,
    EngineerRostered,
    EngineerShiftCancelled,
    EngineerShiftPlanned,
)
from aftercare_events.projector import rebuild
from aftercare_events.rota import Rota
from aftercare_events.sql import migrations_config
from dispatch.domain import engineer
from sla_monitor.domain.directory import Occasion, resolve
from sla_monitor.projection import MonitorProjection
from sla_monitor.rosters import rota_of
from sla_monitor.shelf import Shelf
from sla_monitor.tables import engineers, infra
from support.monitors import MORNING, Company, Replica

WHO = "E-TAN-WEI"


def hours(start: int, end: int) -> dict[str, Any]:
    return {"start": MORNING + timedelta(hours=start), "end": MORNING + timedelta(hours=end)}


HISTORY: Sequence[engineer.Fact] = (
    EngineerRegistered(engineer_id=WHO),
    EngineerShiftPlanned(engineer_id=WHO, shift_id="S-1", **hours(0, 8)),
    EngineerShiftPlanned(engineer_id=WHO, shift_id="S-2", **hours(24, 32)),
    EngineerHandedOver(engineer_id=WHO, shift_id="H-1", to="E-ZHAO-LEI", **hours(4, 8)),
    EngineerAbsenceRecorded(engineer_id=WHO, absence_id="A-1", deputy="E-ZHAO-LEI", **hours(1, 2)),
    EngineerAbsenceRecorded(engineer_id=WHO, absence_id="A-2", kind="training", **hours(2, 3)),
    EngineerShiftCancelled(engineer_id=WHO, shift_id="S-2"),
    EngineerAbsenceCancelled(engineer_id=WHO, absence_id="A-2"),
    EngineerBooked(engineer_id=WHO, case_id="CASE-1", **hours(0, 1)),
)


async def row(company: Company) -> tuple[int, Rota]:
    async with company.engine.connect() as connection:
        found = (await connection.execute(select(engineers))).one()
    return found.position, rota_of(found.rota)


async def told(replica: Replica, hour: int) -> str:
    at = MORNING + timedelta(hours=hour)
    return resolve(await replica.monitor.roll.current(), Occasion("engineer", "C-1", WHO, at))


async def test_row_is_what_dispatch_makes_of_the_same_events_batch_by_batch_and_at_once(
    company: Company,
) -> None:
    replica, state = company.replica(), engineer.INITIAL
    positions: list[int] = []
    for fact in HISTORY:
        positions.append(await company.say(fact))
        await replica.work()
        state = engineer.evolve(state, fact, company.clock.now())
        assert (await row(company))[1] == state.rota
    position, rota = await row(company)
    # A booking says nothing of it.
    assert position == positions[-2]
    assert (len(rota.dated), len(rota.absences)) == (2, 1)

    await rebuild(MonitorProjection(Shelf()), company.engine, infra)
    await replica.work()

    assert await row(company) == (position, rota)


async def test_rebuild_is_noticed_although_nobody_was_told_of_anything_meanwhile(
    company: Company,
) -> None:
    """As after an update that begins to read what the rows did not hold before."""
    replica = company.replica()
    for fact in HISTORY:
        await company.say(fact)
    await replica.work()
    async with company.engine.begin() as connection:
        await connection.execute(update(engineers).values(rota=msgspec.to_builtins(Rota())))
    assert await told(replica, 5) == WHO

    await rebuild(MonitorProjection(Shelf()), company.engine, infra)
    await replica.work()

    assert await told(replica, 5) == "duty-desk"
    assert await told(replica, 3) == WHO


async def test_unchanged_directory_costs_one_question_however_often_it_is_asked_for(
    company: Company,
) -> None:
    replica = company.replica()
    for fact in HISTORY:
        await company.say(fact)
    await replica.work()
    before = await replica.monitor.roll.current()
    asked: list[str] = []

    def count(_: Any, __: Any, statement: str, *___: Any) -> None:
        asked.append(statement)

    event.listen(company.engine.sync_engine, "before_cursor_execute", count)
    assert await replica.monitor.roll.current() is before
    assert len([one for one in asked if "engineers" in one]) == len(asked) == 1

    await company.say(EngineerRegistered(engineer_id=WHO, active=False))
    await replica.work()
    assert await told(replica, 3) == "duty-desk"


async def test_update_keeps_the_weekly_duty_that_was_known_until_the_rebuild(
    company: Company,
) -> None:
    replica, week = company.replica(), DutySpan(days=(1, 2), start="09:00", end="18:00")
    await company.say(EngineerRegistered(engineer_id=WHO, active=False))
    await company.say(EngineerRostered(engineer_id=WHO, duty=Duty(spans=(week,))))
    await replica.work()
    known = await row(company)

    def there_and_back(connection: Connection) -> None:
        config = migrations_config("sla_monitor")
        config.attributes["connection"] = connection
        command.downgrade(config, "0008")
        command.upgrade(config, "head")

    async with company.engine.begin() as connection:
        await connection.run_sync(there_and_back)
    assert await row(company) == known
