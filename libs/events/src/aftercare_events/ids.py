"""Ids that people read out on the phone and that are subject tokens of the log."""

import hashlib
import re
import secrets

ID_PATTERN = r"[A-Za-z0-9][A-Za-z0-9_-]{0,63}"
_ID = re.compile(ID_PATTERN)
_CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"


def valid_id(text: str) -> bool:
    """Whether `text` may name an aggregate: it becomes one token of a subject."""
    return _ID.fullmatch(text) is not None


def case_id(identity: str | None = None, attempt: int = 0) -> str:
    """`4F7K-Q2M9`, 40 bits: the same for the same identity and attempt, random without one."""
    letters = _letters(identity, attempt) if identity is not None else _random(8)
    return f"{letters[:4]}-{letters[4:]}"


def _letters(identity: str, attempt: int) -> str:
    digest = hashlib.sha256(f"{attempt}\0{identity}".encode()).digest()
    number = int.from_bytes(digest[:5], "big")
    return "".join(_CROCKFORD[number >> 5 * place & 31] for place in range(8))


def _random(length: int) -> str:
    return "".join(secrets.choice(_CROCKFORD) for _ in range(length))
