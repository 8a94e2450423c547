"""R4, judged by the log alone: alerts that are missing, doubled, or behind their clock's end."""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

import msgspec

from aftercare_events import catalogue
from aftercare_events.envelope import Recorded
from sla_monitor.domain.evolve import ANNOUNCEMENTS
from sla_monitor.run import run
from support.clock_stories import POLICIES

Clock = tuple[str, str, int]
Step = tuple[str, str, int, str, datetime]
RAISED = "aftercare.case.alert_raised.v1"
ENDED = frozenset({"met", "met_late", "cancelled"})


@dataclass(frozen=True, slots=True)
class Truth:
    """What the pure core makes of everything that was said, except by the monitor.

    `ended` are the clocks that are met or cancelled: nobody needs an alarm about them any more,
    even if a dead monitor had kept it to itself until then.
    """

    due: frozenset[Step]
    ended: frozenset[Clock]

    @classmethod
    def of(cls, history: Sequence[Recorded], now: datetime) -> "Truth":
        told = (r.event for r in history if r.event.type not in ANNOUNCEMENTS)
        outcome = run(map(msgspec.json.encode, told), POLICIES, now)
        return cls(
            frozenset((a.case_id, a.clock, a.cycle, a.step, a.fire_at) for a in outcome.alerts),
            frozenset((c.case_id, c.clock, c.cycle) for c in outcome.clocks if c.state in ENDED),
        )

    def missed(self, raised: Collection[Step]) -> list[Step]:
        return [step for step in self.due - set(raised) if step[:3] not in self.ended]


def raised_in(history: Sequence[Recorded]) -> list[Step]:
    alerts = (catalogue.decode(r.event) for r in history if r.event.type == RAISED)
    return [(a.case_id, a.clock, a.cycle, a.step, a.fire_at) for a in alerts]


def doubled(raised: Iterable[Step]) -> list[Step]:
    return [step for step, times in Counter(raised).items() if times > 1]


def on_ended_clocks(history: Sequence[Recorded]) -> list[Step]:
    """Alerts that stand in the log behind what had ended their clock."""
    by_case: dict[str, list[Recorded]] = defaultdict(list)
    wrong: list[Step] = []
    for recorded in history:
        told = by_case[recorded.event.aggregate_id]
        raised = raised_in([recorded])
        ended = Truth.of(told, recorded.event.time).ended if raised else ()
        wrong += [step for step in raised if step[:3] in ended]
        told.append(recorded)
    return wrong
