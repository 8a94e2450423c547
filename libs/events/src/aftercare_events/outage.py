"""Which errors mean that a server is away, and say nothing about what was asked of it."""

import asyncpg
import nats.errors
import sqlalchemy.exc

from .log import LogUnavailable

# SQLSTATE classes and codes: connection, resources, operator, system; then what passes by itself
# (serialization failure, deadlock, lock not available).
_STATES = ("08", "53", "57", "58", "40001", "40P01", "55P03")
_ERRORS = (
    LogUnavailable,
    asyncpg.InterfaceError,
    nats.errors.ConnectionClosedError,
    nats.errors.NoRespondersError,
    nats.errors.NoServersError,
    nats.errors.StaleConnectionError,
    sqlalchemy.exc.TimeoutError,
)


def is_outage(error: BaseException) -> bool:
    """Whether waiting and trying again is the right answer to an error."""
    match error:
        case BaseExceptionGroup():
            return all(is_outage(one) for one in error.exceptions)
        case sqlalchemy.exc.DBAPIError():
            return error.connection_invalidated or _sqlstate(error).startswith(_STATES)
        case asyncpg.PostgresError():
            return _sqlstate(error).startswith(_STATES)
        case OSError():
            # Networks and the sockets of servers that are away; a file that we miss is named.
            return error.filename is None
        case _:
            return isinstance(error, _ERRORS)


def is_schema_error(error: BaseException) -> bool:
    """A table, column or permission is missing: the deployment is wrong, not what it was given."""
    return _sqlstate(error).startswith("42")


def _sqlstate(error: BaseException) -> str:
    """PostgreSQL's code of an error, through SQLAlchemy's wrapping; empty for all others."""
    cause = error.orig if isinstance(error, sqlalchemy.exc.DBAPIError) else error
    return str(getattr(cause, "sqlstate", None) or "")
