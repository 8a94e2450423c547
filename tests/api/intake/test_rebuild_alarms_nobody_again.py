"""R1, RP-04: what intake did by itself is not done again when its tables are built anew."""

from datetime import timedelta

from aftercare_events.catalogue.intake import ConnectRateFallen
from aftercare_events.projector import rebuild
from intake.projection import IntakeProjection
from intake.tables import infra
from intake.todos import WATCH_CONNECT_RATE
from support.at_rest import rows, until_idle
from support.intake_desk import START, Desk
from support.reading import everything

TABLES = (*IntakeProjection.tables, infra.todo, infra.poison)


async def call(desk: Desk, number: int, before: timedelta, **outcome: str) -> None:
    began = START - before + timedelta(seconds=number)
    entry = {
        "call_id": f"c-{number}",
        "direction": "inbound",
        "caller": "13900000001",
        "started_at": began.isoformat(),
        "ended_at": (began + timedelta(seconds=20)).isoformat(),
        "outcome": "abandoned",
    }
    answer = await desk.http.post("/v1/calls", json=entry | outcome)
    assert answer.status_code == 202


async def test_hours_that_were_judged_are_judged_to_no_effect_after_a_rebuild(desk: Desk) -> None:
    """IN-03: an alert of this hour stands, and hours long past are at rest all the same."""
    for number, hours in enumerate((5, 4, 3)):
        await call(desk, number, timedelta(hours=hours))
    for number in range(10, 35):
        await call(desk, number, timedelta(minutes=30))
    [fallen] = await desk.said("connect_rate", 1)
    assert isinstance(fallen, ConnectRateFallen)
    engine = desk.intake.engine
    await until_idle(desk, engine, infra)
    before, end = await rows(engine, TABLES), await desk.log.end()
    windows = [row for row in before["todo"] if row[0] == WATCH_CONNECT_RATE]
    assert len(windows) >= 4
    await rebuild(IntakeProjection(), engine, infra)
    await until_idle(desk, engine, infra)
    assert await everything(desk.log, end) == []
    assert await rows(engine, TABLES) == before
