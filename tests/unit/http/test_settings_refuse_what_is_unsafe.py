import pytest
from pydantic import ValidationError

from aftercare_http import LOCAL_KEY, Principal, Settings, load_settings
from aftercare_http.settings import is_loopback


@pytest.fixture(autouse=True)
def _clean(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("AFTERCARE_HOST", "AFTERCARE_PORT", "AFTERCARE_API_KEYS"):
        monkeypatch.delenv(name, raising=False)


def test_the_local_key_listens_on_this_machine_only(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert load_settings(Settings).local
    monkeypatch.setenv("AFTERCARE_HOST", "0.0.0.0")

    with pytest.raises(SystemExit) as ended:
        load_settings(Settings)

    assert "refusing to listen on 0.0.0.0" in str(ended.value)
    assert "\n" not in str(ended.value)


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "10.0.0.1", "example.org", ""])
def test_every_other_address_is_refused(host: str) -> None:
    with pytest.raises(ValidationError):
        Settings(host=host)


@pytest.mark.parametrize("host", ["127.0.0.1", "127.8.8.8", "::1", "[::1]", "localhost"])
def test_loopback_addresses_are_known(host: str) -> None:
    assert is_loopback(host)


def test_keys_of_its_own_may_listen_anywhere(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AFTERCARE_HOST", "0.0.0.0")
    monkeypatch.setenv(
        "AFTERCARE_API_KEYS", "desk=0123456789:intake:write, sla:read ;ops=abcdefgh:*;"
    )

    settings = load_settings(Settings)

    assert settings.principals() == [
        ("0123456789", Principal("desk", frozenset({"intake:write", "sla:read"}))),
        ("abcdefgh", Principal("ops", frozenset({"*"}))),
    ]
    assert not settings.local


@pytest.mark.parametrize(
    "keys", ["short=1234567:a", "nokey", "a=12345678", "a=12345678:", "=12345678:a"]
)
def test_a_malformed_key_is_named_without_being_shown(
    monkeypatch: pytest.MonkeyPatch, keys: str
) -> None:
    monkeypatch.setenv("AFTERCARE_API_KEYS", keys)
    with pytest.raises(SystemExit) as ended:
        load_settings(Settings)
    assert "AFTERCARE_API_KEYS must read" in str(ended.value)
    assert "1234567" not in str(ended.value)


def test_a_wrong_value_names_its_variable(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AFTERCARE_PORT", "eighty")
    with pytest.raises(SystemExit, match="AFTERCARE_PORT"):
        load_settings(Settings)


def test_secrets_do_not_show() -> None:
    assert LOCAL_KEY not in repr(Settings())
