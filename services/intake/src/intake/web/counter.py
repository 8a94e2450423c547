"""Where customers hand in requests, messages and files by themselves."""

from collections.abc import Sequence

from msgspec.structs import replace

from aftercare_events.attachments import Attachment, Attachments
from aftercare_events.log import Log
from aftercare_http import Identity

from ..cases import Cases
from ..domain.case import AddMessage
from ..follow_ups import FollowUp, FollowUps, Kept
from ..opening import Opened, Said, opened_before
from ..requests import Door, Request
from ..sealing import Discretion, Recognised


class Counter:
    """Files are put away before the log names them; what was handed in before is not kept again."""

    def __init__(
        self,
        log: Log,
        door: Door,
        cases: Cases,
        follow_ups: FollowUps,
        discretion: Discretion,
        attachments: Attachments,
    ) -> None:
        self._log = log
        self._door = door
        self._cases = cases
        self._follow_ups = follow_ups
        self._discretion = discretion
        self._attachments = attachments

    async def report(
        self, request: Request, files: Sequence[Attachment], identity: Identity, said: Said
    ) -> Opened:
        """Raises Refused, Problem 422 `idempotency-key-reused`, LogUnavailable."""
        if not files:
            return await self._door.accept(request, identity, said)
        if (opened := await opened_before(self._log, identity)) is not None:
            return opened
        kept = await self._kept(request.who.key, files)
        return await self._door.accept(replace(request, attachments=kept), identity, said)

    async def add(
        self,
        case_id: str,
        who: Recognised,
        text: str,
        files: Sequence[Attachment],
        identity: Identity,
        said: Said,
    ) -> Kept:
        """A message or files follow up a case (IN-14); as the first was kept where it repeats.

        Raises Refused, Problem 422 `idempotency-key-reused`, Conflict, LogUnavailable.
        """
        if files and (position := await self._cases.said_before(case_id, identity)) is not None:
            return Kept(case_id, position)
        names = [file.name for file in files]
        message = AddMessage(
            channel="web",
            identity=identity.identity,
            body_digest=identity.body_digest,
            text=await self._discretion.seal(who, text=text, files=names or None),
            attachments=await self._kept(who.key, files),
        )
        follow_up = FollowUp(message=message, text=text)
        return await self._follow_ups.add(case_id, follow_up, identity, said)

    async def _kept(self, person: str, files: Sequence[Attachment]) -> tuple[str, ...]:
        return tuple([await self._attachments.put(person, file) for file in files])
