"""A proposal for what a fax is about, from its words and the archive."""

from aftercare_events.catalogue.intake import FaxProposal, FaxReceived
from aftercare_events.log import Log

from ..archive import Archive
from ..domain.case_number import case_numbers_in
from ..domain.classify import proposed_kind
from ..domain.fax_proposal import customer_in, device_in, squeezed
from ..domain.likeness import likenesses_in
from ..domain.severity_words import severity_in
from ..lookup import Wanted, look_up
from ..opening import first_of

_NUMBERS = 3


class Proposing:
    """Looks up what the words may mean."""

    def __init__(self, log: Log, archive: Archive, fallback_policy: str) -> None:
        self._log = log
        self._archive = archive
        self._fallback_policy = fallback_policy

    async def propose(self, fax: FaxReceived, text: str) -> FaxProposal:
        """The sender's number tells the customer, else a serial number, else a name."""
        alike = await self._archive.devices_like(likenesses_in(text))
        device = device_in(text, alike, fax.customer_id)
        customer_id = fax.customer_id or (device.customer_id if device else None)
        if customer_id is None:
            customer_id = customer_in(text, await self._archive.customers_in(squeezed(text)))
        serial = device.serial if device else None
        wanted = Wanted(customer_id=customer_id, device_serial=serial, strict=False)
        found = await look_up(self._archive, wanted, (), fax.received_at, self._fallback_policy)
        return FaxProposal(
            kind=proposed_kind(text),
            severity=severity_in(text, found.terms.severities if found.terms else ()),
            device_id=found.device.device_id if found.device else None,
            customer_id=found.customer_id,
            continues=await self._earlier_case(text, fax.case_id),
        )

    async def _earlier_case(self, text: str, own: str | None) -> str | None:
        for number in case_numbers_in(text)[:_NUMBERS]:
            if number != own and await first_of(self._log, "case", number) is not None:
                return number
        return None
