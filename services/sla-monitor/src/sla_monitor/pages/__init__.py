"""The monitor's pages: the wall, and one case with its clocks."""

from . import case, wall
from .frame import pages

ROUTERS = (wall.router, case.router)

__all__ = ["ROUTERS", "pages"]
