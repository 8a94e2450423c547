"""Working off what opened no case, because it could not be opened or no person wrote it: a clerk
releases what asks for something, and dismisses the rest."""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import reduce

import msgspec
from msgspec.structs import replace

from aftercare_events import catalogue
from aftercare_events.catalogue.case import CaseReported, Kind
from aftercare_events.catalogue.intake import FaxReceived, MailReceived
from aftercare_events.command_key import CommandKey, event_id, read_key
from aftercare_events.decider import ATTEMPTS, Basis, commit
from aftercare_events.envelope import Event
from aftercare_events.log import Conflict, Expect, Log
from aftercare_events.redact import redact
from aftercare_http import Identity

from .domain.arrival import DECIDER, ArrivalState, Dismiss, Release, decide
from .lookup import Wanted
from .opening import Opened, Said, first_of, history_of, open_case, opened_before, subject_of
from .people import Person
from .requests import Door, Request
from .sealing import Discretion


class ArrivalUnknown(Exception):
    """There is no such mail or fax."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Read:
    """What the clerk read in a mail or fax that opened no case."""

    kind: Kind
    summary: str
    wanted: Wanted
    description: str | None = None
    severity: str | None = None
    category: str | None = None
    name: str | None = None
    phone: str | None = None
    email: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Arrival:
    """What the log says of one: how it came, and what clerks did with it since."""

    received: MailReceived | FaxReceived
    state: ArrivalState
    position: int

    @property
    def unchanged(self) -> Expect:
        return Expect(subject_of("arrival", self.state.arrival_id), self.position)


class Quarantine:
    """Decides on the log alone: what a page shows may be a moment old."""

    def __init__(self, log: Log, door: Door, discretion: Discretion) -> None:
        self._log = log
        self._door = door
        self._discretion = discretion

    async def release(
        self, arrival_id: str, read: Read, said: Said, key: CommandKey | None = None
    ) -> Opened:
        """The case that it became, reported when it was received; the same one ever after.

        Raises ArrivalUnknown, Refused, KeyReused, Conflict, LogUnavailable.
        """
        for _ in range(ATTEMPTS):
            with suppress(Conflict):
                return await self._release(arrival_id, read, said, key)
        raise Conflict(arrival_id)

    async def dismiss(
        self, arrival_id: str, reason: str, said: Said, key: CommandKey | None = None
    ) -> int:
        """The position after which nothing is to be done about it.

        Raises ArrivalUnknown, Refused, KeyReused, Conflict, LogUnavailable.
        """
        found = 0

        async def load() -> Basis[tuple[Dismiss, ArrivalState]]:
            nonlocal found
            arrival = await self._arrival(arrival_id, key)
            found = arrival.position
            names = await self._discretion.names_in(msgspec.to_builtins(arrival.received.sender))
            return Basis((Dismiss(redact(reason, *names)), arrival.state), [arrival.unchanged])

        def decided(basis: tuple[Dismiss, ArrivalState]) -> list[Event]:
            return [said.event(data, event_id(key, 0)) for data in decide(*basis)]

        return await commit(self._log, load, decided) or found

    async def _release(
        self, arrival_id: str, read: Read, said: Said, key: CommandKey | None
    ) -> Opened:
        arrival = await self._arrival(arrival_id, key)
        identity = Identity.of("release", arrival_id, body=b"")
        if (opened := await opened_before(self._log, identity)) is not None:
            return opened

        def beside(reported: CaseReported) -> Sequence[tuple[Event, Expect]]:
            events = decide(Release(reported.case_id), arrival.state)
            return [(said.event(data, event_id(key, 0)), arrival.unchanged) for data in events]

        report = await self._door.prepare(await self._request(arrival, read), identity)
        then = replace(said, time=arrival.received.received_at)
        return await open_case(self._log, identity, report, then, beside)

    async def _request(self, arrival: _Arrival, read: Read) -> Request:
        """By whoever the clerk says it is from, with the mail or fax as it came."""
        person = Person(
            reference=arrival.state.arrival_id, name=read.name, phone=read.phone, email=read.email
        )
        return Request(
            channel=arrival.state.channel,
            kind=read.kind,
            summary=read.summary,
            who=await self._discretion.recognise(person),
            reported_at=arrival.received.received_at,
            wanted=read.wanted,
            severity=read.severity,
            category=read.category,
            description=read.description,
            attachments=(arrival.received.original,),
        )

    async def _arrival(self, arrival_id: str, key: CommandKey | None) -> _Arrival:
        """Raises ArrivalUnknown, KeyReused."""
        received = await self._received(arrival_id)
        since = await history_of(self._log, "arrival", arrival_id)
        for recorded in since:
            if key is not None:
                key.repeats(read_key(recorded.event.id))
        facts = [received, *(catalogue.decode(recorded.event) for recorded in since)]
        return _Arrival(
            received=received,
            state=reduce(DECIDER.evolve, facts, DECIDER.initial),
            position=since[-1].position if since else 0,
        )

    async def _received(self, arrival_id: str) -> MailReceived | FaxReceived:
        for aggregate in ("mail", "fax"):
            if (first := await first_of(self._log, aggregate, arrival_id)) is not None:
                received = catalogue.decode(first.event)
                # Mails that we sent are mails too.
                if isinstance(received, MailReceived | FaxReceived):
                    return received
        raise ArrivalUnknown(arrival_id)
