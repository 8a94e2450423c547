import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.requests import Request

from aftercare_http import Identity, Principal, Problem, Repeat, canonical, identity_of
from aftercare_http.idempotency import digest, identify

KEYS = st.text(st.characters(min_codepoint=33, max_codepoint=126), min_size=1, max_size=255)


def of(key: str = "k", *, who: str = "desk", route: str = "POST /r", body: bytes = b"{}"):
    return identify(key, principal=who, route=route, body=body)


@given(KEYS)
def test_the_same_request_has_the_same_ids_for_ever(key: str) -> None:
    assert of(key) == of(key)
    assert re.fullmatch(r"[0-9A-HJKMNP-TV-Z]{4}-[0-9A-HJKMNP-TV-Z]{4}", of(key).code())
    assert re.fullmatch(r"L-[0-9A-HJKMNP-TV-Z]{16}", of(key).derive("L"))


def test_ids_never_change_between_releases() -> None:
    identity = of("4c1c7d0e")
    assert identity.identity == ("8fdf09179139cd4a3c7eb4081e26556bce8da6cfdc154aa15417dff56894e0ef")
    assert identity.body_digest == (
        "a6fc85eac4937a695d863b490bf093c722bd692c9ee06ba08662be335f62394d"
    )
    assert (identity.derive("L"), identity.code()) == ("L-F7R99MNYZY58NGA9", "7YS8-FV53")


def test_key_caller_and_route_make_the_identity() -> None:
    same = of()
    others = [of("k2"), of(who="sla"), of(route="POST /q")]
    assert len({one.identity for one in [same, *others]}) == 4
    assert of(body=b"[]").identity == same.identity


def sent(body: bytes, *headers: tuple[bytes, bytes]) -> Identity:
    """The identity of a request of the desk to `POST /r`."""
    principal = Principal("desk", frozenset())
    scope = {"type": "http", "method": "POST", "path": "/r", "headers": list(headers)}
    return identity_of(Request(scope | {"principal": principal}), body)


def test_a_request_without_a_key_is_a_new_one() -> None:
    assert sent(b"{}").identity != sent(b"{}").identity


def test_a_request_is_known_by_its_first_key_and_what_its_body_means() -> None:
    json = (b"content-type", b"application/json")
    first, second = (b"idempotency-key", b"k"), (b"idempotency-key", b"k2")
    assert sent(b"{}", json, first, second) == of("k")
    assert sent(b"{ }", json, first) == of("k")
    assert sent(b"{ }", first) == of("k", body=b"{ }") != of("k")


@given(st.lists(st.binary(max_size=4), max_size=4), st.lists(st.binary(max_size=4), max_size=4))
def test_parts_cannot_be_shifted_into_each_other(left: list[bytes], right: list[bytes]) -> None:
    assert (digest(left) == digest(right)) is (left == right)


def test_a_repeat_is_told_from_a_reuse_and_from_a_collision() -> None:
    first, again, changed = of(), of(), of(body=b"[]")
    assert again.compare(first.identity, first.body_digest) is Repeat.SAME
    assert of("k2").compare(first.identity, first.body_digest) is Repeat.OTHER
    assert again.compare(None, None) is Repeat.OTHER
    with pytest.raises(Problem) as refused:
        changed.compare(first.identity, first.body_digest)
    assert (refused.value.status_code, refused.value.type_slug) == (422, "idempotency-key-reused")
    assert first.code(0) != first.code(1)


def test_equal_bodies_do_not_show_by_their_digest() -> None:
    assert of("k").body_digest != of("k2").body_digest


@pytest.mark.parametrize("key", ["", " ", "a b", "\u00e9", "x" * 256, "a\n"])
def test_a_key_is_visible_ascii(key: str) -> None:
    with pytest.raises(Problem) as refused:
        of(key)
    assert refused.value.field == "Idempotency-Key"


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        (b'{"a":1,"b":[2]}', b'{ "b" : [2], "a" : 1 }', True),
        (b'{"a":{"c":1,"b":2}}', b'{"a":{"b":2,"c":1}}', True),
        (b'{"a":[1,2]}', b'{"a":[2,1]}', False),
        (b'{"a":1}', b'{"a":"1"}', False),
        (b"", b"", True),
        (b'{"a":"\xe4\xb8\xad"}', b'{"a":"\\u4e2d"}', True),
    ],
)
def test_what_means_nothing_does_not_count(one: bytes, other: bytes, same: bool) -> None:
    assert (canonical(one) == canonical(other)) is same


def test_a_body_that_is_no_json_has_no_canonical_form() -> None:
    with pytest.raises(Problem):
        canonical(b"{")


def test_sources_with_their_own_identity_need_no_key() -> None:
    mail = Identity.of("message-id", "<1@example.org>", body=b"Subject: x")
    assert mail == Identity.of("message-id", "<1@example.org>", body=b"Subject: x")
    assert mail.identity != Identity.of("fax-job", "<1@example.org>", body=b"").identity
