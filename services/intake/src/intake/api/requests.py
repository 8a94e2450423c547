"""The two busiest doors: requests, and call records of the telephone system."""

from datetime import datetime

import msgspec
from msgspec.structs import replace
from starlette.responses import Response

from aftercare_events.catalogue.case import Kind
from aftercare_http import (
    Identity,
    LeanCall,
    Principal,
    Problem,
    Router,
    canonical,
    unprocessable,
    when_it_happened,
)

from ..calls import Call, CallKept
from ..case_rows import Row
from ..lines import queue_identifier
from ..lookup import Wanted
from ..opening import Opened, opened_before
from ..parts import Intake, intake_of
from ..people import Person, phone_identifier
from ..requests import Request
from ..sealing import Recognised
from .bodies import Accepted, CallAccepted, CallBody, CallRequest, Contact, RequestBody
from .instants import check_bounds
from .portal import hold_to_customer
from .status_bodies import owner_of

router = Router(prefix="/v1", tags=["requests"])
# Whoever writes or comes is taken down as she says she is; a mail, a fax and a call say it
# themselves at doors of their own, and a program knows its customer.
OF_ANYBODY = ("letter", "visit")
_encode = msgspec.json.Encoder().encode


async def report_request(call: LeanCall[RequestBody]) -> Response:
    """A request of any channel becomes a case: on disk in the log before this is answered."""
    intake, body, identity = intake_of(call.request), call.body, call.idempotency
    hold_to_customer(call.principal, body)
    if body.customer_id is None and body.channel not in OF_ANYBODY:
        raise unprocessable("customer_id", "missing", "only a letter or a visit may be of anybody")
    now = intake.clock.now()
    try:
        at = when_it_happened(body.reported_at, now=now, who=call.principal, field="reported_at")
        if body.planned_for is not None:
            check_bounds(body.planned_for, "planned_for")
    except Problem:
        # Time passes, bounds change: what was accepted when it was first sent stays so for ever.
        if (opened := await opened_before(intake.log, identity)) is not None:
            return _accepted(opened)
        raise
    who = await intake.discretion.recognise(_person(body.contact, identity))
    said = intake.said(body.actor or call.principal.name, at)
    request = replace(
        _request(body, body.kind, who, at),
        work=body.work,
        planned_for=body.planned_for,
        origin=body.origin,
        arises_from=body.arises_from,
    )
    return _accepted(await intake.door.accept(request, identity, said))


async def record_call(call: LeanCall[CallBody]) -> Response:
    """A call is recorded; where the agent took down a request, it becomes a case as well."""
    identity = Identity.of("call", call.body.call_id, body=canonical(call.raw))
    return _kept(await keep_call(intake_of(call.request), call.principal, call.body, identity))


async def keep_call(
    intake: Intake, principal: Principal, body: CallBody, identity: Identity
) -> CallKept:
    """Raises Refused, Problem 422, LogUnavailable."""
    if (kept := await intake.switchboard.kept_before(identity)) is not None:
        return kept
    now = intake.clock.now()
    when_it_happened(body.ended_at, now=now, who=principal, field="ended_at")
    at = when_it_happened(body.started_at, now=now, who=principal, field="started_at")
    about = await _case_of_call(intake, body)
    request = None
    if body.request is not None:
        wanted_at = body.request.reported_at or body.answered_at or body.started_at
        reported_at = when_it_happened(
            wanted_at, now=now, who=principal, field="request.reported_at"
        )
        contact = body.request.contact or Contact(phone=body.caller)
        who = await intake.discretion.recognise(
            _person(contact, identity, body.caller), owner_of(intake, about).key if about else None
        )
        kind = await _kind_of_call(intake, body, body.request, about)
        request = _request(body.request, kind, who, reported_at)
    caller = Person(reference=identity.identity, phone=body.caller)
    recorded = _call(body, await intake.discretion.recognise(caller), request)
    said = intake.said(body.agent or principal.name, at)
    return await intake.switchboard.record(recorded, identity, said)


async def _case_of_call(intake: Intake, body: CallBody) -> Row | None:
    """Raises Problem 422 where there is no such case."""
    if body.case_id is None:
        return None
    case = await intake.cases.seen(body.case_id)
    if case is None:
        raise unprocessable("case_id", "case-unknown", "there is no such case")
    return case


async def _kind_of_call(
    intake: Intake, body: CallBody, request: CallRequest, about: Row | None
) -> Kind:
    """What the agent says, else that of the case it is about, else of the line (IN-12).

    Raises Problem 422 where none says it.
    """
    if request.kind is not None:
        return request.kind
    if about is not None:
        return about["kind"]
    kind = await intake.door.kind_by_line(
        (queue_identifier(body.queue), phone_identifier(body.called))
    )
    if kind is None:
        raise unprocessable("request.kind", "missing", "neither the request nor the line says it")
    return kind


def _request(body: RequestBody | CallRequest, kind: Kind, who: Recognised, at: datetime) -> Request:
    return Request(
        channel=body.channel,
        kind=kind,
        summary=body.summary,
        who=who,
        reported_at=at,
        wanted=Wanted(
            customer_id=body.customer_id,
            site_id=body.site_id,
            device_serial=body.device_serial,
            contract_id=body.contract_id,
        ),
        severity=None if body.severity is None else str(body.severity),
        category=body.category,
        description=body.description,
        use_affected=body.use_affected,
    )


def _call(body: CallBody, caller: Recognised, request: Request | None) -> Call:
    return Call(
        reference=body.call_id,
        direction=body.direction,
        outcome=body.outcome,
        caller=caller,
        started_at=body.started_at,
        ended_at=body.ended_at,
        answered_at=body.answered_at,
        agent=body.agent,
        recording_url=body.recording_url,
        classification=body.classification,
        queue=body.queue,
        transferred_to=body.transferred_to,
        about=body.case_id,
        request=request,
    )


def _person(contact: Contact, identity: Identity, caller: str | None = None) -> Person:
    return Person(
        reference=identity.identity,
        name=contact.name,
        phone=contact.phone or caller,
        email=contact.email,
    )


def _accepted(opened: Opened) -> Response:
    answer = Accepted(
        case_id=opened.reported.case_id,
        position=opened.position,
        entitlement=opened.reported.entitlement,
        duplicate=opened.duplicate,
    )
    return _Answer(answer, opened.position)


def _kept(kept: CallKept) -> Response:
    opened = kept.opened
    answer = CallAccepted(
        call_id=kept.call_id,
        position=kept.position,
        duplicate=kept.duplicate,
        case_id=kept.case_id,
        entitlement=opened.reported.entitlement if opened else None,
    )
    return _Answer(answer, kept.position)


class _Answer(Response):
    """What was accepted. Its headers are written as they go out: having the framework make them
    from text costs twice as much as all the rest of it."""

    def __init__(self, answer: msgspec.Struct, position: int) -> None:
        self.body = _encode(answer)
        self.status_code = 202
        self.background = None
        self.raw_headers = [
            (b"content-length", b"%d" % len(self.body)),
            (b"content-type", b"application/json"),
            (b"x-log-position", b"%d" % position),
        ]


router.lean(
    "POST",
    "/requests",
    report_request,
    body=RequestBody,
    answer=Accepted,
    scopes=("intake:write",),
    status=202,
    customers=True,
)
router.lean(
    "POST",
    "/calls",
    record_call,
    body=CallBody,
    answer=CallAccepted,
    scopes=("intake:write",),
    status=202,
)
