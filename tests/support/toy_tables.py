"""A read model of two lines: the last note of each case, and a to-do item for some."""

from collections.abc import Callable, Sequence
from datetime import timedelta

from sqlalchemy import BigInteger, Column, MetaData, Table, Text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine
from sqlalchemy.schema import CreateSchema

from aftercare_events import catalogue, todo
from aftercare_events.envelope import Recorded
from aftercare_events.sql import infra_tables, upsert
from support.sample_events import NOON

metadata = MetaData()
infra = infra_tables(metadata)
notes = Table(
    "notes",
    metadata,
    Column("case_id", Text, primary_key=True),
    Column("note", Text),
    Column("position", BigInteger, nullable=False),
    Column("extra", JSONB),
)
DUE = NOON + timedelta(hours=1)


async def create_toy_tables(engine: AsyncEngine, schema: str) -> None:
    async with engine.begin() as connection:
        await connection.execute(CreateSchema(schema, if_not_exists=True))
        await connection.run_sync(metadata.create_all)


class Notes:
    """`todo` as a note puts the case on the list an hour after noon, `done` takes it off.

    `trouble` is called before the rows of each batch are written, and may raise.
    """

    name = "notes"
    tables: Sequence[Table] = (notes,)

    def __init__(self, trouble: Callable[[Sequence[Recorded]], None] | None = None) -> None:
        self.trouble = trouble
        self.batches = 0

    async def apply(self, connection: AsyncConnection, batch: Sequence[Recorded]) -> None:
        self.batches += 1
        rows = [_row(recorded) for recorded in batch]
        await upsert(connection, notes, rows)
        if self.trouble is not None:
            self.trouble(batch)
        latest = {row["case_id"]: row for row in rows}.values()
        wanted = [
            todo.Item("visit", r["case_id"], DUE, r["position"])
            for r in latest
            if r["note"] == "todo"
        ]
        await todo.put(connection, infra, wanted)
        done = [("visit", r["case_id"]) for r in latest if r["note"] == "done"]
        await todo.drop(connection, infra, done)


def _row(recorded: Recorded) -> dict[str, object]:
    data = catalogue.decode(recorded.event)
    return {
        "case_id": data.case_id,
        "note": data.note,
        "position": recorded.position,
        "extra": {"actor": recorded.event.actor},
    }
