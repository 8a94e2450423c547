"""How mail comes in and goes out."""

from typing import Self
from urllib.parse import urlsplit

from pydantic import Field, SecretStr, model_validator

from aftercare_http import Settings

from .acknowledgement import is_address
from .mailbox import KINDS
from .outbox import PORTS


class MailSettings(Settings):
    """Mail comes in by LMTP, by SMTP where `smtp_port` is set, and is fetched from `imap_url`,
    where it is then moved to `imap_done_folder` or marked as seen.

    Without `smtp_url` and `mail_from` nobody is sent an acknowledgement.
    """

    lmtp_host: str = "127.0.0.1"
    lmtp_port: int = Field(default=8025, ge=0, le=65535)
    smtp_port: int | None = Field(default=None, ge=0, le=65535)
    imap_url: SecretStr | None = None
    imap_done_folder: str | None = None
    imap_every_s: float = Field(default=30, ge=1)
    smtp_url: SecretStr | None = None
    mail_from: str | None = None

    @property
    def sends_mail(self) -> bool:
        return self.smtp_url is not None

    @model_validator(mode="after")
    def _send_from_somewhere(self) -> Self:
        if (self.smtp_url is None) != (self.mail_from is None):
            raise ValueError("SMTP_URL and MAIL_FROM are set together, or neither is")
        if self.mail_from and not is_address(self.mail_from):
            raise ValueError("MAIL_FROM is one mail address")
        for name, url, known in (("SMTP", self.smtp_url, PORTS), ("IMAP", self.imap_url, KINDS)):
            if url and urlsplit(url.get_secret_value()).scheme not in known:
                raise ValueError(f"{name}_URL begins with one of {', '.join(known)}")
        return self
