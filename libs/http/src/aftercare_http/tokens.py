"""JWTs: verified with one algorithm per key, so that the token's header chooses neither."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol, cast

import jwt
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import load_pem_public_key

from aftercare_events.ids import ID_PATTERN

from .principal import EVERY_SCOPE, Principal

_ID = re.compile(ID_PATTERN)
_ALGORITHM_OF_CURVE = {"secp256r1": "ES256", "secp384r1": "ES384", "secp521r1": "ES512"}


class TokenSettings(Protocol):
    """The part of the settings that concerns tokens."""

    @property
    def jwt_issuer(self) -> str | None: ...
    @property
    def jwt_audience(self) -> str | None: ...


@dataclass(frozen=True, slots=True)
class TokenKey:
    key: Any
    algorithm: str


class TokenVerifier:
    """Turns a valid token into whom it stands for; `keys` by key id, or a single one."""

    def __init__(self, keys: Mapping[str, TokenKey], settings: TokenSettings) -> None:
        self._keys = keys
        self._issuer = settings.jwt_issuer
        self._audience = settings.jwt_audience

    def verify(self, token: bytes) -> tuple[Principal, float] | None:
        """The principal, and when the token expires in seconds since 1970.

        Whether that has passed is for the caller to see: it may remember the token until then.
        """
        try:
            key = self._key(jwt.get_unverified_header(token).get("kid"))
            claims = jwt.decode(
                token,
                key.key,
                [key.algorithm],
                issuer=self._issuer,
                audience=self._audience,
                options={
                    "require": ["exp", "sub"],
                    "verify_exp": False,
                    "verify_aud": self._audience is not None,
                },
            )
        except (jwt.InvalidTokenError, KeyError):
            return None
        subject, expires_at = claims["sub"], claims["exp"]
        if not subject or not isinstance(expires_at, int | float):
            return None
        customer_id = claims.get("customer_id")
        if customer_id is not None and not _is_id(customer_id):
            return None
        return Principal(subject, scopes_of(claims), customer_id), expires_at

    def _key(self, key_id: Any) -> TokenKey:
        if len(self._keys) == 1:
            return next(iter(self._keys.values()))
        return self._keys[str(key_id)]


def _is_id(claim: object) -> bool:
    """A narrowing that cannot be understood must not widen what the token may do."""
    return isinstance(claim, str) and _ID.fullmatch(claim) is not None


def shared_secret(secret: str) -> dict[str, TokenKey]:
    return {"": TokenKey(secret.encode(), "HS256")}


def keys_in(path: Path) -> dict[str, TokenKey]:
    """The public keys of a JWK set, or the one of a PEM file. Raises ValueError, OSError."""
    content = path.read_bytes()
    if content.lstrip().startswith(b"{"):
        keys = jwt.PyJWKSet.from_json(content.decode()).keys
        return {str(key.key_id): TokenKey(key.key, key.algorithm_name) for key in keys}
    return {"": _from_pem(content)}


def _from_pem(pem: bytes) -> TokenKey:
    key = load_pem_public_key(pem)
    match key:
        case rsa.RSAPublicKey():
            return TokenKey(key, "RS256")
        case ec.EllipticCurvePublicKey():
            return TokenKey(key, _ALGORITHM_OF_CURVE[key.curve.name])
        case _:
            return TokenKey(key, "EdDSA")


def scopes_of(claims: Mapping[str, Any]) -> frozenset[str]:
    """`scope` as a string or a list; the wildcard is for configured keys only."""
    scope = claims.get("scope")
    names: object = scope.split() if isinstance(scope, str) else scope
    if not isinstance(names, list):
        return frozenset()
    found = cast("list[object]", names)
    return frozenset(name for name in found if isinstance(name, str)) - {EVERY_SCOPE}
