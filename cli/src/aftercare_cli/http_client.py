"""How every command talks to a service: with the key of AFTERCARE_KEY, or the local one."""

import os

import httpx

# Named again here: importing it from the services' HTTP side costs every command two seconds.
LOCAL_KEY = "local-dev-key"


def connect(base_url: str) -> httpx.Client:
    """A client for one service. Proxies of the environment are not for loopback, so not used."""
    return httpx.Client(base_url=base_url, headers=_key(), timeout=30.0, trust_env=False)


def connect_async(base_url: str, *, timeout: float) -> httpx.AsyncClient:
    """The same for commands that do many things at a time; `timeout` in seconds."""
    return httpx.AsyncClient(base_url=base_url, headers=_key(), timeout=timeout, trust_env=False)


def _key() -> dict[str, str]:
    return {"Authorization": f"Bearer {os.environ.get('AFTERCARE_KEY', LOCAL_KEY)}"}
