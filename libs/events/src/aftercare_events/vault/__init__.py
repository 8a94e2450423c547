"""Personal data sealed under a key of each person; erasing the key erases the data."""

from .crypto import parse_master_key
from .erasing import Leftover, destroy
from .vault import Vault

__all__ = ["Leftover", "Vault", "destroy", "parse_master_key"]
