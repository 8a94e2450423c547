"""How many calls are answered, and when too few are (IN-03)."""

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from aftercare_events.catalogue.archive import ContractRecorded
from aftercare_events.catalogue.intake import ConnectRateFallen, ConnectRateRecovered

from .policy import Terms
from .report import LOCAL

EVERYBODY = "all"
OPTION = "connect_rate"
_RATE = re.compile(r"\s*(\d{1,3}(?:\.\d{1,4})?)\s*%?\s*")
HOUR, DAY = timedelta(hours=1), timedelta(days=1)

ConnectRateEvent = ConnectRateFallen | ConnectRateRecovered


@dataclass(frozen=True, slots=True)
class Window:
    """From `start`, `end` not included."""

    start: datetime
    end: datetime

    @property
    def stale_at(self) -> datetime:
        """When the window after it is over as well: from then on nobody is alarmed over it."""
        return self.end + (self.end - self.start)


@dataclass(frozen=True, slots=True)
class Tally:
    """Inbound calls that began in a window."""

    window: Window
    calls: int
    connected: int

    @property
    def rate(self) -> float:
        """In per cent; there is no call that was not answered when there was none at all."""
        return 100.0 if self.calls == 0 else round(100 * self.connected / self.calls, 2)


@dataclass(frozen=True, slots=True)
class Promise:
    """What is watched: all calls, or those of the customer of one contract; `rate` in per cent."""

    scope: str
    rate: float
    customer_id: str | None = None


def window_of(instant: datetime, length: timedelta) -> Window:
    """The hour or the day in Asia/Shanghai, which keeps no summer time."""
    local = instant.astimezone(LOCAL)
    start = local.replace(minute=0, second=0, microsecond=0)
    if length == DAY:
        start = start.replace(hour=0)
    return Window(start, start + length)


def promised_rate(contract: ContractRecorded, terms: Terms | None, default: float) -> float:
    """The contract's own figure, else that of its policy."""
    own = rate_in(str(contract.policy_options.get(OPTION, "")))
    if own is not None:
        return own
    return terms.connect_rate if terms and terms.connect_rate else default


def rate_in(text: str) -> float | None:
    """A share in per cent, as a contract's option says it; None where it is none."""
    match = _RATE.fullmatch(text)
    rate = float(match[1]) if match else 0.0
    return rate if 0 < rate <= 100 else None


def judge(
    promise: Promise, tally: Tally, last: ConnectRateEvent | None, min_calls: int
) -> ConnectRateEvent | None:
    """What is to be said of a window in which calls came, after what was said last."""
    if tally.calls < min_calls:
        return None
    if tally.rate < promise.rate:
        return None if _was_raised_in(tally.window, last) else _fallen(promise, tally)
    if isinstance(last, ConnectRateFallen):
        return ConnectRateRecovered(
            **_figures(promise, tally), fallen_in=last.window_start, reason="rate_is_back"
        )
    return None


def let_go(tally: Tally, last: ConnectRateEvent | None) -> ConnectRateRecovered | None:
    """The end of an alert over whose window time has passed, with too few calls since to judge."""
    if not isinstance(last, ConnectRateFallen) or last.window_start != tally.window.start:
        return None
    promise = Promise(last.scope, last.promised)
    return ConnectRateRecovered(
        **_figures(promise, tally), fallen_in=last.window_start, reason="too_few_calls"
    )


def _was_raised_in(window: Window, last: ConnectRateEvent | None) -> bool:
    """Once a window, even if the rate was back meanwhile."""
    match last:
        case ConnectRateFallen():
            return last.window_start == window.start
        case ConnectRateRecovered():
            return last.fallen_in == window.start
        case None:
            return False


def _fallen(promise: Promise, tally: Tally) -> ConnectRateFallen:
    return ConnectRateFallen(**_figures(promise, tally), customer_id=promise.customer_id)


def _figures(promise: Promise, tally: Tally) -> dict[str, Any]:
    return {
        "scope": promise.scope,
        "window_start": tally.window.start,
        "window_end": tally.window.end,
        "calls": tally.calls,
        "connected": tally.connected,
        "rate": tally.rate,
        "promised": promise.rate,
    }
