"""Who somebody is by number or address, without keeping either in clear."""

import re
from functools import lru_cache

import msgspec
import phonenumbers

SHORTEST_NUMBER = 7
_MOBILE = re.compile(r"(?:\+?86)?(1[3-9]\d{9})")
_SPACING = re.compile(r"[\s()./-]+")
# An extension is behind its number for whoever answers there, not for who calls.
_EXTENSION = re.compile(
    r"\s*(?:转|轉|分机|分機|;ext=|ext\.?|x|#|,)\s*\d{1,6}$|(?<=\d{7})-\d{1,6}$", re.IGNORECASE
)


class Person(msgspec.Struct, frozen=True, gc=False):
    """Somebody as a request names them; each part may be missing.

    `reference` tells apart those who left neither number nor address.
    """

    reference: str
    name: str | None = None
    phone: str | None = None
    email: str | None = None

    @property
    def identifiers(self) -> tuple[str, ...]:
        return identifiers(self.phone, self.email)


def identifiers(phone: str | None, email: str | None) -> tuple[str, ...]:
    """By what the archive may know somebody, surest first."""
    return tuple(filter(None, (phone_identifier(phone), email_identifier(email))))


def email_identifier(address: str | None) -> str | None:
    return f"mailto:{address.strip().casefold()}" if address and address.strip() else None


def phone_identifier(number: str | None) -> str | None:
    """`tel:` and the number in E.164; numbers without a country code are Chinese.

    What holds no digit names nobody: switchboards write `anonymous` for a number withheld.
    """
    if not number or not any(map(str.isdigit, number)):
        return None
    compact = _SPACING.sub("", _EXTENSION.sub("", number.strip()))
    if match := _MOBILE.fullmatch(compact):
        return f"tel:+86{match[1]}"
    return _parsed(compact)


@lru_cache(maxsize=4096)
def _parsed(number: str) -> str:
    try:
        parsed = phonenumbers.parse(number, "CN")
    except phonenumbers.NumberParseException:
        # An extension or a number no plan knows still tells one caller from another.
        return f"tel:{number.casefold()}"
    return f"tel:{phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164)}"


def forget_numbers() -> None:
    """Keep no number in memory that was read before."""
    _parsed.cache_clear()


def written_as(number: str | None) -> frozenset[str]:
    """The digits of a number outside, as systems write them: with and without its country code,
    with the 0 before an area code. Extensions of ours are too short to be one."""
    identifier = phone_identifier(number) or ""
    whole = re.sub(r"\D", "", identifier)
    local = whole.removeprefix("86") if identifier.startswith("tel:+86") else whole
    ways = (whole, local, f"0{local}", re.sub(r"\D", "", number or ""))
    return frozenset(way for way in ways if len(way) >= SHORTEST_NUMBER)
