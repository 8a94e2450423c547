"""Proving who is calling: API keys, JWTs, and the signed cookie of the pages."""

import hashlib
import hmac
import json
import time
from collections.abc import Mapping
from http.cookies import CookieError, SimpleCookie
from pathlib import Path
from typing import Any, cast

import jwt

from .principal import EVERY_SCOPE, Principal
from .settings import Settings

COOKIE = "aftercare_session"
_COOKIE_AUDIENCE = "aftercare-pages"
_ALGORITHM_OF_KEY_TYPE = {"RSA": "RS256", "EC": "ES256", "OKP": "EdDSA"}
_REMEMBERED = 4096


class Authenticator:
    """Resolves what a caller presents to a Principal, or to None. Holds no key in clear."""

    def __init__(self, settings: Settings) -> None:
        self._keys = [(_digest(key.encode()), who) for key, who in settings.principals()]
        self._tokens = _token_verifier(settings)
        self._session_s = settings.session_s
        self._secret = _session_secret(settings)
        self._seen: dict[bytes, tuple[Principal, float]] = {}

    def bearer(self, token: bytes) -> Principal | None:
        """Whom an API key or a JWT stands for."""
        presented = _digest(token)
        found = None
        for digest, principal in self._keys:
            if hmac.compare_digest(digest, presented):
                found = principal
        if found is not None or token.count(b".") != 2 or self._tokens is None:
            return found
        return self._remembered(presented) or self._verify(presented, token)

    def session(self, cookie_header: bytes) -> Principal | None:
        """Whom the session cookie of a page stands for."""
        cookie = _cookie(cookie_header)
        if cookie is None:
            return None
        try:
            claims = jwt.decode(cookie, self._secret, ["HS256"], audience=_COOKIE_AUDIENCE)
        except jwt.InvalidTokenError:
            return None
        return Principal(claims["sub"], frozenset(claims["scope"].split()))

    def new_session(self, principal: Principal) -> str:
        """The cookie's value; valid for `session_s`, and until a key of the service changes."""
        claims = {
            "sub": principal.name,
            "scope": " ".join(sorted(principal.scopes)),
            "aud": _COOKIE_AUDIENCE,
            "exp": int(time.time()) + self._session_s,
        }
        return jwt.encode(claims, self._secret, "HS256")

    def _remembered(self, digest: bytes) -> Principal | None:
        principal, expires_at = self._seen.get(digest, (None, 0.0))
        return principal if expires_at > time.time() else None

    def _verify(self, digest: bytes, token: bytes) -> Principal | None:
        assert self._tokens is not None
        claims = self._tokens.claims(token)
        if claims is None:
            return None
        principal = Principal(claims["sub"], _scopes(claims))
        if len(self._seen) >= _REMEMBERED:
            self._seen.clear()
        self._seen[digest] = (principal, float(claims["exp"]))
        return principal


class TokenVerifier:
    """Verifies JWTs with one algorithm per key: the token's header chooses neither."""

    def __init__(self, keys: Mapping[str | None, jwt.PyJWK], settings: Settings) -> None:
        self._keys = keys
        self._issuer = settings.jwt_issuer
        self._audience = settings.jwt_audience

    def claims(self, token: bytes) -> dict[str, Any] | None:
        """The claims of a valid token; `exp` and `sub` are required."""
        try:
            key = self._key(jwt.get_unverified_header(token).get("kid"))
            claims = jwt.decode(
                token,
                key,
                [key.algorithm_name],
                issuer=self._issuer,
                audience=self._audience,
                options={"require": ["exp", "sub"], "verify_aud": self._audience is not None},
            )
        except (jwt.InvalidTokenError, KeyError):
            return None
        return claims if isinstance(claims["sub"], str) and claims["sub"] else None

    def _key(self, kid: str | None) -> jwt.PyJWK:
        if len(self._keys) == 1:
            return next(iter(self._keys.values()))
        return self._keys[kid]


def _token_verifier(settings: Settings) -> TokenVerifier | None:
    if settings.jwt_key_file is not None:
        return TokenVerifier(_keys_in(settings.jwt_key_file), settings)
    if settings.jwt_secret is not None:
        secret = settings.jwt_secret.get_secret_value().encode()
        key = jwt.PyJWK.from_dict(
            {"kty": "oct", "k": jwt.utils.base64url_encode(secret).decode()}, "HS256"
        )
        return TokenVerifier({None: key}, settings)
    return None


def _keys_in(path: Path) -> dict[str | None, jwt.PyJWK]:
    """The public keys of a JWK set, or the one of a PEM file. Raises ValueError, OSError."""
    text = path.read_bytes()
    if text.lstrip().startswith(b"{"):
        return {key.key_id: key for key in jwt.PyJWKSet.from_json(text.decode()).keys}
    return {None: _from_pem(text)}


def _from_pem(pem: bytes) -> jwt.PyJWK:
    from cryptography.hazmat.primitives.asymmetric import ec, rsa
    from cryptography.hazmat.primitives.serialization import load_pem_public_key

    key = load_pem_public_key(pem)
    match key:
        case rsa.RSAPublicKey():
            jwk = jwt.algorithms.RSAAlgorithm.to_jwk(key)
        case ec.EllipticCurvePublicKey():
            jwk = jwt.algorithms.ECAlgorithm.to_jwk(key)
        case _:
            jwk = jwt.algorithms.OKPAlgorithm.to_jwk(cast("Any", key))
    fields = json.loads(jwk)
    return jwt.PyJWK.from_dict(fields, _ALGORITHM_OF_KEY_TYPE[fields["kty"]])


def _scopes(claims: Mapping[str, Any]) -> frozenset[str]:
    """`scope` as a string or a list; the wildcard is for configured keys only."""
    scope = claims.get("scope", "")
    names = scope.split() if isinstance(scope, str) else scope
    if not isinstance(names, list):
        return frozenset()
    return frozenset(n for n in cast("list[Any]", names) if isinstance(n, str)) - {EVERY_SCOPE}


def _session_secret(settings: Settings) -> bytes:
    """A key for cookies that every replica derives alike, and that changes with the keys."""
    material = settings.api_keys.get_secret_value()
    for secret in (settings.master_key, settings.jwt_secret):
        material += "\n" + (secret.get_secret_value() if secret else "")
    return hashlib.blake2b(material.encode(), person=b"aftercare pages").digest()


def _digest(token: bytes) -> bytes:
    return hashlib.blake2b(token, digest_size=32).digest()


def _cookie(header: bytes) -> str | None:
    try:
        morsel = SimpleCookie(header.decode("latin-1")).get(COOKIE)
    except CookieError:
        return None
    return morsel.value if morsel else None
