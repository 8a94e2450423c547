"""Ids that people read out on the phone and that are subject tokens of the log."""

import hashlib
from base64 import b32encode

# One token of a subject. To be matched as a whole: `$` would let a line break through.
ID_PATTERN = r"[A-Za-z0-9][A-Za-z0-9_-]{0,63}"
_CROCKFORD = bytes.maketrans(
    b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567", b"0123456789ABCDEFGHJKMNPQRSTVWXYZ"
)


def case_id(identity: str, attempt: int = 0) -> str:
    """`4F7K-Q2M9`, 40 bits: the same for the same identity and attempt."""
    digest = hashlib.sha256(f"{attempt}\0{identity}".encode()).digest()
    letters = b32encode(digest[:5]).translate(_CROCKFORD)[::-1].decode()
    return f"{letters[:4]}-{letters[4:]}"
