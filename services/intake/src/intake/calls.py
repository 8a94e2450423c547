"""Call records of the telephone system: always kept, and a case where the agent took one down."""

import dataclasses
from dataclasses import dataclass
from datetime import datetime

from msgspec.structs import replace

from aftercare_events import catalogue
from aftercare_events.catalogue.case import CaseReported
from aftercare_events.catalogue.intake import CallDirection, CallOutcome, CallRecorded
from aftercare_events.envelope import Event, Recorded
from aftercare_events.log import Conflict, Expect, Log
from aftercare_events.redact import redact
from aftercare_http import Identity, unprocessable

from .domain.call import check_times, check_transfer
from .opening import Opened, Said, first_of, open_case, subject_of
from .requests import Door, Request
from .sealing import Discretion, Recognised, unnumbered


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """One ended call; all times in UTC."""

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
    request: Request | None = None


@dataclass(frozen=True, slots=True)
class CallKept:
    """Where the call stands in the log, and the case it opened."""

    call_id: str
    position: int
    duplicate: bool
    opened: Opened | None = None


class Switchboard:
    """Records calls once, by the telephone system's own id."""

    def __init__(self, log: Log, door: Door, discretion: Discretion) -> None:
        self._log = log
        self._door = door
        self._discretion = discretion

    async def kept_before(self, identity: Identity) -> CallKept | None:
        """What a repeat of this call is answered. Raises Problem 422 for another body."""
        first = await first_of(self._log, "call", call_id_of(identity))
        return None if first is None else await self._kept(first, identity)

    async def record(self, call: Call, identity: Identity, said: Said) -> CallKept:
        """Raises Refused (times, severity, unknown names), Problem 422, LogUnavailable."""
        check_times(call.outcome, call.started_at, call.answered_at, call.ended_at)
        check_transfer(call.outcome, call.transferred_to)
        try:
            return await self._record(call, identity, said)
        except Conflict:
            if (kept := await self.kept_before(identity)) is not None:
                return kept
            raise

    async def _record(self, call: Call, identity: Identity, said: Said) -> CallKept:
        recorded = await self._recorded(call, identity)
        expect = Expect(subject_of("call", recorded.call_id), 0)
        if call.request is None:
            position = await self._log.append([said.event(recorded)], [expect])
            return CallKept(recorded.call_id, position, duplicate=False)

        def beside(reported: CaseReported) -> list[tuple[Event, Expect]]:
            about = replace(recorded, case_id=reported.case_id, customer_id=reported.customer_id)
            return [(said.event(about), expect)]

        report = await self._door.prepare(call.request, identity)
        at_report = dataclasses.replace(said, time=call.request.reported_at)
        opened = await open_case(self._log, identity, report, at_report, beside)
        return CallKept(recorded.call_id, opened.position, opened.duplicate, opened)

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
        if opened is None:
            return CallKept(call.call_id, first.position, duplicate=True)
        reported: CaseReported = catalogue.decode(opened.event)
        return CallKept(
            call.call_id,
            opened.position,
            duplicate=True,
            opened=Opened(reported, opened.position, duplicate=True),
        )


def call_id_of(identity: Identity) -> str:
    """An id fit for the log; telephone systems put dots and slashes into theirs."""
    return identity.derive("T")
