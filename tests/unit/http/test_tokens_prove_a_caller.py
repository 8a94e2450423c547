import json
from pathlib import Path
from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa

from aftercare_http import Principal, Settings
from aftercare_http.credentials import COOKIE, Authenticator

SECRET = "a secret of the identity provider, long enough"
NOW = 1_800_000_000.0


class Watch:
    now = NOW

    def __call__(self) -> float:
        return self.now


def authenticator(watch: Watch | None = None, **settings: Any) -> Authenticator:
    return Authenticator(Settings.model_validate(settings), watch or Watch())


def token(key: Any = SECRET, algorithm: str = "HS256", **claims: Any) -> bytes:
    given = {"sub": "zhang", "exp": NOW + 60, "scope": "sla:read"} | claims
    return jwt.encode(given, key, algorithm).encode()


def test_a_token_is_believed_until_it_expires() -> None:
    watch = Watch()
    known = authenticator(watch, jwt_secret=SECRET)
    for moment, expected in ((NOW, True), (NOW + 59.9, True), (NOW + 60, False)):
        watch.now = moment
        assert (known.bearer(token()) is not None) is expected


@pytest.mark.parametrize("expires", ["tomorrow", None, [1]])
def test_an_expiry_that_is_no_time_is_refused(expires: object) -> None:
    assert authenticator(jwt_secret=SECRET).bearer(token(exp=expires)) is None


def test_issuer_and_audience_must_fit_where_they_are_set() -> None:
    known = authenticator(jwt_secret=SECRET, jwt_issuer="https://id", jwt_audience="aftercare")
    assert known.bearer(token()) is None
    assert known.bearer(token(iss="https://id")) is None
    assert known.bearer(token(iss="https://other", aud="aftercare")) is None
    assert known.bearer(token(iss="https://id", aud="aftercare")) is not None


def test_without_a_jwt_key_no_token_is_believed() -> None:
    assert authenticator().bearer(token()) is None


def pem(private: Any) -> bytes:
    return private.public_key().public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    )


@pytest.mark.parametrize(
    ("private", "algorithm"),
    [
        (rsa.generate_private_key(65537, 2048), "RS256"),
        (ec.generate_private_key(ec.SECP256R1()), "ES256"),
        (ec.generate_private_key(ec.SECP384R1()), "ES384"),
        (ed25519.Ed25519PrivateKey.generate(), "EdDSA"),
    ],
)
def test_a_public_key_file_pins_its_algorithm(tmp_path: Path, private: Any, algorithm: str) -> None:
    file = tmp_path / "key.pem"
    file.write_bytes(pem(private))
    known = authenticator(jwt_key_file=file)

    assert known.bearer(token(private, algorithm)) == Principal("zhang", frozenset({"sla:read"}))
    # The classic confusion: the public key used as a shared secret.
    header = {"alg": "HS256", "typ": "JWT"}
    parts = [_b64(header), _b64({"sub": "evil", "exp": NOW + 60})]
    signed = jwt.algorithms.HMACAlgorithm(jwt.algorithms.HMACAlgorithm.SHA256).sign(
        b".".join(parts), pem(private)
    )
    forged = b".".join([*parts, jwt.utils.base64url_encode(signed)])
    assert known.bearer(forged) is None


def _b64(value: dict[str, Any]) -> bytes:
    return jwt.utils.base64url_encode(json.dumps(value).encode())


def test_a_key_set_is_searched_by_key_id(tmp_path: Path) -> None:
    privates = {name: rsa.generate_private_key(65537, 2048) for name in ("old", "new")}
    keys = [
        json.loads(jwt.algorithms.RSAAlgorithm.to_jwk(private.public_key()))
        | {"kid": name, "alg": "RS256"}
        for name, private in privates.items()
    ]
    file = tmp_path / "keys.json"
    file.write_text(json.dumps({"keys": keys}))
    known = authenticator(jwt_key_file=file)

    def signed(key_id: str | None, by: str) -> bytes:
        headers = {"kid": key_id} if key_id else None
        claims = {"sub": "zhang", "exp": NOW + 60}
        return jwt.encode(claims, privates[by], "RS256", headers).encode()

    assert known.bearer(signed("old", "old")) is not None
    assert known.bearer(signed("new", "new")) is not None
    assert known.bearer(signed("new", "old")) is None
    assert known.bearer(signed("lost", "old")) is None
    assert known.bearer(signed(None, "old")) is None


def test_many_tokens_do_not_fill_the_memory() -> None:
    known = authenticator(jwt_secret=SECRET)
    for number in range(5000):
        assert known.bearer(token(sub=f"user-{number}")) is not None
    assert len(known._seen) <= 4096


def test_a_session_lasts_as_long_as_it_was_given() -> None:
    watch = Watch()
    watch.now = 4_000_000_000.0
    known = authenticator(watch, session_s=600)
    who = Principal("desk", frozenset({"a", "b"}))
    cookie = f"x=1; {COOKIE}={known.new_session(who)}".encode()
    assert known.session(cookie) == who

    watch.now = 1_000_000_000.0
    assert known.session(f"{COOKIE}={known.new_session(who)}".encode()) is None


@pytest.mark.parametrize("header", [b"", b"\xff", b"a;;=", b"aftercare_session", b"[]=1"])
def test_any_cookie_header_can_be_read(header: bytes) -> None:
    assert authenticator().session(header) is None
