import time

import pytest

from intake.mail.limits import (
    MAX_BYTES,
    MAX_DEPTH,
    MAX_HEADER_BYTES,
    MAX_PARTS,
    LimitBroken,
    check_limits,
)


def broken(raw: bytes) -> str:
    with pytest.raises(LimitBroken) as limit:
        check_limits(raw)
    return str(limit.value)


def nested(depth: int) -> bytes:
    lines: list[bytes] = []
    for level in range(depth):
        lines += [b'Content-Type: multipart/mixed; boundary="b%d"' % level, b"", b"--b%d" % level]
    return b"\r\n".join(lines) + b"\r\n\r\nend"


def parts(count: int, declared: bytes = b'boundary="b"') -> bytes:
    return b"Content-Type: multipart/mixed; " + declared + b"\r\n\r\n" + b"--b\r\n\r\nx\r\n" * count


def test_size_is_limited() -> None:
    assert broken(b"a" * (MAX_BYTES + 1)) == "too-large"


def test_header_is_limited_with_and_without_an_end() -> None:
    assert broken(b"To: " + b"a@b, " * MAX_HEADER_BYTES + b"\r\n\r\nx") == "header-too-large"
    assert broken(b"To: " + b"a@b, " * MAX_HEADER_BYTES) == "header-too-large"


def test_depth_is_limited() -> None:
    check_limits(nested(MAX_DEPTH))
    assert broken(nested(MAX_DEPTH + 1)) == "too-deep"


def test_messages_within_messages_count_as_depth() -> None:
    assert broken(b"Content-Type: message/rfc822\r\n\r\n" * (MAX_DEPTH + 1)) == "too-deep"


def test_parts_are_limited() -> None:
    check_limits(parts(MAX_PARTS))
    assert broken(parts(MAX_PARTS + 1)) == "too-many-parts"


def test_boundary_in_pieces_hides_nothing() -> None:
    assert broken(parts(MAX_PARTS + 1, b'boundary*0="b"; boundary*1=""')) == "too-many-parts"


def test_lines_of_dashes_are_no_parts() -> None:
    check_limits(b"Subject: a patch\r\n\r\n" + b"--- a/file\r\n" * 10_000)


def test_checking_takes_linear_time() -> None:
    raw = parts(100_000)
    began = time.perf_counter()
    broken(raw)
    assert time.perf_counter() - began < 2
