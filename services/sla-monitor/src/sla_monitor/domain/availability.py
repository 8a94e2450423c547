"""How much of a period a device, and all of a customer's together, could be used (SL-09).

The terms are those of IEC 60050-192; `docs/how-to/analyse.md` gives the definitions. Instants and
spans are in microseconds.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from .calendar import Interval
from .outages import Outage

_WHOLE = 100
_NOT_YET = 1 << 62


@dataclass(frozen=True, slots=True)
class Figures:
    """`observed` is the period, once for each device. A mean is None where nothing is its base.

    `faults` counts reports that began in the period, `failures` the transitions from up to down
    that did: what is down already cannot fail once more.
    """

    observed: int
    downtime: int
    faults: int
    failures: int
    mean_time_to_respond: int | None
    mean_time_to_restore: int | None

    @property
    def uptime(self) -> int:
        return self.observed - self.downtime

    @property
    def mean_time_between_failures(self) -> int | None:
        return self.uptime // self.failures if self.failures else None

    @property
    def availability_percent(self) -> float:
        return self.uptime * _WHOLE / self.observed


@dataclass(frozen=True, slots=True)
class _Device:
    """One device in the period, in sums that add up to those of a system."""

    downtime: int
    begun: int
    failed: int
    responses: Sequence[int]
    restorations: Sequence[int]


@dataclass(frozen=True, slots=True)
class Availability:
    """`all_up_percent` is the share of the period in which no device was down."""

    devices: Mapping[str, Figures]
    system: Figures | None
    all_up_percent: float | None


def availability(
    outages: Iterable[Outage], devices: Iterable[str], begin: int, end: int
) -> Availability:
    """The figures of the devices between `begin` and a later `end`, and of all of them together.

    An outage that lasts counts up to `end`. The system is the sum over its devices, so that a
    customer with many devices is not measured by the worst of them.
    """
    by_device: dict[str, list[Outage]] = {device: [] for device in devices}
    for outage in outages:
        by_device.setdefault(outage.device_id, []).append(outage)
    counted = {device: _counted(of, begin, end) for device, of in sorted(by_device.items())}
    if not counted:
        return Availability({}, None, None)
    together = _merged(outage for of in by_device.values() for outage in of)
    return Availability(
        devices={device: _figures([one], end - begin) for device, one in counted.items()},
        system=_figures(list(counted.values()), end - begin),
        all_up_percent=_WHOLE - _within(together, begin, end) * _WHOLE / (end - begin),
    )


def _counted(outages: Sequence[Outage], begin: int, end: int) -> _Device:
    spells = _merged(outages)
    return _Device(
        downtime=_within(spells, begin, end),
        begun=sum(begin <= outage.began_at < end for outage in outages),
        failed=sum(begin <= at < end for at, _ in spells),
        responses=[
            max(outage.responded_at - outage.began_at, 0)
            for outage in outages
            if outage.responded_at is not None and begin <= outage.responded_at < end
        ],
        restorations=[stop - at for at, stop in spells if begin <= stop < end],
    )


def _merged(outages: Iterable[Outage]) -> list[Interval]:
    """From down to up, in order; what overlaps or touches is one spell."""
    spells: list[Interval] = []
    for at, stop in sorted(map(_spell, outages)):
        if spells and at <= spells[-1][1]:
            spells[-1] = spells[-1][0], max(stop, spells[-1][1])
        else:
            spells.append((at, stop))
    return spells


def _spell(outage: Outage) -> Interval:
    """A restoration that was dated before the report leaves no time in between."""
    restored_at = _NOT_YET if outage.restored_at is None else outage.restored_at
    return outage.began_at, max(restored_at, outage.began_at)


def _within(spells: Iterable[Interval], begin: int, end: int) -> int:
    return sum(max(min(stop, end) - max(at, begin), 0) for at, stop in spells)


def _figures(devices: Sequence[_Device], period: int) -> Figures:
    return Figures(
        observed=period * len(devices),
        downtime=sum(device.downtime for device in devices),
        faults=sum(device.begun for device in devices),
        failures=sum(device.failed for device in devices),
        mean_time_to_respond=_mean([span for device in devices for span in device.responses]),
        mean_time_to_restore=_mean([span for device in devices for span in device.restorations]),
    )


def _mean(spans: Sequence[int]) -> int | None:
    return sum(spans) // len(spans) if spans else None
