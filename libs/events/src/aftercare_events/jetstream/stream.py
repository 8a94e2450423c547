"""The stream that holds the log: its settings, and the check that it has them."""

from typing import Any

import msgspec

from ..log import EVERYTHING, LogError
from .api import NOT_FOUND, Refusal, ask
from .client import LeanClient

DUPLICATE_WINDOW_SECONDS = 120


class StreamConfig(msgspec.Struct, kw_only=True):
    """What the log relies on; fields named as JetStream names them."""

    name: str
    subjects: tuple[str, ...] = (EVERYTHING,)
    storage: str = "file"
    retention: str = "limits"
    discard: str = "new"
    max_msgs: int = -1
    max_bytes: int = -1
    max_age: int = 0
    max_msgs_per_subject: int = -1
    deny_delete: bool = True
    deny_purge: bool = True
    allow_atomic: bool = True
    allow_direct: bool = True
    duplicate_window: int = DUPLICATE_WINDOW_SECONDS * 1_000_000_000
    num_replicas: int = 1


class State(msgspec.Struct):
    last_seq: int = 0


class StreamInfo(msgspec.Struct):
    config: StreamConfig
    state: State


class StreamUnfit(LogError):
    """A stream of that name exists and does not keep what the log promises."""


async def open_stream(client: LeanClient, name: str, *, replicas: int, patience: float) -> None:
    """Create the stream, or make sure that the existing one is fit to be the log.

    Raises StreamUnfit, LogUnavailable.
    """
    wanted = StreamConfig(name=name, num_replicas=replicas)
    try:
        info = await stream_info(client, name, patience=patience)
    except Refusal as refusal:
        if refusal.err_code not in NOT_FOUND:
            raise
        info = await ask(client, f"STREAM.CREATE.{name}", wanted, StreamInfo, patience=patience)
    if unfit := _differences(wanted, info.config):
        raise StreamUnfit(f"stream {name}: {', '.join(unfit)}")


async def stream_info(client: LeanClient, name: str, *, patience: float) -> StreamInfo:
    return await ask(client, f"STREAM.INFO.{name}", None, StreamInfo, patience=patience)


def _differences(wanted: StreamConfig, found: StreamConfig) -> list[str]:
    # An operator may choose another number of replicas while the log is in use.
    found = msgspec.structs.replace(found, num_replicas=wanted.num_replicas)
    is_now: dict[str, Any] = msgspec.structs.asdict(found)
    return [
        f"{field} is {is_now[field]!r} instead of {value!r}"
        for field, value in msgspec.structs.asdict(wanted).items()
        if is_now[field] != value
    ]
