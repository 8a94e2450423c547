"""An invented service company with its customers, to try everything on."""

from .loader import Refused, load

__all__ = ["Refused", "load"]
