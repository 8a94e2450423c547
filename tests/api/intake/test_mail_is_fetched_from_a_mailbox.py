"""Mail waits in an IMAP mailbox until the log has it, and is taken once (IN-01, IN-14)."""

from collections.abc import AsyncIterator
from datetime import timedelta

import pytest
from imap_tools import BaseMailBox

from aftercare_events.log import LogUnavailable
from intake.arrivals import Arrived
from intake.mail.mailbox import Mailbox
from intake.mail.polling import PASSING, Polling
from intake.mail.receive import Mailroom
from intake.opening import Said
from support.imap_server import ImapServer, imap_server
from support.intake_desk import Desk
from support.mail_corpus import mail, plain

LI_JING = "li.jing@citylibrary.example"


@pytest.fixture
async def server() -> AsyncIterator[ImapServer]:
    async with imap_server() as running:
        yield running


def letter(number: int) -> bytes:
    return mail(LI_JING, f"no {number}", plain("x"), f"Message-ID: <{number}@x>", threaded=False)


def polling(desk: Desk, mailbox: Mailbox) -> Polling:
    return Polling(mailbox, desk.intake.mailroom, desk.clock, 30)


async def test_what_waits_is_taken_once_and_marked(desk: Desk, server: ImapServer) -> None:
    looking = polling(desk, Mailbox(server.url))
    await server.put(letter(1), letter(2))
    assert await looking.look() == 2
    assert await looking.look() == 0
    assert (await server.count("SEEN"), await server.count("UNSEEN")) == (2, 0)
    assert len(await desk.events("case.reported")) == 2
    await server.put(letter(3))
    assert await looking.look() == 1


async def test_what_was_taken_is_moved_where_a_folder_is_named(
    desk: Desk, server: ImapServer
) -> None:
    looking = polling(desk, Mailbox(server.url, "Taken"))
    await server.put(letter(1))
    assert await looking.look() == 1
    assert (await server.count(), await server.count(folder="Taken")) == (0, 1)


async def test_mail_that_the_log_does_not_take_waits_unmarked(
    desk: Desk, server: ImapServer
) -> None:
    looking = polling(desk, Mailbox(server.url))
    await server.put(letter(1))
    desk.log.fail_next(written=False)
    with pytest.raises(LogUnavailable):
        await looking.look()
    assert await server.count("UNSEEN") == 1
    assert await looking.look() == 1
    assert len(await desk.events("mail.received")) == 1


class Refusing:
    """A mailroom with a defect that one mail finds."""

    def __init__(self, mailroom: Mailroom) -> None:
        self._mailroom = mailroom

    async def receive(self, raw: bytes, said: Said) -> Arrived:
        if b"no 1" in raw:
            raise ValueError("a defect")
        return await self._mailroom.receive(raw, said)


class Dying(Mailbox):
    """The process dies between the log and the mark."""

    def taken(self, box: BaseMailBox, uid: str) -> None:
        raise OSError(f"died before marking {uid} in {box.folder.get()}")


async def test_crash_between_log_and_mark_neither_loses_nor_doubles(
    desk: Desk, server: ImapServer
) -> None:
    await server.put(letter(1), letter(2))
    with pytest.raises(OSError, match="died"):
        await polling(desk, Dying(server.url)).look()
    assert len(await desk.events("mail.received")) == 1
    assert await polling(desk, Mailbox(server.url)).look() == 2
    assert len(await desk.events("mail.received")) == 2
    assert len(await desk.events("case.reported")) == 2


async def test_one_mail_that_cannot_be_taken_does_not_hold_up_the_others(
    desk: Desk, server: ImapServer
) -> None:
    looking = Polling(Mailbox(server.url), Refusing(desk.intake.mailroom), desk.clock, 30)
    await server.put(letter(1), letter(2))
    assert await looking.look() == 1
    assert await server.count("UNSEEN") == 1
    assert await polling(desk, Mailbox(server.url)).look() == 1


async def test_messages_that_were_numbered_anew_are_the_same_mails(desk: Desk) -> None:
    """Another server with the same mails is a mailbox whose UIDVALIDITY changed."""
    for _ in range(2):
        async with imap_server() as server:
            await server.put(letter(1))
            assert await polling(desk, Mailbox(server.url)).look() == 1
    assert len(await desk.events("case.reported")) == 1


async def test_server_that_is_away_is_an_alarm_by_and_by(desk: Desk) -> None:
    async with imap_server() as server:
        url = server.url
    looking = polling(desk, Mailbox(url))
    with pytest.raises(PASSING):
        await looking.look()
    await desk.clock.advance(timedelta(minutes=5))
    assert looking.lag() == timedelta(minutes=5, seconds=-30).total_seconds()
