"""Proving who is calling: API keys, JWTs, and the signed cookie of the pages."""

import hashlib
import hmac
import time
from collections.abc import Callable
from http.cookies import CookieError, SimpleCookie

import jwt

from .principal import Principal
from .settings import Settings
from .tokens import TokenVerifier, keys_in, shared_secret

COOKIE = "aftercare_session"
_COOKIE_AUDIENCE = "aftercare-pages"
_REMEMBERED = 4096


class Authenticator:
    """Resolves what a caller presents to a Principal, or to None. Holds no key in clear."""

    def __init__(self, settings: Settings, now: Callable[[], float] = time.time) -> None:
        self._now = now
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
        if found is not None or self._tokens is None or token.count(b".") != 2:
            return found
        return self._from_token(self._tokens, presented, token)

    def session(self, cookie_header: bytes) -> Principal | None:
        """Whom the session cookie of a page stands for."""
        cookie = _cookie(cookie_header)
        if cookie is None:
            return None
        try:
            claims = jwt.decode(
                cookie,
                self._secret,
                ["HS256"],
                audience=_COOKIE_AUDIENCE,
                options={"require": ["exp", "sub", "aud"]},
            )
        except jwt.InvalidTokenError:
            return None
        return Principal(claims["sub"], frozenset(claims["scope"].split()))

    def new_session(self, principal: Principal) -> str:
        """The cookie's value; valid for `session_s`, and until a key of the service changes."""
        claims = {
            "sub": principal.name,
            "scope": " ".join(sorted(principal.scopes)),
            "aud": _COOKIE_AUDIENCE,
            "exp": int(self._now()) + self._session_s,
        }
        return jwt.encode(claims, self._secret, "HS256")

    def _from_token(self, tokens: TokenVerifier, digest: bytes, token: bytes) -> Principal | None:
        """Signatures are dear (a public key takes a tenth of a millisecond), so they are kept."""
        verified = self._seen.get(digest) or tokens.verify(token)
        if verified is None or verified[1] <= self._now():
            return None
        if len(self._seen) >= _REMEMBERED:
            self._seen.clear()
        self._seen[digest] = verified
        return verified[0]


def _token_verifier(settings: Settings) -> TokenVerifier | None:
    if settings.jwt_key_file is not None:
        return TokenVerifier(keys_in(settings.jwt_key_file), settings)
    if settings.jwt_secret is not None:
        return TokenVerifier(shared_secret(settings.jwt_secret.get_secret_value()), settings)
    return None


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
