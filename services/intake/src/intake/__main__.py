"""`python -m intake` runs the service."""

from .main import main

main()
