"""Personal data sealed under a key of each person; erasing the key erases the data."""

from .crypto import parse_master_key
from .vault import Vault

__all__ = ["Vault", "parse_master_key"]
