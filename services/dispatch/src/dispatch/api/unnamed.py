"""Free words of a command without the names of the people they are about."""

from dataclasses import replace
from typing import Any, TypeVar

from msgspec import structs

from aftercare_events.redact import redact

from ..domain import commands as cmd
from ..domain import guarantee, loan
from ..stockroom import SwapRequest

Deciding = guarantee.Accept | guarantee.Refuse
Command = TypeVar("Command", cmd.Command, loan.Command, SwapRequest, Deciding)
_WORDS = (
    *("note", "reason", "finding", "resolution", "consent_ref", "condition", "waybill"),
    *("symptom", "cause", "action", "place", "prevention", "technique", "description"),
)


def unnamed(command: Command, *names: str | None) -> Command:
    """The command as the log may hold it: readable to everybody, naming nobody."""
    match command:
        case cmd.Pause() | cmd.Resume():
            # Their reasons are codes of the contract.
            return command
        case cmd.Record():
            replaced = tuple(
                structs.replace(one, name=one.name and redact(one.name, *names))
                for one in command.record.replaced
            )
            words = _words(command.record, names)
            record = structs.replace(command.record, replaced=replaced, **words)
            return replace(command, record=record)
        case _:
            return replace(command, **_words(command, names))


def _words(said: Any, names: tuple[str | None, ...]) -> dict[str, str]:
    texts = {name: getattr(said, name, None) for name in _WORDS}
    return {name: redact(text, *names) for name, text in texts.items() if isinstance(text, str)}
