"""Who says something, when it happened, and under which ids it goes into the log."""

from dataclasses import dataclass
from datetime import datetime

import msgspec
from msgspec import UNSET

from . import catalogue
from .command_key import CommandKey, event_id
from .envelope import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class By:
    """Who says so; `at` is when it happened, in UTC."""

    actor: str
    at: datetime
    correlation_id: str | None = None
    key: CommandKey | None = None

    def event(self, fact: msgspec.Struct, service: str, index: int = 0) -> Event:
        """A fact as it is recorded; `index` is its number among those of the command."""
        return catalogue.record(
            fact,
            service=service,
            time=self.at,
            actor=self.actor,
            correlation_id=self.correlation_id or UNSET,
            event_id=event_id(self.key, index),
        )
