"""What goes on in intake beside the requests, and how far each part is behind."""

from collections.abc import Callable, Coroutine, Mapping, Sequence
from typing import Any

import structlog

from aftercare_events.todo import Handler

from . import todos
from .automation import Automation, slow_kinds
from .fax.folder import FaxFolder
from .fax.proposing import Proposing
from .fax.reading import FaxReading, reading_desk
from .mail.acknowledging import Acknowledging
from .mail.correspondence import Correspondence
from .mail.mailbox import Mailbox
from .mail.notifying import Notifying
from .mail.outbox import Outbox
from .mail.polling import Polling
from .parts import Intake
from .phone.connect_rate import ConnectRate
from .settings import IntakeSettings, MailSettings

Lags = Mapping[str, Callable[[], float]]
logger: structlog.stdlib.BoundLogger = structlog.get_logger("intake")


class Background:
    """The lists of what is to be done, the mailbox, and the folder of a fax server."""

    def __init__(self, intake: Intake, settings: IntakeSettings) -> None:
        self._automation = _automated(intake, settings)
        self._polling = _polling_of(intake, settings)
        folder = settings.fax_folder
        self._folder = FaxFolder(folder, intake.faxroom, intake.clock) if folder else None

    def runs(self) -> Sequence[Coroutine[Any, Any, None]]:
        """What has to be going on."""
        runs = [*self._automation.runs()]
        if self._polling is not None:
            runs.append(self._polling.run())
        if self._folder is not None:
            runs.append(self._folder.run())
        return runs

    def lags(self) -> Lags:
        """Seconds behind, by part."""
        automation = self._automation
        return {
            "todos": automation.quick.lag,
            "mail": automation.mail.lag,
            "slow todos": automation.slow_lag,
            **({"mailbox": self._polling.lag} if self._polling else {}),
        }


def _automated(intake: Intake, settings: IntakeSettings) -> Automation:
    """What goes on by itself beside the requests."""
    reading = FaxReading(
        intake.log,
        Proposing(intake.log, intake.archive, settings.fallback_policy),
        intake.attachments,
        intake.vault,
        reading_desk(),
        intake.clock,
    )
    connect_rate = ConnectRate(
        intake.log,
        intake.engine,
        intake.archive,
        intake.clock,
        promised=settings.connect_rate,
        min_calls=settings.connect_rate_min_calls,
    )
    return Automation(
        intake.engine,
        intake.clock,
        intake.projector,
        quick={
            todos.SETTLE_RETURN_CALL: intake.return_calls.settle,
            todos.WATCH_CONNECT_RATE: connect_rate.watch,
        },
        mail=mail_kinds(intake, settings),
        slow=slow_kinds(reading if settings.read_faxes else None),
    )


def mail_kinds(intake: Intake, settings: IntakeSettings) -> Mapping[str, Handler]:
    if settings.smtp_url is None or settings.mail_from is None:
        logger.info("no acknowledgements: AFTERCARE_SMTP_URL and AFTERCARE_MAIL_FROM are not set")
        return {}
    letters = Correspondence(
        intake.log,
        intake.engine,
        intake.vault,
        intake.discretion,
        Outbox(settings.smtp_url.get_secret_value(), settings.mail_from),
        intake.clock,
    )
    acknowledging = Acknowledging(
        intake.log, intake.engine, intake.cases, intake.vault, intake.links, letters
    )
    notifying = Notifying(intake.engine, intake.cases, intake.vault, intake.links, letters)
    return {todos.ACKNOWLEDGE: acknowledging.acknowledge, todos.NOTIFY: notifying.notify}


def _polling_of(intake: Intake, settings: MailSettings) -> Polling | None:
    if settings.imap_url is None:
        return None
    mailbox = Mailbox(settings.imap_url.get_secret_value(), settings.imap_done_folder)
    return Polling(mailbox, intake.mailroom, intake.clock, settings.imap_every_s)
