"""Who is calling, and what they may do."""

from dataclasses import dataclass

EVERY_SCOPE = "*"


@dataclass(frozen=True, slots=True)
class Principal:
    """A caller who proved a name; events carry it as their actor.

    One with a `customer_id` acts for that customer alone, and only where a route says so.
    """

    name: str
    scopes: frozenset[str]
    customer_id: str | None = None

    @property
    def account(self) -> str:
        """What no other caller shares: a portal may use one name for all of its customers."""
        return self.name if self.customer_id is None else f"{self.name} of {self.customer_id}"

    def may(self, scope: str) -> bool:
        """Whether the scope is held for whatever it opens, not for one customer alone."""
        return self.customer_id is None and self._holds(scope)

    def missing(self, scopes: tuple[str, ...], *, customers: bool = False) -> tuple[str, ...]:
        """With `customers`, a scope that is held for one customer alone will do."""
        suffices = self._holds if customers else self.may
        return tuple(scope for scope in scopes if not suffices(scope))

    def _holds(self, scope: str) -> bool:
        return scope in self.scopes or EVERY_SCOPE in self.scopes
