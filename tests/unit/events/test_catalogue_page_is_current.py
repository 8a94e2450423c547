"""docs/reference/event-catalogue.md says what the catalogue says."""

from pathlib import Path

from aftercare_events.catalogue.document import document

PAGE = Path(__file__).resolve().parents[3] / "docs" / "reference" / "event-catalogue.md"


def test_page_is_what_the_catalogue_writes() -> None:
    """If not, `aftercare_events.catalogue.document` writes it again."""
    assert PAGE.read_text("utf-8") == document()
