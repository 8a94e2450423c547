"""Random histories of one case under any of the five contracts, for hypothesis."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from hypothesis import strategies as st

from aftercare_events.envelope import Event
from sla_monitor.domain.event_lines import read_event
from sla_monitor.domain.state import CaseClocks
from sla_monitor.domain.terms import Terms
from support.clock_stories import POLICIES, called_back, local, reported, told

START = local("2026-09-30 14:00")
SCALES = {
    "software-maintenance": ["system_down", "severe", "partial"],
    "equipment-warranty": ["1", "2", "3", "4"],
    "portal-operations": ["catastrophic", "general"],
    "lighting-maintenance": ["urgent", "normal"],
    "it-integration": ["1", "2", "3", "4"],
}
KINDS = ["fault", "fault", "fault", "complaint", "question"]
REASONS = ["no_site_access", "customer_unavailable", "waiting_for_parts"]
MILESTONES = [
    "contacted",
    "responded",
    "diagnosed",
    "arrived",
    "restored",
    "resolved",
    "signed_off",
    "closed",
    "onsite_required",
    "unattended",
    "reopened",
]


def text(at: datetime) -> str:
    return at.replace(tzinfo=None).isoformat(" ")


@st.composite
def histories(draw: st.DrawFn, *, in_order: bool) -> list[Event]:
    """A report and what followed within some days, many things at the same instant."""
    policy = draw(st.sampled_from(sorted(SCALES)))
    scale = SCALES[policy]
    minutes = draw(st.lists(st.integers(0, 60 * 24 * 10), max_size=12))
    coarse = [minute // 30 * 30 if draw(st.booleans()) else minute for minute in minutes]
    ordered = sorted(coarse) if in_order else coarse
    first = reported(
        policy,
        text(START),
        kind=draw(st.sampled_from(KINDS)),
        severity=draw(st.sampled_from([*scale, None])),
        place=draw(st.sampled_from(["local", "other", None])),
        category=draw(st.sampled_from(["device", None])),
        device_id=draw(st.sampled_from(["D1", None])),
        policy_options={"hours": draw(st.sampled_from(["24x7", "5x8"]))},
    )
    rest = [draw(_events(scale, text(START + timedelta(minutes=m)))) for m in ordered]
    return [read_event(line) for line in (first, *rest)]


def _events(scale: Sequence[str], at: str) -> st.SearchStrategy[bytes]:
    def say(name: str, **data: Any) -> bytes:
        return told(name, at, **data)

    return st.one_of(
        st.sampled_from(MILESTONES).map(say),
        st.sampled_from(scale).map(lambda s: say("severity_changed", severity=s)),
        st.sampled_from(REASONS).map(lambda r: say("paused", reason=r)),
        st.sampled_from(REASONS).map(lambda r: say("resumed", reason=r)),
        st.sampled_from(["local", "other"]).map(lambda p: say("reclassified", place=p)),
        st.sampled_from(KINDS).map(lambda k: say("reclassified", kind=k)),
        st.sampled_from(["assigned", "declined"]).map(lambda n: say(n, engineer_id="E1")),
        st.just(None).map(lambda _: called_back(at)),
        st.just(None).map(lambda _: say("withdrawn")),
        st.integers(0, 20_000).map(
            lambda m: say(
                "deadline_agreed",
                clock="onsite",
                due_at=(START + timedelta(minutes=m)).isoformat(),
                agreed_with="x",
                reason="y",
            )
        ),
    )


def terms_of(state: CaseClocks) -> Terms:
    terms = POLICIES.of(state.policy, state.policy_version)
    assert terms is not None
    return terms
