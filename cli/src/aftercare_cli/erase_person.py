"""`aftercare erase-person`: destroy the keys of one person's data."""

import argparse
import sys
from typing import Any

import httpx
import msgspec

from . import http_client
from .history import find_service
from .history_reading import Refused, ensure_answered, told_in_one_line, url_of
from .subparsers import Subparsers

DECLINED = 1
LEFT_IN = {
    "table": "copies of the key may be left in the database's table, because other work held it",
    "journal": "copies of the key may be left in the database's WAL until it is overwritten",
}


def add_parsers(subparsers: Subparsers) -> None:
    command = subparsers.add_parser("erase-person", help="destroy the keys of one person's data")
    who = command.add_mutually_exclusive_group(required=True)
    who.add_argument("id", nargs="?", metavar="ID", help="of a contact or of staff; a pseudonym")
    who.add_argument("--phone", metavar="NUMBER", help="whoever has this number")
    who.add_argument("--email", metavar="ADDRESS", help="whoever has this address")
    command.add_argument(
        "--reason", default="the person asked for it", help="stands in the history, in clear"
    )
    command.add_argument("--yes", action="store_true", help="do not ask")
    command.add_argument("--json", action="store_true", help="as one JSON object")
    find_service(command, "intake")
    command.set_defaults(run=erase_person)


@told_in_one_line
def erase_person(options: argparse.Namespace) -> int:
    """Find the person, ask, erase; what was erased before is said so."""
    with http_client.connect(url_of(options)) as client:
        found = _found(client, options)
        if found["keys"] and not options.yes and not _confirmed(found):
            print("nothing was erased", file=sys.stderr)
            return DECLINED
        path = f"/v1/persons/{found['person_id']}/erase"
        erased = _answer(client.post(path, json={"reason": options.reason}))
    if options.json:
        print(msgspec.json.encode(erased).decode())
    else:
        _say(erased)
    return 0


def _found(client: httpx.Client, options: argparse.Namespace) -> dict[str, Any]:
    if options.id is not None:
        return _answer(client.get(f"/v1/persons/{options.id}"))
    asked = {"phone": options.phone} if options.phone is not None else {"email": options.email}
    return _answer(client.post("/v1/persons/find", json=asked))


def _answer(answer: httpx.Response) -> dict[str, Any]:
    ensure_answered(answer)
    return answer.json()


def _confirmed(found: dict[str, Any]) -> bool:
    """Whether somebody says yes. Raises Refused where nobody can be asked."""
    if not sys.stdin.isatty():
        raise Refused("nobody is there to confirm it; add --yes")
    contact = f", contact {found['contact_id']} of {found['customer_id']}"
    who = found["person_id"] + (contact if found["contact_id"] else "")
    question = f"Erase {who} for ever ({_counted(found['keys'])})? Type yes: "
    return input(question).strip().lower() == "yes"


def _say(erased: dict[str, Any]) -> None:
    person = erased["person_id"]
    if erased["keys"]:
        print(f"{person} is erased: {_counted(erased['keys'])} destroyed")
    else:
        print(f"{person} was erased already, at {erased['erased_at']}")
    for place in erased["left_in"]:
        print(LEFT_IN[place])


def _counted(keys: int) -> str:
    return "1 key" if keys == 1 else f"{keys} keys"
