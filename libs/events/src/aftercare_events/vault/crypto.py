"""The arithmetic of the vault: AES-256-GCM everywhere, bound to the person it is about."""

import base64
import hmac
import os
import unicodedata
from binascii import Error as NotBase64
from binascii import b2a_base64
from typing import Any

import msgspec
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from ..sealing import Sealed

KEY_BYTES = 32
NONCE_BYTES = 12
_PSEUDONYM_BYTES = 16


def parse_master_key(text: str) -> bytes:
    """The master key from base64 of 32 bytes. Raises ValueError without repeating the text."""
    try:
        key = base64.b64decode(text, validate=True)
    except (NotBase64, ValueError):
        key = b""
    if len(key) != KEY_BYTES:
        raise ValueError(f"the master key must be base64 of {KEY_BYTES} bytes")
    return key


class MasterKey:
    """Wraps the keys of persons, and names persons without saying who they are."""

    def __init__(self, key: bytes) -> None:
        self._wrapping = AESGCM(_derive(key, b"aftercare: wrap keys of persons"))
        self._naming = _derive(key, b"aftercare: name persons")

    def wrap(self, person: str, key: bytes) -> bytes:
        return _encrypt(self._wrapping, person, key)

    def unwrap(self, person: str, wrapped: bytes) -> AESGCM:
        """Raises InvalidTag when it was wrapped for another person, or by another master key."""
        return AESGCM(_decrypt(self._wrapping, person, wrapped))

    def pseudonym(self, *identifiers: str) -> str:
        """A stable id for whoever these normalised identifiers name."""
        message = "\0".join(map(_plain, identifiers)).encode()
        digest = hmac.digest(self._naming, message, "sha256")[:_PSEUDONYM_BYTES]
        return f"P-{base64.b32encode(digest).decode().rstrip('=')}"


def new_key() -> bytes:
    return os.urandom(KEY_BYTES)


def seal(key: AESGCM, person: str, value: dict[str, Any]) -> Sealed:
    box = _encrypt(key, person, msgspec.json.encode(value))
    return Sealed(person=person, box=b2a_base64(box, newline=False).decode())


def unseal(key: AESGCM, sealed: Sealed) -> dict[str, Any] | None:
    """None when the box was closed with another key: that of the person before an erasure."""
    try:
        box = base64.b64decode(sealed.box, validate=True)
        return msgspec.json.decode(_decrypt(key, sealed.person, box), type=dict[str, Any])
    except (InvalidTag, ValueError):
        return None


def _encrypt(cipher: AESGCM, person: str, plain: bytes) -> bytes:
    nonce = os.urandom(NONCE_BYTES)
    return nonce + cipher.encrypt(nonce, plain, person.encode())


def _decrypt(cipher: AESGCM, person: str, box: bytes) -> bytes:
    return cipher.decrypt(box[:NONCE_BYTES], box[NONCE_BYTES:], person.encode())


def _derive(key: bytes, purpose: bytes) -> bytes:
    return HKDF(SHA256(), KEY_BYTES, salt=None, info=purpose).derive(key)


def _plain(identifier: str) -> str:
    """Width, case and spaces do not make another person."""
    return " ".join(unicodedata.normalize("NFKC", identifier).casefold().split())
