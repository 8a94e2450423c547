import pytest

from intake.web.turnstile import network_of


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("203.0.113.7", "203.0.113.7"),
        ("::ffff:203.0.113.7", "::ffff:203.0.113.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("testclient", "testclient"),
    ],
)
def test_whoever_has_one_ipv6_address_has_its_network(address: str, network: str) -> None:
    assert network_of(address) == network
