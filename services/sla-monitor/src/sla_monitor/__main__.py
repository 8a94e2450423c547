"""`python -m sla_monitor`."""

from .main import main

main()
