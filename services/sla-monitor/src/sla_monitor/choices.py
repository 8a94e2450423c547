"""What the wall can be narrowed to: the customers, contracts and people of open escalations."""

from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncEngine

from .tables import alerts, cases, customers
from .wanted import MYSELF, NOBODY, Wanted


@dataclass(frozen=True, slots=True)
class Choices:
    """`customers` by id, with their names."""

    customers: Mapping[str, str]
    policies: Sequence[str]
    holders: Sequence[str]


async def choices(engine: AsyncEngine, wanted: Wanted) -> Choices:
    """What is chosen stays among the choices when nothing of it is open any more."""
    query = (
        select(cases.c.customer_id, customers.c.name, cases.c.policy, cases.c.holder)
        .join(alerts, alerts.c.case_id == cases.c.case_id)
        .outerjoin(customers, customers.c.customer_id == cases.c.customer_id)
        .where(alerts.c.resolved_at.is_(None))
        .distinct()
    )
    async with engine.connect() as connection:
        rows = (await connection.execute(query)).all()
    names = {row.customer_id: row.name or row.customer_id for row in rows if row.customer_id}
    if wanted.customer is not None:
        names.setdefault(wanted.customer, wanted.customer)
    return Choices(
        customers=dict(sorted(names.items(), key=lambda item: item[1])),
        policies=_offered({row.policy for row in rows}, wanted.policy),
        holders=_offered({row.holder for row in rows}, wanted.holder),
    )


def _offered(found: Set[str | None], chosen: str | None) -> Sequence[str]:
    return sorted(name for name in {*found, chosen} if name not in (None, MYSELF, NOBODY))
