"""To which case a mail belongs: by the mails it answers, else by the case number in its subject."""

from collections.abc import Sequence

from aftercare_events import catalogue
from aftercare_events.catalogue.intake import MailReceived
from aftercare_events.log import Log
from aftercare_http import Identity

from ..domain.case_number import case_numbers_in
from ..opening import first_of

_NUMBERS = 3


def mail_identity(message_id: str) -> Identity:
    """The identity of a mail. Its bytes are not compared: each way it takes adds headers."""
    return Identity.of("message-id", message_id, body=b"")


def mail_id(identity: Identity) -> str:
    return identity.derive("M")


async def case_of(log: Log, references: Sequence[str], subject: str) -> str | None:
    """The case of the nearest mail in the thread that we know, or of the number written down.

    Asks the log itself: a reply may follow its mail faster than any projection.
    """
    for reference in references:
        first = await first_of(log, "mail", mail_id(mail_identity(reference)))
        if first is not None:
            mail: MailReceived = catalogue.decode(first.event)
            if mail.case_id is not None:
                return mail.case_id
    for number in case_numbers_in(subject)[:_NUMBERS]:
        if await first_of(log, "case", number) is not None:
            return number
    return None
