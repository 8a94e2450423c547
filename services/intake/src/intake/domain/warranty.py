"""What repairs changed about the warranty of one device, as dispatch said it (DP-13, DP-14)."""

from collections.abc import Sequence
from datetime import date, timedelta

import msgspec


class Extension(msgspec.Struct, frozen=True):
    """A wait for repair that ended `on` a day extended the warranty that ran then by `days`."""

    on: date
    days: int


class WarrantyChanges(msgspec.Struct, frozen=True):
    """`restarted_on` is when the device was last replaced."""

    restarted_on: date | None = None
    extensions: Sequence[Extension] = ()

    def starting(self, start: date | None) -> date | None:
        """The later of the start that the archive knows and that of the replacement."""
        if start is None or self.restarted_on is None:
            return start or self.restarted_on
        return max(start, self.restarted_on)

    def extended(self, start: date, end: date) -> date:
        """The end of a warranty that began at `start`: waits before that were another device's."""
        for one in self.extensions:
            if one.on >= start:
                end += timedelta(days=one.days)
        return end


UNCHANGED = WarrantyChanges()
