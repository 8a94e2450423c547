"""deploy/nats-users.conf on a real server: every service user against every branch."""

import asyncio
import subprocess
import sysconfig
from collections.abc import Iterator
from pathlib import Path

import nats
import pytest

from aftercare_cli.settings_files import NATS_CONF
from aftercare_events.jetstream import JetStreamLog
from support.servers import free_port, wait_for_port

SERVICES = ("intake", "dispatch", "sla", "feedback")
USERS = (*SERVICES, "analyst")
FORBIDDEN = (
    "$JS.API.STREAM.DELETE.AFTERCARE",
    "$JS.API.STREAM.PURGE.AFTERCARE",
    "$JS.API.STREAM.UPDATE.AFTERCARE",
    "$JS.API.STREAM.MSG.DELETE.AFTERCARE",
)


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    """The port of a server with the users of the deployment; each password is the name twice."""
    port = free_port()
    process = subprocess.Popen(
        [
            Path(sysconfig.get_path("scripts")) / "nats-server",
            *("-c", NATS_CONF.with_name("nats-users.conf"), "-a", "127.0.0.1", "-p", str(port)),
            *("-sd", tmp_path_factory.mktemp("nats")),
        ],
        env={f"AFTERCARE_NATS_{user.upper()}_PASSWORD": user * 2 for user in USERS},
        stderr=subprocess.DEVNULL,
    )
    wait_for_port(port)
    yield port
    process.terminate()
    process.wait()


def _url(port: int, user: str) -> str:
    return f"nats://{user}:{user * 2}@127.0.0.1:{port}"


async def _is_refused(port: int, user: str, subject: str) -> bool:
    """Whether the server says that this user may not publish there; silence is consent."""
    refused = asyncio.Event()

    async def hear(error: Exception) -> None:
        if "permissions violation for publish" in str(error).lower():
            refused.set()

    connection = await nats.connect(_url(port, user), error_cb=hear)
    try:
        await connection.publish(subject, b"")
        await connection.flush()
        await asyncio.wait_for(refused.wait(), 0.5)
    except TimeoutError:
        return False
    finally:
        await connection.close()
    return True


@pytest.mark.parametrize("user", USERS)
@pytest.mark.parametrize("branch", SERVICES)
async def test_only_the_owner_writes_a_branch(server: int, user: str, branch: str) -> None:
    assert await _is_refused(server, user, f"ac.{branch}.case.X") == (user != branch)


@pytest.mark.parametrize("user", USERS)
@pytest.mark.parametrize("subject", FORBIDDEN)
async def test_nobody_ends_or_empties_the_stream(server: int, user: str, subject: str) -> None:
    assert await _is_refused(server, user, subject)


async def test_whoever_gives_no_name_is_refused(server: int) -> None:
    with pytest.raises(nats.errors.Error):
        await nats.connect(f"nats://127.0.0.1:{server}", allow_reconnect=False)


@pytest.mark.parametrize("user", SERVICES)
async def test_a_service_can_open_and_read_the_log(server: int, user: str) -> None:
    log = await JetStreamLog.connect(_url(server, user), name=user)
    assert await log.end() >= 0
    await log.close()
