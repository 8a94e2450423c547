"""The plain way to read a log, against which P3, P4 and P5 are measured."""

import msgspec
import nats
from nats.js.api import AckPolicy, ConsumerConfig

from aftercare_events.envelope import Event

BATCH = 1000


async def fetch(url: str, events: int) -> None:
    """`nats-py` fetching 1,000 at a time, decoding each event and doing nothing."""
    connection = await nats.connect(url)
    config = ConsumerConfig(ack_policy=AckPolicy.NONE)
    subscription = await connection.jetstream().pull_subscribe(
        "ac.>", stream="AFTERCARE", config=config
    )
    decoder = msgspec.json.Decoder(Event)
    seen = 0
    while seen < events:
        for message in await subscription.fetch(BATCH):
            decoder.decode(message.data)
            seen += 1
    await connection.close()
