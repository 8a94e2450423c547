"""The HTTP side: parse, call, answer."""

from . import callbacks, corrective_actions, officers, scores

ROUTERS = (callbacks.router, corrective_actions.router, officers.router, scores.router)
