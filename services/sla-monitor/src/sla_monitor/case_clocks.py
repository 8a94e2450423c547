"""The clocks of one case as people and programs read them: as they stand now, and why."""

from collections.abc import Sequence

from .domain.explain import Explanation, explain
from .monitor import Monitor


async def clocks_of(monitor: Monitor, case_id: str) -> Sequence[Explanation] | None:
    """None for a case nobody reported. Raises UnknownPolicy, LogUnavailable."""
    row = await monitor.case(case_id)
    if row is None:
        return None
    return explain(row.clocks, monitor.clock.now(), await monitor.terms_of(row.clocks))
