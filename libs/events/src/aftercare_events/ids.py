"""Ids that people read out on the phone and that are subject tokens of the log."""

import hashlib
import os

# One token of a subject. To be matched as a whole: `$` would let a line break through.
ID_PATTERN = r"[A-Za-z0-9][A-Za-z0-9_-]{0,63}"
_CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_PAIRS = [low + high for high in _CROCKFORD for low in _CROCKFORD]


def case_id(identity: str, attempt: int = 0) -> str:
    """`4F7K-Q2M9`, 40 bits: the same for the same identity and attempt."""
    digest = hashlib.sha256(f"{attempt}\0{identity}".encode()).digest()
    letters = eight_letters(int.from_bytes(digest[:5], "big"))
    return f"{letters[:4]}-{letters[4:]}"


def eight_letters(n: int) -> str:
    """The lowest 40 bits of a number in Crockford's alphabet, the lowest first."""
    pairs = _PAIRS[n & 1023], _PAIRS[n >> 10 & 1023], _PAIRS[n >> 20 & 1023], _PAIRS[n >> 30 & 1023]
    return "".join(pairs)


def random_id() -> str:
    """A UUID of version 4, as text at once: an object of the library costs more than its bits."""
    digits = os.urandom(16).hex()
    variant = "89ab"[int(digits[16], 16) & 3]
    return f"{digits[:8]}-{digits[8:12]}-4{digits[13:16]}-{variant}{digits[17:20]}-{digits[20:]}"
