import pytest

from support.browsing import chromium


@pytest.fixture(scope="session")
def executable() -> str:
    """The browser; without one the tests of pages are skipped."""
    return chromium()
