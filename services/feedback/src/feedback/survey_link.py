"""The customer's own way to the questions: a link that only we can have made (FB-04)."""

from aftercare_http import SecretLinks


class SurveyLinks:
    """Tokens `<callback id>.<secret>`."""

    def __init__(self, master_key: bytes) -> None:
        self._links = SecretLinks(master_key, "aftercare survey links v1")

    def token(self, callback_id: str) -> str:
        return f"{callback_id}.{self._links.secret(callback_id)}"

    def path(self, callback_id: str) -> str:
        return f"/s/{self.token(callback_id)}"

    def callback_id(self, token: str) -> str | None:
        """Which callback a token opens; None for one that we did not make."""
        if not token.isascii():
            return None
        callback_id, _, secret = token.partition(".")
        return callback_id if self._links.fits(callback_id, secret) else None
