"""Personal data as it stands in events: sealed under a key of that person."""

import msgspec


class Sealed(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """AES-256-GCM of a JSON object; whoever lacks the person's key reads nothing.

    `box` is base64 of nonce and ciphertext; `person` names whose key opens it.
    """

    person: str
    box: str
