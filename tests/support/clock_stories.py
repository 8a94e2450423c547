"""Files of events about clocks, told in local time, and what the pure core makes of them."""

import itertools
import json
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from sla_monitor.domain.standing import ClockRecord
from sla_monitor.domain.terms import Policies
from sla_monitor.run import Outcome, run
from sla_monitor.shipped import shipped_policies

SHANGHAI = ZoneInfo("Asia/Shanghai")
POLICIES = Policies(shipped_policies())
_numbers = itertools.count(1)


def local(text: str) -> datetime:
    """`2026-11-02 08:00`, with seconds and fractions if wanted, in Shanghai."""
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)


def shown(instant: datetime) -> str:
    """The inverse of `local`, seconds and fractions only where there are any."""
    text = instant.astimezone(SHANGHAI).replace(tzinfo=None).isoformat(" ")
    return text.removesuffix(":00")


def line(event_type: str, subject: str, at: str, data: dict[str, Any], **more: Any) -> bytes:
    event = {
        "id": f"e-{next(_numbers)}",
        "source": "/aftercare/test",
        "type": event_type,
        "subject": subject,
        "time": local(at).isoformat(),
        "data": data,
        **more,
    }
    return json.dumps(event).encode()


def told(name: str, at: str, *, case: str = "C1", **data: Any) -> bytes:
    """`aftercare.case.<name>.v1` about a case."""
    return line(f"aftercare.case.{name}.v1", f"case/{case}", at, {"case_id": case, **data})


def reported(policy: str, at: str, **data: Any) -> bytes:
    return told("reported", at, **{"kind": "fault", "channel": "phone", "policy": policy, **data})


def called_back(at: str, *, case: str = "C1") -> bytes:
    data = {"case_id": case, "callback_id": "B1", "officer_id": "O1", "outcome": "satisfied"}
    return line("aftercare.callback.completed.v1", "callback/B1", at, data)


class Story:
    """What the core says of a file at an instant."""

    def __init__(self, outcome: Outcome) -> None:
        self.outcome = outcome

    def clock(self, name: str, cycle: int = 1, case: str = "C1") -> ClockRecord:
        [found] = [
            c for c in self.outcome.clocks if (c.case_id, c.clock, c.cycle) == (case, name, cycle)
        ]
        return found

    def names(self) -> list[str]:
        return [clock.clock for clock in self.outcome.clocks]

    def state(self, name: str, cycle: int = 1) -> str:
        return self.clock(name, cycle).state

    def states(self) -> dict[str, str]:
        return {clock.clock: clock.state for clock in self.outcome.clocks}

    def due(self, name: str, cycle: int = 1) -> str:
        return shown(self.clock(name, cycle).due_at)

    def alerts(self, name: str, cycle: int = 1) -> list[tuple[str, str]]:
        """Step and instant of each alert of a clock, in order."""
        return [
            (alert.step, shown(alert.fire_at))
            for alert in self.outcome.alerts
            if (alert.clock, alert.cycle) == (name, cycle)
        ]


def story(*events: bytes, until: str) -> Story:
    return Story(run(events, POLICIES, local(until)))
