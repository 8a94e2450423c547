"""R10: `aftercare erase-person` finds one person, asks, and says what was done."""

import io
import json
from typing import Any

import pytest

from support.commands import aftercare
from support.toy_monitor import ToyMonitor, monitor

JSON = "application/json"
PERSON: dict[str, Any] = {
    "person_id": "P-7EXAMPLE",
    "contact_id": "LI-JING",
    "customer_id": "C-1",
    "keys": 2,
    "erased_at": None,
}
DONE: dict[str, Any] = {
    "person_id": "P-7EXAMPLE",
    "keys": 2,
    "erased_at": "2026-11-02T01:00:00Z",
    "left_in": [],
}


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def service(*bodies: dict[str, Any], status: int = 200) -> Any:
    return monitor(*((status, JSON, json.dumps(body).encode()) for body in bodies))


def asked(toy: ToyMonitor) -> list[tuple[str, str]]:
    return [(one.path, one.body) for one in toy.asked]


def test_confirmed_in_advance_it_asks_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    with service(PERSON, DONE) as toy:
        code = aftercare("erase-person", "LI-JING", "--yes", "--reason", "GDPR", "--url", toy.url)
    assert (code, capsys.readouterr().out) == (0, "P-7EXAMPLE is erased: 2 keys destroyed\n")
    assert asked(toy) == [
        ("/v1/persons/LI-JING", ""),
        ("/v1/persons/P-7EXAMPLE/erase", '{"reason":"GDPR"}'),
    ]


@pytest.mark.parametrize(("answer", "erased"), [("yes", True), ("y", False), ("", False)])
def test_only_yes_is_yes(
    answer: str,
    erased: bool,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setattr("sys.stdin", Terminal(f"{answer}\n"))
    with service(PERSON, DONE) as toy:
        code = aftercare("erase-person", "LI-JING", "--url", toy.url)
    assert (code == 0, len(toy.asked) == 2) == (erased, erased)
    assert "P-7EXAMPLE, contact LI-JING of C-1" in capsys.readouterr().out


def test_where_nobody_can_be_asked_nothing_is_erased(capsys: pytest.CaptureFixture[str]) -> None:
    with service(PERSON) as toy:
        assert aftercare("erase-person", "LI-JING", "--url", toy.url) == 1
    assert "add --yes" in capsys.readouterr().err
    assert len(toy.asked) == 1


@pytest.mark.parametrize("who", [("--phone", "13855500119"), ("--email", "li@example.com")])
def test_number_and_address_travel_in_the_body(who: tuple[str, str]) -> None:
    with service(PERSON, DONE) as toy:
        assert aftercare("erase-person", *who, "--yes", "--url", toy.url) == 0
    assert asked(toy)[0] == (
        "/v1/persons/find",
        json.dumps({who[0][2:]: who[1]}, separators=(",", ":")),
    )


def test_second_time_it_says_when_it_was_done(capsys: pytest.CaptureFixture[str]) -> None:
    with service(PERSON | {"keys": 0}, DONE | {"keys": 0}) as toy:
        assert aftercare("erase-person", "LI-JING", "--url", toy.url) == 0
    assert "was erased already, at 2026-11-02T01:00:00Z" in capsys.readouterr().out


def test_where_copies_may_be_left_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    with service(PERSON, DONE | {"left_in": ["journal"]}) as toy:
        assert aftercare("erase-person", "LI-JING", "--yes", "--url", toy.url) == 0
    assert "WAL" in capsys.readouterr().out


def test_unknown_person_is_one_line_and_a_failure(capsys: pytest.CaptureFixture[str]) -> None:
    with service({"title": "Not found", "detail": "there is no person NOBODY"}, status=404) as toy:
        assert aftercare("erase-person", "NOBODY", "--yes", "--url", toy.url) == 1
    assert capsys.readouterr().err == "aftercare: 404 there is no person NOBODY\n"
