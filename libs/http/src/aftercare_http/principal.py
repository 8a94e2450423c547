"""Who is calling, and what they may do."""

from dataclasses import dataclass

EVERY_SCOPE = "*"


@dataclass(frozen=True, slots=True)
class Principal:
    """A caller who proved a name; events carry it as their actor."""

    name: str
    scopes: frozenset[str]

    def may(self, scope: str) -> bool:
        return scope in self.scopes or EVERY_SCOPE in self.scopes

    def missing(self, scopes: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(scope for scope in scopes if not self.may(scope))
