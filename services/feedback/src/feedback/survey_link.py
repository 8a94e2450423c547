"""The customer's own way to the questions: a link that only we can have made (FB-04)."""

import hashlib
import hmac
from base64 import urlsafe_b64encode

_BYTES = 16


class SurveyLinks:
    """Tokens `<callback id>.<128 bits>`; the second half is an HMAC under the master key.

    Nothing is stored: whoever has the key can make and check every link again.
    """

    def __init__(self, master_key: bytes) -> None:
        self._key = hmac.digest(master_key, b"aftercare survey links v1", hashlib.sha256)

    def token(self, callback_id: str) -> str:
        mac = hmac.digest(self._key, callback_id.encode(), hashlib.sha256)[:_BYTES]
        return f"{callback_id}.{urlsafe_b64encode(mac).decode().rstrip('=')}"

    def path(self, callback_id: str) -> str:
        return f"/s/{self.token(callback_id)}"

    def callback_id(self, token: str) -> str | None:
        """Which callback a token opens; None for one that we did not make."""
        if not token.isascii():
            return None
        callback_id = token.partition(".")[0]
        genuine = self.token(callback_id)
        return callback_id if hmac.compare_digest(genuine.encode(), token.encode()) else None
