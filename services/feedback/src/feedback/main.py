"""Where feedback is put together, and the only place."""

from dataclasses import dataclass

from sqlalchemy.ext.asyncio import AsyncEngine

from aftercare_events.clock import Clock
from aftercare_events.log import Log
from aftercare_events.projector import Projector
from aftercare_events.todo import TodoRunner
from aftercare_events.vault import Vault
from aftercare_http import ProblemSpec, Settings

from .api.wiring import Feedback
from .automation import handlers
from .callbacks import Callbacks
from .confidant import Confidant
from .corrective_actions import CorrectiveActions
from .desk import Unknown
from .officers import Officers
from .projection import FeedbackProjection
from .queries import Queries
from .store import Store
from .survey_link import SurveyLinks
from .tables import infra

PROBLEMS = {Unknown: ProblemSpec(404, "not-found", "Not found")}


class FeedbackSettings(Settings):
    port: int = 8084


@dataclass(frozen=True, slots=True)
class Parts:
    """Everything that works on one log and one database."""

    feedback: Feedback
    projector: Projector
    runner: TodoRunner


def compose(log: Log, engine: AsyncEngine, clock: Clock, vault: Vault, links: SurveyLinks) -> Parts:
    projector = Projector(FeedbackProjection(), log, engine, infra, clock)
    store = Store(log, engine, projector)
    confidant = Confidant(vault)
    callbacks = Callbacks(log, store, confidant)
    feedback = Feedback(
        clock=clock,
        callbacks=callbacks,
        actions=CorrectiveActions(log, store, confidant),
        officers=Officers(log, confidant),
        queries=Queries(engine),
        confidant=confidant,
        links=links,
    )
    runner = TodoRunner(handlers(callbacks, clock), engine, infra, clock, projector=projector)
    return Parts(feedback, projector, runner)
