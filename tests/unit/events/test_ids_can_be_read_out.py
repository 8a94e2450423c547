"""An id is one token of a subject, and a case number can be spelled on the phone."""

import re
from uuid import RFC_4122, UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aftercare_events.ids import ID_PATTERN, case_id, eight_letters, random_id


@pytest.mark.parametrize("good", ["4F7K-Q2M9", "E-1", "a", "0_x", "A" * 64])
def test_token_of_a_subject_is_an_id(good: str) -> None:
    assert re.fullmatch(ID_PATTERN, good)


@pytest.mark.parametrize("bad", ["", "-a", "_a", "a.b", "a b", "a*", ">", "é", "a\n", "A" * 65])
def test_anything_else_is_not(bad: str) -> None:
    assert not re.fullmatch(ID_PATTERN, bad)


@given(st.text(), st.integers(0, 1000))
def test_same_identity_gives_the_same_case_number(identity: str, attempt: int) -> None:
    number = case_id(identity, attempt)
    assert number == case_id(identity, attempt) != case_id(identity, attempt + 1)
    assert re.fullmatch(r"[0-9A-HJKMNP-TV-Z]{4}-[0-9A-HJKMNP-TV-Z]{4}", number)
    assert re.fullmatch(ID_PATTERN, number)


@pytest.mark.parametrize(
    ("identity", "attempt", "number"),
    [("", 0, "6N2T-0VKW"), ("a", 0, "T6J1-ADWB"), ("a", 7, "NABA-6CK0")],
)
def test_case_numbers_never_change_between_releases(
    identity: str, attempt: int, number: str
) -> None:
    assert case_id(identity, attempt) == number


@given(st.integers(0, 2**256 - 1))
def test_forty_bits_are_spelled_the_lowest_first(number: int) -> None:
    letters = eight_letters(number)
    values = ["0123456789ABCDEFGHJKMNPQRSTVWXYZ".index(letter) for letter in letters]
    assert len(letters) == 8
    assert sum(value << 5 * place for place, value in enumerate(values)) == number % 2**40


def test_random_ids_are_uuids_as_text() -> None:
    ids = [random_id() for _ in range(200)]
    assert len(set(ids)) == len(ids)
    for one in ids:
        known = UUID(one)
        assert (str(known), known.version, known.variant) == (one, 4, RFC_4122)
