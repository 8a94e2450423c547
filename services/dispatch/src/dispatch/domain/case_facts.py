"""What may be said of a case, as far as it matters to dispatch."""

from aftercare_events.catalogue import case as c
from aftercare_events.catalogue.clerk import CustomerAssigned
from aftercare_events.catalogue.incident import CaseIncidentLinked
from aftercare_events.catalogue.loan import CaseLoanEnded, CaseLoanRequested, CaseLoanReserved
from aftercare_events.catalogue.notice import NoticeIssued
from aftercare_events.catalogue.sla import (
    AlertRaised,
    AlertResolved,
    BreachWithdrawn,
    CasePromised,
    ClockBreached,
)

from . import emergency_state, with_partner, work_state

Describing = c.CaseReported | c.SeverityChanged | c.CaseReclassified | CustomerAssigned
Holding = (
    c.CaseAssigned
    | c.CaseAccepted
    | c.CaseDeclined
    | c.EngineerRejected
    | c.EscalatedToExpert
    | c.CaseUnattended
)
Visiting = (
    c.OnsiteRequired | c.EndExpected | c.EngineerDeparted | c.EngineerArrived | c.EngineerAttended
)
Working = (
    c.CustomerContacted
    | c.CaseResponded
    | c.CaseDiagnosed
    | c.RemoteStarted
    | c.RemoteEnded
    | c.CasePaused
    | c.CaseResumed
    | c.ServiceRestored
    | c.MaintenanceRecorded
    | c.PhotoAdded
)
Ending = (
    c.CaseResolved
    | c.CaseSignedOff
    | c.CaseClosed
    | c.CaseReopened
    | c.CaseWithdrawn
    | c.CaseMerged
)
Lending = CaseLoanRequested | CaseLoanReserved | CaseLoanEnded
Judging = ClockBreached | BreachWithdrawn
Promising = CasePromised | AlertRaised | AlertResolved
Linking = CaseIncidentLinked | NoticeIssued
Fact = (
    Describing
    | Holding
    | Visiting
    | Working
    | Ending
    | Lending
    | Judging
    | Promising
    | Linking
    | work_state.Fact
    | with_partner.Fact
    | emergency_state.Fact
)
