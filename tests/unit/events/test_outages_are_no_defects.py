"""Waiting helps against a server that is away, and against nothing else."""

import errno
import socket
from pathlib import Path

import asyncpg
import nats.errors
import pytest
import sqlalchemy.exc

from aftercare_events.log import Conflict, LogUnavailable
from aftercare_events.outage import is_outage, is_schema_error


def wrapped(error: asyncpg.PostgresError, *, lost: bool = False) -> sqlalchemy.exc.DBAPIError:
    return sqlalchemy.exc.DBAPIError("SELECT", {}, error, connection_invalidated=lost)


def missing_file() -> OSError:
    try:
        Path("/nowhere/at/all").read_bytes()
    except OSError as error:
        return error
    raise AssertionError


@pytest.mark.parametrize(
    "outage",
    [
        LogUnavailable("away"),
        TimeoutError(),
        ConnectionRefusedError(errno.ECONNREFUSED, "refused"),
        FileNotFoundError(errno.ENOENT, "no socket"),
        OSError("Multiple exceptions: refused, refused"),
        socket.gaierror(-3, "try again"),
        nats.errors.ConnectionClosedError(),
        nats.errors.TimeoutError(),
        asyncpg.InterfaceError("connection is closed"),
        asyncpg.CannotConnectNowError("starting up"),
        asyncpg.TooManyConnectionsError("full"),
        wrapped(asyncpg.DeadlockDetectedError("deadlock")),
        wrapped(asyncpg.SerializationError("again")),
        wrapped(asyncpg.PostgresError("unknown"), lost=True),
        sqlalchemy.exc.TimeoutError("pool"),
        ExceptionGroup("both", [TimeoutError(), ConnectionResetError()]),
    ],
    ids=repr,
)
def test_waiting_helps(outage: BaseException) -> None:
    assert is_outage(outage)


@pytest.mark.parametrize(
    "defect",
    [
        ValueError("wrong"),
        Conflict("moved"),
        missing_file(),
        wrapped(asyncpg.UniqueViolationError("twice")),
        wrapped(asyncpg.CharacterNotInRepertoireError("NUL")),
        wrapped(asyncpg.UndefinedTableError("no table")),
        ExceptionGroup("one of them", [TimeoutError(), ValueError()]),
    ],
    ids=repr,
)
def test_waiting_does_not_help(defect: BaseException) -> None:
    assert not is_outage(defect)


def test_wrong_deployment_is_told_from_wrong_data() -> None:
    assert is_schema_error(wrapped(asyncpg.UndefinedColumnError("no column")))
    assert is_schema_error(wrapped(asyncpg.InsufficientPrivilegeError("not yours")))
    assert not is_schema_error(wrapped(asyncpg.NotNullViolationError("null")))
    assert not is_schema_error(KeyError("x"))
