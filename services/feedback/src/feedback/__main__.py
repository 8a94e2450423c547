"""`python -m feedback` runs the service."""

from .main import main

main()
