"""Ids that people read out on the phone and that are subject tokens of the log."""

import hashlib

# One token of a subject. To be matched as a whole: `$` would let a line break through.
ID_PATTERN = r"[A-Za-z0-9][A-Za-z0-9_-]{0,63}"
_CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"


def case_id(identity: str, attempt: int = 0) -> str:
    """`4F7K-Q2M9`, 40 bits: the same for the same identity and attempt."""
    digest = hashlib.sha256(f"{attempt}\0{identity}".encode()).digest()
    number = int.from_bytes(digest[:5], "big")
    letters = "".join(_CROCKFORD[number >> 5 * place & 31] for place in range(8))
    return f"{letters[:4]}-{letters[4:]}"
