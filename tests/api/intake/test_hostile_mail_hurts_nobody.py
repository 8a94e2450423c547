"""Every hostile mail is a case, automatic, or in quarantine with a reason (R6).

`AFTERCARE_TEST_HOSTILE=500 pytest` sends as many.
"""

import asyncio
import os
from collections import Counter

from intake.arrivals import Arrived
from intake.todos import PATIENCE
from support.hostile_mails import hostile_mails
from support.intake_desk import Desk, fields
from support.intake_desk import desk as running
from support.loop_watch import loop_watched
from support.mail_server import mail_server

MAILS = int(os.environ.get("AFTERCARE_TEST_HOSTILE", "24"))
AT_A_TIME = 6
HELD_SECONDS = 0.1


async def sent_in(desk: Desk, mails: list[bytes]) -> list[Arrived]:
    turns = asyncio.Semaphore(AT_A_TIME)

    async def send(raw: bytes) -> Arrived:
        async with turns:
            return await desk.intake.mailroom.receive(raw, desk.intake.said("mail"))

    return await asyncio.gather(*map(send, mails))


async def unanswered(desk: Desk) -> set[str]:
    """The cases whose senders are to be told."""
    received = [fields(event) for event in await desk.events("mail.received")]
    return {
        each["case_id"]
        for each in received
        if each["disposition"] == "opened" and "unanswered" not in each
    }


async def everybody_told(desk: Desk, waiting: set[str]) -> None:
    """Wait until the log says of each what became of the acknowledgement."""
    left = set(waiting)
    async for batch in desk.log.read(subject="ac.intake.mail.*", follow=True):
        answers = [one.event for one in batch if "received" not in one.event.type]
        left -= {fields(event)["case_id"] for event in answers}
        if not left:
            return


async def test_every_hostile_mail_finds_its_place(database_url: str) -> None:
    mails = list(hostile_mails(4, MAILS))
    async with (
        mail_server() as post,
        running(database_url, smtp_url=post.url, mail_from="service@aftercare.example") as desk,
    ):
        await desk.publish()
        async with loop_watched() as watch:
            arrived = await sent_in(desk, mails)
        assert watch.worked < HELD_SECONDS
        for one in arrived:
            assert bool(one.case_id) == (one.disposition in ("opened", "joined")), one
            assert bool(one.reason) == (one.disposition in ("automatic", "quarantined")), one
        kinds = Counter(one.disposition for one in arrived)
        assert set(kinds) >= {"opened", "automatic", "quarantined"}

        waiting = await unanswered(desk)
        assert await desk.intake.projector.wait_for(await desk.log.end())
        await desk.clock.advance(PATIENCE)
        await everybody_told(desk, waiting)
        told = {fields(event)["case_id"] for event in await desk.events("mail.sent")}
        assert len(post.mails) == len(told)
        assert told <= waiting
