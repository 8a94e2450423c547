"""What can be set about intake, each from the environment."""

from pathlib import Path
from typing import Literal, Self
from urllib.parse import urlsplit

from pydantic import Field, SecretStr, model_validator

from aftercare_http import Settings

from .mail.mailbox import KINDS
from .mail.message import is_address
from .mail.outbox import PORTS


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


class IntakeSettings(MailSettings):
    """`fallback_policy` runs the clocks of a request that no contract is known for yet.
    Reports further apart than `duplicates_within_h` hours are not compared.

    Without `read_faxes` no machine reads them; they wait for one, and for a clerk. `fax_folder` is
    where a fax server leaves them, `fax_gateways` the addresses from which they come by mail,
    separated by commas. `public_url` is where customers reach intake, for the links that they are
    sent. Nobody fills in a form in less than `form_shortest_s`; the limits a minute hold for each
    address and for all together.

    `connect_rate` is the share of inbound calls to be answered, in per cent, where no contract or
    policy says otherwise; below it ops are alerted, if there were `connect_rate_min_calls`.
    `call_mappings` is a folder of mapping files for telephone systems with fields of their own.

    A process does all, or one of two shares: `web` answers requests and takes mail in, `worker`
    keeps the tables level with the log and works through the lists.
    """

    port: int = 8081
    role: Literal["all", "web", "worker"] = "all"
    fallback_policy: str = "it-integration"
    duplicates_within_h: int = Field(default=24, ge=1, le=720)
    public_url: str = Field(default="http://127.0.0.1:8081", pattern=r"^https?://[^\s/]+")
    form_shortest_s: float = Field(default=2, ge=0, le=60)
    forms_per_minute: float = Field(default=10, ge=1)
    forms_per_minute_together: float = Field(default=600, ge=1)
    looks_per_minute: float = Field(default=120, ge=1)
    looks_per_minute_together: float = Field(default=12_000, ge=1)
    read_faxes: bool = True
    connect_rate: float = Field(default=90, gt=0, le=100)
    connect_rate_min_calls: int = Field(default=20, ge=1)
    call_mappings: Path | None = None
    fax_folder: Path | None = None
    fax_gateways: str = ""
