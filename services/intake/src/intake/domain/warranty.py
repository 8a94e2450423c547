"""What repairs changed about the warranty of one device, as dispatch said it (DP-13, DP-14)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta


@dataclass(frozen=True, slots=True)
class Extension:
    """A wait for repair that ended `on` a day extended the warranty that ran then by `days`."""

    on: date
    days: int


@dataclass(frozen=True, slots=True)
class WarrantyChanges:
    """`restarted_on` is when the device was last replaced."""

    restarted_on: date | None = None
    extensions: Sequence[Extension] = ()

    def starting(self, start: date | None) -> date | None:
        """The later of the start that the archive knows and that of the replacement."""
        days = [day for day in (start, self.restarted_on) if day is not None]
        return max(days, default=None)

    def extended(self, start: date, end: date) -> date:
        """The end of a warranty that began at `start`: waits before that were another device's."""
        return end + timedelta(days=sum(one.days for one in self.extensions if one.on >= start))


UNCHANGED = WarrantyChanges()
