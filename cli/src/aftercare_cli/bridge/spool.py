"""Call records on disk until intake has them: nothing is lost while either side is away.

A record holds the number of its caller in clear, as the switchboard's own files do: the folder is
readable by its owner only.
"""

import hashlib
import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx

POSTED = frozenset({200, 202})
# Intake has another record of this call, which came first: the live one, or its CDR.
KNOWN_BEFORE = "call-id-reused"
REFUSED = frozenset({400, 413, 422})
JSON = {"Content-Type": "application/json"}


class Spool:
    """A folder with one file for each record that is still to be posted.

    `place` is for the source to remember how far it was read; it is no record and is never posted.
    """

    def __init__(self, folder: Path, say: Callable[[str], None]) -> None:
        self._folder = folder
        self.place = folder / "read-so-far"
        self._refused = folder / "refused"
        self._refused.mkdir(parents=True, exist_ok=True)
        folder.chmod(0o700)
        self._say = say

    def keep(self, record: dict[str, Any]) -> None:
        """The record is on disk when this returns; the same call again replaces it."""
        content = json.dumps(record, ensure_ascii=False, sort_keys=True).encode()
        name = hashlib.sha256(record["call_id"].encode()).hexdigest()[:32]
        part = self._folder / f"{name}.part"
        with part.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        part.replace(self._folder / f"{name}.json")

    async def post(self, client: httpx.AsyncClient) -> bool:
        """Hand everything over, the oldest first; whether nothing is left."""
        for file in self._waiting():
            if not await self._post(client, file):
                return False
        return True

    async def _post(self, client: httpx.AsyncClient, file: Path) -> bool:
        try:
            answer = await client.post("/v1/calls", content=_content(file), headers=JSON)
        except httpx.TransportError as error:
            self._say(f"intake is not there ({type(error).__name__}), trying again")
            return False
        if answer.status_code in POSTED or _kind(answer) == KNOWN_BEFORE:
            _forget(file)
            return True
        if answer.status_code in REFUSED:
            self._put_aside(file, _kind(answer))
            return True
        self._say(f"intake answers {answer.status_code}, trying again")
        return False

    def _waiting(self) -> list[Path]:
        return sorted(self._folder.glob("*.json"), key=lambda file: file.stat().st_mtime_ns)

    def _put_aside(self, file: Path, why: str) -> None:
        aside = file.replace(self._refused / file.name)
        self._say(f"refused: {why}, kept as {aside}")


def _content(file: Path) -> bytes:
    return file.read_bytes()


def _forget(file: Path) -> None:
    file.unlink(missing_ok=True)


def _kind(answer: httpx.Response) -> str:
    """The name of the problem, which never quotes what it is about."""
    try:
        return str(answer.json()["type"]).rpartition("/")[2]
    except (ValueError, KeyError, TypeError):
        return f"status {answer.status_code}"
