"""Aftercare from Python: one typed method for every call, repeated until it is answered."""

from .aftercare import Aftercare
from .dispatch import Dispatch
from .feedback import Feedback
from .intake import Intake
from .problem import ProblemError, Unanswered
from .sla_monitor import SlaMonitor
from .transport import Service, Transport

__all__ = [
    "Aftercare",
    "Dispatch",
    "Feedback",
    "Intake",
    "ProblemError",
    "Service",
    "SlaMonitor",
    "Transport",
    "Unanswered",
]
