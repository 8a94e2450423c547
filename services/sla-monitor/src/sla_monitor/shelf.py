"""The published contracts, kept at hand; the table is where every replica finds them again."""

import msgspec
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from aftercare_events.catalogue.sla import PolicyPublished
from aftercare_events.catalogue.terms import CalendarPublished

from .domain.event_lines import edition_of
from .domain.evolve import UnknownPolicy
from .domain.policy import Policy, from_json
from .domain.state import CaseClocks
from .domain.terms import Policies, Terms
from .tables import calendars
from .tables import policies as table


class Shelf:
    """What `PolicyPublished` events brought so far, ready to be applied."""

    def __init__(self) -> None:
        self.policies = Policies()
        self._known: set[tuple[str, int]] = set()

    def clear(self) -> None:
        """Begin anew, as the log does at its first event."""
        self.policies = Policies()
        self._known.clear()

    async def refill(self, connection: AsyncConnection) -> None:
        """Take up what another replica, or an earlier run, has put into the table."""
        rows = await connection.execute(select(table.c.name, table.c.version, table.c.document))
        for name, version, document in rows:
            if (name, version) not in self._known:
                self._take(from_json(document))
        editions = await connection.scalars(
            select(calendars.c.document).order_by(calendars.c.name, calendars.c.number)
        )
        for document in editions:
            self.take_edition(msgspec.convert(document, CalendarPublished))

    def terms_of(self, clocks: CaseClocks) -> Terms:
        """The contract a case keeps. Raises UnknownPolicy."""
        terms = self.policies.of_case(clocks.policy, clocks.stages)
        if terms is None:
            raise UnknownPolicy(clocks.policy, clocks.stages[-1].version)
        return terms

    def take(self, published: PolicyPublished) -> Policy:
        """Raises msgspec.ValidationError."""
        policy = from_json(published.policy)
        self._take(policy)
        return policy

    def take_edition(self, published: CalendarPublished) -> None:
        """Raises ValueError when an edition before it is not known."""
        self.policies.publish(published.name, published.number, edition_of(published))

    def _take(self, policy: Policy) -> None:
        self.policies.add(policy)
        self._known.add((policy.name, policy.version))
