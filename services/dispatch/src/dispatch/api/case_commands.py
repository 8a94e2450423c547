"""The milestones of a case, each as its own call (DP-07)."""

from typing import Annotated

from aftercare_events.catalogue.case import MaintenanceRecord, Replacement
from aftercare_http import MinPosition, Router

from ..domain import commands as cmd
from ..tables import engineers
from .call import Calling, Done, or_nothing
from .case_bodies import (
    ArriveBody,
    AssignBody,
    ByEngineer,
    CaseId,
    CloseBody,
    DiagnoseBody,
    EscalateBody,
    ExpectEndBody,
    Noted,
    PauseBody,
    Reasoned,
    ReasonedByEngineer,
    RecordBody,
    RemoteEndBody,
    RemoteStartBody,
    ResolveBody,
    RestoreBody,
    ResumeBody,
    SignOffBody,
)
from .pictures import kept_signature

router = Router(prefix="/v1/cases/{case_id}", tags=["cases"], dependencies=[MinPosition])


@router.post("/assign")
async def assign(case_id: CaseId, call: Calling, body: AssignBody) -> Done:
    """Send this engineer; `replaces` names whoever has the case, to take it over (DP-04, DP-06)."""
    return await call.change_case(body, lambda at: body.command(case_id, at))


@router.post("/accept")
async def accept(
    case_id: CaseId, call: Calling, body: Annotated[ByEngineer, or_nothing(ByEngineer)]
) -> Done:
    """The engineer takes it on (DP-05)."""
    return await call.change_case(
        body, lambda at: cmd.Accept(case_id=case_id, at=at, engineer_id=body.engineer_id)
    )


@router.post("/decline")
async def decline(
    case_id: CaseId,
    call: Calling,
    body: Annotated[ReasonedByEngineer, or_nothing(ReasonedByEngineer)],
) -> Done:
    """The engineer cannot; somebody else is looked for (DP-05)."""
    return await call.change_case(
        body,
        lambda at: cmd.Decline(
            case_id=case_id, at=at, engineer_id=body.engineer_id, reason=body.reason
        ),
    )


@router.post("/reject-engineer")
async def reject_engineer(
    case_id: CaseId,
    call: Calling,
    body: Annotated[ReasonedByEngineer, or_nothing(ReasonedByEngineer)],
) -> Done:
    """The customer wants somebody else, now and for later cases (DP-16)."""
    await call.known(engineers, "engineer_id", body.engineer_id)
    return await call.change_case(
        body,
        lambda at: cmd.RejectEngineer(
            case_id=case_id, at=at, engineer_id=body.engineer_id, reason=body.reason
        ),
    )


@router.post("/escalate-expert")
async def escalate_expert(case_id: CaseId, call: Calling, body: EscalateBody) -> Done:
    """Not solvable on the spot: passed on (DP-09)."""
    return await call.change_case(
        body,
        lambda at: cmd.EscalateToExpert(
            case_id=case_id,
            at=at,
            target=body.target,
            reason=body.reason,
            kind=body.kind,
            lead=body.lead,
            customer_told=body.customer_told,
        ),
    )


@router.post("/contact")
async def contact(
    case_id: CaseId, call: Calling, body: Annotated[Noted, or_nothing(Noted)]
) -> Done:
    return await call.change_case(
        body, lambda at: cmd.Contact(case_id=case_id, at=at, note=body.note)
    )


@router.post("/respond")
async def respond(
    case_id: CaseId, call: Calling, body: Annotated[Noted, or_nothing(Noted)]
) -> Done:
    return await call.change_case(
        body, lambda at: cmd.Respond(case_id=case_id, at=at, note=body.note)
    )


@router.post("/diagnose")
async def diagnose(
    case_id: CaseId, call: Calling, body: Annotated[DiagnoseBody, or_nothing(DiagnoseBody)]
) -> Done:
    return await call.change_case(
        body, lambda at: cmd.Diagnose(case_id=case_id, at=at, finding=body.finding)
    )


@router.post("/remote-start")
async def remote_start(case_id: CaseId, call: Calling, body: RemoteStartBody) -> Done:
    """Only with the customer's recorded consent (DP-03)."""
    return await call.change_case(
        body,
        lambda at: cmd.StartRemote(case_id=case_id, at=at, consent_ref=body.consent_ref),
    )


@router.post("/remote-end")
async def remote_end(case_id: CaseId, call: Calling, body: RemoteEndBody) -> Done:
    """Unless it solved the fault, a visit is required from the same instant on (DP-02)."""
    return await call.change_case(
        body, lambda at: cmd.EndRemote(case_id=case_id, at=at, outcome=body.outcome)
    )


@router.post("/require-onsite")
async def require_onsite(
    case_id: CaseId, call: Calling, body: Annotated[Reasoned, or_nothing(Reasoned)]
) -> Done:
    """A visit is needed; asked for twice, it stays the same requirement (`changed` is false)."""
    return await call.change_case(
        body, lambda at: cmd.RequireOnsite(case_id=case_id, at=at, reason=body.reason)
    )


@router.post("/expect-end")
async def expect_end(case_id: CaseId, call: Calling, body: ExpectEndBody) -> Done:
    """When the work will be done; a booked visit lasts until then, unless another is in the way."""
    return await call.change_case(
        body,
        lambda at: cmd.ExpectEnd(
            case_id=case_id, at=at, engineer_id=body.engineer_id, expected_end=body.expected_end
        ),
    )


@router.post("/depart")
async def depart(
    case_id: CaseId, call: Calling, body: Annotated[ByEngineer, or_nothing(ByEngineer)]
) -> Done:
    return await call.change_case(
        body, lambda at: cmd.Depart(case_id=case_id, at=at, engineer_id=body.engineer_id)
    )


@router.post("/arrive")
async def arrive(
    case_id: CaseId, call: Calling, body: Annotated[ArriveBody, or_nothing(ArriveBody)]
) -> Done:
    """Whoever has the case is on site; it counts if they can handle the fault (DP-25).

    Else they are there (`lacks` says what is missing), and the arrival is still to come. That of a
    partner counts even after a promise of theirs passed, unless somebody else was sent (DP-26).
    """
    return await call.change_case(
        body,
        lambda at: cmd.Arrive(
            case_id=case_id, at=at, engineer_id=body.engineer_id, partner_id=body.partner_id
        ),
    )


@router.post("/pause")
async def pause(case_id: CaseId, call: Calling, body: PauseBody) -> Done:
    return await call.change_case(
        body, lambda at: cmd.Pause(case_id=case_id, at=at, reason=body.reason)
    )


@router.post("/resume")
async def resume(
    case_id: CaseId, call: Calling, body: Annotated[ResumeBody, or_nothing(ResumeBody)]
) -> Done:
    return await call.change_case(
        body, lambda at: cmd.Resume(case_id=case_id, at=at, reason=body.reason)
    )


@router.post("/restore")
async def restore(
    case_id: CaseId, call: Calling, body: Annotated[RestoreBody, or_nothing(RestoreBody)]
) -> Done:
    """Where the contract has acceptance figures, only within them (DP-29)."""
    return await call.change_case(
        body,
        lambda at: cmd.Restore(case_id=case_id, at=at, note=body.note, measured=body.measured),
    )


@router.post("/record")
async def record(case_id: CaseId, call: Calling, body: RecordBody) -> Done:
    """Before resolution, and complete by then (DP-08); a later record replaces it until then."""
    written = MaintenanceRecord(
        symptom=body.symptom,
        cause=body.cause,
        action=body.action,
        place=body.place,
        reported_by=await call.sealed_name(case_id, body.reported_by),
        prevention=body.prevention,
        replaced=tuple(
            Replacement(what=one.what, name=one.name, serial=one.serial) for one in body.replaced
        ),
        technique=body.technique,
    )
    return await call.change_case(
        body, lambda at: cmd.Record(case_id=case_id, at=at, record=written)
    )


@router.post("/resolve")
async def resolve(
    case_id: CaseId, call: Calling, body: Annotated[ResolveBody, or_nothing(ResolveBody)]
) -> Done:
    return await call.change_case(
        body, lambda at: cmd.Resolve(case_id=case_id, at=at, resolution=body.resolution)
    )


@router.post("/sign-off")
async def sign_off(
    case_id: CaseId, call: Calling, body: Annotated[SignOffBody, or_nothing(SignOffBody)]
) -> Done:
    """The customer accepted the work (FB-10)."""
    signed_by = await call.sealed_name(case_id, body.signed_by)
    signature = await kept_signature(call, body.signature, signed_by)
    return await call.change_case(
        body,
        lambda at: cmd.SignOff(
            case_id=case_id, at=at, signed_by=signed_by, signature=signature, rating=body.rating
        ),
    )


@router.post("/close")
async def close(
    case_id: CaseId, call: Calling, body: Annotated[CloseBody, or_nothing(CloseBody)]
) -> Done:
    """Once resolved; with its loan still out only `despite_loan` and for a reason."""
    return await call.change_case(
        body,
        lambda at: cmd.Close(
            case_id=case_id, at=at, reason=body.reason, despite_loan=body.despite_loan
        ),
    )


@router.post("/reopen")
async def reopen(
    case_id: CaseId, call: Calling, body: Annotated[Reasoned, or_nothing(Reasoned)]
) -> Done:
    """Not solved after all: a new cycle, and somebody is looked for again."""
    return await call.change_case(
        body, lambda at: cmd.Reopen(case_id=case_id, at=at, reason=body.reason)
    )
