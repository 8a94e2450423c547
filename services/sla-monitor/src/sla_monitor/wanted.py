"""What a reader of the wall wants to see of it, as the address says it."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Annotated, Literal, Self
from urllib.parse import urlencode

from fastapi import Request
from pydantic import BeforeValidator
from sqlalchemy import ColumnElement, DateTime

from aftercare_events.catalogue.case import Step
from aftercare_http import Id, Line

from .tables import cases

Standing = Literal["breached", "ahead"]
NOBODY, MYSELF = "-nobody", "-me"
"""No id begins like these."""


def _or_none(value: str) -> str | None:
    """A form sends an empty field for what nobody chose."""
    return value or None


Chosen = BeforeValidator(_or_none)


@dataclass(frozen=True, slots=True)
class Wanted:
    """Everything, as far as nothing is chosen. `reader` is who looks, for what is theirs."""

    reader: str
    rank: Step | None = None
    standing: Standing | None = None
    customer: str | None = None
    policy: str | None = None
    holder: str | None = None

    def address(self) -> str:
        """The query of the wall's address that shows this."""
        chosen = {
            "rank": self.rank,
            "standing": self.standing,
            "customer": self.customer,
            "policy": self.policy,
            "holder": self.holder,
        }
        query = urlencode({name: value for name, value in chosen.items() if value is not None})
        return f"/?{query}" if query else "/"

    def toggled(self, *, rank: Step | None = None, standing: Standing | None = None) -> Self:
        """With that rank or standing chosen, or no longer if it was."""
        if rank is not None:
            return replace(self, rank=None if self.rank == rank else rank)
        return replace(self, standing=None if self.standing == standing else standing)

    def of_case(self) -> Sequence[ColumnElement[bool]]:
        """What is asked of the case."""
        conditions: list[ColumnElement[bool]] = []
        if self.customer is not None:
            conditions.append(cases.c.customer_id == self.customer)
        if self.policy is not None:
            conditions.append(cases.c.policy == self.policy)
        if self.holder is not None:
            conditions.append(self._is_held())
        return conditions

    def of_promise(
        self, step: ColumnElement[str], due_at: ColumnElement[DateTime], now: datetime
    ) -> Sequence[ColumnElement[bool]]:
        """What is asked of the escalation beside the case."""
        conditions: list[ColumnElement[bool]] = []
        if self.rank is not None:
            conditions.append(step == self.rank)
        if self.standing is not None:
            breached = due_at <= now
            conditions.append(breached if self.standing == "breached" else ~breached)
        return conditions

    def _is_held(self) -> ColumnElement[bool]:
        if self.holder == NOBODY:
            return cases.c.holder.is_(None)
        return cases.c.holder == (self.reader if self.holder == MYSELF else self.holder)


async def wanted(
    request: Request,
    rank: Annotated[Step | None, Chosen] = None,
    standing: Annotated[Standing | None, Chosen] = None,
    customer: Annotated[Id | None, Chosen] = None,
    policy: Annotated[Line | None, Chosen] = None,
    holder: Annotated[Line | None, Chosen] = None,
) -> Wanted:
    return Wanted(request.scope["principal"].name, rank, standing, customer, policy, holder)
