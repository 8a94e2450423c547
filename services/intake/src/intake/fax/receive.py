"""One fax, from the fax server's bytes to the log."""

import asyncio

import structlog
from msgspec.structs import replace

from aftercare_events import catalogue
from aftercare_events.attachments import Attachment, Attachments
from aftercare_events.catalogue.case import CaseReported
from aftercare_events.catalogue.intake import FaxReceived
from aftercare_events.envelope import Event, Recorded
from aftercare_events.log import Conflict, Expect, Log
from aftercare_events.objects import ObjectMissing
from aftercare_http import Identity, unprocessable

from ..arrivals import Arrived, answer_again
from ..lookup import Wanted
from ..opening import Said, first_of, open_case, subject_of
from ..people import Person
from ..requests import Door, Request
from ..sealing import Discretion, Recognised, unnumbered
from ..workshop import WorkFailed, Workshop
from .decode import Opened, Unreadable, media_type, opened
from .picture import png

# The width of a page of A4 as fax machines send it.
PICTURE_WIDTH = 1728
logger: structlog.stdlib.BoundLogger = structlog.get_logger("intake.fax")


class FaxRoom:
    """Keeps every fax whole and opens a case for it; a fax nobody can open is put aside."""

    def __init__(
        self,
        log: Log,
        door: Door,
        discretion: Discretion,
        attachments: Attachments,
        workshop: Workshop,
    ) -> None:
        self._log = log
        self._door = door
        self._discretion = discretion
        self._attachments = attachments
        self._workshop = workshop

    async def receive(
        self,
        content: bytes,
        sender: str | None,
        job_id: str,
        said: Said,
        refused: str | None = None,
    ) -> Arrived:
        """`said.time` is when the fax came in; `refused` why it is for a clerk, whatever is in it.

        Answers only when the log has it. Raises Problem 422 (the job's id with another content),
        LogUnavailable.
        """
        identity = await asyncio.to_thread(_identity, job_id, content, sender)
        if (first := await self._before(identity)) is not None:
            return await answer_again(self._log, first)
        fax, unreadable = await self._opened(content)
        broken = refused or unreadable
        phone = sender or fax.sender
        who = await self._discretion.recognise(Person(reference=identity.identity, phone=phone))
        received = FaxReceived(
            fax_id=fax_id(identity),
            reference=unnumbered(job_id, who),
            body_digest=identity.body_digest,
            customer_id=who.customer_id,
            received_at=said.time,
            pages=fax.pages,
            original=await self._attachments.put(who.key, _attachment(content)),
            disposition="quarantined" if broken else "opened",
            reason=broken,
            sender=await self._discretion.seal(who),
        )
        try:
            arrived = await self._keep(received, who, identity, said)
        except Conflict:
            if (first := await self._before(identity)) is None:
                raise
            arrived = await answer_again(self._log, first)
        logger.info(
            "fax received",
            case_id=arrived.case_id,
            position=arrived.position,
            disposition=arrived.disposition,
            pages=received.pages,
        )
        return arrived

    async def picture(self, original: str, number: int) -> bytes | None:
        """Page `number` (from 1) as PNG; None since its sender was erased.

        Raises Unreadable where it cannot be drawn, LogUnavailable.
        """
        try:
            kept = await self._attachments.get(original)
        except ObjectMissing as error:
            raise Unreadable("its pages are missing") from error
        if kept is None:
            return None
        try:
            return await self._workshop.run(png, kept.content, number, PICTURE_WIDTH)
        except Exception as error:
            raise Unreadable(f"page {number}: {type(error).__name__}") from error

    async def _before(self, identity: Identity) -> Recorded | None:
        first = await first_of(self._log, "fax", fax_id(identity))
        if first is not None and catalogue.decode(first.event).body_digest != identity.body_digest:
            raise unprocessable(
                "job_id", "fax-job-reused", "this job was received before, with another content"
            )
        return first

    async def _opened(self, content: bytes) -> tuple[Opened, str | None]:
        """What there is of it, and why nobody can tell."""
        try:
            return await self._workshop.run(opened, content), None
        except (Unreadable, WorkFailed) as error:
            return Opened(0), str(error)
        except Exception as error:  # noqa: BLE001 - hostile bytes find every defect of a decoder
            return Opened(0), f"unreadable: {type(error).__name__}"

    async def _keep(
        self, fax: FaxReceived, who: Recognised, identity: Identity, said: Said
    ) -> Arrived:
        expect = Expect(subject_of("fax", fax.fax_id), 0)
        if fax.disposition == "quarantined":
            position = await self._log.append([said.event(fax)], [expect])
            return Arrived(position, fax.disposition, duplicate=False, reason=fax.reason)
        request = Request(
            channel="fax",
            kind="fault",
            summary=_summary(fax),
            who=who,
            reported_at=said.time,
            wanted=Wanted(strict=False),
            attachments=(fax.original,),
        )

        def beside(reported: CaseReported) -> list[tuple[Event, Expect]]:
            return [(said.event(replace(fax, case_id=reported.case_id)), expect)]

        report = await self._door.prepare(request, identity)
        case = await open_case(self._log, identity, report, said, beside)
        case_id = case.reported.case_id
        return Arrived(case.position, "opened", case.duplicate, case_id=case_id)


def fax_id(identity: Identity) -> str:
    return identity.derive("F")


def _identity(job_id: str, content: bytes, sender: str | None) -> Identity:
    return Identity.of("fax-job", job_id, body=content + (sender or "").encode())


def _attachment(content: bytes) -> Attachment:
    try:
        kind = media_type(content)
    except Unreadable:
        return Attachment("fax", "application/octet-stream", content)
    return Attachment(f"fax.{kind.partition('/')[2]}", kind, content)


def _summary(fax: FaxReceived) -> str:
    sender = "a registered number" if fax.customer_id else "an unknown number"
    return f"Fax from {sender}, {fax.pages} {'page' if fax.pages == 1 else 'pages'}"
