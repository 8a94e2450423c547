"""`python -m dispatch` runs the service."""

from .main import main

main()
