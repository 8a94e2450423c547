"""Ctrl-C and SIGTERM as something to ask for, rather than an exception out of the blue."""

import signal
from queue import Empty, SimpleQueue
from types import FrameType


class Stopped(Exception):
    """Somebody asked to stop while we were still starting."""


class StopRequest:
    """Remembers that a stop was asked for; asking twice changes nothing."""

    def __init__(self) -> None:
        self.made = False
        # Its put may be interrupted by itself, as a signal handler needs it.
        self._signals: SimpleQueue[int] = SimpleQueue()

    def listen(self) -> None:
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, self._handle)

    def wait(self, seconds: float | None = None) -> bool:
        """Return when a stop was asked for, or `seconds` have passed; whether it was."""
        if not self.made:
            try:
                self._signals.get(timeout=seconds)
            except Empty:
                return False
        return True

    def check(self) -> None:
        """Raises Stopped when a stop was asked for."""
        if self.made:
            raise Stopped

    def _handle(self, number: int, _: FrameType | None) -> None:
        self.made = True
        self._signals.put(number)
