"""Whose members may not ask about a case: its engineers' departments, and the contract's."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from . import tables
from .domain.case import Case


@dataclass(frozen=True, slots=True)
class Barring:
    """`of_engineer` is where engineers belong now; `technical_barred` is keyed by policy, version.

    The technical department is every department that engineers belong to.
    """

    of_engineer: Mapping[str, str]
    technical_barred: Mapping[tuple[str, int], bool]

    def departments(self, case: Case) -> frozenset[str]:
        if self._bars_all_technical(case):
            return frozenset({*_named(case), *self.of_engineer.values()})
        handlers = {handler.engineer_id for handler in case.handlers}
        registered = {self.of_engineer[each] for each in handlers & self.of_engineer.keys()}
        return frozenset({*_named(case), *registered})

    def _bars_all_technical(self, case: Case) -> bool:
        """By the version that the case began with; without one, by the newest."""
        versions = [version for policy, version in self.technical_barred if policy == case.policy]
        version = case.policy_version or max(versions, default=0)
        return self.technical_barred.get((case.policy, version), False)


def _named(case: Case) -> Iterable[str]:
    return (handler.department for handler in case.handlers if handler.department)


async def read_barring(connection: AsyncConnection, cases: Sequence[Case]) -> Barring:
    """What is needed for `cases`; the register of engineers whole only where a contract asks."""
    rules, engineers = tables.callback_rules, tables.engineers
    contracts = await connection.execute(
        select(rules).where(rules.c.policy.in_({case.policy for case in cases}))
    )
    barred = {(row.policy, row.version): row.technical_barred for row in contracts}
    wanted = select(engineers).where(engineers.c.department.is_not(None))
    if not any(barred.values()):
        involved = {handler.engineer_id for case in cases for handler in case.handlers}
        wanted = wanted.where(engineers.c.engineer_id.in_(involved))
    departments = await connection.execute(wanted)
    return Barring({row.engineer_id: row.department for row in departments}, barred)


async def barred_from(connection: AsyncConnection, case: Case) -> frozenset[str]:
    return (await read_barring(connection, [case])).departments(case)
