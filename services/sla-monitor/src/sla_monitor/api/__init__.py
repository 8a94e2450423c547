"""The monitor over HTTP."""

from . import (
    alerts,
    availability,
    calendars,
    clocks,
    compliance,
    deadlines,
    history,
    losses,
    moves,
    ops_alerts,
    penalties,
    policies,
    recipients,
    streams,
    subscriptions,
    what_if,
)

ROUTERS = (
    alerts.router,
    availability.router,
    calendars.router,
    clocks.router,
    compliance.router,
    deadlines.router,
    history.router,
    losses.router,
    moves.router,
    ops_alerts.router,
    penalties.router,
    policies.router,
    recipients.router,
    streams.router,
    subscriptions.router,
    what_if.router,
)
