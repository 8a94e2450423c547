"""Who asked becomes a contact of the customer (IN-08)."""

from collections.abc import Callable, Mapping
from typing import Any

import msgspec

from aftercare_events.decider import Refused

from .people import email_identifier, phone_identifier


class Contact(msgspec.Struct, frozen=True):
    """What is sealed of a contact."""

    name: str
    phones: tuple[str, ...] = ()
    emails: tuple[str, ...] = ()


def kept_as(asked: Mapping[str, Any], known: Contact | None) -> Contact:
    """Who asked, as a contact; whom the archive knows by that id keeps her numbers and addresses.

    Raises Refused where she cannot be one, or where the id is another person's.
    """
    name, phone, email = (asked.get(part) or "" for part in ("name", "phone", "email"))
    if not (name and (phone or email)):
        raise Refused(
            "contact-nameless", "Only somebody with a name can be a contact.", "contact_id"
        )
    if known is None:
        return Contact(name, (phone,) if phone else (), (email,) if email else ())
    if _plain(known.name) != _plain(name):
        raise taken()
    phones = _with(known.phones, phone, phone_identifier)
    return Contact(known.name, phones, _with(known.emails, email, email_identifier))


def taken() -> Refused:
    return Refused("contact-taken", "Under this id the archive has somebody else.", "contact_id")


def _with(
    known: tuple[str, ...], new: str, identifier: Callable[[str], str | None]
) -> tuple[str, ...]:
    """A number is the same however it is written."""
    return known if identifier(new) in (None, *map(identifier, known)) else (*known, new)


def _plain(name: str) -> str:
    return "".join(name.split()).casefold()
