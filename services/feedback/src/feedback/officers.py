"""The register of those who make callbacks."""

from aftercare_events.by import By
from aftercare_events.catalogue.feedback import OfficerRegistered
from aftercare_events.log import Log

from .confidant import Confidant
from .desk import SERVICE


class Officers:
    def __init__(self, log: Log, confidant: Confidant) -> None:
        self._log = log
        self._confidant = confidant

    async def register(
        self, officer_id: str, *, department: str, name: str | None, active: bool, by: By
    ) -> int:
        """The whole entry as it stands from now on. Returns its position in the log."""
        entry = OfficerRegistered(
            officer_id=officer_id,
            department=department,
            name=await self._confidant.seal_name(officer_id, name),
            active=active,
        )
        return await self._log.append([by.event(entry, SERVICE)])
