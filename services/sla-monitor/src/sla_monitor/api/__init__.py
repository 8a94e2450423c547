"""The monitor over HTTP."""

from . import alerts, clocks, history, policies

ROUTERS = (alerts.router, clocks.router, history.router, policies.router)
