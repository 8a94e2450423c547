"""Secrets in addresses: whoever has the link may, and only we can have made it."""

import hashlib
import hmac
from base64 import urlsafe_b64encode

_BYTES = 16


class SecretLinks:
    """Secrets of 128 bits, an HMAC under the master key for one `purpose`.

    Nothing is stored: whoever has the key can make and check every one again.
    """

    def __init__(self, master_key: bytes, purpose: str) -> None:
        self._key = hmac.digest(master_key, purpose.encode(), hashlib.sha256)

    def secret(self, identifier: str) -> str:
        """Letters, digits, `-` and `_`; the same for the same identifier for ever."""
        mac = hmac.digest(self._key, identifier.encode(), hashlib.sha256)[:_BYTES]
        return urlsafe_b64encode(mac).decode().rstrip("=")

    def fits(self, identifier: str, secret: str) -> bool:
        """Whether we made this secret for this identifier; takes the same time either way."""
        genuine = self.secret(identifier).encode()
        return hmac.compare_digest(genuine, secret.encode("utf-8", "replace"))
