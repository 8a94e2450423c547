"""`aftercare up` with the real services and the sample company."""

import signal
from collections.abc import Iterator

import httpx
import pytest

from aftercare_cli import addresses, http_client
from aftercare_cli.sample_company.loader import COLLECTIONS, Collection, entries

from .running import Up, free_port_base


@pytest.fixture(scope="module")
def system(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Up]:
    data = tmp_path_factory.mktemp("system") / "data"
    run = Up(data, free_port_base())
    run.wait_until_up(110)
    yield run
    if run.process.poll() is None:
        run.signal(signal.SIGTERM)
        run.ended()


@pytest.fixture(scope="module")
def known(system: Up) -> addresses.Addresses:
    return addresses.find(system.data)


@pytest.mark.parametrize("collection", COLLECTIONS, ids=lambda one: one.name)
def test_the_sample_company_is_there(known: addresses.Addresses, collection: Collection) -> None:
    with http_client.connect(known.services[collection.service]) as client:
        for entry in entries(collection):
            answer = client.get(f"/v1/{collection.name}/{entry[collection.key]}")
            assert answer.status_code == 200, answer.text


def test_each_service_describes_itself(known: addresses.Addresses) -> None:
    for url in known.services.values():
        assert httpx.get(f"{url}/openapi.json", trust_env=False).is_success


def test_the_doors_that_were_announced_open(system: Up) -> None:
    urls = [word for word in system.said.split() if word.startswith("http://")]
    assert len(urls) == 5
    for url in urls:
        base, _, path = url.rpartition("/")
        with http_client.connect(base) as client:
            assert client.get(f"/{path}").status_code == 200, url


def test_nobody_else_may_read_the_log_of_a_person(system: Up) -> None:
    everything = b"".join(path.read_bytes() for path in (system.data / "nats").rglob("*.blk"))
    assert b"C-SOFTWARE" in everything
    for entry in entries(COLLECTIONS[4]):
        assert entry["name"].encode() not in everything


def test_a_killed_service_is_ready_again(system: Up, known: addresses.Addresses) -> None:
    killed = system.children()["intake"]
    killed.send_signal(signal.SIGKILL)

    def ready() -> bool:
        try:
            return httpx.get(f"{known.services['intake']}/readyz", trust_env=False).is_success
        except httpx.HTTPError:
            return False

    system.wait_for(lambda: "intake       ended" in system.said and ready(), 60)


def test_a_second_start_finds_everything_as_it_was(system: Up) -> None:
    children = list(system.children().values())
    system.signal(signal.SIGINT)
    assert system.ended() == 0
    assert not any(child.is_running() for child in children)
    again = Up(system.data, system.base)
    try:
        again.wait_until_up(110)
        assert "sample       " not in again.said
        known = addresses.find(system.data)
        with http_client.connect(known.services["intake"]) as client:
            assert client.get("/v1/customers/C-SOFTWARE").json()["name"].startswith("徐州")
    finally:
        again.signal(signal.SIGINT)
        assert again.ended() == 0
