"""Call records of the telephone system: always kept, and a case where the agent took one down."""

from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime

from msgspec.structs import replace

from aftercare_events import catalogue
from aftercare_events.catalogue.case import CaseReported
from aftercare_events.catalogue.intake import CallDirection, CallOutcome, CallRecorded
from aftercare_events.envelope import Event, Recorded
from aftercare_events.log import Conflict, Expect, Log, whole
from aftercare_events.redact import redact
from aftercare_http import Identity, unprocessable

from .case_rows import state_of
from .cases import Cases
from .domain.call import check_times, check_transfer
from .domain.case import AddMessage, decide
from .opening import ATTEMPTS, Opened, Said, first_of, open_case, subject_of
from .requests import Door, Request
from .sealing import Discretion, Recognised, unnumbered


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """One ended call; all times in UTC. `about` is the case it belongs to, where that is known."""

    reference: str
    direction: CallDirection
    outcome: CallOutcome
    caller: Recognised
    started_at: datetime
    ended_at: datetime
    answered_at: datetime | None = None
    agent: str | None = None
    recording_url: str | None = None
    classification: str | None = None
    queue: str | None = None
    transferred_to: str | None = None
    about: str | None = None
    request: Request | None = None


@dataclass(frozen=True, slots=True)
class CallKept:
    """Where the call stands in the log, and the case that it opened or was about."""

    call_id: str
    position: int
    duplicate: bool
    opened: Opened | None = None
    about: str | None = None

    @property
    def case_id(self) -> str | None:
        return self.opened.reported.case_id if self.opened else self.about


class Switchboard:
    """Records calls once, by the telephone system's own id."""

    def __init__(self, log: Log, door: Door, cases: Cases, discretion: Discretion) -> None:
        self._log = log
        self._door = door
        self._cases = cases
        self._discretion = discretion

    async def kept_before(self, identity: Identity) -> CallKept | None:
        """What a repeat of this call is answered. Raises Problem 422 for another body."""
        first = await first_of(self._log, "call", call_id_of(identity))
        return None if first is None else await self._kept(first, identity)

    async def record(self, call: Call, identity: Identity, said: Said) -> CallKept:
        """Raises Refused (times, severity, unknown names), Problem, Conflict, LogUnavailable."""
        check_times(call.outcome, call.started_at, call.answered_at, call.ended_at)
        check_transfer(call.outcome, call.transferred_to)
        for _ in range(ATTEMPTS):
            with suppress(Conflict):
                return await self._record(call, identity, said)
            if (kept := await self.kept_before(identity)) is not None:
                return kept
        raise Conflict(call_id_of(identity))

    async def _record(self, call: Call, identity: Identity, said: Said) -> CallKept:
        recorded = await self._recorded(call, identity)
        expect = Expect(subject_of("call", recorded.call_id), 0)
        request = call.request
        if call.about is not None:
            case = await self._cases.goes_on_as(call.about)
            if request is None or case.ended is None:
                return await self._join(call, recorded, case.case_id, identity, said)
            request = replace(request, arises_from=case.case_id)
        if request is None:
            position = await self._log.append([said.event(recorded)], [expect])
            return CallKept(recorded.call_id, position, duplicate=False)

        def beside(reported: CaseReported) -> list[tuple[Event, Expect]]:
            about = replace(recorded, case_id=reported.case_id, customer_id=reported.customer_id)
            return [(said.event(about), expect)]

        report = await self._door.prepare(request, identity)
        at_report = replace(said, time=request.reported_at)
        opened = await open_case(self._log, identity, report, at_report, beside)
        return CallKept(recorded.call_id, opened.position, opened.duplicate, opened)

    async def _join(
        self, call: Call, recorded: CallRecorded, case_id: str, identity: Identity, said: Said
    ) -> CallKept:
        """What was said in the call is a message to its case (IN-14)."""
        position, row = await self._cases.located(case_id)
        customer_id = recorded.customer_id or row["customer_id"] or None
        about = replace(recorded, case_id=case_id, customer_id=customer_id)
        events, expect = [said.event(about)], [Expect(subject_of("call", recorded.call_id), 0)]
        if call.request is not None:
            message = await self._message(call.request, identity)
            then = replace(said, time=call.request.reported_at)
            events = [*map(then.event, decide(message, state_of(row))), *events]
            expect.append(Expect(whole("case", case_id), position))
        position = await self._log.append(events, expect)
        return CallKept(recorded.call_id, position, duplicate=False, about=case_id)

    async def _message(self, request: Request, identity: Identity) -> AddMessage:
        words = "\n\n".join(filter(None, (request.summary, request.description)))
        return AddMessage(
            channel=request.channel,
            identity=identity.identity,
            body_digest=identity.body_digest,
            text=await self._discretion.seal(request.who, text=words),
        )

    async def _recorded(self, call: Call, identity: Identity) -> CallRecorded:
        asking = call.request.who.names if call.request else ()
        return CallRecorded(
            call_id=call_id_of(identity),
            reference=unnumbered(call.reference, call.caller),
            body_digest=identity.body_digest,
            customer_id=call.caller.customer_id,
            direction=call.direction,
            outcome=call.outcome,
            started_at=call.started_at,
            answered_at=call.answered_at,
            ended_at=call.ended_at,
            agent=call.agent,
            classification=call.classification
            and redact(call.classification, *call.caller.names, *asking),
            queue=call.queue and redact(call.queue, *call.caller.names),
            transferred_to=call.transferred_to,
            known_by=self._discretion.known_by(call.caller.person),
            caller=await self._discretion.seal(call.caller, recording_url=call.recording_url),
        )

    async def _kept(self, first: Recorded, identity: Identity) -> CallKept:
        call: CallRecorded = catalogue.decode(first.event)
        if call.body_digest != identity.body_digest:
            raise unprocessable(
                "call_id", "call-id-reused", "this call was recorded before, with another content"
            )
        opened = None if call.case_id is None else await first_of(self._log, "case", call.case_id)
        reported: CaseReported | None = opened and catalogue.decode(opened.event)
        if opened is None or reported is None or reported.identity != identity.identity:
            return CallKept(call.call_id, first.position, duplicate=True, about=call.case_id)
        return CallKept(
            call.call_id,
            opened.position,
            duplicate=True,
            opened=Opened(reported, opened.position, duplicate=True),
        )


def call_id_of(identity: Identity) -> str:
    """An id fit for the log; telephone systems put dots and slashes into theirs."""
    return identity.derive("T")
