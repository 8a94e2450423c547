"""A decision that waits to be written."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import msgspec

from .reading import Loaded


@dataclass(frozen=True, slots=True)
class Plan:
    """What follows from a command. `basis[0]` is what the command was given to.

    The facts about that one come last, so that the append's position is theirs.
    """

    facts: Sequence[msgspec.Struct]
    basis: Sequence[Loaded[Any]]
    status: str
