"""What people look at: the officer's call list, and the customer's survey."""

from . import call_list, survey

ROUTERS = (call_list.router, survey.router)
