"""Where webhooks may go, and how a receiver knows that they are ours."""

import ipaddress
from datetime import UTC, datetime

import httpx
import pytest
from standardwebhooks.webhooks import Webhook, WebhookVerificationError

from sla_monitor.delivery.addresses import (
    NotAllowed,
    all_public,
    checked_url,
    is_public,
    resolve,
)
from sla_monitor.delivery.webhook import judged, signed

OLD = "whsec_b2xkIHNlY3JldCBvZiB0aGUgcmVjZWl2ZXI="
NEW = "whsec_bmV3IHNlY3JldCBvZiB0aGUgcmVjZWl2ZXI="


@pytest.mark.parametrize("address", ["93.184.216.34", "2606:4700::1111"])
def test_public_addresses_are_reached(address: str) -> None:
    assert is_public(ipaddress.ip_address(address))


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1",
        "10.1.2.3",
        "172.16.0.1",
        "192.168.0.1",
        "169.254.169.254",
        "100.64.0.1",
        "0.0.0.0",
        "224.0.0.1",
        "::1",
        "fe80::1",
        "fd00::1",
        "::ffff:127.0.0.1",
        "2002:7f00:1::",
        "64:ff9b::7f00:1",
    ],
)
def test_own_networks_are_not(address: str) -> None:
    assert not is_public(ipaddress.ip_address(address))


def test_one_private_address_spoils_the_name() -> None:
    assert not all_public(["93.184.216.34", "127.0.0.1"])


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "[::1]", "2130706433", "0x7f.1"])
async def test_name_is_judged_by_where_it_leads(host: str) -> None:
    url = httpx.URL(f"http://{host}:8080/hook")
    with pytest.raises((NotAllowed, OSError)):
        await resolve(url, private=False)


async def test_setting_opens_the_own_network() -> None:
    assert await resolve(httpx.URL("http://127.0.0.1:8080/"), private=True) == "127.0.0.1"


@pytest.mark.parametrize(
    "url",
    [
        "ftp://example.com/",
        "file:///etc/passwd",
        "example.com/hook",
        "http:///hook",
        "https://user:secret@example.com/",
        "https://user@example.com/",
        "https://example.com/#part",
        "https://exa mple.com/",
        "http://[::1/",
        "http://example.com:99999/",
        "https://example.com/" + "x" * 2_000,
    ],
)
def test_what_is_no_plain_web_address_is_refused(url: str) -> None:
    with pytest.raises(ValueError) as refused:
        checked_url(url)
    assert "secret" not in str(refused.value)


def test_both_secrets_sign_while_one_replaces_the_other() -> None:
    """A receiver that knows either accepts; one that knows neither does not."""
    body = '{"what": "告警"}'.encode()
    headers = dict(signed("msg_1", body, [NEW, OLD], datetime.now(UTC)))

    for secret in (OLD, NEW):
        assert Webhook(secret).verify(body, headers) == {"what": "告警"}
    with pytest.raises(WebhookVerificationError):
        Webhook("whsec_bmVpdGhlciBvZiB0aGUgdHdv").verify(body, headers)
    with pytest.raises(WebhookVerificationError):
        Webhook(NEW).verify(body + b" ", headers)


@pytest.mark.parametrize("status", [301, 302, 307, 400, 404, 429, 500, 503])
def test_everything_but_success_is_tried_again(status: int) -> None:
    failure = judged(status)
    assert failure is not None
    assert not failure.final


def test_success_is_taken_and_gone_is_for_ever() -> None:
    assert [judged(status) for status in (200, 202, 204)] == [None, None, None]
    gone = judged(410)
    assert gone is not None
    assert gone.final
