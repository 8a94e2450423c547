"""Words about a case without the name of whoever reported it."""

from contextlib import aclosing

from aftercare_events.catalogue import decode
from aftercare_events.log import Log
from aftercare_events.redact import redact
from aftercare_events.vault import Vault


async def unnamed(log: Log, vault: Vault, case_id: str, text: str | None) -> str | None:
    """The text as the log may hold it; numbers and addresses were taken out when it came in."""
    if text is None:
        return None
    return redact(text, await _contact(log, vault, case_id))


async def _contact(log: Log, vault: Vault, case_id: str) -> str | None:
    """The monitor keeps nothing of people, so that the log is asked."""
    async with aclosing(log.read(subject=f"ac.intake.case.{case_id}")) as batches:
        async for batch in batches:
            for recorded in batch:
                return await vault.name_in(getattr(decode(recorded.event), "contact", None))
    return None
