"""To which case a mail belongs: by the mails it answers, else by the case number in its subject."""

from collections.abc import Sequence
from typing import Any

from aftercare_events import catalogue
from aftercare_events.catalogue.case import CaseReported
from aftercare_events.envelope import Recorded
from aftercare_events.log import Log
from aftercare_http import Identity

from ..domain.case_number import case_numbers_in
from ..opening import first_of
from ..sealing import Recognised

_NUMBERS = 3


def mail_identity(message_id: str, fingerprint: str) -> Identity:
    """The identity of a mail: its Message-ID, and what was written in it.

    Its bytes are not compared: each way it takes adds headers.
    """
    return Identity.of("message-id", message_id, body=fingerprint.encode())


def second_identity(message_id: str, fingerprint: str) -> Identity:
    """The identity of another mail under an id that was given out already: not to be lost."""
    return Identity.of("message-id", message_id, fingerprint, body=fingerprint.encode())


def mail_id(identity: Identity) -> str:
    return identity.derive("M")


async def mail_of(log: Log, message_id: str) -> Recorded | None:
    """The first mail that came or went under a Message-ID."""
    return await first_of(log, "mail", mail_id(mail_identity(message_id, "")))


def says_the_same(first: Recorded, identity: Identity) -> bool:
    """Whether a mail that is in the log is this one, come again."""
    digest: str | None = getattr(catalogue.decode(first.event), "body_digest", None)
    return digest == identity.body_digest


async def case_of(log: Log, references: Sequence[str], subject: str, who: Recognised) -> str | None:
    """The case of the nearest mail in the thread that we know, or of the number written down.

    Asks the log itself: a reply may follow its mail faster than any projection.
    """
    for reference in references:
        answered = await mail_of(log, reference)
        case_id: str | None = answered and catalogue.decode(answered.event).case_id
        if case_id and _may_answer(await _reported(log, case_id), who):
            return case_id
    for number in case_numbers_in(subject)[:_NUMBERS]:
        if _is_concerned(await _reported(log, number), who):
            return number
    return None


async def _reported(log: Log, case_id: str) -> CaseReported | None:
    first = await first_of(log, "case", case_id)
    data: Any = first and catalogue.decode(first.event)
    return data if isinstance(data, CaseReported) else None


def _may_answer(reported: CaseReported | None, who: Recognised) -> bool:
    """A reply may come from anybody who got the mail, but not from another customer."""
    if reported is None:
        return False
    strangers = who.contacts and reported.customer_id
    return not strangers or _is_concerned(reported, who)


def _is_concerned(reported: CaseReported | None, who: Recognised) -> bool:
    """A number can be guessed: it counts from the customer's people, and from whoever reported."""
    if reported is None:
        return False
    is_of_customer = any(one.customer_id == reported.customer_id for one in who.contacts)
    return is_of_customer or (reported.contact is not None and reported.contact.person == who.key)
