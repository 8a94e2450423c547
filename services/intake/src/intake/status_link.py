"""The customer's own way to her case: a link that only we can have made (IN-01)."""

from aftercare_http import SecretLinks


class StatusLinks:
    """Links `/status/<case>/<secret>`; `public_url` is where customers reach intake."""

    def __init__(self, master_key: bytes, public_url: str) -> None:
        self._links = SecretLinks(master_key, "aftercare status links v1")
        self._public_url = public_url.rstrip("/")

    def path(self, case_id: str) -> str:
        return f"/status/{case_id}/{self._links.secret(case_id)}"

    def url(self, case_id: str) -> str:
        """The whole address, as it is put into a mail."""
        return self._public_url + self.path(case_id)

    def opens(self, case_id: str, secret: str) -> bool:
        return self._links.fits(case_id, secret)
