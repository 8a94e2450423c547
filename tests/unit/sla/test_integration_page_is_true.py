"""docs/how-to/integrate.md: its receiver accepts what the signer signs."""

import re
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from standardwebhooks.webhooks import WebhookVerificationError

from sla_monitor.delivery.webhook import signed
from support.receivers import OLDER_SECRET, SECRET

PAGE = Path(__file__).resolve().parents[3] / "docs" / "how-to" / "integrate.md"


@pytest.fixture
def received() -> Callable[..., Any]:
    """The page's own receiver."""
    names: dict[str, Any] = {}
    [snippet] = re.findall(r"```python\n(.*?)```", PAGE.read_text("utf-8"), re.DOTALL)
    exec(compile(snippet, PAGE.name, "exec"), names)
    return names["received"]


def test_receiver_of_the_page_takes_what_is_ours(received: Callable[..., Any]) -> None:
    headers = signed("msg_1", b'{"type": "t"}', [SECRET], datetime.now(UTC))
    assert received(SECRET, dict(headers), b'{"type": "t"}') == {"type": "t"}


def test_and_nothing_else(received: Callable[..., Any]) -> None:
    headers = signed("msg_1", b"{}", [OLDER_SECRET], datetime.now(UTC))
    with pytest.raises(WebhookVerificationError):
        received(SECRET, dict(headers), b"{}")
