from base64 import urlsafe_b64encode
from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aftercare_http import Problem, decode_cursor, encode_cursor

Key = tuple[str, int]


@given(
    st.text(st.characters(codec="utf-8", exclude_characters="\x00")),
    st.integers(-(2**63), 2**63 - 1),
)
def test_a_cursor_carries_its_sort_key(text: str, number: int) -> None:
    cursor = encode_cursor((text, number))
    assert cursor.replace("-", "a").replace("_", "a").isalnum()
    assert decode_cursor(cursor, Key) == (text, number)


def test_no_cursor_is_the_first_page() -> None:
    assert decode_cursor(None, Key) is None


@given(st.text().filter(lambda text: not text.startswith("W")))
def test_anything_else_is_refused(cursor: str) -> None:
    with pytest.raises(Problem) as refused:
        decode_cursor(cursor, Key)
    assert (refused.value.status_code, refused.value.field) == (422, "cursor")


@pytest.mark.parametrize("key", [("a",), ("a", "b"), (1, 1), ("a", 1, 1)])
def test_the_cursor_of_another_list_is_refused(key: tuple[object, ...]) -> None:
    with pytest.raises(Problem):
        decode_cursor(encode_cursor(key), Key)


@pytest.mark.parametrize(
    ("key", "kind"),
    [
        ('["\\u0000", 1]', tuple[str, int]),
        ('["a", 9223372036854775808]', tuple[str, int]),
        ('["2026-11-02T10:00:00"]', tuple[datetime]),
        ('["0001-01-01T00:00:00+14:00"]', tuple[datetime]),
    ],
)
def test_a_key_that_no_table_can_hold_is_refused(key: str, kind: type[tuple[object, ...]]) -> None:
    with pytest.raises(Problem) as refused:
        decode_cursor(urlsafe_b64encode(key.encode()).decode(), kind)
    assert (refused.value.status_code, refused.value.field) == (422, "cursor")
