"""What comes of a command."""

from collections.abc import Sequence
from dataclasses import dataclass

import msgspec


@dataclass(frozen=True, slots=True)
class Outcome:
    """The facts that were written, the last of them at `position`."""

    position: int
    facts: Sequence[msgspec.Struct]
