"""IN-01: the link to a case is unguessable and opens exactly what it was made for."""

import pytest

from intake.status_link import StatusLinks

CASE = "4F7K-Q2M9"
LINKS = StatusLinks(b"k" * 32, "https://service.example/")
SECRET = LINKS.path(CASE).rpartition("/")[2]


def test_link_opens_its_case_and_stands_under_the_public_address() -> None:
    assert LINKS.opens(CASE, SECRET)
    assert LINKS.url(CASE) == f"https://service.example/status/{CASE}/{SECRET}"


def test_every_key_and_every_case_has_a_link_of_its_own() -> None:
    assert not LINKS.opens("4F7K-Q2M8", SECRET)
    assert not StatusLinks(b"j" * 32, "https://service.example").opens(CASE, SECRET)


@pytest.mark.parametrize(
    "secret", ["", SECRET[:-1], SECRET + "A", SECRET.swapcase(), "é", "\ud800"]
)
def test_anything_else_opens_nothing(secret: str) -> None:
    assert not LINKS.opens(CASE, secret)
