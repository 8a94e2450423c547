"""What dispatch says of the duty of engineers, folded into the register of who is told (SL-03)."""

from collections.abc import Iterable, Sequence
from typing import Any, get_args

import msgspec
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from aftercare_events.catalogue import decode, entry_of
from aftercare_events.envelope import Recorded
from aftercare_events.rota import Rota
from aftercare_events.rota_folding import Fact, evolve
from aftercare_events.sql import upsert

from .tables import engineers

TYPES = frozenset(entry_of(fact).name for fact in get_args(Fact))


async def write(connection: AsyncConnection, batch: Sequence[Recorded]) -> None:
    """Bring the rows into line with what a batch says."""
    said: list[tuple[Recorded, Fact]] = [
        (recorded, decode(recorded.event)) for recorded in batch if recorded.event.type in TYPES
    ]
    if not said:
        return
    rotas = await _known(connection, {fact.engineer_id for _, fact in said})
    positions: dict[str, int] = {}
    for recorded, fact in said:
        rota = rotas.get(fact.engineer_id, Rota())
        rotas[fact.engineer_id] = evolve(rota, fact, recorded.event.time)
        positions[fact.engineer_id] = recorded.position
    rows = [_row(who, position, rotas[who]) for who, position in positions.items()]
    await upsert(connection, engineers, rows)


async def _known(connection: AsyncConnection, wanted: Iterable[str]) -> dict[str, Rota]:
    query = select(engineers).where(engineers.c.engineer_id.in_(wanted))
    return {row.engineer_id: rota_of(row.rota) for row in await connection.execute(query)}


def rota_of(stored: Any) -> Rota:
    return msgspec.convert(stored, Rota)


def _row(who: str, position: int, rota: Rota) -> dict[str, Any]:
    return {"engineer_id": who, "position": position, "rota": msgspec.to_builtins(rota)}
