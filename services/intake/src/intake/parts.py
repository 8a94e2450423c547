"""What a running intake consists of, as the routes find it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import cast

from sqlalchemy.ext.asyncio import AsyncEngine
from starlette.requests import HTTPConnection

from aftercare_events.attachments import Attachments
from aftercare_events.clock import Clock
from aftercare_events.log import Log
from aftercare_events.projector import Projector
from aftercare_events.vault import Vault
from aftercare_http import correlation_id

from .archive import Archive
from .calls import Switchboard
from .cases import Cases
from .erasing import Erasure
from .fax.checking import FaxChecking
from .fax.receive import FaxRoom
from .follow_ups import FollowUps
from .mail.receive import Mailroom
from .opening import Said
from .phone.callers import Callers
from .phone.mapping import CallMapping
from .phone.return_calls import ReturnCalls
from .quarantine import Quarantine
from .register import Register
from .requests import Door
from .sealing import Discretion
from .splitting import Splitter
from .status_link import StatusLinks
from .verification import Verifier
from .web.counter import Counter
from .web.form_token import FormTokens
from .web.turnstile import Turnstile
from .workshop import Workshop


@dataclass(frozen=True, slots=True, kw_only=True)
class Intake:
    """Built once by `main`; everything in it may be used by many requests at a time."""

    log: Log
    engine: AsyncEngine
    projector: Projector
    clock: Clock
    vault: Vault
    archive: Archive
    register: Register
    door: Door
    switchboard: Switchboard
    return_calls: ReturnCalls
    callers: Callers
    call_mappings: Mapping[str, CallMapping]
    mailroom: Mailroom
    faxroom: FaxRoom
    fax_checking: FaxChecking
    cases: Cases
    follow_ups: FollowUps
    attachments: Attachments
    discretion: Discretion
    erasure: Erasure
    links: StatusLinks
    workshop: Workshop
    verifier: Verifier
    splitter: Splitter
    quarantine: Quarantine
    counter: Counter
    form_tokens: FormTokens
    sending: Turnstile
    looking: Turnstile

    def said(self, actor: str, time: datetime | None = None) -> Said:
        """What the request now being served says, at `time` (default: now)."""
        return Said(time or self.clock.now(), actor, correlation_id())


def intake_of(connection: HTTPConnection) -> Intake:
    return cast("Intake", connection.app.state.intake)
