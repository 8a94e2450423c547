"""What an empty form carries: who sends it back filled in had it from us, and not just now.

Nothing is stored, and there is no cookie: another site that makes a visitor send a form would gain
nothing that it could not send by itself, so there is no forgery (CSRF) to defend against.
"""

import secrets
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from aftercare_http import SecretLinks

LONGEST = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class FormToken:
    """`nonce` makes the form one form however often it is sent; `text` is what the page carries.

    `refused` is the key of why it does not count yet or any more.
    """

    nonce: str
    text: str
    refused: str | None = None


class FormTokens:
    """Signed under the master key: any replica takes back what another gave out.

    Nobody fills a form in faster than `shortest`.
    """

    def __init__(self, master_key: bytes, shortest: timedelta, now: Callable[[], datetime]) -> None:
        self._links = SecretLinks(master_key, "aftercare form tokens v1")
        self._shortest = shortest
        self._now = now

    def new(self, nonce: str | None = None) -> FormToken:
        nonce = nonce or secrets.token_urlsafe(12)
        said = f"{nonce}.{int(self._now().timestamp())}"
        return FormToken(nonce, f"{said}.{self._links.secret(said)}")

    def read(self, text: str) -> FormToken:
        """What came back; one that is stale, or was never ours, is replaced by a fresh one."""
        said, _, secret = text.rpartition(".")
        nonce, _, issued = said.rpartition(".")
        if not self._links.fits(said, secret):
            return replace(self.new(), refused="form.error.stale")
        age = self._now() - datetime.fromtimestamp(int(issued), UTC)
        if age > LONGEST:
            # The same form still: sent before and sent again, it stays one request.
            return replace(self.new(nonce), refused="form.error.stale")
        hasty = age < self._shortest
        return FormToken(nonce, text, refused="form.error.hasty" if hasty else None)
