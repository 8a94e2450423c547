"""The monitor over HTTP."""

from . import alerts, clocks, history, policies, recipients

ROUTERS = (alerts.router, clocks.router, history.router, policies.router, recipients.router)
