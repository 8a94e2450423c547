"""What people look at: the officer's call list, and the customer's survey."""

from . import call_list, survey
from .look import pages

ROUTERS = (call_list.router, survey.router)

__all__ = ["ROUTERS", "pages"]
