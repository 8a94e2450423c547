"""The position a read model stands at, in the same database as its rows."""

from sqlalchemy import Table, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from .leadership import call_leader


class Moved(Exception):
    """The checkpoint is not where this process left it: a rebuild, or another projector."""


class Checkpoint:
    """The row of one projection."""

    def __init__(self, table: Table, name: str) -> None:
        self._table = table
        self._name = name
        self.leader = f"projector {name}"

    async def read(self, engine: AsyncEngine) -> int:
        query = select(self._table.c.position).where(self._table.c.name == self._name)
        async with engine.connect() as connection:
            return await connection.scalar(query) or 0

    async def read_impatiently(self, engine: AsyncEngine) -> int:
        """The position, telling whoever moves it on that somebody waits."""
        query = select(self._table.c.position, call_leader(self.leader))
        async with engine.connect() as connection, connection.begin():
            row = (await connection.execute(query.where(self._table.c.name == self._name))).first()
        return row.position if row else 0

    async def advance(self, connection: AsyncConnection, old: int, new: int) -> None:
        """Move on in the transaction of the rows. Raises Moved."""
        if old == 0:
            first = insert(self._table).values(name=self._name, position=0)
            await connection.execute(first.on_conflict_do_nothing())
        moved = await connection.execute(
            update(self._table)
            .where(self._table.c.name == self._name, self._table.c.position == old)
            .values(position=new)
        )
        if moved.rowcount == 0:
            raise Moved

    async def reset(self, connection: AsyncConnection) -> None:
        statement = insert(self._table).values(name=self._name, position=0)
        await connection.execute(
            statement.on_conflict_do_update(index_elements=["name"], set_={"position": 0})
        )
