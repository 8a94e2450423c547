"""Both ends of a connection to PostgreSQL notice within seconds that the other is gone."""

import socket
from typing import Any

IDLE_SECONDS, EVERY_SECONDS, TIMES, UNACKNOWLEDGED_MS = 2, 1, 3, 5_000

# A replica behind a cut link must not hold its locks for hours.
NOTICE_LOST_CLIENTS = {
    "tcp_keepalives_idle": str(IDLE_SECONDS),
    "tcp_keepalives_interval": str(EVERY_SECONDS),
    "tcp_keepalives_count": str(TIMES),
    "tcp_user_timeout": str(UNACKNOWLEDGED_MS),
}
# Not every system has all of these.
_NOTICE_LOST_SERVERS = {
    "TCP_KEEPIDLE": IDLE_SECONDS,
    "TCP_KEEPINTVL": EVERY_SECONDS,
    "TCP_KEEPCNT": TIMES,
    "TCP_USER_TIMEOUT": UNACKNOWLEDGED_MS,
}


def notice_lost_server(dbapi_connection: Any, _record: object) -> None:
    """Let the kernel end a connection whose other side is silent; a listener of `connect`."""
    # asyncpg has no public way to its socket.
    transport = dbapi_connection.driver_connection._transport  # noqa: SLF001
    link = transport.get_extra_info("socket")
    if link.family not in (socket.AF_INET, socket.AF_INET6):
        return
    link.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
    for name, value in _NOTICE_LOST_SERVERS.items():
        option = getattr(socket, name, None)
        if option is not None:
            link.setsockopt(socket.IPPROTO_TCP, option, value)
