"""What a service is told by its environment (`AFTERCARE_…`), read once at start."""

import ipaddress
import re
import sys
from typing import Any, Literal, Self, TypeVar

from pydantic import Field, FilePath, SecretStr, ValidationError, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from aftercare_events.vault import parse_master_key

from .faults import first_fault
from .principal import Principal

LOCAL_KEY = "local-dev-key"
_API_KEY = re.compile(r"(?P<name>[\w.@-]+)=(?P<key>[^:;=\s]{8,}):(?P<scopes>[\w:*,\s-]+)")

S = TypeVar("S", bound="Settings")


class Settings(BaseSettings):
    """Settings of the HTTP side; a service adds its own by subclassing.

    `api_keys` is `name=key:scope,scope;name=key:scope`; the scope `*` means all. Sizes are in
    bytes, times in seconds. `trusted_proxies` are addresses and networks, separated by commas,
    whose `X-Forwarded-For` and `-Proto` say who calls; anybody else's say nothing.
    """

    model_config = SettingsConfigDict(env_prefix="AFTERCARE_", extra="ignore", frozen=True)

    nats_url: str = "nats://127.0.0.1:4222"
    database_url: str = "postgresql://127.0.0.1:5432/aftercare"
    host: str = "127.0.0.1"
    port: int = Field(default=8080, ge=0, le=65535)
    trusted_proxies: str = "127.0.0.1,::1"
    log_format: Literal["auto", "json", "console"] = "auto"
    log_level: Literal["debug", "info", "warning", "error"] = "info"
    master_key: SecretStr | None = None

    api_keys: SecretStr = SecretStr(f"local={LOCAL_KEY}:*")
    jwt_secret: SecretStr | None = Field(default=None, min_length=32)
    jwt_key_file: FilePath | None = None
    jwt_issuer: str | None = None
    jwt_audience: str | None = None
    session_s: int = Field(default=12 * 3600, gt=0)

    max_body_bytes: int = Field(default=1 << 20, gt=0)
    rate_per_s: float = Field(default=50_000, gt=0)
    rate_burst: float = Field(default=100_000, ge=1)
    max_in_flight: int = Field(default=2_000, gt=0)
    max_streams: int = Field(default=1_000, gt=0)
    request_timeout_s: float = Field(default=30, gt=0)
    shutdown_grace_s: float = Field(default=10, gt=0)

    @model_validator(mode="after")
    def _keep_the_local_key_local(self) -> Self:
        if self.local and not is_loopback(self.host):
            raise ValueError(
                f"refusing to listen on {self.host} with the key {LOCAL_KEY}: "
                "set AFTERCARE_API_KEYS, or listen on 127.0.0.1"
            )
        return self

    @property
    def local(self) -> bool:
        """The well-known key of the local system opens this service."""
        return any(key == LOCAL_KEY for key, _ in self.principals())

    def wrapping_key(self) -> bytes:
        """The master key of the vault. Raises ValueError without repeating it."""
        if self.master_key is None:
            raise ValueError("AFTERCARE_MASTER_KEY must be set: base64 of 32 bytes")
        return parse_master_key(self.master_key.get_secret_value())

    def principals(self) -> list[tuple[str, Principal]]:
        """The API keys in clear with whom each stands for. Raises ValueError."""
        entries = [entry for entry in self.api_keys.get_secret_value().split(";") if entry.strip()]
        return [_parse_key(entry.strip()) for entry in entries]


def _parse_key(entry: str) -> tuple[str, Principal]:
    match = _API_KEY.fullmatch(entry)
    if match is None:
        # The entry itself stays out of the message: it holds a key.
        raise ValueError("AFTERCARE_API_KEYS must read name=key:scope,scope;… (keys of 8 or more)")
    scopes = frozenset(scope.strip() for scope in match["scopes"].split(",") if scope.strip())
    return match["key"], Principal(match["name"], scopes)


def is_loopback(host: str) -> bool:
    """Whether a listening or client address can be reached from this machine only."""
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return host == "localhost"


def load_settings(cls: type[S], **overrides: Any) -> S:
    """Settings from the environment; ends the process with one line when they make no sense."""
    try:
        return cls(**overrides)
    except ValidationError as error:
        place, detail = first_fault(error)
        name = f"AFTERCARE_{place.upper()}: " if place else ""
        sys.exit(f"{name}{detail}")
