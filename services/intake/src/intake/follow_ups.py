"""Follow-ups (IN-14) join their case; what comes after its end is a new one, so it is heard."""

from dataclasses import dataclass
from datetime import datetime

import msgspec

from aftercare_events.log import Log
from aftercare_events.sealing import Sealed
from aftercare_events.vault import Vault
from aftercare_http import Identity

from .archive import Archive
from .case_rows import Row
from .cases import HOPS, Cases
from .domain.case import AddMessage, CaseOver
from .lookup import Wanted
from .opening import Said, opened_before
from .people import Person
from .requests import Door, Request
from .sealing import Discretion, Recognised


@dataclass(frozen=True, slots=True, kw_only=True)
class FollowUp:
    """`who` said `text`; None stands for the contact of the case."""

    message: AddMessage
    text: str
    who: Recognised | None = None


@dataclass(frozen=True, slots=True)
class Kept:
    """In which case a follow-up is now, and where the log says so."""

    case_id: str
    position: int


class FollowUps:
    """Nothing joins a case that nobody works on any more (IN-02)."""

    def __init__(
        self,
        log: Log,
        cases: Cases,
        archive: Archive,
        door: Door,
        discretion: Discretion,
        vault: Vault,
    ) -> None:
        self._log = log
        self._cases = cases
        self._archive = archive
        self._door = door
        self._discretion = discretion
        self._vault = vault

    async def add(self, case_id: str, follow_up: FollowUp, identity: Identity, said: Said) -> Kept:
        """It joins its case, or the one as which that goes on; once that ended it opens another.

        A repeat is answered as the first was. Raises Refused, Problem 422
        `idempotency-key-reused`, Conflict, LogUnavailable.
        """
        if (opened := await opened_before(self._log, identity)) is not None:
            return Kept(opened.reported.case_id, opened.position)
        for _ in range(HOPS):
            try:
                message = follow_up.message
                position = await self._cases.add_message(case_id, message, identity, said)
                return Kept(case_id, position)
            except CaseOver as over:
                if over.into is None:
                    break
                case_id = over.into
        request = await self._request(case_id, follow_up, said.time)
        opened = await self._door.accept(request, identity, said)
        return Kept(opened.reported.case_id, opened.position)

    async def _request(self, case_id: str, follow_up: FollowUp, at: datetime) -> Request:
        """About the same thing as the case that ended; how bad it is this time is not known."""
        _, row = await self._cases.located(case_id)
        report, device_id = row["report"], row["report"].get("device_id")
        device = await self._archive.device(device_id) if device_id else None
        return Request(
            channel=follow_up.message.channel,
            kind=row["kind"],
            summary=report.get("summary", ""),
            who=follow_up.who or await self._contact(row),
            reported_at=at,
            wanted=Wanted(
                customer_id=row["customer_id"] or None,
                site_id=report.get("site_id"),
                device_serial=device.serial if device else None,
                strict=False,
            ),
            category=row["category"],
            description=follow_up.text,
            attachments=follow_up.message.attachments,
            arises_from=case_id,
        )

    async def _contact(self, row: Row) -> Recognised:
        sealed = row["report"].get("contact")
        said = await self._vault.open(msgspec.convert(sealed, Sealed)) if sealed else None
        parts = {part: (said or {}).get(part) for part in ("name", "phone", "email")}
        key = sealed["person"] if sealed else None
        return await self._discretion.recognise(Person(reference=row["case_id"], **parts), key)
