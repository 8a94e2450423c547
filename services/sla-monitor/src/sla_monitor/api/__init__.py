"""The monitor over HTTP."""

from . import (
    alerts,
    availability,
    clocks,
    compliance,
    history,
    losses,
    penalties,
    policies,
    recipients,
    subscriptions,
)

ROUTERS = (
    alerts.router,
    availability.router,
    clocks.router,
    compliance.router,
    history.router,
    losses.router,
    penalties.router,
    policies.router,
    recipients.router,
    subscriptions.router,
)
