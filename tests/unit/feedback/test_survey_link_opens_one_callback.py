"""FB-04: the link is unguessable and opens exactly what it was made for."""

import pytest

from feedback.survey_link import SurveyLinks

LINKS = SurveyLinks(b"k" * 32)
TOKEN = LINKS.token("CB-4F7K-Q2M9-1")


def test_link_opens_its_callback() -> None:
    assert LINKS.callback_id(TOKEN) == "CB-4F7K-Q2M9-1"


def test_every_key_and_every_callback_has_a_link_of_its_own() -> None:
    tokens = {
        TOKEN,
        LINKS.token("CB-4F7K-Q2M9-2"),
        SurveyLinks(b"j" * 32).token("CB-4F7K-Q2M9-1"),
    }
    assert len(tokens) == 3


@pytest.mark.parametrize(
    "token",
    ["", ".", "CB-4F7K-Q2M9-1", "CB-4F7K-Q2M9-1.", TOKEN[:-1], TOKEN + "A", TOKEN.lower(), "é.é"],
)
def test_anything_else_opens_nothing(token: str) -> None:
    assert LINKS.callback_id(token) is None


def test_link_for_another_callback_cannot_be_made_from_one() -> None:
    assert LINKS.callback_id(TOKEN.replace("-1.", "-2.")) is None
