from aftercare_cli import http_client
from aftercare_http import settings


def test_both_sides_mean_the_same_key() -> None:
    assert http_client.LOCAL_KEY == settings.LOCAL_KEY
