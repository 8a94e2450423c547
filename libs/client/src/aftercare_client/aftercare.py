"""The four services under one key, with one memory of what was written."""

from types import TracebackType
from typing import Self

from .dispatch import Dispatch
from .feedback import Feedback
from .intake import Intake
from .sla_monitor import SlaMonitor
from .transport import Transport


class Aftercare:
    """The addresses are those of `make run`, unless told otherwise.

    What one service wrote, the others wait for: a case reported at intake is found at dispatch.
    """

    def __init__(
        self,
        key: str,
        *,
        intake: str = "http://127.0.0.1:8081",
        dispatch: str = "http://127.0.0.1:8082",
        sla_monitor: str = "http://127.0.0.1:8083",
        feedback: str = "http://127.0.0.1:8084",
        patience: float = 60.0,
    ) -> None:
        self._transport = Transport(key, patience=patience)
        self.intake = Intake(self._transport, intake)
        self.dispatch = Dispatch(self._transport, dispatch)
        self.sla_monitor = SlaMonitor(self._transport, sla_monitor)
        self.feedback = Feedback(self._transport, feedback)

    def close(self) -> None:
        self._transport.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()
