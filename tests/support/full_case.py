"""One case with everything that a card can tell, as the log would hold it."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import msgspec

from aftercare_events import catalogue
from aftercare_events.catalogue import case as c
from aftercare_events.catalogue import feedback as f
from aftercare_events.catalogue import sla
from aftercare_events.catalogue.loan import CaseLoanReserved, LoanReserved, LoanShipped
from aftercare_events.envelope import Event, Recorded
from aftercare_events.sealing import Sealed

CASE = "4F7K-Q2M9"
START = datetime(2026, 11, 2, 1, tzinfo=UTC)
HOSTILE = "#strong[x] $x^2$ <b>&amp; \\ * _ = @ref <label> #panic()"
SEALED = Sealed(person="P-1", box="AAAA")
ENGINEER = "E-ZHAO-LEI"


def at(minutes: float) -> datetime:
    return START + timedelta(minutes=minutes)


def _promised(clock: str, minutes: float) -> sla.PromisedTime:
    return sla.PromisedTime(clock=clock, due_at=at(minutes))


RECORD = c.MaintenanceRecord(
    symptom="反复重启，电源告警灯亮",
    cause="电源模块老化",
    action="更换电源模块，压力测试两小时通过",
    place="机房 3 号柜",
    reported_by=SEALED,
    prevention="每季度检查电源日志",
    technique="带载测量输出电压后再更换",
)
REPORT = c.CaseReported(
    case_id=CASE,
    kind="fault",
    channel="phone",
    policy="it-integration",
    severity="2",
    category="server",
    customer_id="C-1",
    contract_id="CT-1",
    site_id="S-1",
    device_id="D-1",
    summary=f"服务器每隔几分钟重启 {HOSTILE}",
    entitlement=c.Entitlement(
        covered=True,
        in_warranty=True,
        chargeable=False,
        reasons=("contract-in-force", "covered-by-contract", "in-warranty"),
    ),
    contact=SEALED,
)
ALERT = sla.AlertRaised(
    case_id=CASE,
    clock="onsite",
    cycle=1,
    alert_id="A-1",
    step="engineer",
    threshold=75,
    due_at=at(60),
    fire_at=at(45),
    late_by_s=0,
    recipient=ENGINEER,
)
BREACH = sla.ClockBreached(
    case_id=CASE,
    clock="onsite",
    cycle=1,
    due_at=at(60),
    breached_at=at(60),
    policy="it-integration",
    policy_version=4,
)
LOAN = LoanReserved(
    case_id=CASE,
    loan_id="L-1",
    unit_id="U-9",
    depot_id="DP-1",
    model="SRV 2U",
    due_back=date(2026, 11, 20),
)
# What was said, by which service, how many minutes after the report, and by whom.
SAID: list[tuple[msgspec.Struct, str, float, str]] = [
    (REPORT, "intake", 0, "desk-07"),
    (
        sla.CasePromised(
            case_id=CASE,
            policy="it-integration",
            policy_version=4,
            promised=(
                _promised("contact", 10),
                _promised("onsite", 60),
                _promised("restore", 120),
                _promised("callback", 2880),
            ),
        ),
        "sla",
        0,
        "sla-monitor",
    ),
    (c.CaseAssigned(case_id=CASE, engineer_id=ENGINEER, mode="onsite"), "dispatch", 1, "dispatch"),
    (c.CaseAccepted(case_id=CASE, engineer_id=ENGINEER), "dispatch", 3, ENGINEER),
    (c.CustomerContacted(case_id=CASE, note="电源告警灯亮，已安排上门"), "dispatch", 6, ENGINEER),
    (c.EngineerDeparted(case_id=CASE, engineer_id=ENGINEER), "dispatch", 20, ENGINEER),
    (ALERT, "sla", 45, "sla-monitor"),
    (sla.AlertAcknowledged(case_id=CASE, alert_id="A-1", by=ENGINEER), "sla", 46, ENGINEER),
    (BREACH, "sla", 60, "sla-monitor"),
    (c.EngineerArrived(case_id=CASE, engineer_id=ENGINEER), "dispatch", 71, ENGINEER),
    (c.MessageAdded(case_id=CASE, channel="email", text=SEALED), "intake", 80, "mail"),
    (CaseLoanReserved(case_id=CASE, loan_id="L-1", unit_id="U-9"), "dispatch", 85, "dispatch"),
    (LOAN, "dispatch", 85, "dispatch"),
    (LoanShipped(loan_id="L-1", waybill="SF1029"), "dispatch", 90, "depot"),
    (c.ServiceRestored(case_id=CASE, note="更换电源模块后恢复"), "dispatch", 100, ENGINEER),
    (c.MaintenanceRecorded(case_id=CASE, record=RECORD), "dispatch", 120, ENGINEER),
    (c.CaseResolved(case_id=CASE, resolution="power supply replaced"), "dispatch", 125, ENGINEER),
    (c.CaseSignedOff(case_id=CASE, signed_by=SEALED, rating=5), "dispatch", 130, ENGINEER),
    (
        f.CallbackCompleted(
            callback_id="CB-1",
            case_id=CASE,
            officer_id="O-LIN-JING",
            outcome="satisfied",
            scores=f.Scores(technical_skill=5, attitude=5, timeliness=4),
        ),
        "feedback",
        1500,
        "O-LIN-JING",
    ),
    (
        c.CaseCalledBack(case_id=CASE, callback_id="CB-1", outcome="satisfied"),
        "feedback",
        1500,
        "O-LIN-JING",
    ),
    (c.CaseClosed(case_id=CASE), "feedback", 1500, "feedback"),
]


def say(data: msgspec.Struct, service: str, minutes: float, actor: str = "x") -> Event:
    return catalogue.record(data, service=service, time=at(minutes), actor=actor)


def recorded(*more: Event) -> list[tuple[Recorded, Any]]:
    """The case as it is read back, with more at its end."""
    events = [say(*one) for one in SAID] + list(more)
    return [
        (Recorded(position, event), catalogue.decode(event))
        for position, event in enumerate(events, start=1)
    ]
