"""R1 and R3: any process may be killed in the middle of a busy day and started again, or stop.

Nothing that was acknowledged is lost, nothing is done twice, and the tables of all four services
are what the log says.
"""

import os
from itertools import cycle

import pytest
from sqlalchemy import func, update

from aftercare_cli.addresses import Addresses
from aftercare_events.jetstream import JetStreamLog
from aftercare_events.sql import create_engine
from dispatch.tables import depots
from support.disturbed import Disturbed
from support.read_models import differences

KILLS = int(os.environ.get("AFTERCARE_TEST_KILLS", "12"))
PROCESSES = ("intake", "dispatch", "sla_monitor", "feedback", "nats-server", "postgres")

pytestmark = pytest.mark.timeout(120 + 20 * KILLS)

# Longer than anybody holds an item of a to-do list, or an answer is waited for.
STOP_SECONDS = 13


@pytest.mark.cases(5 * KILLS)
async def test_killed_processes(disturbed: Disturbed) -> None:
    """Each of the six in turn, so that one is often still coming back when the next one dies."""
    await disturbed.by_killing([victim for victim, _ in zip(cycle(PROCESSES), range(KILLS))])


async def test_stopped_sla_monitor_beside_a_second_one(disturbed: Disturbed) -> None:
    await disturbed.by_stopping("sla_monitor", STOP_SECONDS)


async def test_one_changed_row_would_be_found(known: Addresses, history: JetStreamLog) -> None:
    engine = create_engine(known.database_url, schema="dispatch")
    async with engine.begin() as connection:
        await connection.execute(update(depots).values(name=depots.c.name + "?"))
    try:
        found = await differences(history, known.database_url)
    finally:
        async with engine.begin() as connection:
            await connection.execute(update(depots).values(name=func.rtrim(depots.c.name, "?")))
        await engine.dispose()
    assert found
    assert [line for line in found if not line.startswith("dispatch: depots")] == []
