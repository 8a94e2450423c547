"""A caller is known by her number, whichever way a switchboard or a person writes it."""

import pytest

from intake.people import phone_identifier

SAME = {
    "tel:+8613855500119": [
        "13855500119",
        "138 5550 0119",
        "138-5550-0119",
        "+86 138 5550 0119",
        "+8613855500119",
        "8613855500119",
        "008613855500119",
        "0086 138-5550-0119",
        "(138) 5550.0119",
    ],
    "tel:+862155500137": [
        "021-55500137",
        "(021) 5550 0137",
        "021-5550-0137",
        "+86 21 5550 0137",
        "0086 21 55500137",
        "02155500137",
        "021-55500137-801",
        "021-55500137 转 801",
        "02155500137转801",
        "021-5550-0137 ext. 801",
        "+86 21 5550 0137 分机801",
        "02155500137,801",
        "02155500137;ext=801",
    ],
    "tel:+861055500119": ["010-5550-0119", "+86 10 5550 0119", "010 55500119"],
    "tel:+14155550123": ["+1 415 555 0123", "001 415 555 0123"],
}


@pytest.mark.parametrize(
    ("identifier", "written"), [(one, way) for one, ways in SAME.items() for way in ways]
)
def test_ways_to_write_one_number(identifier: str, written: str) -> None:
    assert phone_identifier(written) == identifier


def test_extensions_of_our_own_differ() -> None:
    assert phone_identifier("8001") != phone_identifier("8002")


@pytest.mark.parametrize("withheld", [None, "", "  ", "anonymous", "Unavailable", "<unknown>"])
def test_number_withheld_names_nobody(withheld: str | None) -> None:
    assert phone_identifier(withheld) is None
