"""Lines of their own (IN-12): the one spelling of what somebody reaches by them."""

from aftercare_events.catalogue.archive import LineRecorded

from .people import email_identifier, phone_identifier


def reached_at(line: LineRecorded) -> str:
    return (
        phone_identifier(line.hotline_number)
        or email_identifier(line.mailbox)
        or queue_identifier(line.queue)
        or ""
    )


def queue_identifier(queue: str | None) -> str | None:
    return f"queue:{queue}" if queue else None
