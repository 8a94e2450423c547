"""What the pages of the monitor share: templates, words, who may see them, and how a case reads."""

from typing import Any

from fastapi import Depends
from sqlalchemy import Select, select

from aftercare_http import Pages, requires

from ..tables import cases, customers

pages = Pages("sla_monitor")
VIEW = Depends(requires("sla:read", page=True))


def described_cases() -> Select[*tuple[Any, ...]]:
    return select(
        cases.c.case_id,
        cases.c.summary,
        cases.c.policy,
        cases.c.customer_id,
        cases.c.holder,
        cases.c.next_due_at,
        cases.c.next_due_clock,
        customers.c.name.label("customer"),
    ).outerjoin(customers, customers.c.customer_id == cases.c.customer_id)
