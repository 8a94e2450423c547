"""The general door: a request of any channel becomes a case."""

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from functools import partial

import msgspec

from aftercare_events.catalogue.case import CaseReported, Channel, Kind, Origin, PlannedWork
from aftercare_events.decider import Refused, Visible, see
from aftercare_events.log import Log
from aftercare_events.redact import redact
from aftercare_http import Identity

from .archive import Archive
from .domain.policy import Terms
from .domain.report import Report, check_severity, decide_report
from .lookup import Wanted, look_up
from .mail.message import is_address
from .opening import SERVICE, Opened, Said, open_case, opened_before
from .sealing import Discretion, Recognised

ARCHIVE = tuple(
    f"ac.{SERVICE}.{kind}.*" for kind in ("customer", "site", "device", "contract", "contact")
)


class Request(msgspec.Struct, frozen=True, kw_only=True):
    """What somebody asks for, in her own words, and what it is about."""

    channel: Channel
    kind: Kind
    summary: str
    who: Recognised
    reported_at: datetime
    wanted: Wanted
    severity: str | None = None
    category: str | None = None
    description: str | None = None
    use_affected: bool | None = None
    attachments: tuple[str, ...] = ()
    work: PlannedWork | None = None
    planned_for: datetime | None = None
    origin: Origin | None = None
    arises_from: str | None = None
    split_from: str | None = None


class Door:
    """Where requests come in: looks up, decides, seals, and appends once."""

    def __init__(
        self,
        log: Log,
        archive: Archive,
        visible: Visible,
        discretion: Discretion,
        fallback_policy: str,
    ) -> None:
        self._log = log
        self._archive = archive
        self._visible = visible
        self._archive_position = 0
        self._discretion = discretion
        self._fallback_policy = fallback_policy

    async def accept(self, request: Request, identity: Identity, said: Said) -> Opened:
        """A case for this request, or the one that it opened before.

        Raises Refused, Problem 422 `idempotency-key-reused`, LogUnavailable.
        """
        try:
            report = await self.prepare(request, identity)
        except Refused:
            # The archive may have changed since this very request was accepted.
            if (opened := await opened_before(self._log, identity)) is not None:
                return opened
            if not await self._archive_is_newer():
                raise
            report = await self.prepare(request, identity)
        return await open_case(self._log, identity, report, said)

    async def kind_by_line(self, reached: Iterable[str | None]) -> Kind | None:
        """What arrives there is of, where one of these is a line of its own (IN-12)."""
        for identifier in reached:
            if identifier and (line := await self._archive.line(identifier)) is not None:
                return line.kind
        return None

    async def _archive_is_newer(self) -> bool:
        """Whether entries were recorded since this was last asked: they count from now on."""
        newest = max((await see(self._log, self._visible, *ARCHIVE)).values())
        if newest <= self._archive_position:
            return False
        self._archive_position = newest
        self._archive.forget()
        return True

    async def prepare(self, request: Request, identity: Identity) -> Callable[[str], CaseReported]:
        """The opening event, for whichever number the case gets. Raises Refused."""
        who = request.who
        found = await look_up(
            self._archive,
            request.wanted,
            who.contacts,
            request.reported_at,
            self._fallback_policy,
        )
        check_severity(request.severity, found.terms)
        names = who.names
        report = Report(
            identity=identity.identity,
            body_digest=identity.body_digest,
            channel=request.channel,
            kind=request.kind,
            summary=redact(request.summary, *names),
            reported_at=request.reported_at,
            severity=_severity(request.severity, found.terms, names),
            category=request.category and redact(request.category, *names),
            use_affected=request.use_affected,
            contact=await self._discretion.seal(
                who, description=request.description, known_as=who.known_as
            ),
            attachments=request.attachments,
            work=request.work,
            planned_for=request.planned_for,
            origin=request.origin,
            arises_from=request.arises_from,
            split_from=request.split_from,
            unanswered=_unanswered(request),
            found=found,
        )
        return partial(decide_report, report)


def _severity(severity: str | None, terms: Terms | None, names: Sequence[str]) -> str | None:
    """A level of the contract's scale names nobody, whatever she is called."""
    if severity is None or (terms is not None and severity in terms.severities):
        return severity
    return redact(severity, *names)


def _unanswered(request: Request) -> str | None:
    """A mail says so itself; on the other channels somebody speaks to her."""
    if request.channel != "web":
        return None
    email = request.who.person.email
    return None if email and is_address(email) else "no-address"
