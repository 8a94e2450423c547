"""What intake reads from a published contract policy: its severities and its warranty."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Terms:
    """The part of a policy that decides at intake.

    `warranty_months` is by device category, with `default` for all others; a policy without
    warranty has none of them.
    """

    policy: str
    version: int
    severities: tuple[str, ...] = ()
    warranty_months: Mapping[str, int] = field(default_factory=dict[str, int])
    free_kinds: frozenset[str] = frozenset()

    def months_for(self, category: str | None) -> int | None:
        return self.warranty_months.get(category or "default", self.warranty_months.get("default"))
