"""What mails and faxes have in common: seen once, kept whole, opening or joining a case."""

from dataclasses import dataclass

from aftercare_events import catalogue
from aftercare_events.catalogue.intake import Disposition, FaxReceived, MailReceived
from aftercare_events.envelope import Recorded
from aftercare_events.log import Log

from .opening import first_of


@dataclass(frozen=True, slots=True)
class Arrived:
    """What became of a mail or fax; `duplicate` when it had come before."""

    position: int
    disposition: Disposition
    duplicate: bool
    case_id: str | None = None
    reason: str | None = None


async def answer_again(log: Log, first: Recorded) -> Arrived:
    """The answer that the first arrival got."""
    data: MailReceived | FaxReceived = catalogue.decode(first.event)
    position = first.position
    if data.disposition == "opened" and data.case_id is not None:
        opening = await first_of(log, "case", data.case_id)
        position = opening.position if opening else position
    return Arrived(
        position,
        data.disposition,
        duplicate=True,
        case_id=data.case_id,
        reason=data.reason,
    )
