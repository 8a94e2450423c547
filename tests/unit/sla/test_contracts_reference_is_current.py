"""The documentation of the contracts says what the policy files say."""

from pathlib import Path

from sla_monitor.contracts_reference import page

DOCUMENT = Path(__file__).parents[3] / "docs" / "reference" / "contracts.md"


def test_page_of_the_contracts_is_what_the_files_say() -> None:
    assert DOCUMENT.read_text(encoding="utf-8").rstrip("\n") == page().rstrip("\n")
