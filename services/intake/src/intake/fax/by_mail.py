"""Faxes that a fax-to-mail gateway sends as mails with one TIFF or PDF in it."""

import re
from dataclasses import dataclass, replace
from hashlib import sha256

from ..mail.parse import Mail
from .decode import Unreadable, media_type

_NUMBER = r"\+?\(?[0-9]{1,4}\)?[0-9 -]{3,20}[0-9]"
_ANNOUNCED = re.compile(
    rf"(?:from|caller|sender|来自|主叫|发送方|发件人)[^0-9+(]{{0,20}}({_NUMBER})", re.IGNORECASE
)
_ALONE = re.compile(rf"(?<![0-9A-Za-z]){_NUMBER}(?![0-9A-Za-z])")
_IN_ADDRESS = re.compile(r"(?:fax[-=.]?)?(\+?[0-9]{5,20})@", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class MailedFax:
    content: bytes
    sender: str | None
    job_id: str


class Gateways:
    """Addresses of gateways, separated by commas; `@fax.example` is all of a domain."""

    def __init__(self, addresses: str) -> None:
        named = (address.strip().casefold() for address in addresses.split(","))
        self._known = frozenset(filter(None, named))

    def fax_in(self, mail: Mail) -> MailedFax | None:
        """The fax that a mail brings; None for any other mail, which stays one.

        A mail with several documents is no fax: nothing of it may be lost.
        """
        if not self._sent(mail):
            return None
        faxes = [one.content for one in mail.attachments if _is_fax(one.content)]
        if len(faxes) != 1 or mail.message_id is None:
            return None
        # A gateway that gives out a Message-ID twice has sent two faxes.
        told = sha256(mail.message_id.encode() + faxes[0]).hexdigest()[:32]
        return MailedFax(faxes[0], sender_of(mail.subject, mail.sender), f"mail:{told}")

    def as_of_a_person(self, mail: Mail) -> Mail:
        """What a gateway sends, a person faxed, whatever it says of itself; it gets no answer."""
        if not self._sent(mail):
            return mail
        return replace(
            mail, automatic=None, unanswered=mail.automatic or mail.unanswered or "fax-gateway"
        )

    def _sent(self, mail: Mail) -> bool:
        address = mail.sender.casefold()
        return bool({address, f"@{address.rpartition('@')[2]}"} & self._known)


def sender_of(subject: str, address: str) -> str | None:
    """The number a gateway names: announced, else the only one in the subject, else in From."""
    if announced := _ANNOUNCED.search(subject):
        return announced[1].strip()
    numbers = _ALONE.findall(subject)
    if len(numbers) == 1:
        return numbers[0].strip()
    own = _IN_ADDRESS.match(address)
    return own[1] if own else None


def _is_fax(content: bytes) -> bool:
    try:
        media_type(content)
    except Unreadable:
        return False
    return True
